"""The works of one claim on their way: judged, planned, marked, written, settled or parked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from clients.errors import NotFound, Rejected, Unavailable
from rules.kinds import unknown_hangup_cause
from rules.parties import parties_of
from rules.plan import Mark
from rules.records import Call
from store import causes
from store.directory import Directory
from store.due import Claim
from store.records import mark_json
from worker.directory import REFUSED_PAUSE, SET_UP, refresh, refresh_on_miss
from worker.drain import settle
from worker.drain.activities import create_activities
from worker.drain.changes import plan_changes, send_changes
from worker.drain.contacts import make_contacts
from worker.drain.creating import all_keyed, forbidden, keyed
from worker.drain.fallback import LAG_MS
from worker.drain.gather import announce, gather_again
from worker.drain.planning import Planner
from worker.drain.tickets import create_tickets, note_left_out
from worker.drain.work import Work
from worker.drain.writing import writer_for
from worker.workshop import Workshop

DOUBT_PAUSE: Final = 15.0
"""Seconds until HubSpot is asked again after it twice did not say what it wrote. While reading
works a probe does not show that writing does not."""

MOST_GUILTY: Final = 3
"""So many in a row, and none that comes through: it is not for their sake."""

REFUSED: Final = "hubspot refuses"


@dataclass(slots=True)
class _Hunt:
    """For whose sake does HubSpot refuse to search or to read? The set-up is known to be sound."""

    guilty: list[Work] = field(default_factory=list)
    well: bool = False
    """Some of the batch came through: the refusal is about a record."""


class _NobodyError(Exception):
    """HubSpot refuses whatever is asked of it: no record is to blame."""


class Batch:
    """The works of one claim on their way through HubSpot."""

    def __init__(
        self, workshop: Workshop, claim: Claim, works: Sequence[Work], hunt: _Hunt | None = None
    ) -> None:
        self._workshop = workshop
        self._claim = claim
        self._works = works
        self._hunt = hunt
        self._began = time.monotonic()
        self._passed = workshop.gate.passed
        self._marked_at: int | None = None
        """Requests that had passed the gate when this batch was marked."""
        self._marks: dict[str, Mark] = {}
        self._sync_contacts = False

    def work(self) -> None:
        """Settle every work. Raises LeaseLostError and redis-py's errors."""
        try:
            self._write()
        except Unavailable as error:
            self._park(error)
        except NotFound as error:
            self._refused(error)
        except Rejected as error:
            if forbidden(error):
                self._refused(error)
            elif self._hunt is None:
                self._begin_hunt(error)
            else:
                self._find_guilty(error, self._hunt)
        else:
            if self._hunt is not None:
                self._hunt.well = True

    def _begin_hunt(self, error: Rejected) -> None:
        """Somebody may have deleted a property that we write or search by: ours are made again.

        Raises LeaseLostError and redis-py's errors.
        """
        open_, hunt = self._open(), _Hunt()
        self._start_over(open_)
        self._make_set_up_again()
        try:
            Batch(self._workshop, self._claim, open_, hunt).work()
        except _NobodyError:
            for work in hunt.guilty:
                work.settled = None
            self._start_over(self._open())
            self._refused(error)

    def _find_guilty(self, error: Rejected, hunt: _Hunt) -> None:
        """One odd value fails a search or a reading for all: halve until it stands alone."""
        open_ = self._open()
        self._start_over(open_)
        if len(open_) > 1:
            middle = len(open_) // 2
            for half in (open_[:middle], open_[middle:]):
                Batch(self._workshop, self._claim, half, hunt).work()
            return
        now, file = self._claim.now, self._workshop.file
        for work in open_:
            hunt.guilty.append(work)
            work.settled = settle.failed(
                work.id, work.interaction, work.record, file, settle.REFUSED, now, error.message
            )
        if len(hunt.guilty) >= MOST_GUILTY and not hunt.well:
            raise _NobodyError

    def _start_over(self, works: Sequence[Work]) -> None:
        for work in works:
            work.start_over(self._marks.get(work.id))

    def _make_set_up_again(self) -> None:
        shop = self._workshop
        refresh(shop, SET_UP)

    def _open(self) -> list[Work]:
        return [work for work in self._works if work.settled is None]

    def _write(self) -> None:
        workshop = self._workshop
        planner = Planner(workshop, self._claim)
        self._sync_contacts = planner.sync_contacts
        planner.judge(self._open())
        open_ = self._open()
        if not open_:
            return
        creating = [work for work in open_ if work.written is None]
        changing = [work for work in open_ if work.written is not None]
        planner.plan_new(creating)
        planner.plan_again(changing)
        creating = [work for work in creating if work.settled is None]
        changing = [work for work in changing if work.settled is None]
        plan_changes(workshop, changing)
        ticketless = [
            work for work in changing if work.change is not None and planner.needs_ticket(work)
        ]
        self._mark(creating, changing)
        self._create(creating, ticketless)
        self._settle(creating)
        send_changes(workshop, [work for work in changing if work.change is not None])
        self._settle(changing)
        if workshop.gate.passed > self._passed:
            workshop.alerts.resolve(REFUSED)

    def _settle(self, works: Sequence[Work]) -> None:
        note_left_out(self._workshop, works)
        for work in works:
            work.settled = settle.written(
                work, self._workshop.file, self._claim.now, sync_contacts=self._sync_contacts
            )
            if work.settled.counter:
                self._note_cause(work)
        if any(work.owner_refused for work in works):
            shop = self._workshop
            refresh_on_miss(shop, "owners")

    def _note_cause(self, work: Work) -> None:
        """Count hangup causes that the settings do not know, for an admin to map them."""
        call = work.interaction
        if isinstance(call, Call):
            cause = unknown_hangup_cause(call, self._workshop.file.hangup_causes)
            if cause:
                causes.note(self._workshop.connection, cause)

    def _mark(self, creating: Sequence[Work], changing: Sequence[Work]) -> None:
        """Note what is about to be written, and when; a work marked before keeps its older plan."""
        now = self._claim.now + int((time.monotonic() - self._began) * 1000)
        marks = {
            work.id: replace(work.mark, at=now) if work.mark else Mark(work.plan_, at=now)
            for work in creating
        }
        marks |= {
            work.id: Mark(work.plan_, work.change, work.written, at=now)
            for work in changing
            if work.change is not None
        }
        if marks:
            texts = {id_: mark_json(mark) for id_, mark in marks.items()}
            self._workshop.due.mark(self._claim.token, texts)
            self._marks = marks
            self._marked_at = self._workshop.gate.passed

    def _create(self, creating: Sequence[Work], ticketless: Sequence[Work]) -> None:
        workshop = self._workshop
        directory = workshop.directory.read()
        writer = writer_for(workshop.hubspot, partial(_regather, workshop, directory))
        for work in creating:
            new = work.plan_.new_contact
            if new and not keyed("contacts", new.properties):
                announce(workshop, new.phone, work.id)
        make_contacts(workshop, writer, directory, creating)
        create_activities(writer, creating)
        for work in ticketless:
            work.contacts, work.company = work.written_.contacts, work.written_.company
        done = [w for w in creating if w.written is not None and w.written.activity is not None]
        create_tickets(workshop, writer, [*done, *ticketless])

    def _refused(self, error: Rejected | NotFound) -> None:
        """HubSpot refuses what no record is to blame for: a person must act, nothing is lost."""
        workshop = self._workshop
        scopes = ", ".join(getattr(error, "scopes", ()))
        sentence = f"HubSpot refuses our requests: {error.sentence}"
        sentence += f" (missing scopes: {scopes})" if scopes else ""
        if not scopes:
            self._make_set_up_again()
        workshop.gate.pause("hubspot", REFUSED_PAUSE, "refused")
        self._park(Unavailable("hubspot", sentence, reason="credentials", wait=REFUSED_PAUSE))

    def _park(self, error: Unavailable) -> None:
        """Keep the facts of what is open, and wait for the vendor together."""
        unsent = self._marked_at in (None, self._workshop.gate.passed)
        # Without unique properties only a search tells what was written, once it has caught up.
        slow = {
            work.id
            for work in self._open()
            if error.maybe_written and work.plan is not None and not all_keyed(work.plan)
        }
        if error.reason == "down":
            # Two writes in a row that were not answered would be tried again by every batch. Where
            # only a search tells, it was but one so far, and it is not tried again before that.
            wait = DOUBT_PAUSE if error.maybe_written and not slow else error.wait
            self._workshop.gate.pause(error.vendor, wait, error.reason)
        if error.reason == "credentials":
            self._workshop.alerts.raise_(REFUSED, error.sentence)
        for work in self._open():
            why = f"in:{LAG_MS}" if work.id in slow else error.vendor
            parked = settle.parked(work, why, error.sentence, self._claim.now)
            # A mark of which nothing was sent would only make the next try look for it.
            work.settled = replace(parked, keep_mark=work.mark is not None or not unsent)


def _regather(workshop: Workshop, directory: Directory, work: Work, gone: str) -> str | None:
    """Look anew for the contact of a one-to-one partner; of a group the others are enough."""
    lines = [number.digits for number in directory.numbers or ()]
    parties = parties_of(work.interaction, lines)
    return gather_again(workshop, directory, parties[0], gone) if len(parties) == 1 else None
