"""The gate that every request to a vendor passes: limits, pauses and the caller's own lease."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Headers:
    """What a vendor's answer told of its limits; None where it told nothing."""

    maximum: int | None = None
    """Requests allowed in one window."""
    remaining: int | None = None
    interval: int | None = None
    """Length of the window in milliseconds."""
    daily: int | None = None
    daily_remaining: int | None = None
    reset: int | None = None
    """UNIX seconds at which the window begins anew (Aircall)."""


class Gate(Protocol):
    """Asked before every request and told of every answer; shared by all processes."""

    def enter(self, vendor: str, limits: tuple[str, ...]) -> bool:
        """Let one request through, counted against each of `limits`.

        May sleep less than 2 seconds for a limit. Returns True if this request is the one probe of
        a paused vendor. Raises Unavailable while the vendor is paused or a limit is further away,
        and the caller's own error when its lease is lost.
        """

    def pause(self, vendor: str, seconds: float, reason: str) -> None:
        """Close the gate of one vendor, for all processes, for so many seconds."""

    def resume(self, vendor: str) -> None:
        """Open the gate again: a probe was answered."""

    def learn(self, vendor: str, headers: Headers) -> None:
        """Take note of the limits that an answer told of."""


class OpenGate:
    """A gate that is always open and remembers what passed: for tests and for tools at set-up."""

    def __init__(self, *, probe: bool = False) -> None:
        self.probe = probe
        self.entered: list[tuple[str, tuple[str, ...]]] = []
        self.pauses: list[tuple[str, float, str]] = []
        self.resumed: list[str] = []
        self.learned: list[tuple[str, Headers]] = []

    def enter(self, vendor: str, limits: tuple[str, ...]) -> bool:
        """Let everything through; True if told at birth that each request is a probe."""
        self.entered.append((vendor, limits))
        return self.probe

    def pause(self, vendor: str, seconds: float, reason: str) -> None:
        """Remember the pause, and stay open."""
        self.pauses.append((vendor, seconds, reason))

    def resume(self, vendor: str) -> None:
        """Remember that the vendor answered a probe."""
        self.resumed.append(vendor)

    def learn(self, vendor: str, headers: Headers) -> None:
        """Remember what was learned."""
        self.learned.append((vendor, headers))
