"""Create the tickets of a batch, and say so when the pipeline or stage they need is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from clients.errors import NotFound, Rejected
from clients.hubspot.records import Link, New
from rules.plan import Plan
from rules.settings import without_stages
from store.settings import BY_SYSTEM, StaleSettings
from worker.activities import links_of
from worker.directory import refresh
from worker.work import Work
from worker.workshop import Workshop
from worker.writing import Writer

PIPELINE: Final = frozenset({"hs_pipeline", "hs_pipeline_stage"})


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
    made = writer.create(
        "tickets", inputs, verify, lambda key, words: by_id[key].notes.append(words)
    )
    for each in inputs:
        work = by_id[each.key]
        if each.key in made.done:
            work.written = replace(
                work.written_,
                ticket=made.done[each.key].id,
                stage=each.properties["hs_pipeline_stage"],
                ticket_refused=False,
            )
        elif each.key in made.deleted:
            work.notes.append("the ticket was deleted in HubSpot and is not made again")
            work.written = replace(work.written_, ticket_refused=False)
        else:
            _refused(workshop, work, made.refused[each.key])


def _refused(workshop: Workshop, work: Work, refusal: Rejected) -> None:
    if PIPELINE & set(refusal.properties) and is_missing(workshop, work.plan_):
        _leave_out(workshop, work)
        return
    work.written = replace(work.written_, ticket_refused=True)
    work.errors.append(refusal.message)


def is_missing(workshop: Workshop, plan: Plan) -> bool:
    """Ask HubSpot by id whether the plan's pipeline or stage is gone; a list proves nothing."""
    ticket = plan.ticket or {}
    try:
        pipeline = workshop.hubspot.pipeline(ticket["hs_pipeline"])
    except NotFound:
        return True
    stages = {stage.id for stage in pipeline.stages if not stage.archived}
    return pipeline.archived or ticket["hs_pipeline_stage"] not in stages


def _leave_out(workshop: Workshop, work: Work) -> None:
    """Log without a ticket, and set every kind that used the missing stage to no ticket."""
    ticket = work.plan_.ticket or {}
    work.ticket_missing = True
    work.notes.append("the ticket's pipeline or stage is missing in HubSpot: no ticket")
    refresh(workshop.directory, workshop.hubspot, workshop.aircall, ("pipelines",))
    take_out(workshop, ticket["hs_pipeline"], ticket["hs_pipeline_stage"])


def take_out(workshop: Workshop, pipeline: str, stage: str) -> None:
    """Save a revision by the system in which no kind uses this stage, and raise the alert."""
    while True:
        current = workshop.revisions.current()
        tickets = current.settings.tickets
        kinds = [kind for kind, used in tickets.stages if used == stage]
        if tickets.pipeline != pipeline or not kinds:
            return
        try:
            workshop.revisions.save(
                without_stages(current.settings, kinds),
                BY_SYSTEM,
                current.number,
                f"stage {stage} of pipeline {pipeline} is missing in HubSpot",
            )
        except StaleSettings:
            continue
        words = ", ".join(kind.replace("_", " ") for kind in kinds)
        workshop.alerts.raise_(
            f"stage missing {pipeline}/{stage}",
            f"Ticket pipeline {pipeline} or its stage {stage} is missing in HubSpot: "
            f"no tickets are made for {words}.",
            {"pipeline": pipeline, "stage": stage, "kinds": ",".join(kinds)},
        )
        return
