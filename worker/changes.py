"""Send later changes: only what differs, and only where HubSpot still holds what we wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from clients.errors import Rejected, Unavailable
from clients.hubspot import HubSpot
from clients.hubspot.records import Change, Record
from rules.plan import GUARDED, Written, change, wanted
from rules.plan import Change as PlannedChange
from worker.gather import read_current
from worker.work import Work, sent
from worker.workshop import Workshop
from worker.writing import OWNER

READ: Final[Mapping[str, tuple[str, ...]]] = {
    "calls": tuple(sorted(GUARDED - {"hs_communication_body"})),
    "communications": ("hs_communication_body", OWNER),
}
STAGE: Final = "hs_pipeline_stage"


def plan_changes(workshop: Workshop, works: Sequence[Work]) -> None:
    """Set each work's `change`, from what HubSpot holds now; notes what a person deleted.

    Raises Unavailable and LeaseLostError.
    """
    moving = [w for w in works if w.written_.ticket and w.plan_.kind != w.written_.kind]
    tickets = read_current(
        workshop, "tickets", [w.written_.ticket for w in moving if w.written_.ticket], (STAGE,)
    )
    for object_type, properties in READ.items():
        those = [w for w in works if w.plan_.type == object_type and w.written_.activity]
        ids = [w.written_.activity for w in those if w.written_.activity]
        current = read_current(workshop, object_type, ids, properties)
        for work in those:
            _plan(work, current, tickets)


def _plan(work: Work, current: Mapping[str, Record], tickets: Mapping[str, Record]) -> None:
    written = work.written_
    here = current.get(written.activity or "")
    if here is None:
        work.written = replace(written, deleted=True)
        return
    if work.mark is not None and work.mark.change is not None:
        written = _as_marked(written, work.mark.change, here, tickets)
        work.written = written
    ticket = tickets.get(written.ticket or "")
    stage = ticket.properties.get(STAGE) if ticket else None
    work.change = change(work.plan_, written, here.properties, stage)


def _as_marked(
    written: Written, marked: PlannedChange, here: Record, tickets: Mapping[str, Record]
) -> Written:
    """Reckon with a former try that may have sent its change: then that is what we wrote last.

    What is not read back counts as not written, so that it is sent again.
    """
    properties = dict(written.properties)
    for name, text in marked.properties.items():
        if name not in GUARDED:
            properties.pop(name, None)
        elif (here.properties.get(name) or "") == text:
            properties[name] = text
    ticket = tickets.get(written.ticket or "")
    moved = ticket is not None and ticket.properties.get(STAGE) == marked.stage
    stage = marked.stage if moved and marked.stage else written.stage
    return replace(written, properties=properties, stage=stage)


def send_changes(workshop: Workshop, works: Sequence[Work]) -> None:
    """Send each work's change; what HubSpot refuses is noted, the record stays as it was.

    Raises Unavailable and LeaseLostError.
    """
    answers: dict[str, Record] = {}
    for object_type in READ:
        those = {
            w.id: w
            for w in works
            if w.plan_.type == object_type and w.change and w.change.properties
        }
        inputs = [
            Change(w.written_.activity or "", w.change.properties, w.id)
            for w in those.values()
            if w.change
        ]
        answers |= _update(workshop.hubspot, object_type, inputs, those)
    _move_tickets(workshop, works)
    for work in works:
        if work.change is not None and not work.errors:
            _note_sent(work, work.change.properties, answers.get(work.id))


def _note_sent(work: Work, went: Mapping[str, str], answer: Record | None) -> None:
    """Count all that was planned as said, but as ours only what went out as planned.

    What a person keeps for himself is not tried again with each later event; a body that we only
    added to stays his.
    """
    planned = wanted(work.plan_, work.written_)
    as_planned = {name: text for name, text in planned.items() if went.get(name) == text}
    written = work.written_
    if answer is not None:
        written = sent(written, as_planned, answer)
    work.written = replace(
        written,
        kind=work.plan_.kind,
        properties={**written.properties, **planned},
        answered={
            name: text
            for name, text in written.answered.items()
            if name not in planned or name in as_planned
        },
    )


def _move_tickets(workshop: Workshop, works: Sequence[Work]) -> None:
    moving = {w.id: w for w in works if w.change and w.change.stage and w.written_.ticket}
    inputs = [
        Change(w.written_.ticket or "", {STAGE: w.change.stage or ""}, w.id)
        for w in moving.values()
        if w.change
    ]
    for key in _update(workshop.hubspot, "tickets", inputs, moving):
        work = moving[key]
        work.written = replace(work.written_, stage=work.change.stage if work.change else None)


def _update(
    hubspot: HubSpot, object_type: str, inputs: Sequence[Change], works: Mapping[str, Work]
) -> dict[str, Record]:
    """Update each; writing the same twice does no harm, so a doubtful one is simply sent again."""
    if not inputs:
        return {}
    batch = hubspot.update(object_type, inputs)
    if batch.unanswered:
        left = [each for each in inputs if each.key in batch.unanswered]
        again = hubspot.update(object_type, left)
        if again.unanswered:
            raise again.trouble or Unavailable(
                "hubspot", "HubSpot did not say what it changed", reason="down", wait=5
            )
        done, refused = {**batch.done, **again.done}, {**batch.refused, **again.refused}
        whole, rest = again.whole, left
    else:
        done, refused = dict(batch.done), dict(batch.refused)
        whole, rest = batch.whole, list(inputs)
    if whole is not None and len(rest) > 1:
        middle = len(rest) // 2
        for half in (rest[:middle], rest[middle:]):
            done |= _update(hubspot, object_type, half, works)
    elif whole is not None:
        refused[rest[0].key] = whole
    return done | _rescue(hubspot, object_type, inputs, refused, works)


def _rescue(
    hubspot: HubSpot,
    object_type: str,
    inputs: Sequence[Change],
    refused: Mapping[str, Rejected],
    works: Mapping[str, Work],
) -> dict[str, Record]:
    without_owner: list[Change] = []
    for each in inputs:
        refusal = refused.get(each.key)
        if refusal is None:
            continue
        work = works[each.key]
        rest = {name: text for name, text in each.properties.items() if name != OWNER}
        if refusal.status == 404:
            work.written = replace(work.written_, deleted=True)
        elif OWNER in refusal.properties and OWNER in each.properties and rest:
            work.notes.append(f"{object_type}: HubSpot refused the owner, changed without")
            without_owner.append(replace(each, properties=rest))
        else:
            work.errors.append(refusal.message)
    return _update(hubspot, object_type, without_owner, works)
