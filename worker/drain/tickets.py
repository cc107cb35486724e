"""Create the tickets of a batch, and say so when the pipeline or stage they need is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

from clients.errors import NotFound, Rejected
from clients.hubspot.records import Link, New, Record
from rules.plan import STAGE, TICKET_TEXTS, digest
from rules.settings import without_stages
from store.settings import BY_SYSTEM, StaleSettings
from worker.directory import refresh
from worker.drain.activities import links_of
from worker.drain.creating import Created, forbidden, keyed
from worker.drain.work import Work
from worker.drain.writing import Writer
from worker.workshop import Workshop

FORBIDDEN: Final = "tickets scope missing"
"""The alert while the token may not write tickets."""
DELETED: Final = "the ticket was deleted in HubSpot"
NO_TICKET: Final = "the ticket's pipeline or stage is missing in HubSpot: no ticket"


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
            )
        elif each.key in made.deleted:
            ticket_gone(work)
        elif missing.left_out(work, made.refused[each.key]):
            work.written = replace(work.written_, ticket_refused=False)
        else:
            work.written = replace(work.written_, ticket_refused=True)
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
            what = None if forbidden(refusal) else self._what_is_missing(*names)
            self._known[names] = what is not None
            if what is not None:
                shop = self._workshop
                refresh(shop, ("pipelines",))
                take_out(shop, names[0], names[1] if what == "stage" else None)
        if self._known[names]:
            work.ticket_missing = True
            work.notes.append(NO_TICKET)
        return self._known[names]

    def _what_is_missing(self, pipeline: str, stage: str) -> Literal["pipeline", "stage"] | None:
        try:
            there = self._workshop.hubspot.pipeline(pipeline)
        except NotFound:
            return "pipeline"
        except Rejected:
            return None
        if there.archived:
            return "pipeline"
        stages = {each.id for each in there.stages if not each.archived}
        return None if stage in stages else "stage"


def take_out(workshop: Workshop, pipeline: str, stage: str | None) -> None:
    """Save a revision by the system in which no kind uses this stage, and raise the alert.

    Without a stage the whole pipeline is missing, and no kind has a ticket any more.
    """
    what = f"pipeline {pipeline}" if stage is None else f"stage {stage} of pipeline {pipeline}"
    while True:
        current = workshop.revisions.current()
        tickets = current.settings.tickets
        kinds = [kind for kind, used in tickets.stages if used and stage in (None, used)]
        if tickets.pipeline != pipeline or not kinds:
            return
        try:
            workshop.revisions.save(
                without_stages(current.settings, kinds),
                BY_SYSTEM,
                current.number,
                f"{what} is missing in HubSpot",
            )
        except StaleSettings:
            continue
        words = ", ".join(kind.replace("_", " ") for kind in kinds)
        workshop.alerts.raise_(
            f"stage missing {pipeline}/{stage}" if stage else f"pipeline missing {pipeline}",
            f"Ticket {what} is missing in HubSpot: no tickets are made for {words}.",
            {"pipeline": pipeline, "stage": stage or "", "kinds": ",".join(kinds)},
        )
        return
