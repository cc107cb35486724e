"""Background job: carry to Aircall the contacts of logged interactions, and those that changed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from redis.exceptions import RedisError
from rq.timeouts import BaseTimeoutException

from clients.errors import Unavailable
from clients.hubspot.records import Record
from store.aircall_contacts import AircallContacts
from store.wanted_contacts import Taken, WantedContacts
from sync.contacts.carrying import PROPERTIES
from sync.contacts.carrying import carry as carry_one
from sync.contacts.refusals import tell_refused
from sync.contacts.source import check_portal, is_on
from sync.slices import Slice, SliceLostError, in_slices
from worker.workshop import Workshop

JOB: Final = "sync.contacts.wanted.carry"
LOGGED, CHANGED = 15, 5
"""Contacts of one go: whoever phoned just now comes first, but keeps the others from nothing."""
DOUBT_MS: Final = 30_000
"""Until a contact is tried again at which a vendor failed, or did not say what it wrote: if that is
the contact's fault, the others come first."""
ODD_MS: Final = 3_600_000
"""Until one is tried again that we could not work on at all."""
NAP: Final = 10.0
"""Seconds of a limit that are slept in the slice; who must wait for longer is called again."""
FADING: Final = 0.1
"""Weight of the newest contact in how long one takes."""
NOBODYS_FAULT: Final = (RedisError, BaseTimeoutException, SliceLostError)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits to be carried, and for how long that will take."""

    logged: int
    changed: int
    since: int | None
    """When (ms) the oldest of them was wanted or changed."""
    seconds: int
    """Until all is carried, by how long the last ones took; 0 if nothing waits."""


def carry() -> None:
    """Run as a job: nudged by drains and by whoever found a change, repeated by the clock."""
    in_slices(JOB, work)


def backlog(shop: Workshop) -> Backlog:
    """Tell what waits. Raises redis-py's errors."""
    wanted = WantedContacts(shop.connection)
    logged, changed = wanted.count("logged"), wanted.count("changed")
    each = AircallContacts(shop.connection).state().get("each_ms")
    ms = float(each) if each else 60_000 / shop.file.limits.aircall
    return Backlog(logged, changed, wanted.oldest(), round((logged + changed) * ms / 1000))


def work(shop: Workshop, piece: Slice) -> bool:
    """Carry until nothing waits or the time is over; True if there is more."""
    wanted, over = WantedContacts(shop.connection), False
    while not over and is_on(shop):
        check_portal(shop)
        taken = _taken(wanted)
        if not taken:
            break
        over = not _carried(shop, piece, taken)
    tell_refused(shop)
    return over


def _taken(wanted: WantedContacts) -> list[Taken]:
    """Take some of both kinds, one changed after every three of logged interactions."""
    logged, changed = list(wanted.take("logged", LOGGED)), list(wanted.take("changed", CHANGED))
    mixed: list[Taken] = []
    while logged or changed:
        mixed += [*logged[:3], *changed[:1]]
        del logged[:3], changed[:1]
    return mixed


def _carried(shop: Workshop, piece: Slice, taken: Sequence[Taken]) -> bool:
    """Carry these; False if the time is over. What was not reached waits where it was."""
    wanted = WantedContacts(shop.connection)
    left = list(taken)
    try:
        ids = dict.fromkeys(each.id for each in taken)
        records = shop.hubspot.read("contacts", ids, PROPERTIES)
        while left:
            each = left.pop(0)
            record = records.get(each.id)
            # One that is gone from HubSpot is the daily look's.
            wait_ms = 0 if record is None else _one(shop, piece, record, each)
            if wait_ms is None:
                left.append(each)
                return False
            if wait_ms:
                wanted.put_back(each, wait_ms=wait_ms)
            else:
                wanted.done(each)
            if piece.over() or not is_on(shop):
                return False
    finally:
        for each in left:
            wanted.put_back(each)
    return True


def _one(shop: Workshop, piece: Slice, record: Record, taken: Taken) -> int | None:
    """Carry one; returns for how many ms it is to be left alone, 0 if it is done.

    None if the time was over before a limit let us. Raises Unavailable after putting it back, and
    redis-py's errors.
    """
    began = time.monotonic()
    while True:
        try:
            outcome = carry_one(shop, record)
        except Unavailable as error:
            if error.reason == "rate limit" and error.wait <= NAP and not error.maybe_written:
                if _napped(piece, error.wait):
                    continue
                return None
            failed = error.maybe_written or error.reason == "down"
            WantedContacts(shop.connection).put_back(taken, wait_ms=DOUBT_MS if failed else 0)
            raise
        except NOBODYS_FAULT:
            raise
        except Exception as error:  # the error room: one odd contact keeps no other from Aircall
            log.exception("contact not carried", hubspot=record.id, because=type(error).__name__)
            return ODD_MS
        if outcome.kind not in {"unchanged", "skipped"}:
            _note_pace(shop, (time.monotonic() - began) * 1000)
        return 0


def _napped(piece: Slice, seconds: float) -> bool:
    """Sleep until a limit lets us, a second at least; False if the slice was over meanwhile."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        # At first, for two jobs that wait for the same limit would only call each other.
        time.sleep(min(left, 1))
        if piece.over():
            return False
    return True


def _note_pace(shop: Workshop, ms: float) -> None:
    contacts = AircallContacts(shop.connection)
    before = float(contacts.state().get("each_ms", ms))
    contacts.note(each_ms=round(before + (ms - before) * FADING))
