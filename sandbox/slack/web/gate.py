"""The way of one request to the Web API: token, rate, scope, method, headers of the answer."""

from dataclasses import dataclass, field

from sandbox.answer import Answer, Json, Misunderstood, Refused, Request, json_answer
from sandbox.limits import Window
from sandbox.slack.delivery.sockets import Sockets
from sandbox.slack.errors import missing_scope, refusal, too_many
from sandbox.slack.house import Call, House
from sandbox.slack.web.arguments import Asked, arguments, asked
from sandbox.slack.web.table import CONNECT, METHODS, Method

CHANNEL_SECONDS = 1.0


@dataclass(slots=True)
class Rates:
    """Moving windows per method, and per channel for chat.postMessage; off at first.

    `tiers` switches Slack's own on; `minute` sets requests per minute of single methods.
    """

    tiers: bool = False
    minute: dict[str, int] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)

    def spend(self, name: str, method: Method | None, channel: str, now: float) -> None:
        """Count a request; Refused (429 with Retry-After) when it is one too many."""
        most = self.minute.get(name)
        if most is None and self.tiers:
            most = method.minute if method else 50
        self._spend(name, Window(60.0, most), now)
        if name == "chat.postMessage" and self.tiers:
            self._spend(f"{name} {channel}", Window(CHANNEL_SECONDS, 1), now)

    def _spend(self, key: str, fresh: Window, now: float) -> None:
        window = self.windows.setdefault(key, fresh)
        window.most = fresh.most
        if window.full(now):
            wait = int(window.admitted[0] + window.seconds - now) + 1
            body, headers = too_many(wait)
            raise Refused(429, body, headers)
        window.admit(now)


def web_api(house: House, sockets: Sockets, rates: Rates, request: Request) -> Answer:
    """Answer a request below `/api/` and keep it in `house.calls`; raises like `World.obey`."""
    one = asked(request)
    try:
        answer = _obey(house, sockets, rates, one)
    except Refused as refused:
        house.calls.append(Call(one.time, one.method, one.given, refused.payload))
        raise
    except Misunderstood as problem:
        told = {"ok": False, "error": error_of(problem)}
        house.calls.append(Call(one.time, one.method, one.given, told))
        raise
    house.calls.append(Call(one.time, one.method, one.given, answer))
    method = METHODS.get(one.method)
    granted = house.switches.scopes if method else house.switches.app_scopes
    headers = {
        "x-oauth-scopes": ",".join(sorted(granted)),
        "x-accepted-oauth-scopes": method.scope if method else "connections:write",
        "x-slack-req-id": house.name(length=16).lower(),
    }
    return json_answer(200, answer, headers)


def error_of(problem: Misunderstood) -> str:
    """Return the error Slack has for something that was not understood."""
    return "unknown_method" if problem.status == 404 else "invalid_arguments"


def _obey(house: House, sockets: Sockets, rates: Rates, one: Asked) -> Json:
    method = METHODS.get(one.method)
    if method is None and one.method != CONNECT:
        raise Misunderstood(f"there is no method {one.method}", 404)
    _check_token(house, one, wants_app=method is None)
    rates.spend(one.method, method, str(one.given.get("channel", "")), one.time)
    if method is None:
        return _connect(house, sockets, one)
    if method.scope and method.scope not in house.switches.scopes:
        raise missing_scope(method.scope, house.switches.scopes)
    return method.run(house, one)


def _check_token(house: House, one: Asked, *, wants_app: bool) -> None:
    switches = house.switches
    if not one.token or (wants_app and not one.in_header):
        raise refusal("not_authed")
    if one.token not in (switches.bot_token, switches.app_token):
        raise refusal("invalid_auth")
    if wants_app != (one.token == switches.app_token):
        raise refusal("not_allowed_token_type")
    if switches.token_state:
        raise refusal(switches.token_state)


def _connect(house: House, sockets: Sockets, one: Asked) -> Json:
    arguments(one, {}, {"debug_reconnects": bool})
    if "connections:write" not in house.switches.app_scopes:
        raise missing_scope("connections:write", house.switches.app_scopes)
    return {"ok": True, "url": sockets.url()}
