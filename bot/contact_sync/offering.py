"""What `delete` offers: to remove in Aircall the contacts that we made there."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from redis.exceptions import RedisError

from bot.asking.acts import View
from bot.asking.asked import Asked
from bot.blocks import Block, Option, checkboxes, field
from bot.contact_sync.facts import per_minute
from bot.modals.form import path_of
from bot.operations.telling import begin_telling
from bot.words import Words
from store.aircall_contacts import AircallContacts
from store.operations import BusyOperationError, Operations
from sync.operations import go_on
from worker.workshop import Workshop

FIELD: Final = "contacts"


def offer(shop: Workshop, words: Words) -> list[Block]:
    """Build the field, where there is anything to remove; raises redis-py's errors."""
    count = AircallContacts(shop.connection).made()
    if not count:
        return []
    text = words.count(
        "Remove the {count} contact that was made in Aircall",
        "Remove the {count} contacts that were made in Aircall",
        count,
    )
    hint = words(
        "It takes about {time}, and can be stopped. Contacts that were in Aircall before stay "
        "there in any case. Without this, all stay.",
        time=words.duration(count * 60 / per_minute(shop)),
    )
    return [
        field(
            FIELD,
            words("Contacts in Aircall"),
            checkboxes([Option(text, str(count))]),
            hint=hint,
            optional=True,
        )
    ]


def wanted(view: View) -> int:
    """Return how many contacts are to be removed, as a submitted form says."""
    for block, value in view.values.items():
        if path_of(block) == FIELD and isinstance(value, tuple) and value:
            chosen = value[0]
            return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else 0
    return 0


def settle(asked: Asked, count: int) -> None:
    """End a copy that is under way, and begin the removal if `count` contacts are to go.

    What the store does not take now is not done: the settings are deleted all the same.
    """
    operations, who = Operations(asked.desk.shop.connection), asked.person
    with suppress(RedisError):
        copy = operations.current("contacts")
        if copy is not None and copy.active:
            operations.stop("contacts", copy.id, who.id)
            go_on(asked.desk.shop.connection, "contacts")
        if not count:
            return
        try:
            removal = operations.start("removal", who.id, who.name, {"contacts": count}, count)
        except BusyOperationError:
            return  # somebody asked for the same already
        begin_telling(asked, removal)
