"""Log a past time in slices: calls in order of time, a few waiting at once, fresh ones not delayed.

Where it stands is kept with each step. What is about to be handed to the door is noted before, so
that whoever goes on after a kill hands it in once more, which writes nothing twice, and counts it
once.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import redis

from clients.errors import VendorError
from store import keys
from store.connection import now_ms
from store.due import LEASE_MS
from store.operations import Operation, Operations
from store.settings import Revision
from store.tombstone import DELETED
from sync.backfill.judging import Judged
from sync.backfill.outcomes import became
from sync.backfill.page import Page, enters, next_of, read_page
from sync.backfill.stand import Stand, stand_of
from sync.backfill.walk import Walk
from sync.operations import JOBS
from sync.slices import Slice, in_slices
from worker.fetched import enter
from worker.gate import WHY
from worker.workshop import Workshop

JOB: Final = JOBS["backfill"]
MOST: Final = 200
"""Calls that wait for HubSpot at once, fresh ones counted as well: two of its batches. A fresh call
waits for no more than these."""
CHUNK: Final = 50
"""Calls that are handed in between two notes of where it stands."""
PAUSE: Final = 0.2
"""Seconds between two looks at whether some of them were logged."""
PATIENCE: Final = 2.0
"""Seconds after which a slice that waits in vain ends: the clock calls again."""
OWN_PACE: Final = WHY["our own limit"]
DISABLED: Final = "The integration is disabled: what was taken in waits until it is enabled again."
HUBSPOT: Final = "HubSpot takes no calls just now: what was taken in waits for it."


def go_on() -> None:
    """Background job: go on with the backfill that an admin asked for."""
    in_slices(JOB, _go_on)


def _go_on(shop: Workshop, piece: Slice) -> bool:
    operations = Operations(shop.connection)
    operation = operations.current("backfill")
    if operation is None or not operation.active:
        return False
    run = Run(shop, piece, operations, operation)
    try:
        return run.go()
    except VendorError as error:
        if error.sentence != OWN_PACE:
            run.note(trouble=_ended(error.sentence))
        raise


class Run:
    """One slice of a backfill."""

    def __init__(
        self,
        shop: Workshop,
        piece: Slice,
        operations: Operations,
        operation: Operation,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._shop = shop
        self._piece = piece
        self._operations = operations
        self._operation = operation
        self._sleep = sleep
        self._stand = stand_of(operation)
        self._counts = Counter(operation.counts)
        self._page: Page | None = None
        self._in_vain = 0.0

    def go(self) -> bool:
        """Go on until the slice is over; True if there is more to do at once.

        Raises VendorErrors, SliceLostError, redis-py's errors, and those of settings.
        """
        while True:
            moved = self._settle()
            newest = self._shop.revisions.current()
            if self._must_end(newest):
                return False
            if newest.settings.enabled:
                moved = self._feed() or moved
                if self._is_done():
                    return self._end("done")
            if moved:
                self._in_vain = 0.0
            elif not self._wait(enabled=newest.settings.enabled):
                return False
            if self._piece.over():
                return True

    def note(self, *, trouble: str = "") -> None:
        """Keep where it stands, and what it waits for. Raises redis-py's errors."""
        self._counts["done"] = sum(
            count
            for name, count in self._counts.items()
            if name in ("logged", "failed") or name.startswith(("ignored|", "skipped|"))
        )
        total = max(self._operation.total or 0, self._counts["done"] + len(self._stand.waiting))
        self._operation = self._operations.progress(
            self._operation, self._stand.json(), dict(self._counts), total, trouble
        )

    def _settle(self) -> bool:
        """Count what became of those that waited; True if some were settled."""
        results = became(self._shop.due, self._stand.waiting)
        for result in results.values():
            self._counts["logged" if result == "partly" else result] += 1
            self._counts["partly"] += result == "partly"
        if results:
            left = [id_ for id_ in self._stand.waiting if id_ not in results]
            self._stand = self._stand.but(waiting=left)
            self.note()
        return bool(results)

    def _must_end(self, newest: Revision) -> bool:
        operation = self._operations.current("backfill")
        if operation is None or operation.id != self._operation.id or not operation.active:
            return True
        self._operation = operation
        if newest.note == DELETED:
            self._end("failed", DELETED)
            return True
        if operation.state == "stopping":
            self._end("stopped")
            return True
        return False

    def _is_done(self) -> bool:
        return self._stand.walk is None and not self._stand.waiting

    def _end(self, state: Any, trouble: str = "") -> bool:  # noqa: ANN401 - as `Operations.end`
        self._counts["following"] = len(self._stand.waiting)
        if state == "done":
            # What Aircall had when it was counted and has no more is not left to do.
            self._operation = replace(self._operation, total=None)
        self.note()
        self._operation = self._operations.end(self._operation, state, trouble)
        return False

    def _feed(self) -> bool:
        """Hand some calls to the door, as many as may wait; True if any was dealt with."""
        if self._stand.walk is None:
            return False
        if self._page is None:
            if self._room() <= 0:
                return False  # each slice that waits would read its page anew
            page = self._read_page(self._stand.walk)
            if page.narrowed:
                self._stand = replace(self._stand, walk=page.following)
                self.note()
                return True
            self._page = page
        page = self._page
        left = [each for each in page.calls if each.id not in self._stand.handled]
        if not left:
            self._stand, self._page = Stand(page.following, waiting=self._stand.waiting), None
            self.note()
            return True
        taken = next_of(left, min(self._room(), CHUNK))
        if not taken:
            return False
        self._deal_with(taken, page.asked)
        return True

    def _read_page(self, walk: Walk) -> Page:
        stand = self._stand
        page = read_page(self._shop, walk, stand, self._piece.keep)
        lost = set(stand.entering) - {each.id for each in page.calls}
        if lost and not page.narrowed:
            # Aircall has them no more; if they reached the door they are logged all the same.
            still = set(stand.entering) - lost
            self._stand = stand.but(waiting=[*stand.waiting, *sorted(lost)], entering=still)
        return page

    def _room(self) -> int:
        """Tell how many more calls may wait."""
        return MOST - max(len(self._stand.waiting), backlog(self._shop.connection))

    def _deal_with(self, taken: Sequence[Judged], asked: int) -> None:
        entering = [each for each in taken if enters(each)]
        if entering:
            begun = {each.id for each in entering} | set(self._stand.entering)
            self._stand = self._stand.but(entering=begun)
            self.note()
        revisions, call = self._shop.revisions.all(), False
        for each in entering:
            call = enter(self._shop.due, each.told, "backfill", revisions, asked) or call
        if call:
            self._shop.nudge()
        for each in taken:
            if each.skipped is not None:
                self._counts[f"skipped|{each.skipped}"] += 1
            elif each.known:
                self._counts[f"ignored|{each.ignored}"] += 1
        self._counts["entered"] += len(entering)
        done = {each.id for each in entering}
        self._stand = self._stand.but(
            handled=[*self._stand.handled, *(each.id for each in taken)],
            entering=set(self._stand.entering) - done,
            waiting=[*self._stand.waiting, *(each.id for each in entering)],
        )
        self.note()

    def _wait(self, *, enabled: bool) -> bool:
        """Wait a moment for what was handed in; False if that seems to take longer."""
        trouble = DISABLED
        if enabled:
            paused = self._stand.waiting and self._shop.limits.paused("hubspot")
            trouble = HUBSPOT if paused else ""
        if trouble != self._operation.trouble:
            self.note(trouble=trouble)
        if trouble or self._in_vain >= PATIENCE:
            return False
        self._sleep(PAUSE)
        self._in_vain += PAUSE
        return True


def backlog(connection: redis.Redis) -> int:
    """Count the interactions that are due or being worked on; raises redis-py's errors."""
    soon = now_ms(connection) + LEASE_MS
    return int(connection.zcount(keys.DUE, "-inf", soon))


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."
