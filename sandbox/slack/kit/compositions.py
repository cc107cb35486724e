"""The small objects that blocks and elements are composed of: texts, options, confirmations."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.kit.checks import (
    Check,
    Problem,
    anything,
    by_type,
    flag,
    items,
    one_of,
    shape,
    string,
)

MOST_OPTIONS = 100


def plain(most: int) -> Check:
    """Return a check for a plain text of 1 to `most` characters."""
    return by_type({"plain_text": _text(most, "emoji")}, "text")


def any_text(most: int) -> Check:
    """Return a check for a plain or marked-up text of 1 to `most` characters."""
    kinds = {"plain_text": _text(most, "emoji"), "mrkdwn": _text(most, "verbatim")}
    return by_type(kinds, "text")


def _text(most: int, extra: str) -> Check:
    return shape({"type": anything, "text": string(1, most)}, {extra: flag})


CONFIRM = shape(
    {"title": plain(100), "text": any_text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
OPTION = shape({"text": plain(75), "value": string(1, 150)}, {"description": plain(75)})
TICK = shape({"text": any_text(75), "value": string(1, 150)}, {"description": any_text(75)})
OVERFLOWING = shape(
    {"text": plain(75), "value": string(1, 150)},
    {"description": plain(75), "url": string(1, 3000)},
)
GROUP = shape({"label": plain(75), "options": items(OPTION, 1, MOST_OPTIONS)})
OPTIONS = items(OPTION, 1, MOST_OPTIONS)
GROUPS = items(GROUP, 1, MOST_OPTIONS)
SUGGESTED = items(OPTION, 0, MOST_OPTIONS)
SUGGESTED_GROUPS = items(
    shape({"label": plain(75), "options": SUGGESTED}),
    0,
    MOST_OPTIONS,
)


def offered(element: Mapping[str, Any]) -> list[Any]:
    """Return every option an element offers, those in groups too."""
    groups = element.get("option_groups") or []
    return [*element.get("options", []), *(one for group in groups for one in group["options"])]


def one_source(value: Any, at: str) -> Iterator[Problem]:  # noqa: ANN401 - JSON
    """Check that a menu has either options or option groups."""
    if ("options" in value) == ("option_groups" in value):
        yield Problem(at, "must have either options or option_groups")


def initially_offered(value: Any, at: str) -> Iterator[Problem]:  # noqa: ANN401 - JSON
    """Check that what is chosen at first is, to the byte, among the options."""
    options = offered(value)
    if "initial_option" in value and value["initial_option"] not in options:
        yield Problem(f"{at}/initial_option", "must be equal to one of the options")
    for index, chosen in enumerate(value.get("initial_options", [])):
        if chosen not in options:
            yield Problem(f"{at}/initial_options/{index}", "must be equal to one of the options")


def not_too_many_chosen(value: Any, at: str) -> Iterator[Problem]:  # noqa: ANN401 - JSON
    """Check what is chosen at first against `max_selected_items`."""
    most = value.get("max_selected_items", MOST_OPTIONS)
    for name in ("options", "users", "conversations", "channels"):
        if len(value.get(f"initial_{name}", [])) > most:
            yield Problem(f"{at}/initial_{name}", f"no more than {most} items allowed")
