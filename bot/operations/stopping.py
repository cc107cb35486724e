"""The button that stops a long work."""

from __future__ import annotations

from typing import Final

from bot.asking.asked import Asked
from bot.asking.routes import Action
from bot.blocks import Message, section
from bot.markup import escape
from bot.operations.view import STOP
from store.operations import KINDS, Operations
from sync.operations import go_on
from sync.operations import tell as call_for_telling


def stop(asked: Asked) -> None:
    """Stop the one that the button names, after its present step; one that is over stays so.

    Raises redis-py's errors and VendorErrors.
    """
    connection = asked.desk.shop.connection
    kind, _, id_ = asked.act.value.partition(" ")
    for known in KINDS:
        if known == kind:
            stopped = Operations(connection).stop(known, id_, asked.act.user)
            # Where nobody is at it, somebody must see that it is to end.
            go_on(connection, known)
            call_for_telling(connection, known)
            said = asked.words("It stops after its present step.")
            if stopped is None:
                said = asked.words("It is over already.")
            asked.tell(Message(said, (section(escape(said)),)))


STOPPING: Final = Action(STOP, "admins", stop)
