"""Which webhook tokens are ours: the one of the environment, and those read through Aircall's API."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

import structlog

from clients.aircall.records import Webhook
from clients.errors import VendorError

PATH: Final = "/aircall/webhook"
REREAD: Final = 10.0
"""Seconds between two readings, so that wrong tokens cannot eat Aircall's quota."""

log = structlog.get_logger(__name__)


class Tokens:
    """The tokens of our webhooks, in memory only."""

    def __init__(
        self,
        fixed: str | None,
        public_url: str | None,
        webhooks: Callable[[], Iterable[Webhook]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fixed = {_digest(fixed)} if fixed else set()
        self._url = f"{public_url}{PATH}" if public_url else None
        self._webhooks = webhooks
        self._clock = clock
        self._read: set[bytes] = set()
        self._asked_at: float | None = None
        self._lock = threading.Lock()

    @property
    def known(self) -> bool:
        """Whether any token could be read or was given: else nobody can be told from anybody."""
        return bool(self._fixed or self._read)

    def match(self, token: str | None) -> bool:
        """Compare in constant time, as bytes, with digests of one length."""
        if token is None:
            return False
        digest = _digest(token)
        found = False
        for each in self._fixed | self._read:
            found |= hmac.compare_digest(each, digest)
        return found

    def reread(self) -> bool:
        """Ask Aircall for the tokens, at most every `REREAD` seconds; True if it was asked now."""
        with self._lock:
            now = self._clock()
            if self._asked_at is not None and now - self._asked_at < REREAD:
                return False
            self._asked_at = now
        try:
            hooks = list(self._webhooks())
        except VendorError as error:
            log.warning("webhook tokens could not be read", because=error.sentence)
            return True
        self._read = {_digest(hook.token) for hook in hooks if hook.token and self._ours(hook)}
        return True

    def _ours(self, hook: Webhook) -> bool:
        if self._url:
            return hook.url == self._url
        return hook.url.rstrip("/").endswith(PATH)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
