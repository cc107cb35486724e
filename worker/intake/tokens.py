"""Which webhook tokens are ours: the environment's, and those read through Aircall's API."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

import structlog
from redis.exceptions import RedisError

from clients.aircall.records import Webhook
from clients.errors import VendorError

PATH: Final = "/aircall/webhook"
REREAD: Final = 10.0
"""Seconds between two readings, so that wrong tokens cannot eat Aircall's quota."""
PATIENCE: Final = 1.5
"""Seconds that a request waits for a reading: Aircall itself waits 5 for our answer."""
_PORTS: Final = {"http": 80, "https": 443}

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
        self._public_url = public_url
        self._webhooks = webhooks
        self._clock = clock
        self._read: set[bytes] = set()
        self._answered = False
        self._asked_at: float | None = None
        self._reading: asyncio.Future[None] | None = None

    @property
    def known(self) -> bool:
        """Whether any token could be read or was given: else nobody can be told from anybody."""
        return bool(self._fixed or self._read)

    @property
    def unread(self) -> bool:
        """Whether none was given and Aircall has not told them yet: the door takes nothing in."""
        return not self._fixed and not self._answered

    async def read_first(self) -> None:
        """Read them, and as long as Aircall does not tell them, again."""
        await self.reread()
        while self.unread:
            await asyncio.sleep(REREAD)
            await self.reread()

    def match(self, token: str) -> bool:
        """Compare in constant time, as bytes, with digests of one length."""
        digest = _digest(token)
        found = False
        for each in self._fixed | self._read:
            found |= hmac.compare_digest(each, digest)
        return found

    async def reread(self) -> None:
        """Ask Aircall for the tokens, at most every `REREAD` seconds, and wait `PATIENCE` for it.

        Whoever comes while Aircall is being asked waits for the same answer.
        """
        now = self._clock()
        if self._reading is None and (self._asked_at is None or now - self._asked_at >= REREAD):
            self._asked_at = now
            self._reading = _begin(self._ask)
            self._reading.add_done_callback(self._forget)
        if self._reading is not None:
            await asyncio.wait({self._reading}, timeout=PATIENCE)

    def _forget(self, _: asyncio.Future[None]) -> None:
        self._reading = None

    def _ask(self) -> None:
        try:
            hooks = list(self._webhooks())
        except VendorError as error:
            log.warning("webhook tokens could not be read", because=error.sentence)
        except RedisError as error:
            # The limits are shared through Redis: without it nobody may ask.
            log.warning("webhook tokens could not be read", because=type(error).__name__)
        else:
            self._answered = True
            self._read = {_digest(hook.token) for hook in hooks if hook.token and self._ours(hook)}

    def _ours(self, hook: Webhook) -> bool:
        return leads_to_us(hook.url, self._public_url)


def leads_to_us(url: str, public_url: str | None) -> bool:
    """Tell whether a webhook's address is ours: PUBLIC_URL's, or any with our path without one."""
    if public_url:
        return _address(url) == _address(f"{public_url}{PATH}")
    return url.rstrip("/").endswith(PATH)


def _address(url: str) -> object:
    """Take an address apart: Aircall may write a host in small letters, or leave a port out."""
    try:
        parts = urlsplit(url.rstrip("/"))
        return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme), *parts[2:]
    except ValueError:
        return url  # a stranger's, of whatever form


def _begin(call: Callable[[], None]) -> asyncio.Future[None]:
    """Call in a thread that an exit does not wait for, unlike the loop's own: it may take long."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def tell() -> None:
        if not done.done():
            done.set_result(None)

    def run() -> None:
        try:
            call()
        finally:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(tell)

    threading.Thread(target=run, name="tokens", daemon=True).start()
    return done


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
