"""Block Kit's elements: buttons, menus, inputs, and which of them may stand where."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.kit.checks import (
    Check,
    Problem,
    anything,
    flag,
    items,
    one_of,
    pattern,
    shape,
    string,
    whole,
)
from sandbox.slack.kit.compositions import (
    CONFIRM,
    GROUPS,
    OPTION,
    OPTIONS,
    OVERFLOWING,
    TICK,
    initially_offered,
    not_too_many_chosen,
    one_source,
    plain,
)
from sandbox.slack.kit.rich_text import RICH_TEXT

_ACTION = {"action_id": string(1, 255)}
_MENU = {**_ACTION, "placeholder": plain(150), "confirm": CONFIRM, "focus_on_load": flag}
_TYPED = {
    **_ACTION,
    "placeholder": plain(150),
    "focus_on_load": flag,
    "dispatch_action_config": shape(
        {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}
    ),
}
_MANY = {"max_selected_items": whole(1, 100)}
_IDS = items(string(1, 255), 0, 100)
_DATE = pattern(r"\d{4}-\d{2}-\d{2}", "a date such as 2026-09-21")
_TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d", "a time such as 09:30")
_NUMBER = pattern(r"-?\d+(\.\d+)?", "a number written as a string")
_TYPE = {"type": anything}
_FILTER = shape(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)


def _lengths(value: Any, at: str) -> Iterator[Problem]:  # noqa: ANN401 - JSON
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    if least > most:
        yield Problem(f"{at}/min_length", "must not be more than max_length")
    if len(value.get("initial_value", "")) > most:
        yield Problem(f"{at}/initial_value", f"must be less than {most + 1} characters")


def one_picture(value: Any, at: str) -> Iterator[Problem]:  # noqa: ANN401 - JSON
    """Check that an image has either an address or a file of Slack's."""
    if ("image_url" in value) == ("slack_file" in value):
        yield Problem(at, "must have either image_url or slack_file")


PICTURE = {
    "image_url": string(1, 3000),
    "slack_file": shape({}, {"id": string(), "url": string()}),
}
IMAGE = shape({**_TYPE, "alt_text": string(1, 2000)}, PICTURE, one_picture)
BUTTON = shape(
    {**_TYPE, "text": plain(75)},
    {
        **_ACTION,
        "url": string(1, 3000),
        "value": string(1, 2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(1, 75),
    },
)
OVERFLOW = shape({**_TYPE, "options": items(OVERFLOWING, 1, 5)}, {**_ACTION, "confirm": CONFIRM})
_TICKS = {"confirm": CONFIRM, "focus_on_load": flag, **_ACTION}
CHECKBOXES = shape(
    {**_TYPE, "options": items(TICK, 1, 10)},
    {**_TICKS, "initial_options": items(TICK, 1, 10)},
    initially_offered,
)
RADIO_BUTTONS = shape(
    {**_TYPE, "options": items(TICK, 1, 10)},
    {**_TICKS, "initial_option": TICK},
    initially_offered,
)
_OFFER = {"options": OPTIONS, "option_groups": GROUPS}
_QUERY = {"min_query_length": whole(0, 255)}
_CONVERSATION = {"default_to_current_conversation": flag, "filter": _FILTER}
_RESPONDING = {"response_url_enabled": flag}

SELECTS: dict[str, Check] = {
    "static_select": shape(
        _TYPE, {**_MENU, **_OFFER, "initial_option": OPTION}, one_source, initially_offered
    ),
    "external_select": shape(_TYPE, {**_MENU, **_QUERY, "initial_option": OPTION}),
    "users_select": shape(_TYPE, {**_MENU, "initial_user": string(1, 255)}),
    "conversations_select": shape(
        _TYPE,
        {**_MENU, **_CONVERSATION, **_RESPONDING, "initial_conversation": string(1, 255)},
    ),
    "channels_select": shape(_TYPE, {**_MENU, **_RESPONDING, "initial_channel": string(1, 255)}),
}
MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": shape(
        _TYPE,
        {**_MENU, **_MANY, **_OFFER, "initial_options": OPTIONS},
        one_source,
        initially_offered,
        not_too_many_chosen,
    ),
    "multi_external_select": shape(
        _TYPE, {**_MENU, **_MANY, **_QUERY, "initial_options": OPTIONS}, not_too_many_chosen
    ),
    "multi_users_select": shape(
        _TYPE, {**_MENU, **_MANY, "initial_users": _IDS}, not_too_many_chosen
    ),
    "multi_conversations_select": shape(
        _TYPE,
        {**_MENU, **_MANY, **_CONVERSATION, "initial_conversations": _IDS},
        not_too_many_chosen,
    ),
    "multi_channels_select": shape(
        _TYPE, {**_MENU, **_MANY, "initial_channels": _IDS}, not_too_many_chosen
    ),
}
PICKERS: dict[str, Check] = {
    "datepicker": shape(_TYPE, {**_MENU, "initial_date": _DATE}),
    "timepicker": shape(_TYPE, {**_MENU, "initial_time": _TIME, "timezone": string(1, 255)}),
}
_MOMENT: Check = shape(
    _TYPE,
    {
        **_ACTION,
        "confirm": CONFIRM,
        "focus_on_load": flag,
        "initial_date_time": whole(1_000_000_000, 9_999_999_999),
    },
)
FIELDS: dict[str, Check] = {
    "plain_text_input": shape(
        _TYPE,
        {
            **_TYPED,
            "multiline": flag,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
            "initial_value": string(0, 3000),
        },
        _lengths,
    ),
    "email_text_input": shape(_TYPE, {**_TYPED, "initial_value": string(0, 3000)}),
    "url_text_input": shape(_TYPE, {**_TYPED, "initial_value": string(0, 3000)}),
    "number_input": shape(
        {**_TYPE, "is_decimal_allowed": flag},
        {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
    ),
    "rich_text_input": shape(_TYPE, {**_TYPED, "initial_value": RICH_TEXT}),
}
_TICKED: dict[str, Check] = {"checkboxes": CHECKBOXES, "radio_buttons": RADIO_BUTTONS}
_PRESSED: dict[str, Check] = {"button": BUTTON, "overflow": OVERFLOW}
_DATED: dict[str, Check] = {**PICKERS, "datetimepicker": _MOMENT}

ACCESSORIES: dict[str, Check] = {
    **_PRESSED,
    **_TICKED,
    **SELECTS,
    **MULTI_SELECTS,
    **PICKERS,
    "image": IMAGE,
}
IN_ACTIONS: dict[str, Check] = {**_PRESSED, **_TICKED, **SELECTS, **MULTI_SELECTS, **_DATED}
IN_INPUT: dict[str, Check] = {**FIELDS, **_TICKED, **SELECTS, **MULTI_SELECTS, **_DATED}
