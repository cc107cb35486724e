"""One process at a time carries a contact to Aircall, with each of its phones."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

import redis

from store.scripts import Scripts

HELD_MS: Final = 40_000
"""Longer than any one vendor request and its second try may take, renewed before each of them."""


def contact_name(id_: str) -> str:
    """Return the name by which a HubSpot contact is held; phones are held as they are (E.164)."""
    return f"contact:{id_}"


class LostHoldError(Exception):
    """Somebody else may carry this contact now: leave it without another write."""


class Hold:
    """Keeps everybody else from carrying these contacts and phones, all of them or none."""

    def __init__(self, connection: redis.Redis, names: Iterable[str]) -> None:
        self._scripts = Scripts(connection)
        self._names = tuple(dict.fromkeys(names))
        self._token = uuid4().hex
        self.held = False

    def __enter__(self) -> Self:
        """Take them; `held` tells whether that worked."""
        self.held = self._ask("take")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let them go, unless the store is gone: then they run out."""
        if self.held and not isinstance(error, redis.RedisError):
            self._ask("free")

    def keep(self) -> None:
        """Keep them for `HELD_MS` from now; raises LostHoldError if they had run out."""
        if not self._ask("keep"):
            raise LostHoldError

    def _ask(self, what: str) -> bool:
        asked = self._scripts.run("hold_contacts", what, self._token, HELD_MS, *self._names)
        return bool(asked)
