"""Judge and plan the works of a batch: the rules decide, this brings them their facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import structlog

from rules.contacts import ContactChoice
from rules.decide import Others, World, decide, without_keys
from rules.hours import Hours, LineHours, hours_of
from rules.judge import judge
from rules.owners import owners_by
from rules.parties import Party, parties_of
from rules.plan import Plan, needs_ticket, wanted
from rules.records import Call, Line, with_known_line
from rules.settings import Settings
from store.directory import Directory
from store.due import Claim
from store.line_hours import hours_told
from store.settings import DamagedSettingsError
from worker.directory import directory_for_plans
from worker.drain import settle
from worker.drain.creating import all_keyed
from worker.drain.fallback import LAG_MS
from worker.drain.gather import Match, match_parties
from worker.drain.work import NOBODYS_FAULT, Work
from worker.workshop import Workshop

TOO_OLD: Final = "older than what we remember: it may have been logged before"
OTHERS_TURN_MS: Final = 5_000
"""Wait so long for another interaction that is making this phone's contact."""

log = structlog.get_logger(__name__)


class Planner:
    """Plans one batch by the newest settings."""

    def __init__(self, workshop: Workshop, claim: Claim) -> None:
        self._workshop = workshop
        self._claim = claim
        self._revision = workshop.revisions.current()
        self._hours: dict[str, Hours] = {}

    @property
    def sync_contacts(self) -> bool:
        """Whether contacts of what is logged are to be in Aircall, too."""
        return self._revision.settings.sync_contacts

    def judge(self, works: Sequence[Work]) -> None:
        """Settle what is ignored or must wait for the integration to be enabled."""
        seen = self._line_hours(works)
        for work in works:
            line = work.interaction.line
            hours = hours_of(work.interaction, seen.get(line.id) if line and line.id else None)
            self._hours[work.id] = hours
            verdict = judge(
                work.interaction,
                self._accepted(work),
                self._revision.settings,
                hours,
                logged=work.written is not None or work.mark is not None,
            )
            now, file = self._claim.now, self._workshop.file
            if _stays_ignored(work):
                work.settled = settle.ignored_still(work, file)
            elif verdict.result == "ignored":
                work.settled = settle.ignored(work, file, verdict.reason, hours.because, now)
            elif verdict.result == "waiting":
                work.settled = settle.parked(work, "disabled", verdict.reason, now)
            elif verdict.result == "pending":
                work.settled = settle.pending(work, file, again_ms=None)
            elif work.mark is not None and (left := self._lag_left(work)) > 0:
                work.settled = settle.parked(work, f"in:{left}", "HubSpot is asked soon", now)

    def plan_new(self, works: Sequence[Work]) -> None:
        """Plan what was never written; a work found marked keeps the plan of its mark.

        Raises Unavailable and LeaseLostError.
        """
        if not works:
            return
        directory = self._directory(works)
        _complete_lines(works, directory)
        fresh = [work for work in works if work.mark is None]
        for work in fresh:
            self._refuse_forgotten(work, directory)
        fresh = [work for work in fresh if work.settled is None]
        for work in works:
            if work.mark is not None:
                # What the portal does not have any more can neither be asked for nor written.
                work.plan = without_keys(work.mark.plan, directory.unique or {})
                work.again = True
        lines = [number.digits for number in directory.numbers or ()]
        parties = {work.id: parties_of(work.interaction, lines) for work in fresh}
        matches = match_parties(
            self._workshop, directory, (each for those in parties.values() for each in those)
        )
        world = self._world(directory)
        for work in fresh:
            mine = parties[work.id]
            making = {matches[p].making for p in mine if p in matches} - {"", work.id}
            if making:
                work.settled = settle.parked(
                    work,
                    f"in:{OTHERS_TURN_MS}",
                    f"{making.pop()} is making the contact",
                    self._claim.now,
                )
                continue
            self._decided(work, _others(mine, matches), world)

    def plan_again(self, works: Sequence[Work]) -> None:
        """Plan what was written before by its newer facts; settle it if nothing differs.

        Raises Unavailable and LeaseLostError.
        """
        if not works:
            return
        directory = self._directory(works)
        _complete_lines(works, directory)
        world = self._world(directory)
        for work in works:
            written = work.written_
            if written.deleted:
                work.settled = settle.unchanged(work, self._workshop.file, self._claim.now)
                continue
            first = written.contacts[0] if written.contacts else None
            contact = ContactChoice(id=first, owner=written.contact_owner)
            others = Others((Party("", None, None),), (contact,), (None,))
            self._decided(work, others, world)
            if work.settled is None:
                work.plan = _as_before(work, directory)
                same = not wanted(work.plan, written) and work.plan.kind == written.kind
                if same and work.mark is None and not self.needs_ticket(work):
                    work.settled = settle.unchanged(work, self._workshop.file, self._claim.now)

    def needs_ticket(self, work: Work) -> bool:
        """Whether a later event makes this work's ticket."""
        return needs_ticket(work.plan_, work.written_, wanted=work.loaded.wanted)

    def _decided(self, work: Work, others: Others, world: World) -> None:
        """The error room of deciding: one interaction that cannot be decided stops no other."""
        try:
            work.plan = decide(
                work.id, work.interaction, work.kind, others, self._hours[work.id], world
            )
        except NOBODYS_FAULT:
            raise
        except Exception as error:
            log.exception("interaction not decided", interaction=work.id)
            words = f"could not be decided ({type(error).__name__})"
            work.settled = settle.failed(
                work.id, work.interaction, work.record, self._workshop.file, words, self._claim.now
            )

    def _accepted(self, work: Work) -> Settings:
        arrival = work.interaction.accepted
        if arrival is None or arrival.revision in (0, self._revision.number):
            return self._revision.settings
        try:
            return self._workshop.revisions.get(arrival.revision).settings
        except (LookupError, DamagedSettingsError):
            return self._revision.settings

    def _lag_left(self, work: Work) -> int:
        """Milliseconds until a search would find what a former try wrote; 0 with unique keys."""
        if work.mark is None:
            return 0
        unique = self._workshop.directory.read().unique or {}
        if all_keyed(without_keys(work.mark.plan, unique)):
            return 0
        # A mark from before a step back of the wall clock seems to come from the future.
        return min(work.mark.at + LAG_MS - self._claim.now, LAG_MS)

    def _line_hours(self, works: Sequence[Work]) -> Mapping[int, LineHours]:
        lines = {line.id for work in works if (line := work.interaction.line) and line.id}
        return hours_told(self._workshop.connection, sorted(lines))

    def _directory(self, works: Sequence[Work]) -> Directory:
        agents = (agent.email for work in works if (agent := work.interaction.agent))
        return directory_for_plans(self._workshop, agents)

    def _world(self, directory: Directory) -> World:
        return World(
            settings=self._revision.settings,
            revision=self._revision.number,
            owners=owners_by(directory.owners or ()),
            outcomes=directory.outcomes or {},
            unique=directory.unique or {},
            new_contact_last_name=self._workshop.file.contacts.last_name,
        )

    def _refuse_forgotten(self, work: Work, directory: Directory) -> None:
        """Without a unique key nothing tells a call older than our map of ids from a new one."""
        interaction, file = work.interaction, self._workshop.file
        object_type = "calls" if isinstance(interaction, Call) else "communications"
        if (directory.unique or {}).get(object_type) or work.ids is not None:
            return
        if self._claim.now - interaction.finish * 1000 > file.retention.ids * settle.DAY * 1000:
            work.settled = settle.failed(
                work.id, interaction, work.record, file, TOO_OLD, self._claim.now
            )


def _complete_lines(works: Sequence[Work], directory: Directory) -> None:
    """Payloads abridge their line, some to its bare id: phones and words need the whole."""
    lines = {
        each.id: Line(each.id, each.name, each.digits, each.country)
        for each in directory.numbers or ()
    }
    for work in works:
        work.interaction = with_known_line(work.interaction, lines)


def _stays_ignored(work: Work) -> bool:
    """Decided once; a later event brings no other hours. A backfill asks anew."""
    before = work.record.decision
    ignored = before is not None and before.result == "ignored"
    return ignored and work.interaction.backfilled is None


def _others(parties: Sequence[Party], matches: Mapping[Party, Match]) -> Others:
    found = [matches.get(party, Match(ContactChoice())) for party in parties]
    return Others(
        tuple(parties),
        tuple(match.contact for match in found),
        tuple(match.company for match in found),
    )


def _as_before(work: Work, directory: Directory) -> Plan:
    """Keep contacts and company as they were linked: a later event does not look for others.

    A ticket that a former try may have made is looked for as it was planned then.
    """
    written, before = work.written_, work.record.decision
    ticket = work.plan_.ticket
    asked = work.loaded.wanted
    if work.mark is not None and needs_ticket(work.mark.plan, written, wanted=asked):
        ticket = without_keys(work.mark.plan, directory.unique or {}).ticket
    choices = dict(work.plan_.choices)
    if before is not None and "contact" in before.choices:
        choices["contact"] = before.choices["contact"]
    return replace(
        work.plan_,
        ticket=ticket,
        new_contact=None,
        contacts=written.contacts,
        company=written.company,
        contact_owner=written.contact_owner,
        choices=choices,
    )
