"""The gate between us and the vendors: our lease, their limits and their pauses, asked at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import structlog

from clients.errors import NAMES, Unavailable
from clients.gate import Headers
from settings.file import Limits as LimitSettings
from store.due import LeaseLostError
from store.limits import Limit, Limits

LONGEST_SLEEP_MS: Final = 2_000
"""A job waits so long for a limit; a longer wait parks."""

BURST_MS: Final = 10_000
MINUTE_MS: Final = 60_000
SHARE: Final = 0.97
"""Of a window, for work that can wait: calls that cannot need the rest."""
CATCHING_UP: Final = 1.015
"""Times its even pace: what waited for a slow answer or another job makes up for it, and the window
is full two seconds before it ends at most, so that the wait for it is no longer than any other."""
PACED_MS: Final = 1_000
"""The pace is kept within so long: where many requests are allowed, a pause of one of them, and the
millisecond that each wait takes too much, are made up for by the next ones."""
BACKGROUND: Final = frozenset({"aircall_background"})
"""Limits of work that can wait: it never makes others wait for it."""

LEARN_EVERY: Final = 1.0
"""Seconds: each answer tells how many are left, and each note of it costs a flush to disk."""
WHY: Final[Mapping[str, str]] = {
    "rate limit": "it asked us to wait",
    "daily limit": "the requests it allows in a day are used up",
    "down": "it does not answer",
    "credentials": "it refuses our credentials",
    "locked": "it is locked for a while",
    "moving": "it is moving our account to another data centre",
    "refused": "it refuses our requests",
    "our own limit": "our own limit of requests is reached",
}
"""Why a vendor is not asked, by the word kept with the pause."""

log = structlog.get_logger(__name__)


class LeaseGate:
    """Lets requests through for whoever holds a lease at the moment, or for nobody special."""

    def __init__(
        self,
        limits: Limits,
        settings: LimitSettings,
        nudge: Callable[[], object],
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits
        self._settings = settings
        self._nudge = nudge
        self._sleep = sleep
        self._clock = clock
        self._told: dict[str, tuple[int | None, float]] = {}
        self._token = ""
        self._ids: tuple[str, ...] = ()
        self.passed = 0
        """Requests let through in the life of this gate."""

    @contextmanager
    def holding(self, token: str, ids: Sequence[str]) -> Iterator[None]:
        """Within: each request first makes sure that these interactions are still ours."""
        self._token, self._ids = token, tuple(ids)
        try:
            yield
        finally:
            self._token, self._ids = "", ()

    def enter(self, vendor: str, limits: tuple[str, ...]) -> bool:
        """Wait for a limit up to two seconds; True if this request probes a paused vendor.

        Raises Unavailable (park) and LeaseLostError (drop the batch).
        """
        windows = self._windows(limits)
        waited = 0
        while True:
            permit = self._limits.ask(vendor, windows, self._token, self._ids)
            match permit.kind:
                case "go":
                    self.passed += 1
                    return permit.probe
                case "lost":
                    raise LeaseLostError(permit.reason)
                case "wait" if waited + permit.ms <= LONGEST_SLEEP_MS:
                    # Others may be quicker when the wait is over: then it begins anew.
                    waited += permit.ms
                    self._sleep(permit.ms / 1000)
                case "wait":
                    if permit.ms > LONGEST_SLEEP_MS and not BACKGROUND.intersection(limits):
                        self._limits.pause(vendor, permit.ms / 1000, "our own limit")
                    raise self._parked(vendor, "our own limit of requests is reached", permit.ms)
                case _:
                    why = WHY.get(permit.reason, WHY["down"])
                    said = f"{NAMES.get(vendor, vendor)} is not asked now: {why}"
                    raise self._parked(vendor, said, permit.ms)

    def _parked(self, vendor: str, sentence: str, ms: int) -> Unavailable:
        return Unavailable(vendor, sentence, reason="rate limit", wait=ms / 1000)

    def pause(self, vendor: str, seconds: float, reason: str) -> None:
        """Close the gate of a vendor for all processes."""
        if self._limits.pause(vendor, seconds, reason):
            log.warning("vendor paused", vendor=vendor, seconds=seconds, reason=reason)

    def resume(self, vendor: str) -> None:
        """A probe was answered: open the gate, and call for what waited."""
        released = self._limits.resume(vendor)
        log.info("vendor answers again", vendor=vendor, released=released)
        if released:
            self._nudge()

    def learn(self, vendor: str, headers: Headers) -> None:
        """Keep what the vendor told of its limits: news at once, what is left once a second."""
        # Aircall tells no length, and means its minute; HubSpot's may differ from our ten seconds.
        same = headers.interval in (None, BURST_MS)
        seen: Mapping[str, int | None] = {
            "max": headers.maximum if same else None,
            "daily": headers.daily,
            "daily_remaining": headers.daily_remaining,
        }
        before, at = self._told.get(vendor, (None, -LEARN_EVERY))
        now = self._clock()
        if seen["max"] in (None, before) and now - at < LEARN_EVERY:
            return
        self._told[vendor] = (seen["max"] or before, now)
        self._limits.learn(vendor, {name: told for name, told in seen.items() if told is not None})

    def _windows(self, names: Sequence[str]) -> list[Limit]:
        burst, search, minute = (
            Limit("hubspot-burst", self._settings.hubspot_burst, BURST_MS, told=True),
            Limit("hubspot-search", self._settings.hubspot_search, 1_000),
            Limit("aircall-minute", self._settings.aircall, MINUTE_MS, told=True),
        )
        ours: dict[str, tuple[Limit, ...]] = {
            "hubspot_burst": (burst,),
            "hubspot_search": (search,),
            "aircall": (minute,),
        }
        if not BACKGROUND.isdisjoint(names):
            ours["aircall_background"] = self._paced(minute)
        return [limit for name in names for limit in ours[name]]

    def _paced(self, minute: Limit) -> tuple[Limit, Limit]:
        """Leave some of a window to whoever is in a hurry, and spread the rest over it evenly."""
        told = self._limits.learned("aircall").get("max", 0)
        if _allowed(minute.most, told) == 1:
            # Every second minute is whole for the others.
            return minute, Limit("aircall-pace", 1, 2 * minute.window_ms)
        most = share_of(minute.most, told)
        minute = replace(minute, most=most)
        apart = minute.window_ms / (most * CATCHING_UP)
        if apart <= LONGEST_SLEEP_MS:
            together = max(1, int(PACED_MS / apart))
            return minute, Limit("aircall-pace", together, int(apart * together))
        # Single ones would be too far apart to wait for, and a work cut short begins anew: so all
        # go together, as many may be needed to find a contact by each of its phones and make it.
        soon = minute.window_ms // 3
        return minute, Limit("aircall-pace", most, minute.window_ms, within_ms=soon)


def share_of(ours: int, told: int) -> int:
    """Return how many requests a minute work that can wait may send.

    `ours` is the limit of settings.toml, `told` the vendor's own, 0 where it tells of none.
    """
    allowed = _allowed(ours, told)
    most = int(allowed * SHARE)
    if most * LONGEST_SLEEP_MS < MINUTE_MS:
        # It goes in groups, between which the others have more than the odd request.
        most = allowed - max(1, allowed // 5)
    return max(1, most)


def _allowed(ours: int, told: int) -> int:
    # As the script does: a tenth is left of what the vendor tells, if that is less than ours.
    return max(1, int(told * 0.9)) if 0 < told < ours else ours
