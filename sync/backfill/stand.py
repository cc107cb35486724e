"""Where a backfill stands, as it is kept with each step for whoever goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from store.operations import Operation
from sync.backfill.walk import Walk, begin, walk_of


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a backfill stands; kept whole with each step."""

    walk: Walk | None
    """The page that is worked on; None after the last."""
    handled: tuple[str, ...] = ()
    """Calls of that page that are done with, or wait."""
    entering: tuple[str, ...] = ()
    """Calls of that page that are being handed to the door."""
    waiting: tuple[str, ...] = ()
    """Calls that were handed in and are not settled."""

    def but(
        self,
        *,
        handled: Iterable[str] | None = None,
        entering: Iterable[str] | None = None,
        waiting: Iterable[str] | None = None,
    ) -> Stand:
        """Return it with other calls in some of its lists."""
        return Stand(
            self.walk,
            self.handled if handled is None else tuple(handled),
            self.entering if entering is None else tuple(sorted(entering)),
            self.waiting if waiting is None else tuple(dict.fromkeys(waiting)),
        )

    def json(self) -> Mapping[str, Any]:
        """Give it as it is kept."""
        return asdict(self)


def stand_of(operation: Operation) -> Stand:
    """Read where a backfill stands; `about` names its time."""
    kept = operation.cursor
    if not kept:
        return Stand(begin(operation.about["start"], operation.about["end"]))
    names = ("handled", "entering", "waiting")
    walk = walk_of(kept["walk"]) if kept["walk"] else None
    return Stand(walk, **{name: tuple(kept[name]) for name in names})
