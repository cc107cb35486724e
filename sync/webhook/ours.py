"""Which of a company's webhooks are ours, and what we last did to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import redis

from clients.aircall.records import Webhook
from settings.environment import Environment
from store import keys
from sync.webhook.events import lacking
from worker.intake.tokens import PATH, leads_to_us

AGAIN: Final = 3600
"""Seconds in which the same is not tried again: refused once, or mended in vain."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The webhook that was last seen to be ours; empty when there never was one."""

    id: str = ""
    name: str = ""
    """As we sent it: Aircall may keep another, and people may rename it there."""
    url: str = ""
    """As we sent it, too."""


def our_webhooks(environment: Environment, hooks: Iterable[Webhook]) -> list[Webhook]:
    """Choose those that lead to us: by PUBLIC_URL; without it by our token, or by our path."""
    public_url = environment.network.public_url
    found = [each for each in hooks if leads_to_us(each.url, public_url)]
    return found if public_url else with_our_token(environment, found) or found


def with_our_token(environment: Environment, hooks: Iterable[Webhook]) -> list[Webhook]:
    """Choose those with AIRCALL_WEBHOOK_TOKEN; none where that is not set."""
    token = environment.aircall.webhook_token
    return [each for each in hooks if token and each.token == token.get_secret_value()]


def best_of(hooks: Sequence[Webhook]) -> Webhook:
    """Choose the one that is kept: an active one, then the one that tells of most."""
    return min(hooks, key=lambda each: (not each.active, len(lacking(each.events)), each.id))


def address_of(environment: Environment) -> str:
    """Return where Aircall reaches us, as far as PUBLIC_URL says it."""
    return f"{environment.network.public_url or 'https://…'}{PATH}"


class Remembered:
    """What is kept of our webhook in one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def last(self) -> Memory:
        """Return the webhook that was last ours."""
        raw = self._connection.get(keys.WEBHOOK)
        return Memory(**json.loads(raw)) if raw else Memory()

    def keep(self, memory: Memory) -> None:
        """Remember it."""
        if memory != self.last():
            self._connection.set(keys.WEBHOOK, json.dumps(asdict(memory)))

    def forget(self) -> None:
        """Remember nothing of it: the integration was deleted, so its lack is no outage either."""
        names = (keys.WEBHOOK, keys.WEBHOOK_TRIED, keys.WEBHOOK_WITHOUT, keys.WEBHOOK_WELL)
        self._connection.delete(*names)

    def tried(self) -> str:
        """Return what was tried within the last hour; empty if nothing."""
        raw = self._connection.get(keys.WEBHOOK_TRIED)
        return raw.decode() if isinstance(raw, bytes) else ""

    def note_try(self, what: str) -> None:
        """Note what was tried, for an hour."""
        self._connection.set(keys.WEBHOOK_TRIED, what, ex=AGAIN)

    def is_without(self) -> bool:
        """Tell whether Aircall refused the events that we can do without, today."""
        return bool(self._connection.exists(keys.WEBHOOK_WITHOUT))

    def note_without(self) -> None:
        """Note that it did."""
        self._connection.set(keys.WEBHOOK_WITHOUT, "1", ex=24 * AGAIN)
