"""Background job, each minute: see whether the ticket pipeline and its stages are still there."""

from __future__ import annotations

from typing import Final

from clients.errors import Unavailable
from store.left_out import any_asked
from sync.pipelines.following import follow
from sync.slices import Slice, in_slices
from worker.left_out import TELL, update_alert
from worker.missing import look as look_at_hubspot
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import Workshop

JOB: Final = "sync.pipelines.watch.look"


def look() -> None:
    """RQ job: look once."""
    in_slices(JOB, work)


def work(shop: Workshop, piece: Slice) -> bool:
    """Ask HubSpot once, and follow what is missing; a HubSpot that does not answer ends nothing.

    Raises VendorError where it did not answer, and redis-py's errors. Where no ticket is wanted, a
    token that may not read them is no trouble.
    """
    failed = look_at_hubspot(shop)
    piece.keep()
    if not failed:
        follow(shop, piece)
    update_alert(shop)
    if any_asked(shop.connection):
        enqueue(shop.connection, BACKGROUND, TELL)
    wanted = shop.revisions.current().settings.tickets.pipeline is not None
    for error in failed.values():
        if wanted or isinstance(error, Unavailable):
            raise error
    return False
