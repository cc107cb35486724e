"""Create records in HubSpot exactly once: whatever was not plainly answered is read back first.

Correctness never hangs on an error's wording: a record counts as created when it can be read by
its unique value, and as absent when it cannot.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from clients.errors import Rejected, Unavailable
from clients.hubspot.records import Batch, New, Record
from rules.plan import Plan
from worker.setup import UNIQUE


class Creator(Protocol):
    """The part of HubSpot's client that creating needs."""

    def create(self, object_type: str, inputs: Sequence[New]) -> Batch:
        """Create up to 100 records."""

    def read(
        self,
        object_type: str,
        ids: Iterable[str],
        properties: Collection[str],
        *,
        id_property: str | None = None,
        archived: bool = False,
    ) -> Mapping[str, Record]:
        """Read up to 100 records by id or by a unique property."""


class Finder(Protocol):
    """Finds which of our records exist; by unique property, or as well as one can without."""

    def find(self, object_type: str, inputs: Sequence[New]) -> Mapping[str, Record]:
        """Return those that exist, by key."""


@dataclass(slots=True)
class Created:
    """What became of each key: there, refused for itself, or deleted by a person before."""

    done: dict[str, Record] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)
    """Those of `done` that were there already: their links may be incomplete."""
    taken: set[str] = field(default_factory=set)
    """Those of `found` that came to light only by a refusal: not known to be as planned."""
    ownerless: set[str] = field(default_factory=set)
    """Written without their owner, whom HubSpot refused."""
    refused: dict[str, Rejected] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)


def keyed(object_type: str, properties: Mapping[str, str]) -> bool:
    """Whether a record carries our unique property; a plan keeps what its portal allowed then."""
    return UNIQUE[object_type] in properties


def all_keyed(plan: Plan) -> bool:
    """Whether all that a plan makes can be found by key: else only a search tells, and it lags."""
    new = plan.new_contact
    return (
        keyed(plan.type, plan.properties)
        and (plan.ticket is None or keyed("tickets", plan.ticket))
        and (new is None or keyed("contacts", new.properties))
    )


def create_all(
    hubspot: Creator,
    finder: Finder,
    object_type: str,
    inputs: Sequence[New],
    verify: frozenset[str] = frozenset(),
) -> Created:
    """Create each of `inputs` once; those of `verify` (keys) may exist from a former try.

    Raises Unavailable, with the outcome of the rest unknown: the marks stay, and the next try
    verifies them all.
    """
    made = Created()
    doubtful = [each for each in inputs if each.key in verify]
    if doubtful:
        _note_found(made, finder.find(object_type, doubtful))
    open_ = [each for each in inputs if each.key not in made.done]
    if open_:
        _Creating(hubspot, finder, object_type, made).create(open_)
    refused = [
        each
        for each in inputs
        if each.key in made.refused
        and keyed(object_type, each.properties)
        and not forbidden(made.refused[each.key])
    ]
    if refused:
        _look_behind_refusals(hubspot, object_type, refused, made)
    return made


@dataclass(frozen=True, slots=True)
class _Creating:
    """Creates the inputs of one type, and notes in `made` what became of each."""

    hubspot: Creator
    finder: Finder
    object_type: str
    made: Created

    def create(self, inputs: Sequence[New]) -> None:
        """Create once; what was not plainly answered is looked for, then created once more."""
        batch = self._send(inputs)
        open_ = [each for each in inputs if each.key in batch.unanswered]
        if not open_:
            return
        if not all(keyed(self.object_type, each.properties) for each in open_):
            # Only a search could tell what was written, and it lags: nothing may be sent yet.
            raise _doubt(batch)
        _note_found(self.made, self.finder.find(self.object_type, open_))
        open_ = [each for each in open_ if each.key not in self.made.done]
        if open_:
            batch = self._send(open_)
            if batch.unanswered:
                raise _doubt(batch)

    def _send(self, inputs: Sequence[New]) -> Batch:
        batch = self.hubspot.create(self.object_type, inputs)
        self.made.done.update(batch.done)
        self.made.refused.update(batch.refused)
        if batch.whole is not None:
            self._refused(inputs, batch.whole)
        return batch

    def _refused(self, inputs: Sequence[New], refusal: Rejected) -> None:
        """A missing scope refuses all; one bad input may: halve until it stands alone."""
        if forbidden(refusal):
            # Tickets fail for themselves, but nothing is logged without calls.
            if self.object_type != "tickets":
                raise refusal
            self.made.refused.update({each.key: refusal for each in inputs})
        elif len(inputs) == 1:
            self.made.refused[inputs[0].key] = refusal
        else:
            middle = len(inputs) // 2
            self.create(inputs[:middle])
            self.create(inputs[middle:])


def forbidden(refusal: Rejected) -> bool:
    """Whether the token lacks a scope: nothing of that type can be asked then."""
    return bool(refusal.scopes) or refusal.status == 403


def _doubt(batch: Batch) -> Unavailable:
    return batch.trouble or Unavailable(
        "hubspot",
        "HubSpot did not say what it created",
        reason="down",
        wait=5,
        maybe_written=True,
    )


def _look_behind_refusals(
    hubspot: Creator, object_type: str, inputs: Sequence[New], made: Created
) -> None:
    """Tell `taken` from `refused`: what exists is done, what a person archived is deleted."""
    name = UNIQUE[object_type]
    values = {each.properties[name]: each.key for each in inputs}
    there = hubspot.read(object_type, values, (name,), id_property=name)
    taken = {values[value]: record for value, record in there.items()}
    _note_found(made, taken)
    made.taken.update(taken)
    gone = [value for value, key in values.items() if key in made.refused]
    if gone:
        archived = hubspot.read(object_type, gone, (name,), id_property=name, archived=True)
        for value in archived:
            made.deleted.add(values[value])
            del made.refused[values[value]]


def _note_found(made: Created, found: Mapping[str, Record]) -> None:
    made.done.update(found)
    made.found.update(found)
    for key in found:
        made.refused.pop(key, None)


class KeyFinder:
    """Finds records by our unique property, strongly consistent; those without, as well as may be.

    One portal may have both kinds: what was planned before it allowed the property carries none.
    """

    def __init__(self, hubspot: Creator, without: Finder) -> None:
        self._hubspot = hubspot
        self._without = without

    def find(self, object_type: str, inputs: Sequence[New]) -> Mapping[str, Record]:
        """Return those that exist, by key, with the properties that we write."""
        ours = [each for each in inputs if keyed(object_type, each.properties)]
        others = [each for each in inputs if not keyed(object_type, each.properties)]
        found = dict(self._by_key(object_type, ours)) if ours else {}
        return found | dict(self._without.find(object_type, others)) if others else found

    def _by_key(self, object_type: str, inputs: Sequence[New]) -> Mapping[str, Record]:
        name = UNIQUE[object_type]
        keys = {each.properties[name]: each.key for each in inputs}
        asked = sorted({name}.union(*(each.properties for each in inputs)))
        found = self._hubspot.read(object_type, keys, asked, id_property=name)
        return {keys[value]: record for value, record in found.items() if value in keys}
