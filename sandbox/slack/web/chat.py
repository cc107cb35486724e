"""chat.postMessage, chat.postEphemeral, chat.update, chat.delete."""

from sandbox.answer import Json
from sandbox.slack.errors import invalid, refusal
from sandbox.slack.house import House
from sandbox.slack.messages import Message
from sandbox.slack.web.arguments import Asked, Kinds, arguments
from sandbox.slack.workspace import BOT_USER, Channel
from sandbox.slack.writing import body_of, check_message

_BODY: Kinds = {"text": str, "blocks": list, "thread_ts": str}
_POST: Kinds = {
    **_BODY,
    "metadata": dict,
    "unfurl_links": bool,
    "unfurl_media": bool,
    "reply_broadcast": bool,
    "mrkdwn": bool,
    "parse": str,
    "link_names": bool,
}


def post_message(house: House, asked: Asked) -> Json:
    """Post into a channel, or to a person by their user id."""
    given = arguments(asked, {"channel": str}, _POST)
    channel = writable(house, given["channel"])
    check_message(house, asked.method, given)
    _check_metadata(given)
    thread = _checked_thread(house, channel, given)
    message = house.board.put(asked.time, channel.id, thread_ts=thread, **body_of(house, given))
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": message.shown()}


def post_ephemeral(house: House, asked: Asked) -> Json:
    """Show a message to one member of a channel, who alone sees it."""
    given = arguments(asked, {"channel": str, "user": str}, {**_BODY, "link_names": bool})
    channel = writable(house, given["channel"])
    person = house.workspace.people.get(given["user"])
    if person is None or person.deleted:
        raise refusal("user_not_found")
    if person.id not in channel.members:
        raise refusal("user_not_in_channel")
    check_message(house, asked.method, given)
    thread = _checked_thread(house, channel, given)
    body = body_of(house, given)
    message = house.board.put(asked.time, channel.id, reader=person.id, thread_ts=thread, **body)
    return {"ok": True, "message_ts": message.ts}


def update(house: House, asked: Asked) -> Json:
    """Change a message of the bot: text without blocks takes its blocks away."""
    optional = {name: _POST[name] for name in ("text", "blocks", "metadata", "reply_broadcast")}
    optional |= {"parse": str, "link_names": bool}
    given = arguments(asked, {"channel": str, "ts": str}, optional)
    message = _own(house, given["channel"], given["ts"], "cant_update_message")
    if "text" not in given and "blocks" not in given:
        raise refusal("no_text")
    check_message(house, asked.method, given, is_update=True)
    _check_metadata(given)
    body = body_of(house, given)
    message.text = given.get("text", message.text)
    message.blocks = body["blocks"]
    if "metadata" in given:
        message.metadata = given["metadata"]
    message.edits += 1
    return {
        "ok": True,
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message.shown(),
    }


def delete(house: House, asked: Asked) -> Json:
    """Take a message of the bot away."""
    given = arguments(asked, {"channel": str, "ts": str}, {})
    message = _own(house, given["channel"], given["ts"], "cant_delete_message")
    house.board.drop(message)
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def writable(house: House, named: str) -> Channel:
    """Return the conversation that the bot may write into, by id, #name or user id; or refuse."""
    space = house.workspace
    if named in space.people:
        person = space.people[named]
        if person.is_bot or person.deleted or person.is_stranger:
            raise refusal("channel_not_found")
        return space.direct(named)
    by_name = {f"#{one.name}": one for one in space.channels.values() if not one.is_direct}
    channel = space.channels.get(named) or by_name.get(named)
    is_in = channel is not None and house.bot_is_in(channel)
    if channel is None or (channel.is_private and not is_in):
        raise refusal("channel_not_found")
    if channel.is_archived:
        raise refusal("is_archived")
    if not is_in and "chat:write.public" not in house.switches.scopes:
        raise refusal("not_in_channel")
    return channel


def _checked_thread(house: House, channel: Channel, given: Json) -> str:
    ts = str(given.get("thread_ts", ""))
    if not ts:
        return ""
    parent = house.board.find(channel.id, ts)
    if parent is None or parent.is_ephemeral:
        raise refusal("thread_not_found")
    if parent.thread_ts:
        house.surprises.append(f"thread_ts {ts} is a reply, not the parent of a thread")
        raise refusal("invalid_thread_ts")
    return ts


def _check_metadata(given: Json) -> None:
    metadata = given.get("metadata")
    if metadata is None:
        return
    is_right = (
        set(metadata) == {"event_type", "event_payload"}
        and isinstance(metadata["event_type"], str)
        and isinstance(metadata["event_payload"], dict)
    )
    if not is_right:
        raise invalid(
            "invalid_metadata_format", ["[ERROR] metadata needs event_type and event_payload"]
        )


def _own(house: House, channel: str, ts: str, not_ours: str) -> Message:
    """Return a message of the bot by the id of its channel and its ts; or refuse."""
    place = house.workspace.channels.get(channel)
    if place is None or (place.is_private and not house.bot_is_in(place)):
        raise refusal("channel_not_found")
    message = house.board.find(channel, ts)
    if message is None or message.is_ephemeral:
        raise refusal("message_not_found")
    if message.author != BOT_USER:
        raise refusal(not_ours)
    if place.is_archived:
        raise refusal("is_archived")
    return message
