"""What stands in an element: its state as payloads carry it, at first, empty and filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.answer import Json
from sandbox.slack.blocks import elements_of
from sandbox.slack.kit.compositions import offered

Key = tuple[str, str]

# type of element -> the field of its state; what it begins with is named after the same word
FIELDS: Mapping[str, str] = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
WRITTEN = frozenset(name for name, kept in FIELDS.items() if kept == "value")
EXTERNAL = frozenset({"external_select", "multi_external_select"})


@dataclass(frozen=True, slots=True)
class Spot:
    """One element and the block it stands in."""

    block: Json
    element: Json

    @property
    def key(self) -> Key:
        """Return block_id and action_id, under which its state goes."""
        return self.block["block_id"], self.element["action_id"]

    @property
    def kind(self) -> str:
        """Return the type of the element."""
        return str(self.element["type"])

    @property
    def label(self) -> str:
        """Return what a person calls it: a button's text, an input's label, a section's text."""
        if self.kind == "button":
            return str(self.element["text"]["text"])
        named = self.block.get("label") or self.block.get("text") or self.element.get("placeholder")
        return str(named["text"]) if named else ""

    @property
    def names(self) -> tuple[str, str, str, str, str]:
        """Return what it can be called by: both ids, action_id, block_id, label, what is read."""
        aloud = str(self.element.get("accessibility_label", self.label))
        return "/".join(self.key), self.key[1], self.key[0], self.label, aloud

    @property
    def dispatches(self) -> bool:
        """Tell whether a change is sent to the app at once."""
        return self.block["type"] != "input" or bool(self.block.get("dispatch_action"))


def spots(blocks: list[Json]) -> Iterator[Spot]:
    """Yield every element of the blocks that a person can do something with."""
    for block in blocks:
        for _, element in elements_of(block):
            if "action_id" in element:
                yield Spot(block, dict(element))


def is_many(kind: str) -> bool:
    """Tell whether several things can be chosen in an element of this type."""
    return FIELDS.get(kind, "").endswith("s")


def state_of(element: Json, value: Any) -> Json:  # noqa: ANN401 - JSON
    """Return the state of an element that holds `value`."""
    kind = str(element["type"])
    state: Json = {"type": kind, FIELDS[kind]: value}
    if kind == "timepicker" and "timezone" in element:
        state["timezone"] = element["timezone"]
    return state


def initial(element: Json) -> Json:
    """Return the state of an element that nobody has touched."""
    field = FIELDS[element["type"]]
    word = "value" if field in ("value", "rich_text_value") else field.removeprefix("selected_")
    empty: Any = [] if is_many(element["type"]) else None
    return state_of(element, element.get(f"initial_{word}", empty) or empty)


def values_at_first(blocks: list[Json], before: Mapping[Key, Json]) -> dict[Key, Json]:
    """Return the state of every element: as it was `before` where both its ids stayed."""
    found: dict[Key, Json] = {}
    for spot in spots(blocks):
        if spot.kind in FIELDS:
            held = before.get(spot.key)
            is_same = held is not None and held["type"] == spot.kind
            found[spot.key] = held if held is not None and is_same else initial(spot.element)
    return found


def nested(values: Mapping[Key, Json]) -> Json:
    """Return states as payloads write them: {block_id: {action_id: state}}."""
    found: Json = {}
    for (block_id, action_id), state in values.items():
        found.setdefault(block_id, {})[action_id] = state
    return found


def pick(options: list[Json], wanted: str) -> Json:
    """Return the option a person means by its text or value; LookupError when it is not offered."""
    for option in options:
        if wanted in (option["text"]["text"], option.get("value")):
            return option
    shown = ", ".join(repr(option["text"]["text"]) for option in options) or "nothing"
    raise LookupError(f"{wanted!r} is not offered; there is {shown}")


def own_options(spot: Spot) -> list[Json]:
    """Return the options that stand in an element itself."""
    return offered(spot.element)


def find(blocks: list[Json], what: str, value: str | None = None) -> Spot:
    """Return the one element that `what` names: by action_id, block_id (or both) or label.

    `value` is a button's, or of an option in a menu, and tells elements of one name apart.
    LookupError when there is none, or more than one.
    """
    every = list(spots(blocks))
    for place in range(5):
        found = [spot for spot in every if spot.names[place] == what]
        fitting = [spot for spot in found if value is None or holds(spot, value)]
        if len(fitting) == 1:
            return fitting[0]
        if found:
            raise LookupError(f"{len(fitting)} elements named {what!r} have the value {value!r}")
    shown = ", ".join(f"{spot.label!r} ({'/'.join(spot.key)})" for spot in every) or "nothing"
    raise LookupError(f"no element is named {what!r}; there is {shown}")


def holds(spot: Spot, value: str) -> bool:
    """Tell whether a button has this value, or a menu offers it."""
    if spot.kind == "button":
        return bool(spot.element.get("value") == value)
    return any(value in (o["text"]["text"], o.get("value")) for o in own_options(spot))
