"""Background job: tell whoever asked for the tickets that were left out what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal

import structlog

from bot.asking.desk import Desk, desk
from bot.blocks import Element, Message, actions, button, section
from bot.channel.delivery import write_to
from bot.markup import Markup, bold, lines
from bot.words import Words
from clients.errors import Rejected
from rules.plan import Record
from store import keys
from store.due import Due
from store.left_out import Asked, asked, told, wanted_of
from sync.slices import Slice, in_slices
from worker.left_out import records_of, update_alert
from worker.workshop import Workshop

JOB: Final = "bot.tickets.telling.tell"
Came = Literal["made", "failed", "gone", "left"]

_log = structlog.get_logger(__name__)


def tell() -> None:
    """RQ job: tell all whose tickets are answered; others are told with the last of theirs."""
    in_slices(JOB, work)


def work(shop: Workshop, piece: Slice) -> bool:
    """Tell them one after the other. Raises Unavailable, and redis-py's errors."""
    ours = desk()
    for one in asked(shop.connection):
        piece.keep()
        if wanted_of(shop.connection, one.ids):
            continue
        _tell(ours, shop, one)
        told(shop.connection, one)
    update_alert(shop)
    return False


def _tell(ours: Desk, shop: Workshop, one: Asked) -> None:
    came = Counter(_came(shop, one.ids))
    try:
        write_to(ours, one.user, lambda words: message(came, words))
    except Rejected as error:
        _log.warning("could not be told", user=one.user, because=error.sentence)


def _came(shop: Workshop, ids: Sequence[str]) -> list[Came]:
    """Tell what came of each."""
    records = records_of(shop.connection, ids)
    failures = set(Due(shop.connection).failures())
    left = set(_still_left(shop, ids))
    return [_of(id_, records.get(id_), failures, left) for id_ in ids]


def _still_left(shop: Workshop, ids: Sequence[str]) -> list[str]:
    scores = shop.connection.zmscore(keys.UNLOGGED, list(ids)) if ids else []
    return [id_ for id_, at in zip(ids, scores, strict=True) if at is not None]


def _of(id_: str, record: Record | None, failures: set[str], left: set[str]) -> Came:
    written = record.written if record else None
    if written is not None and written.ticket is not None:
        return "made"
    if id_ in left:
        return "left"
    return "failed" if id_ in failures else "gone"


def message(came: Counter[Came], words: Words) -> Message:
    """Build the message on what came of all that somebody asked for."""
    said = words.count(
        "{count} ticket that was left out was made.",
        "{count} tickets that were left out were made.",
        came["made"],
    )
    rows: list[Markup] = []
    buttons: list[Element] = []
    if came["failed"]:
        counted = words.count(
            "{count} was refused by HubSpot and stands among the failures.",
            "{count} were refused by HubSpot and stand among the failures.",
            came["failed"],
        )
        rows.append(Markup(counted))
        buttons.append(
            button(
                words("See failures"),
                "status.more",
                label=words("Show what could not be written, and why"),
                value="failures",
            )
        )
    if came["gone"]:
        counted = words.count(
            "{count} gets none: its call or message, or its ticket, was deleted in HubSpot.",
            "{count} get none: their calls or messages, or their tickets, were deleted in HubSpot.",
            came["gone"],
        )
        rows.append(Markup(counted))
    if came["left"]:
        counted = words.count(
            "{count} is still left out: its kind has no stage, or that is missing again.",
            "{count} are still left out: their kinds have no stage, or that is missing again.",
            came["left"],
        )
        rows.append(Markup(counted))
    shown = section(lines(bold(said), *rows))
    return Message(said, (shown, actions(*buttons)) if buttons else (shown,))
