"""What a person may put into an element: only what it offers, and only of its kind."""

import re
from collections.abc import Sequence
from typing import Any

from sandbox.answer import Json
from sandbox.slack.house import House
from sandbox.slack.inputs import FIELDS, WRITTEN, Spot, is_many, own_options, pick, state_of

_FORMS = {
    "datepicker": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "timepicker": re.compile(r"\d{2}:\d{2}"),
    "datetimepicker": re.compile(r"\d{10}"),
}


def filled(
    house: House,
    spot: Spot,
    choice: str | Sequence[str] | None,
    offered: list[Json],
) -> Json:
    """Return the new state of an element; LookupError for what it does not offer.

    Checkboxes take the whole set that is ticked afterwards; a text field its whole text.
    """
    kind, element = spot.kind, spot.element
    if kind not in FIELDS:
        raise LookupError(f"{kind} is clicked, not filled in")
    if is_many(kind):
        words = [choice] if isinstance(choice, str) else list(choice or [])
        most = element.get("max_selected_items", len(words))
        if len(words) > most:
            raise LookupError(f"at most {most} can be chosen")
        return state_of(element, [_one(house, spot, word, offered) for word in words])
    if choice is not None and not isinstance(choice, str):
        raise LookupError(f"{kind} takes one thing")
    if kind in WRITTEN:
        return state_of(element, choice or None)
    if choice is None:
        if kind == "radio_buttons":
            raise LookupError("a radio button cannot be taken back")
        return state_of(element, None)
    return state_of(element, _one(house, spot, choice, offered))


def _one(house: House, spot: Spot, word: str, offered: list[Json]) -> Any:  # noqa: ANN401 - JSON
    field = FIELDS[spot.kind]
    if "option" in field:
        return pick(own_options(spot) or offered, word)
    if "user" in field:
        return _known(house.workspace.people, word)
    if "conversation" in field or "channel" in field:
        return _known(house.workspace.channels, word)
    if spot.kind in _FORMS:
        if not _FORMS[spot.kind].fullmatch(word):
            raise LookupError(f"{word!r} is nothing a {spot.kind} gives")
        return int(word) if spot.kind == "datetimepicker" else word
    raise LookupError(f"nobody knows how to fill in {spot.kind}")


def _known(things: dict[str, Any], word: str) -> str:
    for id_, thing in things.items():
        if word in (id_, thing.name):
            return id_
    raise LookupError(f"{word!r} is not in this workspace")
