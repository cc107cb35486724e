"""Revisions of the settings as they can be read: one that is damaged hides no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import structlog

from store.settings import DamagedSettingsError, Revision, Revisions

_log = structlog.get_logger(__name__)


def readable(revisions: Revisions, numbers: Iterable[int]) -> Iterator[Revision]:
    """Yield the revisions of these numbers, without those that are gone or cannot be read."""
    for number in numbers:
        try:
            yield revisions.get(number)
        except (LookupError, DamagedSettingsError) as error:
            _log.warning("revision passed over", number=number, because=str(error))
