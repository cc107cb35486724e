"""Send later changes: only what differs, and only where HubSpot still holds what we wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from clients.errors import Rejected, Unavailable
from clients.hubspot import HubSpot
from clients.hubspot.records import Change, Record
from rules.changes import as_marked, change, kept_in_words
from rules.plan import GUARDED, STAGE, TICKET_TEXTS, wanted
from worker.drain.creating import forbidden
from worker.drain.gather import read_current
from worker.drain.tickets import Missing, note_scopes, texts, ticket_gone
from worker.drain.work import SPOKEN, Work, sent
from worker.drain.writing import OWNER
from worker.workshop import Workshop

READ: Final[Mapping[str, tuple[str, ...]]] = {
    "calls": tuple(sorted(GUARDED - {"hs_communication_body"})),
    "communications": ("hs_communication_body", OWNER),
}
TICKET: Final = (STAGE, *TICKET_TEXTS)


@dataclass(frozen=True, slots=True)
class _Tickets:
    """The tickets (by id) whose kind changed, as HubSpot holds them, or why it tells us none."""

    asked: frozenset[str]
    there: Mapping[str, Record]
    refusal: Rejected | None = None


def plan_changes(workshop: Workshop, works: Sequence[Work]) -> None:
    """Set each work's `change`, from what HubSpot holds now; notes what a person deleted.

    Raises Unavailable and LeaseLostError.
    """
    tickets = _tickets(workshop, works)
    for object_type, properties in READ.items():
        those = [w for w in works if w.plan_.type == object_type and w.written_.activity]
        ids = [w.written_.activity for w in those if w.written_.activity]
        current = read_current(workshop, object_type, ids, properties)
        for work in those:
            _plan(work, current, tickets)


def _tickets(workshop: Workshop, works: Sequence[Work]) -> _Tickets:
    asked = frozenset(
        w.written_.ticket
        for w in works
        if w.written_.ticket and w.plan_.ticket and w.plan_.kind != w.written_.kind
    )
    try:
        return _Tickets(asked, read_current(workshop, "tickets", sorted(asked), TICKET))
    except Rejected as refusal:
        if not forbidden(refusal):
            raise
        note_scopes(workshop, [refusal], ())
        return _Tickets(asked, {}, refusal)


def _plan(work: Work, current: Mapping[str, Record], tickets: _Tickets) -> None:
    here = current.get(work.written_.activity or "")
    if here is None:
        work.written = replace(work.written_, deleted=True)
        return
    ticket = _ticket_now(work, tickets)
    if work.mark is not None:
        work.written = as_marked(work.written_, work.mark, here.properties, ticket)
    work.change = change(work.plan_, work.written_, here.properties, ticket)
    work.notes += kept_in_words(work.change)


def _ticket_now(work: Work, tickets: _Tickets) -> Mapping[str, str | None] | None:
    id_ = work.written_.ticket
    if id_ is None or id_ not in tickets.asked:
        return None
    if tickets.refusal is not None:
        work.blame(tickets.refusal)
        work.ticket_unmoved = True
        return None
    if id_ not in tickets.there:
        ticket_gone(work)
        return None
    return tickets.there[id_].properties


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
        moving = [
            Change(w.written_.ticket, w.change.ticket, w.id)
            for w in those.values()
            if w.change and w.change.ticket and w.written_.ticket
        ]
        _send_tickets(workshop, moving, those)
        for work in those.values():
            if work.change is not None and not work.change_refused:
                _note_sent(work, work.change.properties, answers.get(work.id))


def _send(
    hubspot: HubSpot, object_type: str, inputs: Sequence[Change], works: Mapping[str, Work]
) -> dict[str, Record]:
    """Update the activities; one refused for its owner is changed without."""
    updated = update_all(hubspot, object_type, inputs)
    gone = _gone(hubspot, object_type, inputs, updated)
    without_owner: list[Change] = []
    for each in inputs:
        refusal, work = updated.refused.get(each.key), works[each.key]
        if refusal is None:
            continue
        rest = {name: text for name, text in each.properties.items() if name != OWNER}
        if each.id in gone:
            work.written = replace(work.written_, deleted=True)
        elif OWNER in refusal.properties and OWNER in each.properties:
            work.notes.append(f"{SPOKEN[object_type]}: HubSpot refused the owner, changed without")
            work.owner_refused = True
            work.change = replace(work.change, properties=rest) if work.change else None
            without_owner += [replace(each, properties=rest)] if rest else []
        else:
            work.blame(refusal)
            work.change_refused = True
    if without_owner:
        updated.done |= _send(hubspot, object_type, without_owner, works)
    return updated.done


def _gone(
    hubspot: HubSpot, object_type: str, inputs: Sequence[Change], updated: Updated
) -> frozenset[str]:
    """Return the ids that were refused as unknown and really are: a 404 alone proves nothing."""
    refused = {each.id: updated.refused.get(each.key) for each in inputs}
    unknown = [id_ for id_, why in refused.items() if why is not None and why.status == 404]
    there = hubspot.read(object_type, unknown, ("hs_object_id",)) if unknown else {}
    return frozenset(unknown) - there.keys()


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


def _send_tickets(workshop: Workshop, inputs: Sequence[Change], works: Mapping[str, Work]) -> None:
    """Update the tickets; one whose new stage is missing stays where it is, and says the rest."""
    missing = Missing(workshop)
    updated = update_all(workshop.hubspot, "tickets", inputs)
    gone = _gone(workshop.hubspot, "tickets", inputs, updated)
    note_scopes(workshop, updated.refused.values(), updated.done.keys())
    unmoved: list[Change] = []
    for each in inputs:
        work, refusal = works[each.key], updated.refused.get(each.key)
        if refusal is None:
            written = work.written_
            said = texts(each.properties, updated.done.get(each.key))
            work.written = replace(
                written,
                stage=each.properties.get(STAGE, written.stage),
                ticket_texts={**written.ticket_texts, **said},
            )
        elif each.id in gone:
            ticket_gone(work)
        elif STAGE in each.properties and missing.left_out(work, refusal):
            rest = {n: text for n, text in each.properties.items() if n in TICKET_TEXTS}
            unmoved += [replace(each, properties=rest)] if rest else []
        else:
            work.blame(refusal)
            work.ticket_unmoved = True
    if unmoved:
        _send_tickets(workshop, unmoved, works)


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
