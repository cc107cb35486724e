"""Create the activities of a batch: one HubSpot call or communication per interaction, ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from clients.hubspot.records import Link, New
from rules.plan import Written
from worker.drain.creating import Created
from worker.drain.work import Work, sent
from worker.drain.writing import OWNER, Writer


def create_activities(writer: Writer, works: Sequence[Work]) -> None:
    """Create what is planned and set `written`, or mark the work as failed.

    Raises Unavailable and LeaseLostError.
    """
    for object_type in ("calls", "communications"):
        those = {work.id: work for work in works if work.plan_.type == object_type}
        if those:
            _create(writer, object_type, those)


def _create(writer: Writer, object_type: str, works: Mapping[str, Work]) -> None:
    inputs = [New(work.id, work.plan_.properties, links_of(work)) for work in works.values()]
    verify = frozenset(work.id for work in works.values() if work.verify)
    made = writer.create(object_type, inputs, verify, works)
    for key, work in works.items():
        if key in made.refused:
            work.failed = True
            work.blame(made.refused[key])
            continue
        work.written = Written(
            work.plan_.type,
            work.plan_.kind,
            contacts=work.contacts,
            company=work.company,
            contact_owner=work.plan_.contact_owner,
            deleted=key in made.deleted,
        )
        if key in made.done:
            _note_made(work, made)


def _note_made(work: Work, made: Created) -> None:
    """Note what HubSpot holds by our hand; of a record that was there before, as far as we know.

    Where our mark tells what a former try sent, that counts, not what stands there now: a person
    may have edited it since. A record that nothing of ours remembers is looked at once more.
    """
    record = made.done[work.id]
    written = replace(work.written_, activity=record.id)
    if work.id in made.taken and not work.verify:
        work.again = True
    elif work.id in made.found:
        written = replace(written, properties=work.plan_.properties)
    else:
        written = sent(written, work.plan_.properties, record)
        if work.id in made.ownerless:
            written = replace(written, answered={**written.answered, OWNER: ""})
    work.written = written


def links_of(work: Work) -> tuple[Link, ...]:
    """Return the contacts and the company that a work's records are linked with."""
    contacts = tuple(Link("contacts", each) for each in dict.fromkeys(work.contacts))
    return (*contacts, Link("companies", work.company)) if work.company else contacts
