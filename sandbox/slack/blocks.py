"""Block Kit by Slack's rules: what is wrong with a message's blocks, a modal or a Home tab."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from sandbox.slack.kit.checks import (
    Check,
    Problem,
    anything,
    by_type,
    flag,
    items,
    shape,
    string,
)
from sandbox.slack.kit.compositions import any_text, plain
from sandbox.slack.kit.elements import (
    ACCESSORIES,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    PICTURE,
    one_picture,
)
from sandbox.slack.kit.rich_text import RICH_TEXT

Surface = Literal["message", "modal", "home"]
MOST_BLOCKS: Mapping[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MOST_TEXT = 12_000
_TYPE = {"type": anything}
_ID = {"block_id": string(1, 255)}


def _has_text(value: Any, at: str) -> Iterator[Problem]:  # noqa: ANN401 - JSON
    if "text" not in value and "fields" not in value:
        yield Problem(at, "must have text or fields")


_TEXT = any_text(3000)
_IN_CONTEXT = by_type({"image": IMAGE, "plain_text": _TEXT, "mrkdwn": _TEXT}, "context element")
BLOCKS: dict[str, Check] = {
    "section": shape(
        _TYPE,
        {
            **_ID,
            "text": _TEXT,
            "fields": items(any_text(2000), 1, 10),
            "accessory": by_type(ACCESSORIES, "accessory"),
            "expand": flag,
        },
        _has_text,
    ),
    "header": shape({**_TYPE, "text": plain(150)}, _ID),
    "divider": shape(_TYPE, _ID),
    "context": shape({**_TYPE, "elements": items(_IN_CONTEXT, 1, 10)}, _ID),
    "actions": shape(
        {**_TYPE, "elements": items(by_type(IN_ACTIONS, "action element"), 1, 25)}, _ID
    ),
    "input": shape(
        {**_TYPE, "label": plain(2000), "element": by_type(IN_INPUT, "input element")},
        {**_ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "image": shape(
        {**_TYPE, "alt_text": string(1, 2000)},
        {**_ID, **PICTURE, "title": plain(2000)},
        one_picture,
    ),
    "rich_text": RICH_TEXT,
}
MESSAGE_BLOCKS: dict[str, Check] = {
    **BLOCKS,
    "markdown": shape({**_TYPE, "text": string(1, MOST_TEXT)}, _ID),
}
_KEPT: Mapping[str, Check] = {
    "private_metadata": string(0, 3000),
    "callback_id": string(0, 255),
    "external_id": string(0, 255),
}
_VIEW_BLOCKS = items(by_type(BLOCKS, "block"), 0, 100)
MODAL = shape(
    {**_TYPE, "title": plain(24), "blocks": _VIEW_BLOCKS},
    {
        **_KEPT,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
HOME = shape({**_TYPE, "blocks": _VIEW_BLOCKS}, _KEPT)
_MESSAGE = items(by_type(MESSAGE_BLOCKS, "block"), 0, 50)


def problems(surface: Surface, payload: Mapping[str, Any]) -> list[str]:
    """Return a sentence with a JSON pointer for each rule of Slack's that `payload` breaks.

    `payload` is a whole view, or for a message an object with `blocks` (and whatever else).
    """
    return [str(problem) for problem in findings(surface, payload)]


def findings(surface: Surface, payload: Mapping[str, Any]) -> list[Problem]:
    """Return the same as `problems`, each with its pointer and Slack's own error code."""
    if surface == "message":
        blocks = payload.get("blocks", [])
        found = list(_MESSAGE(blocks, "/blocks"))
        if found:
            return found
        at = "/blocks"
        return [*_whole(blocks, at), *_responding(surface, blocks, at), *_too_much(blocks)]
    view = MODAL if surface == "modal" else HOME
    if payload.get("type") != surface:
        return [Problem("/view/type", f"must be {surface}, not {payload.get('type')!r}")]
    found = list(view(payload, "/view"))
    if found:
        return found
    blocks = payload["blocks"]
    return [
        *_whole(blocks, "/view/blocks"),
        *_submittable(surface, payload),
        *_responding(surface, blocks, "/view/blocks"),
    ]


def _whole(blocks: list[Any], at: str) -> Iterator[Problem]:
    """Yield what is wrong between blocks that are right each by itself."""
    seen: set[str] = set()
    focused = 0
    for index, block in enumerate(blocks):
        id_ = block.get("block_id")
        if id_ in seen:
            yield Problem(f"{at}/{index}/block_id", f"block_id {id_!r} already exists")
        if id_ is not None:
            seen.add(id_)
        used: set[str] = set()
        for pointer, element in elements_of(block):
            focused += element.get("focus_on_load", False)
            action = element.get("action_id")
            if action in used:
                where = f"{at}/{index}{pointer}/action_id"
                yield Problem(where, f"action_id {action!r} already exists in this block")
            if action is not None:
                used.add(action)
    if focused > 1:
        yield Problem(at, "only one element can have focus_on_load set to true")


def elements_of(block: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the elements of a block with the pointer of each inside the block."""
    match block["type"]:
        case "actions":
            return [(f"/elements/{at}", one) for at, one in enumerate(block["elements"])]
        case "section" if "accessory" in block:
            return [("/accessory", block["accessory"])]
        case "input":
            return [("/element", block["element"])]
        case _:
            return []


def _submittable(surface: Surface, view: Mapping[str, Any]) -> Iterator[Problem]:
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if surface == "modal" and has_input and "submit" not in view:
        yield Problem("/view/submit", "submit is required when an input block is present")


def _responding(surface: Surface, blocks: list[Any], at: str) -> Iterator[Problem]:
    """Yield menus that ask for a response_url where no submission brings one."""
    for index, block in enumerate(blocks):
        for pointer, element in elements_of(block):
            is_right = surface == "modal" and block["type"] == "input"
            if element.get("response_url_enabled") and not is_right:
                where = f"{at}/{index}{pointer}/response_url_enabled"
                yield Problem(where, "response_url_enabled is for inputs of modals")


def _too_much(blocks: list[Any]) -> Iterator[Problem]:
    length = sum(text_lengths(blocks))
    if length > MOST_TEXT:
        sentence = f"all text of the blocks must be less than {MOST_TEXT + 1} characters"
        yield Problem("/blocks", f"{sentence}, not {length}", "msg_blocks_too_long")


def text_lengths(value: object) -> Iterator[int]:
    """Yield the length of every text anywhere inside blocks, in characters."""
    if isinstance(value, list):
        for one in value:
            yield from text_lengths(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name == "text" and isinstance(one, str):
                yield len(one)
            else:
                yield from text_lengths(one)
