"""Whether the integration is enabled, since when and by whom: pure, from the revisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.settings import Author, Revision


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether the integration is enabled, and who last turned it so, when (ms)."""

    enabled: bool
    at: int
    author: Author


def switched(revisions: Sequence[Revision], current: Revision) -> Switch:
    """Say who turned it as it is now: the last to change `enabled`, else who made the first.

    `revisions` are the first and those that changed it, oldest first; others do no harm.
    """
    turned = next(
        (
            each
            for each in reversed(revisions)
            if any(change.path == "enabled" for change in each.changes)
        ),
        revisions[0] if revisions else current,
    )
    return Switch(current.settings.enabled, turned.at, turned.author)
