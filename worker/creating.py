"""Create records in HubSpot exactly once: whatever was not plainly answered is read back first.

Correctness never hangs on an error's wording: a record counts as created when it can be read by
its unique value, and as absent when it cannot.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from clients.errors import Rejected, Unavailable
from clients.hubspot.records import Batch, New, Record

UNIQUE: Final[Mapping[str, str]] = {
    "calls": "aircall_id",
    "communications": "aircall_id",
    "tickets": "aircall_id",
    "contacts": "aircall_phone",
}
"""The unique property that we make on each object type."""


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
    refused: dict[str, Rejected] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)


def create_all(
    hubspot: Creator,
    finder: Finder,
    object_type: str,
    inputs: Sequence[New],
    *,
    unique: bool,
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
        _create(hubspot, finder, object_type, open_, made)
    if made.refused and unique:
        _look_behind_refusals(hubspot, object_type, inputs, made)
    return made


def _create(
    hubspot: Creator, finder: Finder, object_type: str, inputs: Sequence[New], made: Created
) -> None:
    batch = hubspot.create(object_type, inputs)
    made.done.update(batch.done)
    made.refused.update(batch.refused)
    if batch.whole is not None:
        if batch.whole.scopes:
            _refuse_all(object_type, inputs, batch.whole, made)
        else:
            _halve(hubspot, finder, object_type, inputs, batch.whole, made)
        return
    if not batch.unanswered:
        return
    again = [each for each in inputs if each.key in batch.unanswered]
    _note_found(made, finder.find(object_type, again))
    again = [each for each in again if each.key not in made.done]
    if not again:
        return
    second = hubspot.create(object_type, again)
    made.done.update(second.done)
    made.refused.update(second.refused)
    if second.whole is not None:
        _halve(hubspot, finder, object_type, again, second.whole, made)
    elif second.unanswered:
        raise second.trouble or Unavailable(
            "hubspot", "HubSpot did not say what it created", reason="down", wait=5,
            maybe_written=True,
        )  # fmt: skip


def _refuse_all(object_type: str, inputs: Sequence[New], refusal: Rejected, made: Created) -> None:
    """A scope is missing: tickets fail for themselves, but nothing is logged without calls."""
    if object_type != "tickets":
        raise refusal
    made.refused.update({each.key: refusal for each in inputs})


def _halve(
    hubspot: Creator,
    finder: Finder,
    object_type: str,
    inputs: Sequence[New],
    refusal: Rejected,
    made: Created,
) -> None:
    """One bad input may fail a whole batch: halve until the guilty one stands alone."""
    if len(inputs) == 1:
        made.refused[inputs[0].key] = refusal
        return
    _note_found(made, finder.find(object_type, inputs))
    rest = [each for each in inputs if each.key not in made.done]
    middle = len(rest) // 2
    for half in (rest[:middle], rest[middle:]):
        if half:
            _create(hubspot, finder, object_type, half, made)


def _look_behind_refusals(
    hubspot: Creator, object_type: str, inputs: Sequence[New], made: Created
) -> None:
    """Tell `taken` from `refused`: what exists is done, what a person archived is deleted."""
    values = {
        each.properties[UNIQUE[object_type]]: each.key
        for each in inputs
        if each.key in made.refused
    }
    name = UNIQUE[object_type]
    there = hubspot.read(object_type, values, (name,), id_property=name)
    _note_found(made, {values[value]: record for value, record in there.items()})
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


class UniqueFinder:
    """Finds records by our unique property: strongly consistent."""

    def __init__(self, hubspot: Creator) -> None:
        self._hubspot = hubspot

    def find(self, object_type: str, inputs: Sequence[New]) -> Mapping[str, Record]:
        """Return those that exist, by key, with the properties that we write."""
        name = UNIQUE[object_type]
        keys = {each.properties[name]: each.key for each in inputs}
        asked = sorted({name}.union(*(each.properties for each in inputs)))
        found = self._hubspot.read(object_type, keys, asked, id_property=name)
        return {keys[value]: record for value, record in found.items() if value in keys}
