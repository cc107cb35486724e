"""What a backfill would do with calls of the past: the rules decide, the store tells what we know.

Nothing is asked of HubSpot but whether somebody else logged them, some hundred by one search.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from rules.events import Event, interaction_id, is_over, parse, read_envelope
from rules.folding import fold
from rules.hours import LineHours, hours_of
from rules.judge import judge
from rules.kinds import Kind, kind_of, stage_setting
from rules.parties import parties_of
from rules.plan import Record
from rules.records import Interaction, Line, with_known_line
from rules.settings import Settings
from store import keys
from store.connection import text
from store.directory import Directory
from store.due import Loaded
from store.line_hours import hours_told
from store.records import DamagedError, Ids, read_event, read_ids, read_record
from store.settings import Revision
from sync.foreign import logged_elsewhere
from worker.fetched import revision_for
from worker.workshop import Workshop

Skipped = Literal["logged", "elsewhere", "waiting", "failed", "unended"]
"""Why a call is left alone: we or somebody else logged it, it is on its way already, it stands
among the failures or was given up there, or it has not ended."""
SKIPPED: Final[tuple[Skipped, ...]] = ("logged", "elsewhere", "waiting", "failed", "unended")

LATEST: Final = 5
"""Interactions with a phone that are looked at for its contact."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One call and what becomes of it: `skipped` and `ignored` say why, else it is logged."""

    id: str
    """The interaction's: `call-4001`."""
    told: Mapping[str, Any]
    """The call as Aircall tells it."""
    skipped: Skipped | None = None
    ignored: str = ""
    known: bool = False
    """It was ignored before, for a reason that still holds: there is nothing to decide anew."""
    kind: Kind | None = None
    ticket: bool = False
    phone: str = ""
    """Of whom a contact may be made (E.164)."""

    @property
    def logs(self) -> bool:
        """Whether it would be logged."""
        return self.skipped is None and not self.ignored


@dataclass(frozen=True, slots=True)
class Judge:
    """The settings of all times and what is known of the lines, read once for a stretch."""

    shop: Workshop
    revisions: tuple[Revision, ...]
    directory: Directory
    now: int
    """Milliseconds since 1970."""

    @property
    def newest(self) -> Settings:
        """The settings in force now."""
        return self.revisions[-1].settings

    def look(
        self, calls: Sequence[Mapping[str, Any]], ours: frozenset[str] = frozenset()
    ) -> list[Judged]:
        """Judge some calls, in their order; `ours` were begun by this very backfill.

        Those without a usable id are left out. Raises VendorErrors and redis-py's errors.
        """
        by_id = {id_: told for told in calls if (id_ := _id_of(told)) is not None}
        judged = dict(self._here(by_id, ours))
        new = [id_ for id_, each in judged.items() if each.skipped is None]
        own = [id_.removeprefix("call-") for id_ in new]
        elsewhere = logged_elsewhere(self.shop, own) if own else frozenset()
        for id_, each in judged.items():
            if each.skipped is None and id_.removeprefix("call-") in elsewhere and id_ not in ours:
                judged[id_] = Judged(id_, each.told, skipped="elsewhere", kind=each.kind)
        return list(judged.values())

    def _here(
        self, by_id: Mapping[str, Mapping[str, Any]], ours: frozenset[str]
    ) -> Iterator[tuple[str, Judged]]:
        given_up = self._given_up(list(by_id))
        hours = self._hours()
        for loaded in self.shop.due.load(list(by_id)):
            told = by_id[loaded.id]
            again = loaded.id in ours
            if not is_over(told):
                yield loaded.id, Judged(loaded.id, told, skipped="unended")
                continue
            try:
                record, ids = read_record(loaded.record), read_ids(loaded.ids, loaded.id)
                skipped = _skipped(loaded, record, ids, given_up=loaded.id in given_up)
            except DamagedError:
                yield loaded.id, Judged(loaded.id, told, skipped="failed")
                continue
            if skipped and not again:
                yield loaded.id, Judged(loaded.id, told, skipped=skipped)
            else:
                yield loaded.id, self._by_rules(loaded.id, told, record, hours)

    def _by_rules(
        self, id_: str, told: Mapping[str, Any], record: Record, seen: Mapping[int, LineHours]
    ) -> Judged:
        revision = revision_for(told, "backfill", self.revisions)
        event = parse(read_envelope(told, self.now, revision.number, "backfill"))
        assert isinstance(event, Event)
        call = with_known_line(fold(record.interaction, [event]), self._lines)
        kind = kind_of(call, self.shop.file.hangup_causes)
        line = call.line
        hours = hours_of(call, seen.get(line.id) if line and line.id is not None else None)
        accepted = self._settings(call.accepted.revision if call.accepted else revision.number)
        # Whether the integration is enabled now decides when it is logged, not whether.
        verdict = judge(call, accepted, self.newest, hours, logged=False)
        if verdict.result == "ignored":
            before = record.decision
            known = before is not None and (before.result, before.reason) == (
                "ignored",
                verdict.reason,
            )
            return Judged(id_, told, ignored=verdict.reason, known=known, kind=kind)
        tickets = self.newest.tickets
        stage = getattr(tickets.stages, stage_setting(kind))
        return Judged(
            id_,
            told,
            kind=kind,
            ticket=bool(tickets.pipeline and stage),
            phone=self._new_contact(call),
        )

    def _new_contact(self, call: Interaction) -> str:
        """Name the phone that a contact may be made of: whom HubSpot has is not known yet."""
        if not self.newest.create_contacts:
            return ""
        digits = [number.digits for number in self.directory.numbers or ()]
        party = parties_of(call, digits)[0]
        return "" if party.never or party.phone is None else party.phone.e164

    def known_phones(self, phones: Sequence[str]) -> frozenset[str]:
        """Return those of these phones under which a call was logged here with a contact."""
        if not phones:
            return frozenset()
        pipeline = self.shop.connection.pipeline(transaction=False)
        for phone in phones:
            pipeline.exists(keys.contact(phone))
            pipeline.zrange(keys.phone(phone), -LATEST, -1)
        answers = pipeline.execute()
        made = {phone for phone, there in zip(phones, answers[::2], strict=True) if there}
        last = [
            (phone, text(id_))
            for phone, ids in zip(phones, answers[1::2], strict=True)
            for id_ in ids
        ]
        wanted = [keys.ids(id_) for _, id_ in last]
        raws: list[Any] = self.shop.connection.mget(wanted) if wanted else []
        for (phone, id_), raw in zip(last, raws, strict=True):
            with suppress(DamagedError):
                ids = read_ids(raw, id_)
                if ids is not None and ids.contact:
                    made.add(phone)
        return frozenset(made)

    @property
    def _lines(self) -> Mapping[int, Line]:
        return {
            each.id: Line(each.id, each.name, each.digits, each.country)
            for each in self.directory.numbers or ()
        }

    def _settings(self, number: int) -> Settings:
        found = (each.settings for each in self.revisions if each.number == number)
        return next(found, self.newest)

    def _given_up(self, ids: Sequence[str]) -> frozenset[str]:
        """Return those that stand among the failures or were dismissed there."""
        pipeline = self.shop.connection.pipeline(transaction=False)
        for id_ in ids:
            pipeline.zscore(keys.FAILURES, id_)
            pipeline.zscore(keys.DISMISSED, id_)
        answers = pipeline.execute()
        pairs = zip(ids, answers[::2], answers[1::2], strict=True)
        return frozenset(id_ for id_, *scores in pairs if scores != [None, None])

    def _hours(self) -> Mapping[int, LineHours]:
        return hours_told(self.shop.connection)


def judge_now(shop: Workshop, now: int) -> Judge:
    """Read what the rules need; raises redis-py's errors and those of settings."""
    directory = shop.directory.read()
    return Judge(shop, shop.revisions.all(), directory, now)


def _id_of(told: Mapping[str, Any]) -> str | None:
    return interaction_id({"resource": "call", "event": "call.read", "data": dict(told)})


def _skipped(loaded: Loaded, record: Record, ids: Ids | None, *, given_up: bool) -> Skipped | None:
    decision = record.decision
    if loaded.damage:
        return "failed"
    if (ids is not None and ids.result == "logged") or record.written is not None:
        return "logged"
    if loaded.mark is not None:
        return "waiting"
    if given_up or (decision is not None and decision.result == "failed"):
        return "failed"
    if decision is not None and decision.result == "logged":
        return "logged"
    return "waiting" if _on_its_way(loaded, record) else None


def _on_its_way(loaded: Loaded, record: Record) -> bool:
    """Tell whether it ended before our eyes and is not decided yet."""
    events = (parse(read_event(raw, loaded.id)) for raw in loaded.events)
    ended = any(isinstance(each, Event) and each.ended for each in events)
    decided = record.decision is not None and record.decision.result == "ignored"
    accepted = record.interaction is not None and record.interaction.accepted is not None
    return ended or (accepted and not decided)
