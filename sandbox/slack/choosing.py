"""How people fill in elements: what they type, choose and tick, and what menus are searched for."""

from collections.abc import Sequence

from sandbox.answer import Json
from sandbox.slack import seeing
from sandbox.slack.acts import action_payload, asked_first, send_action
from sandbox.slack.delivery import payloads
from sandbox.slack.delivery.acted import Acted
from sandbox.slack.delivery.courier import Courier
from sandbox.slack.effects import after_suggestion
from sandbox.slack.filling import filled
from sandbox.slack.house import House
from sandbox.slack.inputs import EXTERNAL, FIELDS, find, is_many
from sandbox.slack.messages import Message
from sandbox.slack.seeing import Where
from sandbox.slack.views import View

Choice = str | Sequence[str] | None


def fill(  # noqa: PLR0913 - what filling in is made of
    courier: Courier,
    user: str,
    what: str,
    choice: Choice,
    where: Where = "modal",
    *,
    confirm: bool = True,
) -> Acted:
    """Put `choice` into an element: text, an option's text or value, several, or None for none.

    Sent to the app only where the element says so; else the result's kind is `nothing`.
    """
    house = courier.house
    words = [choice] if isinstance(choice, str) else list(choice or [])
    with house.lock:
        spot = find(seeing.thing_seen(house, user, where).blocks, what)
    if spot.kind in EXTERNAL:
        for word in words:
            _search(courier, user, what, word, where)
    with house.lock:
        thing = seeing.thing_seen(house, user, where)
        spot = find(thing.blocks, what)
        state = filled(house, spot, choice, thing.offered.get(spot.key, []))
        dialog = asked_first(house, user, spot, confirm=confirm) if spot.dispatches else None
        if dialog and not confirm:
            return Acted("nothing", confirm=dialog)
        seeing.hold(thing, user, spot.key, state)
        if isinstance(thing, View):
            thing.errors.pop(spot.key[0], None)
        if not spot.dispatches:
            return Acted("nothing")
        payload = action_payload(house, user, thing, spot, state)
    return send_action(courier, payload, dialog)


def _search(courier: Courier, user: str, what: str, word: str, where: Where) -> None:
    """Ask the app for options until one of them is `word`, as a person types it."""
    house = courier.house
    with house.lock:
        thing = seeing.thing_seen(house, user, where)
        spot = find(thing.blocks, what)
        held = seeing.held(thing, user, spot.key) or {}
        chosen = held[FIELDS[spot.kind]] or []
        known = [*thing.offered.get(spot.key, []), *(chosen if is_many(spot.kind) else [chosen])]
    least = int(spot.element.get("min_query_length", 3))
    for typed in (word,) if least else ("", word):
        if any(word in (one["text"]["text"], one["value"]) for one in known if one):
            break
        known += options(courier, user, what, typed, where).options
    with house.lock:
        thing.offered[spot.key] = [one for one in known if one]


def options(
    courier: Courier, user: str, what: str, typed: str = "", where: Where = "modal"
) -> Acted:
    """Type into an external menu; the options the app answered with stand in `.options`.

    LookupError while `typed` is shorter than the menu's `min_query_length` (3 unless it says so).
    """
    house = courier.house
    with house.lock:
        person = house.person(user)
        thing = seeing.thing_seen(house, user, where)
        spot = find(thing.blocks, what)
        if spot.kind not in EXTERNAL:
            raise LookupError(f"{what!r} has its options in itself")
        least = spot.element.get("min_query_length", 3)
        if len(typed) < least:
            raise LookupError(f"{what!r} asks the app only from {least} characters on")
        payload = payloads.suggestion(person, spot, typed, _place(house, thing))
    acted = courier.deliver("interactive", payload)
    with house.lock:
        acted = after_suggestion(house, acted)
        thing.offered[spot.key] = list(acted.options)
    return acted


def _place(house: House, thing: View | Message) -> Json:
    if isinstance(thing, View):
        container = {"type": "view", "view_id": thing.id}
        return {"container": container, "view": thing.shown()}
    channel = house.channel(thing.channel)
    return {
        "container": {
            "type": "message",
            "message_ts": thing.ts,
            "channel_id": channel.id,
            "is_ephemeral": thing.is_ephemeral,
        },
        "channel": {"id": channel.id, "name": channel.name},
        **({} if thing.is_ephemeral else {"message": thing.shown()}),
    }
