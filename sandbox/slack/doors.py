"""The side door of the Slack world: acting and looking as JSON, for tests elsewhere and a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.answer import Json, Misunderstood
from sandbox.shapes import check_fields
from sandbox.slack.delivery.acted import Acted
from sandbox.slack.delivery.post import Manner
from sandbox.slack.doing import Doing
from sandbox.slack.house import Switches
from sandbox.slack.inputs import nested
from sandbox.slack.messages import Message
from sandbox.slack.showing import Showing
from sandbox.slack.views import View
from sandbox.slack.workspace import channel_object, user_object
from sandbox.world import World

_NUMBER = (int, float)
_WHERE = {"where": str}
# what can be done -> the method of the world, its fields, its optional fields
ACTS: Mapping[str, tuple[str, Mapping[str, Any], Mapping[str, Any]]] = {
    "command": ("command", {"user": str}, {"text": str, "channel": str}),
    "click": (
        "click",
        {"user": str, "where": str, "what": str},
        {"value": str, "confirm": bool},
    ),
    "choose": (
        "choose",
        {"user": str, "what": str, "choice": (str, list, type(None))},
        {**_WHERE, "confirm": bool},
    ),
    "type": ("type", {"user": str, "what": str, "text": str}, _WHERE),
    "check": ("check", {"user": str, "what": str, "ticked": list}, _WHERE),
    "options": ("options", {"user": str, "what": str}, {"typed": str, **_WHERE}),
    "submit": ("submit", {"user": str}, {}),
    "close": ("close_modal", {"user": str}, {"everything": bool}),
    "open_home": ("open_home", {"user": str}, {"tab": str}),
    "invite": ("invite", {"channel": str}, {"user": str}),
    "kick": ("kick", {"channel": str}, {"user": str}),
    "revoke": ("revoke", {}, {"state": str}),
    "disconnect": ("disconnect", {}, {"reason": str, "count": int}),
    "hang_up": ("hang_up", {}, {}),
    "go_down": ("go_down", {}, {"kind": str}),
    "come_back": ("come_back", {}, {}),
    "listen_at": ("listen_at", {"url": str}, {}),
}


class Doors(Doing, Showing, World):
    """What is done and seen through the side door; part of `SlackWorld`."""

    def meddle(self, what: str, given: Json) -> Json | None:
        """Do what `POST /_sandbox/{what}` asks, and return what came of it.

        Acts of people (`ACTS`), `event`, `deliver` and `again` answer with one `Acted` as JSON (the
        last by `envelope_id`), `set` takes switches, `roles` a user and a list. LookupError or
        Misunderstood for what cannot be done.
        """
        if what in ACTS:
            name, required, optional = ACTS[what]
            act: Callable[..., object] = getattr(self, name)
            return _told(act(**check_fields(given, what, required, optional)))
        match what:
            case "event":
                asked = check_fields(given, what, {"inner": dict}, {"manner": dict, "team": str})
                manner = _manner(asked.pop("manner", {}))
                return _told(self.event(manner=manner, **asked))
            case "deliver":
                asked = check_fields(given, what, {"kind": str, "payload": dict}, {"manner": dict})
                manner = _manner(asked.pop("manner", {}))
                if asked["kind"] not in ("slash_commands", "interactive", "events_api"):
                    raise Misunderstood(f"nothing is delivered as {asked['kind']}")
                return _told(self.deliver(manner=manner, **asked))
            case "again":
                id_ = check_fields(given, what, {"envelope_id": str})["envelope_id"]
                found = next((one for one in self.deliveries if one.envelope_id == id_), None)
                if found is None:
                    raise Misunderstood(f"nothing was sent as {id_}")
                return _told(self.again(found))
            case "roles":
                asked = check_fields(given, what, {"user": str, "roles": list})
                self.set_roles(asked["user"], *asked["roles"])
            case "set":
                _set(self, given)
            case _:
                raise Misunderstood(f"nothing to do under {what}")
        return None

    def look(self, what: str, query: Mapping[str, str]) -> Json:
        """Show what `GET /_sandbox/{what}` asks for.

        `screen?user=` shows all that one person has before them, as text and as JSON; `calls` and
        `deliveries` what the app asked and was sent.
        """
        match what:
            case "screen":
                return _screen(self, query["user"])
            case "calls":
                asked = self.calls(query.get("method", ""))
                return {
                    "calls": [
                        _call(one.time, one.method, one.arguments, one.answer) for one in asked
                    ]
                }
            case "deliveries":
                return {"deliveries": [one.as_json() for one in self.deliveries]}
        raise Misunderstood(f"nothing to look at under {what}")

    def state(self) -> Json:
        """Return everything a test in another process may want to see, as JSON."""
        with self.lock:
            house = self.house
            people, channels = house.workspace.people.values(), house.workspace.channels.values()
            stacks = house.views.stacks.items()
            return {
                "people": [user_object(one, with_email=True, with_locale=True) for one in people],
                "channels": [
                    {**channel_object(one), "members": sorted(one.members)} for one in channels
                ],
                "messages": [message.state() for message in house.board.messages],
                "modals": {
                    user: [view.shown() for view in stack] for user, stack in stacks if stack
                },
                "homes": {user: view.shown() for user, view in house.views.homes.items()},
                "confirmed": list(house.confirmed),
                "connections": self.connections(),
                "deliveries": len(self.deliveries),
                "surprises": list(self.surprises),
                "tooMany": self.too_many,
                "requests": len(self.requests),
            }


def _told(result: object) -> Json | None:
    if isinstance(result, Acted):
        return result.as_json()
    if isinstance(result, list):
        return {"acted": [one.as_json() for one in result]}
    return None


def _manner(given: Json) -> Manner:
    asked = check_fields(given, "manner", {}, {"signature": str, "age": int, "retry": list})
    retry = asked.pop("retry", None)
    return Manner(**asked, retry=(retry[0], retry[1]) if retry else None)


def _set(world: Doors, given: Json) -> None:
    for name, value in given.items():
        if name == "ready_delay":
            world.ready_delay = float(value)
        elif name in Switches.__slots__:
            now = getattr(world.switches, name)
            if isinstance(value, bool) != isinstance(now, bool):
                raise Misunderstood(f"the switch {name} has another type")
            setattr(world.switches, name, frozenset(value) if isinstance(value, list) else value)
        else:
            raise Misunderstood(f"there is no switch {name}")


def _call(time: float, method: str, arguments: Json, answer: Json) -> Json:
    return {"time": time, "method": method, "arguments": arguments, "answer": answer}


def _screen(world: Doors, user: str) -> Json:
    home = world.home(user)
    return {
        "messages": [_message(world, one, user) for one in world.seen_by(user)],
        "stack": [_view(world, one, user) for one in world.stack(user)],
        "home": _view(world, home, user) if home else None,
    }


def _message(world: Doors, message: Message, user: str) -> Json:
    values = {key[1:]: held for key, held in message.chosen.items() if key[0] == user}
    offered = {"/".join(key): options for key, options in message.offered.items()}
    chosen = {"state": {"values": nested(values)}, "offered": offered}
    return {**message.state(), **chosen, "shown": world.shown(message, user)}


def _view(world: Doors, view: View, user: str) -> Json:
    offered = {"/".join(key): options for key, options in view.offered.items()}
    shown = world.shown(view, user)
    return {**view.shown(), "errors": dict(view.errors), "offered": offered, "shown": shown}
