"""Create the tickets of a batch, and say so when the pipeline or stage they need is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from clients.errors import Rejected
from clients.hubspot.records import Link, New, Record
from rules.kinds import stage_setting
from rules.missing import Missing as Gone
from rules.plan import STAGE, TICKET_TEXTS, digest
from worker.drain.activities import links_of
from worker.drain.creating import Created, forbidden, keyed
from worker.drain.work import Work
from worker.drain.writing import Writer
from worker.missing import by_id, kinds_without, take_out
from worker.workshop import Workshop

FORBIDDEN: Final = "tickets scope missing"
"""The alert while the token may not write tickets."""
DELETED: Final = "the ticket was deleted in HubSpot"
NO_TICKET: Final = "the ticket's pipeline or stage is missing in HubSpot: no ticket"
MADE_LATER: Final = "the ticket that was left out was made when an admin asked for it"


def create_tickets(workshop: Workshop, writer: Writer, works: Sequence[Work]) -> None:
    """Create each work's planned ticket; a refused one leaves its activity logged.

    Raises Unavailable and LeaseLostError.
    """
    inputs = [
        New(
            work.id,
            work.plan_.ticket,
            (*links_of(work), Link(work.plan_.type, work.written_.activity)),
        )
        for work in works
        if work.plan_.ticket is not None and work.written_.activity is not None
    ]
    if not inputs:
        return
    by_id = {work.id: work for work in works}
    verify = frozenset(each.key for each in inputs if by_id[each.key].verify)
    made = _create(writer, inputs, verify, by_id)
    note_scopes(workshop, made.refused.values(), made.done.keys() - made.found)
    missing = Missing(workshop)
    for each in inputs:
        work = by_id[each.key]
        if each.key in made.done:
            work.written = replace(
                work.written_,
                ticket=made.done[each.key].id,
                stage=each.properties[STAGE],
                ticket_texts=_said(each, work, made),
                ticket_refused=False,
                ticket_left_out=False,
            )
            if work.loaded.wanted:
                work.notes.append(MADE_LATER)
        elif each.key in made.deleted:
            ticket_gone(work)
        elif missing.left_out(work, made.refused[each.key]):
            work.written = replace(work.written_, ticket_refused=False)
        else:
            work.written = replace(work.written_, ticket_refused=True, ticket_left_out=False)
            work.blame(made.refused[each.key])


def _create(
    writer: Writer, inputs: Sequence[New], verify: frozenset[str], works: Mapping[str, Work]
) -> Created:
    """Create them; who may not even look for those of a former try has all of them refused."""
    try:
        return writer.create("tickets", inputs, verify, works)
    except Rejected as refusal:
        # Without a key, one that nobody could look for must wait: it might be made twice.
        if not forbidden(refusal) or not all(keyed("tickets", each.properties) for each in inputs):
            raise
        return Created(refused={each.key: refusal for each in inputs})


def _said(new: New, work: Work, made: Created) -> Mapping[str, str]:
    """Return what a ticket says by our hand; nothing of one of which only HubSpot remembers."""
    if new.key in made.taken and not work.verify:
        return {}
    return texts(new.properties, None if new.key in made.found else made.done[new.key])


def texts(sent: Mapping[str, str], answer: Record | None) -> Mapping[str, str]:
    """Return the digests of a ticket's texts just sent, as HubSpot's answer holds them."""
    told = answer.properties if answer else sent
    return {name: digest(told.get(name, sent[name])) for name in TICKET_TEXTS if name in sent}


def ticket_gone(work: Work) -> None:
    """Note that a person deleted the work's ticket: it is never made again."""
    work.notes.append(DELETED)
    work.written = replace(
        work.written_,
        ticket=None,
        stage=None,
        ticket_texts={},
        ticket_refused=False,
        ticket_left_out=False,
        ticket_deleted=True,
    )


def note_scopes(workshop: Workshop, refusals: Iterable[Rejected], written: Collection[str]) -> None:
    """Raise one alert for all that the token may not write; resolve it once something is written.

    Raises redis-py's errors.
    """
    refusal = next(filter(forbidden, refusals), None)
    if refusal is not None:
        scopes = ", ".join(refusal.scopes)
        lacks = f"the token lacks the scopes {scopes}" if scopes else "the token may not write them"
        workshop.alerts.raise_(
            FORBIDDEN,
            f"HubSpot refuses our tickets: {lacks}. Calls and messages are logged without; "
            "once that is mended, retry the failures.",
            {"scopes": scopes},
        )
    elif written:
        workshop.alerts.resolve(FORBIDDEN)


class Missing:
    """Tells refused tickets whose pipeline or stage is gone, asking HubSpot once for each."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._known: dict[tuple[str, str], bool] = {}

    def left_out(self, work: Work, refusal: Rejected) -> bool:
        """Leave this work's ticket out if its pipeline or stage is missing; False if it is there.

        What the refusal says is not relied on: HubSpot is asked by id, a list proves nothing.
        Raises Unavailable and LeaseLostError.
        """
        ticket = work.plan_.ticket or {}
        names = ticket["hs_pipeline"], ticket[STAGE]
        if names not in self._known:
            self._known[names] = not forbidden(refusal) and self._is_missing(*names)
        if self._known[names]:
            leave_out(work)
        return self._known[names]

    def _is_missing(self, pipeline: str, stage: str) -> bool:
        shop = self._workshop
        try:
            there = by_id(shop.hubspot, pipeline, (stage,))
        except Rejected:
            return False
        if there is not None and stage in there.stages:
            return False
        take_out(shop, Gone(pipeline) if there is None else Gone(pipeline, stage))
        return True


def leave_out(work: Work) -> None:
    """Note that the work's ticket is left out, for what it needs is missing in HubSpot.

    One that has a ticket keeps it where it is.
    """
    work.notes.append(NO_TICKET)
    if work.written is not None and work.written.ticket is not None:
        return
    work.ticket_missing = True
    work.plan = replace(work.plan_, choices={**work.plan_.choices, "ticket": NO_TICKET})
    if work.written is not None:
        work.written = replace(work.written, ticket_left_out=True)


def note_left_out(workshop: Workshop, works: Iterable[Work]) -> None:
    """Note those whose kind would open a ticket, had not what it used gone missing before.

    Of a kind that nobody has decided anew of since. Raises redis-py's errors.
    """
    ticketless = [work for work in works if _went_without(work)]
    if not ticketless:
        return
    kinds = kinds_without(workshop, workshop.revisions.current().settings)
    for work in ticketless:
        if stage_setting(work.plan_.kind) in kinds:
            leave_out(work)


def _went_without(work: Work) -> bool:
    """Whether it was first written now, or is of another kind now, and no ticket was planned."""
    if work.failed or work.written is None or work.plan_.ticket is not None:
        return False
    written, before = work.written, work.before
    if written.deleted or written.activity is None or written.ticket or written.ticket_deleted:
        return False
    return before is None or before.kind != work.plan_.kind
