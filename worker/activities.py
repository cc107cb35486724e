"""Create the activities of a batch: one HubSpot call or communication per interaction, ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clients.hubspot.records import Link, New
from rules.plan import Written
from worker.work import Work, sent
from worker.writing import Writer


def create_activities(writer: Writer, works: Sequence[Work]) -> None:
    """Create what is planned and set `written`, or mark the work as failed.

    Raises Unavailable and LeaseLostError.
    """
    for object_type in ("calls", "communications"):
        those = {work.id: work for work in works if work.plan_.type == object_type}
        if those:
            _create(writer, object_type, those)


def _create(writer: Writer, object_type: str, works: dict[str, Work]) -> None:
    inputs = [New(work.id, work.plan_.properties, links_of(work)) for work in works.values()]
    verify = frozenset(work.id for work in works.values() if work.verify)
    made = writer.create(
        object_type, inputs, verify, lambda key, words: works[key].notes.append(words)
    )
    for key, work in works.items():
        plan = work.plan_
        fresh = Written(
            plan.type,
            plan.kind,
            contacts=work.contacts,
            company=work.company,
            contact_owner=plan.contact_owner,
        )
        if key in made.done:
            record = made.done[key]
            written = sent(fresh, plan.properties, record)
            work.written = replace(written, activity=record.id)
        elif key in made.deleted:
            work.written = replace(fresh, deleted=True)
        elif key in made.refused:
            work.failed = True
            work.errors.append(made.refused[key].message)


def links_of(work: Work) -> tuple[Link, ...]:
    """Return the contacts and the company that a work's records are linked with."""
    contacts = tuple(Link("contacts", each) for each in dict.fromkeys(work.contacts))
    return (*contacts, Link("companies", work.company)) if work.company else contacts
