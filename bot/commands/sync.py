"""`sync`: how contact sync stands; `sync start` and `sync stop` the copy of all contacts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.asking.asked import Asked
from bot.asking.routes import Action, Command
from bot.blocks import Message, section
from bot.contact_sync.acts import again, look, refresh, start, stop
from bot.contact_sync.view import AGAIN, COPY, REFRESH, STOP
from bot.markup import escape
from bot.words import N_

ORDERS: Final[Mapping[str, Callable[[Asked], None]]] = {
    "": look,
    "start": start,
    "stop": stop,
}


def sync(asked: Asked, typed: str) -> None:
    """Do what follows the word; raises redis-py's errors and VendorErrors."""
    order = ORDERS.get(typed.strip().casefold())
    if order is not None:
        order(asked)
        return
    said = asked.words(
        "After “sync” there can be “start” or “stop”, for the copy of all contacts. Alone it "
        "shows how contact sync stands."
    )
    asked.tell(Message(said, (section(escape(said)),)))


SYNC: Final = (
    Command(
        "sync",
        N_("Show how contact sync stands; start and stop the copy of all contacts to Aircall."),
        "admins",
        sync,
        usage="[start | stop]",
    ),
    Action(COPY, "admins", start),
    Action(STOP, "admins", stop),
    Action(REFRESH, "admins", refresh),
    Action(AGAIN, "admins", again),
)
