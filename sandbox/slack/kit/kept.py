"""Blocks as Slack keeps them: ids filled in where the app gave none, texts with their flags."""

from collections.abc import Callable
from typing import Any

from sandbox.answer import Json

Naming = Callable[[], str]
WITHOUT_ACTION = ("image", "plain_text", "mrkdwn")


def kept(blocks: list[Json], new_id: Naming) -> list[Json]:
    """Return a copy of valid blocks as Slack's answers show them."""
    return [_block(block, new_id) for block in blocks]


def _block(block: Json, new_id: Naming) -> Json:
    made: Json = _texts(block)
    made.setdefault("block_id", new_id())
    elements = made.get("elements", []) if made["type"] == "actions" else []
    for element in (*elements, made.get("accessory"), made.get("element")):
        if element is not None and element["type"] not in WITHOUT_ACTION:
            element.setdefault("action_id", new_id())
    if made["type"] == "input":
        made.setdefault("optional", False)
        made.setdefault("dispatch_action", False)
    return made


def _texts(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_texts(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {name: _texts(one) for name, one in value.items()}
    if made.get("type") == "plain_text" and "text" in made:
        made.setdefault("emoji", True)
    if made.get("type") == "mrkdwn" and "text" in made:
        made.setdefault("verbatim", False)
    return made
