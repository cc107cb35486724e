"""Send later changes: only what differs, and only where HubSpot still holds what we wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from clients.errors import Rejected, Unavailable
from clients.hubspot import HubSpot
from clients.hubspot.records import Change, Record
from rules.plan import GUARDED, as_marked, change, wanted
from worker.creating import forbidden
from worker.gather import read_current
from worker.tickets import Missing
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
    moving = {
        w.written_.ticket or "": w
        for w in works
        if w.written_.ticket and w.plan_.ticket and w.plan_.kind != w.written_.kind
    }
    tickets = read_current(workshop, "tickets", list(moving), (STAGE,))
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
    ticket = tickets.get(written.ticket or "")
    stage = ticket.properties.get(STAGE) if ticket else None
    if work.mark is not None:
        written = work.written = as_marked(written, work.mark, here.properties, stage)
    work.change = change(work.plan_, written, here.properties, stage)


def send_changes(workshop: Workshop, works: Sequence[Work]) -> None:
    """Send each work's change; what HubSpot refuses is noted, the record stays as it was.

    Raises Unavailable and LeaseLostError.
    """
    for object_type in READ:
        those = {w.id: w for w in works if w.plan_.type == object_type and w.change}
        inputs = [
            Change(w.written_.activity or "", w.change.properties, w.id)
            for w in those.values()
            if w.change and w.change.properties
        ]
        answers = _send(workshop.hubspot, object_type, inputs, those)
        _move_tickets(workshop, list(those.values()))
        for work in those.values():
            if work.change is not None and not work.change_refused:
                _note_sent(work, work.change.properties, answers.get(work.id))


def _send(
    hubspot: HubSpot, object_type: str, inputs: Sequence[Change], works: Mapping[str, Work]
) -> dict[str, Record]:
    """Update the activities; one refused for its owner is changed without."""
    updated = update_all(hubspot, object_type, inputs)
    without_owner: list[Change] = []
    for each in inputs:
        refusal, work = updated.refused.get(each.key), works[each.key]
        if refusal is None:
            continue
        rest = {name: text for name, text in each.properties.items() if name != OWNER}
        if refusal.status == 404:
            work.written = replace(work.written_, deleted=True)
        elif OWNER in refusal.properties and OWNER in each.properties:
            work.notes.append(f"{object_type}: HubSpot refused the owner, changed without")
            work.owner_refused = True
            work.change = replace(work.change, properties=rest) if work.change else None
            without_owner += [replace(each, properties=rest)] if rest else []
        else:
            work.errors.append(refusal.message)
            work.change_refused = True
    if without_owner:
        updated.done |= _send(hubspot, object_type, without_owner, works)
    return updated.done


def _note_sent(work: Work, went: Mapping[str, str], answer: Record | None) -> None:
    """Count all that was planned as said, but as ours only what went out as planned.

    What a person keeps for himself is not tried again with each later event; a body that we only
    added to stays his. Where HubSpot refused an owner, the one before stays ours.
    """
    written = work.written_
    planned = wanted(work.plan_, written)
    as_planned = {name: text for name, text in planned.items() if went.get(name) == text}
    answered = {name: text for name, text in written.answered.items() if name not in planned}
    before = written.answered.get(OWNER, written.properties.get(OWNER, ""))
    if OWNER in planned and OWNER not in as_planned:
        answered[OWNER] = before
    written = replace(written, answered=answered, properties={**written.properties, **planned})
    if answer is not None:
        written = sent(written, as_planned, answer)
    kind = written.kind if work.ticket_unmoved else work.plan_.kind
    work.written = replace(written, kind=kind)


def _move_tickets(workshop: Workshop, works: Sequence[Work]) -> None:
    moving = {w.id: w for w in works if w.change and w.change.ticket and w.written_.ticket}
    inputs = [
        Change(w.written_.ticket or "", w.change.ticket, w.id) for w in moving.values() if w.change
    ]
    missing = Missing(workshop)
    updated = update_all(workshop.hubspot, "tickets", inputs)
    for each in inputs:
        work = moving[each.key]
        refusal = updated.refused.get(each.key)
        if refusal is None:
            work.written = replace(work.written_, stage=each.properties[STAGE])
        elif refusal.status == 404:
            work.notes.append("the ticket was deleted in HubSpot")
        elif not missing.left_out(work, refusal):
            work.errors.append(refusal.message)
            work.ticket_unmoved = True


@dataclass(slots=True)
class Updated:
    """What became of each key of an update."""

    done: dict[str, Record] = field(default_factory=dict)
    refused: dict[str, Rejected] = field(default_factory=dict)


def update_all(hubspot: HubSpot, object_type: str, inputs: Sequence[Change]) -> Updated:
    """Update each; writing the same twice does no harm, so a doubtful one is simply sent again.

    Raises Unavailable, LeaseLostError, and Rejected where the token may not write activities.
    """
    updated = Updated()
    left = list(inputs)
    trouble: Unavailable | None = None
    for _ in range(2):
        if not left:
            return updated
        batch = hubspot.update(object_type, left)
        updated.done.update(batch.done)
        updated.refused.update(batch.refused)
        if batch.whole is not None:
            return _halved(hubspot, object_type, left, batch.whole, updated)
        left = [each for each in left if each.key in batch.unanswered]
        trouble = batch.trouble
    if left:
        raise trouble or Unavailable(
            "hubspot", "HubSpot did not say what it changed", reason="down", wait=5
        )
    return updated


def _halved(
    hubspot: HubSpot,
    object_type: str,
    inputs: Sequence[Change],
    refusal: Rejected,
    updated: Updated,
) -> Updated:
    """One bad input may fail a whole batch: halve until the guilty one stands alone."""
    if forbidden(refusal):
        if object_type != "tickets":
            raise refusal
        updated.refused.update({each.key: refusal for each in inputs})
    elif len(inputs) == 1:
        updated.refused[inputs[0].key] = refusal
    else:
        middle = len(inputs) // 2
        for half in (inputs[:middle], inputs[middle:]):
            made = update_all(hubspot, object_type, half)
            updated.done |= made.done
            updated.refused |= made.refused
    return updated
