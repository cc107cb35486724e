"""Slack's blocks, one function each: texts are cut to Slack's limits, labels never left out.

A block is a plain dict in Slack's own shape; nothing here knows what it says.
Source: docs.slack.dev, Block Kit reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.markup import Markup, clean, cut, shortened

Block = dict[str, Any]
Element = dict[str, Any]
Style = Literal["primary", "danger"]
VALUE: Final = "value"
"""The action id of every input of a form."""
MOST_OPTIONS: Final = 100
"""Options of a static select; longer lists are answered one request at a time."""
MOST_BLOCKS: Final[Mapping[str, int]] = {"message": 50, "modal": 100, "home": 100}


@dataclass(frozen=True, slots=True)
class Message:
    """A message: `text` is the full sentence that notifications and screen readers read.

    It is plain, and escaped when it is sent.
    """

    text: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: what is shown, what is sent, and perhaps a line below it."""

    text: str
    value: str
    description: str = ""

    def block(self) -> Element:
        """Give it in Slack's shape; equal options give equal blocks."""
        block: Element = {"text": plain(self.text or self.value, 75), "value": self.value}
        if self.description:
            block["description"] = plain(self.description, 75)
        return block


def plain(text: str, most: int) -> Element:
    """Plain text on one line, its emoji codes left as typed."""
    return {"type": "plain_text", "text": shortened(clean(text), most) or "–", "emoji": False}


def mrkdwn(text: Markup, most: int = 3000) -> Element:
    """Formatted text; names and addresses in it are not turned into links by Slack."""
    return {"type": "mrkdwn", "text": cut(text, most) or "–", "verbatim": True}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, 150)}


def section(text: Markup, accessory: Element | None = None, id_: str = "") -> Block:
    """A paragraph, with at most one element beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory is not None:
        block["accessory"] = accessory
    if id_:
        block["block_id"] = id_
    return block


def fields(*texts: Markup) -> Block:
    """Up to ten short texts in two columns."""
    return {"type": "section", "fields": [mrkdwn(each, 2000) for each in texts]}


def context(*texts: Markup) -> Block:
    """Small grey text."""
    return {"type": "context", "elements": [mrkdwn(each) for each in texts]}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(*elements: Element, id_: str = "") -> Block:
    """A row of buttons and menus."""
    block: Block = {"type": "actions", "elements": list(elements)}
    if id_:
        block["block_id"] = id_
    return block


def button(  # noqa: PLR0913 - each is told by name
    text: str,
    action: str,
    *,
    label: str,
    value: str = "",
    style: Style | None = None,
    ask: Element | None = None,
) -> Element:
    """A button; `label` is the full sentence of what it does, for screen readers."""
    block: Element = {
        "type": "button",
        "text": plain(text, 75),
        "action_id": action,
        "accessibility_label": shortened(clean(label), 75),
    }
    if value:
        block["value"] = value
    if style:
        block["style"] = style
    if ask is not None:
        block["confirm"] = ask
    return block


def overflow(action: str, options: Sequence[Option], *, ask: Element | None = None) -> Element:
    """A menu of one to five further actions."""
    block: Element = {
        "type": "overflow",
        "action_id": action,
        "options": [each.block() for each in options],
    }
    if ask is not None:
        block["confirm"] = ask
    return block


def confirm(title: str, text: Markup, yes: str, no: str, style: Style = "primary") -> Element:
    """The question asked before an action."""
    return {
        "title": plain(title, 100),
        "text": mrkdwn(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
        "style": style,
    }


def field(  # noqa: PLR0913 - each is told by name
    path: str,
    label: str,
    element: Element,
    *,
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """One input of a form; `path` is the setting's path, `#n` added where it must be fresh."""
    block: Block = {
        "type": "input",
        "block_id": path,
        "label": plain(label, 2000),
        "element": element,
    }
    if hint:
        block["hint"] = plain(hint, 2000)
    if optional:
        block["optional"] = True
    if dispatch:
        block["dispatch_action"] = True
    return block


def text_input(*, initial: str = "", longest: int = 3000, placeholder: str = "") -> Element:
    """One line to type in."""
    block: Element = {"type": "plain_text_input", "action_id": VALUE, "max_length": longest}
    if initial:
        block["initial_value"] = initial
    if placeholder:
        block["placeholder"] = plain(placeholder, 150)
    return block


def radio(options: Sequence[Option], chosen: str) -> Element:
    """One of a few, all of them seen."""
    block: Element = {
        "type": "radio_buttons",
        "action_id": VALUE,
        "options": [each.block() for each in options],
    }
    for each in options:
        if each.value == chosen:
            block["initial_option"] = each.block()
    return block


def checkboxes(options: Sequence[Option]) -> Element:
    """Some of a few, all of them seen, none of them ticked."""
    return {
        "type": "checkboxes",
        "action_id": VALUE,
        "options": [each.block() for each in options],
    }


def select(options: Sequence[Option], chosen: str | None, placeholder: str) -> Element:
    """One of many: a static list, or one that is asked for while typing where it is too long.

    What was chosen and is not among the options is not shown as chosen.
    """
    block: Element = {"action_id": VALUE, "placeholder": plain(placeholder, 150), **_kind(options)}
    for each in options:
        if each.value == chosen:
            block["initial_option"] = each.block()
    return block


def multi_select(options: Sequence[Option], chosen: Sequence[str], placeholder: str) -> Element:
    """Some of many; as `select`."""
    kind = _kind(options)
    block: Element = {
        **kind,
        "type": f"multi_{kind['type']}",
        "action_id": VALUE,
        "placeholder": plain(placeholder, 150),
    }
    if initial := [each.block() for each in options if each.value in chosen]:
        block["initial_options"] = initial
    return block


def user_select(placeholder: str, chosen: str = "") -> Element:
    """Anybody of the workspace."""
    block: Element = {
        "type": "users_select",
        "action_id": VALUE,
        "placeholder": plain(placeholder, 150),
    }
    if chosen:
        block["initial_user"] = chosen
    return block


def _kind(options: Sequence[Option]) -> Element:
    if 0 < len(options) <= MOST_OPTIONS:
        return {"type": "static_select", "options": [each.block() for each in options]}
    return {"type": "external_select", "min_query_length": 0}


def channel_select(action: str, placeholder: str, chosen: str = "") -> Element:
    """One of the workspace's channels, private ones that its reader is in too."""
    block: Element = {
        "type": "conversations_select",
        "action_id": action,
        "placeholder": plain(placeholder, 150),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if chosen:
        block["initial_conversation"] = chosen
    return block


def home_tab(blocks: Sequence[Block]) -> Block:
    """The Home tab of one person."""
    return {"type": "home", "blocks": list(blocks)}


def modal(  # noqa: PLR0913 - each is told by name
    title: str,
    blocks: Sequence[Block],
    *,
    close: str,
    callback: str = "",
    submit: str = "",
    metadata: str = "",
) -> Block:
    """A modal view; `metadata` comes back with whatever is done in it."""
    view: Block = {
        "type": "modal",
        "title": plain(title, 24),
        "close": plain(close, 24),
        "blocks": list(blocks),
    }
    if callback:
        view["callback_id"] = callback
    if submit:
        view["submit"] = plain(submit, 24)
    if metadata:
        view["private_metadata"] = metadata
    return view
