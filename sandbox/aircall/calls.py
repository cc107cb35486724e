"""The calls endpoints: six months of history, flags for what is left out by default."""

from sandbox.aircall.company import API
from sandbox.aircall.errors import not_found
from sandbox.aircall.paging import NOT_KEPT, listed
from sandbox.answer import Answer, Json, Misunderstood, Request, json_answer
from sandbox.shapes import check_query

HISTORY = 183 * 86_400
FLAGS = frozenset(NOT_KEPT)


def from_event(data: Json) -> Json:
    """Return a webhook's call as the REST API names things: sid, conference_participants."""
    call = dict(data)
    call["sid"] = call.pop("call_uuid", None)
    call["conference_participants"] = call.pop("participants", [])
    call.pop("hangup_cause", None)
    call["number"] = {
        name: value for name, value in call["number"].items() if name != "e164_digits"
    }
    call["direct_link"] = f"{API}/v1/calls/{call['id']}"
    return call


def show(call: Json, request: Request) -> Json:
    """Return a call with what the flags of the request ask for."""
    shown = dict(call)
    if request.query.get("fetch_contact") != "true":
        shown["contact"] = None
    if request.query.get("fetch_call_timeline") != "true":
        shown.pop("ivr_options_selected", None)
    if request.query.get("fetch_short_urls") == "true":
        for name in ("recording", "voicemail"):
            link = f"https://short.example.com/{name}/{call['id']}"
            shown[f"{name}_short_url"] = link if call.get(name) else None
    return shown


def list_calls(calls: dict[int, Json], request: Request) -> Answer:
    """Answer `GET /v1/calls`."""
    oldest = request.time - HISTORY
    recent = (call for call in calls.values() if call["started_at"] >= oldest)
    payload = listed(request, "calls", recent, lambda call: int(call["started_at"]), FLAGS)
    payload["calls"] = [show(call, request) for call in payload["calls"]]
    return json_answer(200, payload)


def read_call(calls: dict[int, Json], request: Request, id_: str) -> Answer:
    """Answer `GET /v1/calls/{id}`."""
    check_query(request.query, FLAGS)
    if not id_.isdigit():
        raise Misunderstood(f"{id_} is no call id", 404)
    call = calls.get(int(id_))
    if call is None or call["started_at"] < request.time - HISTORY:
        raise not_found("Call")
    return json_answer(200, {"call": show(call, request)})
