"""What people do in Slack, each as the app sees it: type, click, choose, submit, close, look."""

import re
from dataclasses import replace

from sandbox.answer import Json
from sandbox.slack import seeing
from sandbox.slack.delivery import payloads
from sandbox.slack.delivery.acted import Acted
from sandbox.slack.delivery.courier import Courier
from sandbox.slack.effects import (
    after_command,
    after_submission,
    complaints,
    note_stray_answer,
)
from sandbox.slack.house import House
from sandbox.slack.inputs import FIELDS, Spot, find, own_options, pick
from sandbox.slack.messages import Message
from sandbox.slack.seeing import Where
from sandbox.slack.views import View
from sandbox.slack.workspace import COMMAND


def command(courier: Courier, user: str, text: str, channel: str | None = None) -> Acted:
    """Type a slash command; without a leading slash `text` is what follows the app's own one."""
    payload = command_payload(courier.house, user, text, channel)
    acted = courier.deliver("slash_commands", payload)
    with courier.house.lock:
        return after_command(courier.house, acted)


def command_payload(house: House, user: str, text: str, channel: str | None) -> Json:
    """Return what a typed command sends, without sending it."""
    with house.lock:
        person = house.person(user)
        if person.is_stranger:
            raise LookupError("people of other workspaces cannot type this app's commands")
        first, _, rest = text.partition(" ")
        word, rest = (first, rest) if text.startswith("/") else (COMMAND, text)
        if word not in house.switches.commands:
            raise LookupError(f"{word} is no command of the app")
        place = house.channel(seeing.channel_for(house, user, channel))
        typed = escaped(house, rest) if house.switches.should_escape else rest
        return payloads.command(house, person, place, word, typed)


def escaped(house: House, text: str) -> str:
    """Return typed text with `@name` and `#channel` as Slack sends them with `should_escape`."""
    people = {one.name: one.id for one in house.workspace.people.values()}
    channels = {one.name: one.id for one in house.workspace.channels.values()}

    def person(found: re.Match[str]) -> str:
        name = found[1]
        return f"<@{people[name]}|{name}>" if name in people else found[0]

    def channel(found: re.Match[str]) -> str:
        name = found[1]
        return f"<#{channels[name]}|{name}>" if name in channels else found[0]

    text = re.sub(r"(?<!\S)@([\w.-]+)", person, text)
    return re.sub(r"(?<!\S)#([\w-]+)", channel, text)


def click(  # noqa: PLR0913 - what a click is made of
    courier: Courier,
    user: str,
    where: Where,
    what: str,
    value: str | None = None,
    *,
    confirm: bool = True,
) -> Acted:
    """Press a button, or choose `value` of an overflow menu, that is shown to `user`.

    A confirm dialog is answered with `confirm`; refused, nothing is sent.
    """
    house = courier.house
    with house.lock:
        house.person(user)
        thing = seeing.thing_seen(house, user, where)
        spot = find(thing.blocks, what, value)
        if spot.kind in FIELDS:
            raise LookupError(f"{what!r} is not clicked but filled in: choose, type or check")
        state = {"selected_option": _overflowing(spot, value)}
        dialog = asked_first(house, user, spot, confirm=confirm)
        if dialog and not confirm:
            return Acted("nothing", confirm=dialog)
        payload = action_payload(house, user, thing, spot, state)
    return send_action(courier, payload, dialog)


def _overflowing(spot: Spot, value: str | None) -> Json | None:
    if spot.kind != "overflow":
        return None
    if value is None:
        raise LookupError("an overflow menu is clicked with the value of an option")
    return pick(own_options(spot), value)


def asked_first(house: House, user: str, spot: Spot, *, confirm: bool) -> Json | None:
    """Note the confirm dialog of an element, if it has one, and return it."""
    dialog: Json | None = spot.element.get("confirm")
    if dialog is not None:
        asked = {"user": user, "what": spot.label, "said": confirm, "dialog": dialog}
        house.confirmed.append(asked)
    return dialog


def action_payload(house: House, user: str, thing: View | Message, spot: Spot, state: Json) -> Json:
    """Return `block_actions` of one element in whatever it stands in."""
    person = house.person(user)
    done = [payloads.action(house, spot, state)]
    if isinstance(thing, View):
        return payloads.in_view(house, person, thing, done)
    return payloads.in_message(house, person, thing, done)


def send_action(courier: Courier, payload: Json, dialog: Json | None) -> Acted:
    """Deliver an action; nobody reads an answer to it."""
    acted = courier.deliver("interactive", payload)
    with courier.house.lock:
        note_stray_answer(courier.house, acted)
    return replace(acted, confirm=dialog)


def submit(courier: Courier, user: str) -> Acted:
    """Press the submit button of the modal on top.

    What Slack itself finds missing or too long is said in `.errors` and never sent.
    """
    house = courier.house
    with house.lock:
        person = house.person(user)
        view = seeing.view_seen(house, user, "modal")
        if "submit" not in view.body:
            raise LookupError("this modal has no submit button")
        view.errors = complaints(view)
        if view.errors:
            return Acted("nothing", errors=dict(view.errors))
        payload = payloads.submission(house, person, view)
    acted = courier.deliver("interactive", payload)
    with house.lock:
        return after_submission(house, view, acted)


def close(courier: Courier, user: str, *, everything: bool = False) -> list[Acted]:
    """Close the modal on top with its close button, or the whole stack with the cross.

    The app hears of those with `notify_on_close`; returns what it answered.
    """
    house = courier.house
    with house.lock:
        person = house.person(user)
        top = seeing.view_seen(house, user, "modal")
        stack = house.views.stack(user)
        is_all = everything or bool(top.body.get("clear_on_close"))
        closed = list(reversed(stack)) if is_all else [top]
        told = [
            payloads.closing(person, view, is_cleared=is_all)
            for view in closed
            if view.body.get("notify_on_close")
        ]
        for view in closed:
            house.views.close(view)
    return [courier.deliver("interactive", payload) for payload in told]


def open_home(courier: Courier, user: str, tab: str = "home") -> Acted:
    """Open the app's Home tab (or its messages); what the app shows comes a moment later."""
    house = courier.house
    with house.lock:
        person = house.person(user)
        if tab == "home" and not house.switches.home_enabled:
            raise LookupError("the app has no Home tab")
        inner: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": house.workspace.direct(user).id,
            "tab": tab,
        }
        home = house.views.homes.get(user)
        if home is not None and tab == "home":
            inner["view"] = home.shown()
        payload = payloads.event(house, inner)
    return courier.deliver("events_api", payload)
