"""Open a claim: read what is kept, fold what is new, and set aside what needs no HubSpot."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

import structlog

from clients.errors import NotFound, Rejected, Unavailable
from rules.events import Event, Unreadable, parse
from rules.folding import fold
from rules.kinds import kind_of
from rules.plan import Record, Written
from rules.records import Arrival, Call, Interaction
from store.due import Claim, Loaded, Settled
from store.records import DAMAGED, DamagedError, Ids, read_event, read_ids, read_mark, read_record
from store.unreadable import damaged_json, put_aside
from worker.drain import settle
from worker.drain.hints import heed
from worker.drain.mending import Mended, NotReadAgainError, mend, was_damaged
from worker.drain.work import NOBODYS_FAULT, Work
from worker.failed_alerts import raise_damaged, raise_poisoned
from worker.fetched import ask
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import Workshop

LONGEST_CALL_MS: Final = 86_400_000
"""Of a call that began so long ago and has not ended, Aircall is asked no more."""

FIND_STRAYS: Final = "sync.retention.prune"
"""A job of a room above ours."""

log = structlog.get_logger(__name__)


class Opener:
    """Opens one claim; `settled` holds what is settled by that alone.

    `wanted` are those whose left-out ticket an admin asks for.
    """

    def __init__(self, workshop: Workshop, claim: Claim) -> None:
        self._workshop = workshop
        self._claim = claim
        self.settled: list[Settled] = []
        self.wanted: set[str] = set()
        self._any_damaged = False

    def open(self) -> list[Work]:
        """Return the works that go on. Raises LeaseLostError and redis-py's errors."""
        due = self._workshop.due
        for each in due.load(self._claim.poisoned):
            self._poisoned(each)
        works = []
        for each in due.load(self._claim.ids):
            if each.wanted:
                self.wanted.add(each.id)
            work = self._understood(each)
            if work is not None:
                works.append(work)
        if self._any_damaged:
            # Where one was found there may be others, whose names were changed.
            enqueue(self._workshop.connection, BACKGROUND, FIND_STRAYS)
        return works

    def _understood(self, loaded: Loaded) -> Work | None:
        """The error room: whatever a single interaction's data does to us, the others go on."""
        try:
            return self._opened(loaded)
        except NOBODYS_FAULT:
            raise
        except DamagedError as error:
            self._damaged(loaded, error)
            return None
        except Exception as error:
            log.exception("interaction not understood", interaction=loaded.id)
            words = f"could not be understood ({type(error).__name__})"
            self._fail(loaded, words)
            return None

    def _opened(self, loaded: Loaded) -> Work | None:
        if loaded.damage:
            raise DamagedError(loaded.damage)
        if loaded.id.startswith("hint-"):
            heed(self._workshop, loaded)
            self._out(loaded)
            return None
        work = self._read(loaded)
        unended = work is not None and work.interaction.accepted is None
        return self._unended(work) if work is not None and unended else work

    def _read(self, loaded: Loaded) -> Work | None:
        record = read_record(loaded.record, loaded.id)
        if was_damaged(record):
            mended = mend(self._workshop, loaded, record, self._claim.now)
            if isinstance(mended, Settled):
                self.settled.append(mended)
                return None
        else:
            ids, mark = read_ids(loaded.ids, loaded.id), read_mark(loaded.mark, loaded.id)
            mended = Mended(self._events(loaded), ids, mark)
        return self._work(loaded, record, mended)

    def _work(self, loaded: Loaded, record: Record, kept: Mended) -> Work | None:
        ids, events, mark = kept.ids, kept.events, kept.mark
        if record.interaction is None and not events:
            if not (loaded.events or loaded.record or loaded.ids or loaded.wanted):
                raise DamagedError("nothing is kept of it")
            self._out(loaded)
            return None
        interaction = fold(record.interaction, events)
        if _was_ignored(record, ids, interaction):
            # Its record has expired; that it was once ignored is not decided anew by a late event.
            self._out(loaded)
            return None
        written = record.written or _restored(interaction, ids, self._workshop)
        if mark is not None and mark.written is not None:
            written = mark.written
        if written is not None and interaction.accepted is None:
            # Its record has expired and the events of its end with it: it was logged all the same.
            interaction = replace(interaction, accepted=Arrival(self._claim.now, 0))
        return Work(
            id=loaded.id,
            loaded=loaded,
            record=record,
            ids=ids,
            mark=mark,
            interaction=interaction,
            kind=kind_of(interaction, self._workshop.file.hangup_causes),
            eaten=len(loaded.events),
            written=written,
        )

    def _events(self, loaded: Loaded) -> list[Event]:
        read: list[Event] = []
        for raw in loaded.events:
            envelope = read_event(raw, loaded.id)
            parsed = parse(envelope)
            if isinstance(parsed, Unreadable):
                self._put_aside(json.dumps(envelope.get("event", envelope)), parsed.reason)
            elif parsed.id == loaded.id:
                read.append(parsed)
        return read

    def _put_aside(self, event: str, reason: str) -> None:
        pipeline = self._workshop.connection.pipeline()
        put_aside(pipeline, reason, event)
        pipeline.execute()

    def _unended(self, work: Work) -> Work | None:
        """Leave a call that has not ended; one that hung up long ago is asked for."""
        file, call = self._workshop.file, work.interaction
        if not isinstance(call, Call) or not call.hung_up:
            self.settled.append(settle.pending(work, file, again_ms=None))
            return None
        wait, now = file.intervals.pending * 1000, self._claim.now
        # After a wall clock that stepped back, what came before seems to come from the future.
        left = min(call.as_of.arrived + wait - now, wait)
        if left > 0:
            self.settled.append(settle.pending(work, file, again_ms=left))
            return None
        return self._asked(work, call)

    def _asked(self, work: Work, call: Call) -> Work | None:
        file = self._workshop.file
        try:
            event = ask(self._workshop, int(call.own_id), self._claim.now)
        except (NotFound, Rejected, ValueError):
            # Aircall never had it, or will never tell: there is nothing to ask for again.
            self.settled.append(settle.pending(work, file, again_ms=None))
            return None
        except Unavailable as error:
            parked = settle.parked(work, "aircall", error.sentence, self._claim.now)
            self.settled.append(replace(parked, unended=True))
            return None
        if isinstance(event, Event):
            work.interaction = fold(call, [event])
            work.kind = kind_of(work.interaction, file.hangup_causes)
        if work.interaction.accepted is not None:
            return work
        # No call lasts so long: one that is not over by then will never be told as ended.
        lasts = self._claim.now - call.start * 1000 < LONGEST_CALL_MS
        again = file.intervals.pending * 1000 if lasts else None
        self.settled.append(settle.pending(work, file, again_ms=again))
        return None

    def _out(self, loaded: Loaded) -> None:
        """Nothing is left to do of it, also if it once failed."""
        out = Settled(loaded.id, "out", eaten=len(loaded.events), failure="drop")
        if loaded.wanted:
            # Nothing is known of it any more: no ticket can be made of that.
            out = replace(out, missing_ticket="drop")
        self.settled.append(out)

    def _poisoned(self, loaded: Loaded) -> None:
        words = f"stopped the worker {loaded.tries - 1} times"
        self._fail(loaded, words)
        raise_poisoned(self._workshop.alerts, loaded.id, words)

    def _damaged(self, loaded: Loaded, error: DamagedError) -> None:
        """Nothing of it may reach HubSpot: a person is told, and may have it mended."""
        log.error("interaction damaged", interaction=loaded.id, because=str(error))
        self._any_damaged = True
        self._fail(loaded, DAMAGED, str(error) if isinstance(error, NotReadAgainError) else "")
        raise_damaged(self._workshop.alerts, loaded.id)

    def _fail(self, loaded: Loaded, words: str, note: str = "") -> None:
        try:
            old = read_record(loaded.record, loaded.id)
        except ValueError:
            old = Record()
            self._put_aside(damaged_json(loaded.record or b""), words)
        file, now = self._workshop.file, self._claim.now
        failed = settle.failed(loaded.id, old.interaction, old, file, words, now, note=note)
        self.settled.append(failed)


def _was_ignored(record: Record, ids: Ids | None, interaction: Interaction) -> bool:
    known = record.interaction is not None
    return not known and ids is not None and ids.result == "ignored" and not interaction.backfilled


def _restored(interaction: Interaction, ids: Ids | None, workshop: Workshop) -> Written | None:
    """Remember by the map of ids what was logged before its record expired."""
    if ids is None or not ids.activity:
        return None
    return Written(
        type="calls" if ids.type == "calls" else "communications",
        kind=kind_of(interaction, workshop.file.hangup_causes),
        activity=ids.activity,
        ticket=ids.ticket,
        contacts=(ids.contact,) if ids.contact else (),
    )
