"""One run over the due set: batch after batch, until nothing is due or its time is over."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from typing import Final

import structlog
from redis.exceptions import RedisError

from store.due import BATCH, Claim, LeaseLostError, Settled
from worker.drain.batch import Batch
from worker.drain.opening import Opener
from worker.failed_alerts import close_settled
from worker.left_out import tell_soon
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import Workshop

LONGEST_RUN: Final = 5.0
"""Seconds; then a successor goes on, so that RQ's job stays short."""
CARRY: Final = "sync.contacts.wanted.carry"
"""A job of a room above ours."""

log = structlog.get_logger(__name__)


class Drain:
    """One run over the due set."""

    def __init__(self, workshop: Workshop, clock: Callable[[], float] = time.monotonic) -> None:
        self._workshop = workshop
        self._clock = clock
        self._token = uuid.uuid4().hex

    def run(self) -> bool:
        """Drain until nothing is due; True if a successor must go on.

        Raises redis-py's errors, and those of settings that are damaged or gone: nothing is claimed
        then, for it is no interaction's fault.
        """
        workshop, started, first = self._workshop, self._clock(), True
        while True:
            workshop.revisions.current()
            # While it is not known what the portal allows, drains exclude each other as well.
            exclusive = not workshop.directory.read().all_unique
            claim = workshop.due.claim(self._token, exclusive=exclusive)
            if not claim.ids and not claim.poisoned:
                return False
            if first and len(claim.ids) == BATCH and not exclusive:
                workshop.nudge()
            first = False
            self.batch(claim)
            if self._clock() - started > LONGEST_RUN:
                return True

    def batch(self, claim: Claim) -> None:
        """Work on one claim and commit it."""
        workshop = self._workshop
        opener = Opener(workshop, claim)
        try:
            with workshop.gate.holding(claim.token, claim.ids):
                works = opener.open()
                Batch(workshop, claim, works).work()
        except LeaseLostError as error:
            log.warning("batch dropped", because=str(error))
            return
        finally:
            workshop.counts.flush()
        settled = opener.settled + [work.settled for work in works if work.settled is not None]
        settled = [_answered(each, opener.wanted) for each in settled]
        lost = workshop.due.commit(claim.token, settled)
        if opener.wanted:
            tell_soon(workshop)
        if any(each.contacts for each in settled):
            self._carry_contacts()
        close_settled(workshop.alerts, settled, lost)
        if lost:
            log.warning("commit came late", interactions=len(lost))

    def _carry_contacts(self) -> None:
        """Have the contacts that are wanted in Aircall carried; the clock repeats a lost nudge."""
        with suppress(RedisError):
            enqueue(self._workshop.connection, BACKGROUND, CARRY)


def _answered(settled: Settled, wanted: Collection[str]) -> Settled:
    """Who asked for a ticket is answered by whatever ends the work: it is not asked for again."""
    asked = settled.id in wanted and settled.next_ == "out" and not settled.missing_ticket
    return replace(settled, missing_ticket="stay") if asked else settled
