"""What a vendor's answer, or its silence, asks of us: errors named for what happens next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Reason = Literal["rate limit", "daily limit", "down", "credentials", "locked", "moving"]
NAMES: Final[Mapping[str, str]] = {"aircall": "Aircall", "hubspot": "HubSpot", "slack": "Slack"}
"""What people call a vendor."""


class VendorError(Exception):
    """A vendor did not do what it was asked; `sentence` may be shown to an admin."""

    def __init__(self, vendor: str, sentence: str) -> None:
        super().__init__(sentence)
        self.vendor = vendor
        self.sentence = sentence


class Unavailable(VendorError):  # noqa: N818 - errors are named for what happens next: park and retry
    """Nothing is wrong with what we sent: park the work and try it again."""

    def __init__(
        self,
        vendor: str,
        sentence: str,
        *,
        reason: Reason,
        wait: float,
        maybe_written: bool = False,
    ) -> None:
        """Say why, and what to do.

        `wait` is the suggested pause in seconds. `maybe_written` is true if the request may have
        reached the vendor and been carried out: a timeout, a reset after sending, 5xx, a cut
        answer.
        """
        super().__init__(vendor, sentence)
        self.reason: Reason = reason
        self.wait = wait
        self.maybe_written = maybe_written


class Misunderstood(Unavailable):
    """The vendor said yes in words we cannot read: what it did is unknown."""

    def __init__(self, vendor: str, sentence: str, *, maybe_written: bool = True) -> None:
        super().__init__(vendor, sentence, reason="down", wait=5, maybe_written=maybe_written)


class Rejected(VendorError):  # noqa: N818 - a person must change something
    """The vendor refuses what we sent: it will refuse it again until a person changes something."""

    def __init__(  # noqa: PLR0913 - each is told by name, and most refusals tell few
        self,
        vendor: str,
        message: str,
        *,
        status: int,
        category: str = "",
        properties: tuple[str, ...] = (),
        scopes: tuple[str, ...] = (),
        existing: str | None = None,
    ) -> None:
        """Keep the vendor's own words.

        `properties` are the names of the properties blamed, `scopes` those the token lacks,
        `existing` the id of the record that a new one collides with, where the vendor tells it.
        """
        name = NAMES.get(vendor, vendor)
        super().__init__(vendor, message or f"{name} refused the request with status {status}")
        self.status = status
        self.category = category
        self.message = message
        self.properties = properties
        self.scopes = scopes
        self.existing = existing


class NotFound(VendorError):  # noqa: N818 - an answer, not a failure
    """What was asked for by its id does not exist, or does not any more."""

    def __init__(self, vendor: str, message: str, *, category: str = "") -> None:
        name = NAMES.get(vendor, vendor)
        super().__init__(vendor, message or f"{name} does not know what it was asked for")
        self.message = message
        self.category = category
