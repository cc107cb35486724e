"""Says that a vendor does not answer or refuses our token, and asks it again until it is over."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Final

import redis

from clients.errors import VendorError
from store.alerts import Alerts
from store.connection import now_ms
from store.keys import VENDORS
from store.limits import Limits
from store.scripts import Scripts
from sync.slices import Slice, in_slices
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import Workshop

PROBE: Final = "sync.watches.pauses.probe"
PROBE_EVERY_MS: Final = 30_000
PATIENCE_MS: Final = 120_000
"""What is over sooner needs no person."""
NAMES: Final[Mapping[str, str]] = {"hubspot": "HubSpot", "aircall": "Aircall"}
_SENTENCES: Final[Mapping[str, str]] = {
    "down": "{vendor} does not answer. Nothing is lost: what waits follows when it does.",
    "credentials": "{vendor} refuses our token. Put a valid one into the environment and restart; "
    "what waits follows.",
    "locked": "{vendor} has locked the account: nothing can be written until it is opened again.",
    "moving": "{vendor} is moving the account to another data centre; what waits follows.",
    "rate limit": "{vendor} has asked us to wait for minutes: another app may use up its limit.",
    "daily limit": "{vendor}'s daily limit is used up; what waits follows when the new day begins.",
}
"""By the reason of a pause; what is missing here has an alert of its own, or needs none."""
_AT_ONCE: Final = frozenset({"credentials", "daily limit"})


def watch_pauses(connection: redis.Redis, limits: Limits, alerts: Alerts) -> None:
    """Raise or resolve the alert of each vendor, and ask for a probe of one that waits for it.

    Without calls nobody would notice that a vendor is back. Raises redis-py's errors.
    """
    now = now_ms(connection)
    for vendor in VENDORS:
        pause = limits.paused(vendor)
        sentence = _SENTENCES.get(pause.get("reason", ""), "")
        lasted = now - int(pause.get("since", now))
        if not sentence:
            alerts.resolve(f"{vendor} unavailable")
        elif lasted >= PATIENCE_MS or pause["reason"] in _AT_ONCE:
            alerts.raise_(f"{vendor} unavailable", sentence.format(vendor=NAMES[vendor]))
        over = pause and int(pause.get("until", 0)) <= now
        if over and Scripts(connection).run("turn", f"{PROBE} {vendor}", PROBE_EVERY_MS):
            enqueue(connection, BACKGROUND, PROBE, vendor)


def probe(vendor: str) -> None:
    """Run as a job: ask a vendor one cheap thing; an answer ends its pause."""
    in_slices(f"{PROBE} {vendor}", partial(_probe, vendor))


def _probe(vendor: str, shop: Workshop, _: Slice) -> bool:
    with suppress(VendorError):
        if vendor == "aircall":
            shop.aircall.ping()
        else:
            shop.hubspot.account()
    return False
