"""How a deleted integration is told from one that is only disabled."""

from __future__ import annotations

from typing import Final

from store.settings import Revision

DELETED: Final = "The integration was deleted."
"""The note of the revision that is left of it; with the next one it is set up anew."""


def is_deleted(revision: Revision) -> bool:
    """Tell of the revision in force whether the integration was deleted, and not begun anew."""
    return revision.note == DELETED
