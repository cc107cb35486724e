"""What Slack demands of a message before it shows it, wherever the message comes from."""

from typing import Any

from sandbox.answer import Json
from sandbox.slack.blocks import findings
from sandbox.slack.errors import invalid_kit, refusal
from sandbox.slack.house import House
from sandbox.slack.kit.checks import is_unicode
from sandbox.slack.kit.kept import kept
from sandbox.slack.markup import marked_up, mistakes

LONGEST_POST = 40_000
LONGEST_UPDATE = 4_000


def check_message(house: House, where: str, given: Json, *, is_update: bool = False) -> None:
    """Refuse a message that Slack refuses; note as surprises what it would only suffer by.

    Refused: `no_text`, `msg_too_long`, `invalid_blocks`, `msg_blocks_too_long`.
    """
    text, blocks = given.get("text", ""), given.get("blocks", [])
    if not is_unicode(text):
        house.surprises.append(f"{where}: the text is no valid Unicode")
        raise refusal("invalid_arguments")
    if not text and not blocks:
        house.surprises.append(f"{where}: neither text nor blocks")
        raise refusal("no_text")
    if len(text) > (LONGEST_UPDATE if is_update else LONGEST_POST):
        house.surprises.append(f"{where}: a text of {len(text)} characters")
        raise refusal("msg_too_long")
    found = findings("message", {"blocks": blocks})
    if found:
        house.surprises += [f"{where}: {problem}" for problem in found]
        raise invalid_kit(found, "invalid_blocks")
    if len(text) > LONGEST_UPDATE:
        house.surprises.append(f"{where}: a text of {len(text)} characters may be cut")
    if blocks and not text:
        house.surprises.append(f"{where}: blocks without the text that is read aloud")
    note_mistakes(house, where, [text, *marked_up(blocks)])


def note_mistakes(house: House, where: str, texts: list[str]) -> None:
    """Note as surprises what in texts of markup was not escaped or calls somebody by mistake."""
    for text in texts:
        house.surprises += [f"{where}: {one}" for one in mistakes(text)]


def body_of(house: House, given: Json) -> dict[str, Any]:
    """Return the fields of `Message` that a checked message brings."""
    return {
        "text": given.get("text", ""),
        "blocks": kept(given.get("blocks", []), house.block_id),
        "metadata": given.get("metadata"),
        "options": {
            name: given[name]
            for name in ("unfurl_links", "unfurl_media", "reply_broadcast", "mrkdwn")
            if name in given
        },
    }
