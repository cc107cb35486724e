"""response_url: five answers within half an hour to whoever did something, without a token."""

from sandbox.answer import Answer, Json, Misunderstood, Refused, Request
from sandbox.shapes import check_fields, parse_object
from sandbox.slack.house import House, ResponseUrl
from sandbox.slack.writing import body_of, check_message

_FIELDS = {
    "text": str,
    "blocks": list,
    "response_type": str,
    "replace_original": bool,
    "delete_original": bool,
    "thread_ts": str,
    "mrkdwn": bool,
    "unfurl_links": bool,
    "unfurl_media": bool,
    "metadata": dict,
}


def respond(house: House, request: Request) -> Answer:
    """Answer `POST /response/{id}`: `ok` as text, or 404 `expired_url`, `used_url`."""
    url = house.response_urls.get(request.segments[-1])
    if request.method != "POST" or len(request.segments) != 2 or url is None:
        raise Misunderstood(f"{request.method} {request.path} is no response_url", 404)
    if request.time - url.at > house.switches.response_url_life:
        return _text(404, "expired_url")
    if url.uses >= house.switches.response_url_uses:
        return _text(404, "used_url")
    given = {k: v for k, v in parse_object(request.body).items() if v is not None}
    check_fields(given, "response_url", {}, _FIELDS)
    if given.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        raise Misunderstood(f"response_type {given['response_type']!r} is not known")
    try:
        _obey(house, url, given, request.time)
    except Refused as refused:
        return _text(400, refused.payload["error"])
    url.uses += 1
    return _text(200, "ok")


def _obey(house: House, url: ResponseUrl, given: Json, now: float) -> None:
    original = url.message if url.message in house.board.messages else None
    if given.get("delete_original"):
        if original is not None:
            house.board.drop(original)
        return
    check_message(house, "response_url", given)
    if given.get("replace_original") and original is not None:
        body = body_of(house, given)
        original.text, original.blocks = body["text"], body["blocks"]
        original.edits += 1
        return
    say(house, url.user, url.channel, given, now)


def say(house: House, user: str, channel: str, given: Json, now: float) -> None:
    """Show a checked answer: to the person alone, or to the channel with `in_channel`."""
    is_public = given.get("response_type") == "in_channel"
    thread = str(given.get("thread_ts", ""))
    reader = "" if is_public else user
    house.board.put(now, channel, reader=reader, thread_ts=thread, **body_of(house, given))


def _text(status: int, words: str) -> Answer:
    return Answer(status, {"Content-Type": "text/plain; charset=utf-8"}, words.encode())
