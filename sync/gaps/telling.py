"""Say of an outage, once, in which span messages may be missing and how many calls were fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from store.alerts import Alerts
from store.gaps import Gaps, Look
from store.outages import RESTART_MS, Cause, Outage
from store.settings import Revision, in_force

MESSAGES: Final = (
    "Messages of that time may be missing: they cannot be read again from Aircall, which itself "
    "delivers some of them again for up to 12 hours."
)
BEYOND: Final = (
    "Calls before {start} UTC were not looked for: Aircall's list and our memory reach no further."
)
SENTENCES: Final[Mapping[Cause, str]] = {
    "door": "No events were taken in from {began} to {ended} UTC. Calls of that time that were "
    f"fetched from Aircall: {{count}}. {MESSAGES}",
    "webhook": "Aircall sent us nothing from {began} to {ended} UTC, for its webhook was switched "
    f"off or gone. Calls of that time that were fetched from Aircall: {{count}}. {MESSAGES}",
    "emptied": "The store lost all it held between {began} and {ended} UTC. What was taken in and "
    "not logged yet is lost, messages among it. As the integration starts disabled, calls are not "
    "fetched by themselves: backfill logs those of a past time.",
}
"""By the cause of the outage."""
MINUTE: Final = 60_000


def tell(alerts: Alerts, gaps: Gaps, look: Look, revisions: Sequence[Revision]) -> None:
    """Say what the look covered and is worth it. Raises redis-py's errors."""
    for outage in look.outages:
        if not worth_telling(outage, revisions):
            continue
        # The end of a call is told half a minute after it.
        count = gaps.found(outage.began - MINUTE, outage.ended)
        about = {"from": str(outage.began), "to": str(outage.ended), "calls": str(count)}
        alerts.notice(f"outage {outage.began}", sentence(outage, count, look.start * 1000), about)


def worth_telling(outage: Outage, revisions: Sequence[Revision]) -> bool:
    """Tell whether messages may be missing that somebody wanted to have."""
    if outage.cause == "emptied":
        return True
    if outage.cause == "restart" or outage.ended - outage.began < RESTART_MS:
        return False
    during = [each for each in revisions if outage.began < each.at <= outage.ended]
    return any(each.settings.enabled for each in (in_force(revisions, outage.began), *during))


def sentence(outage: Outage, count: int, start: int) -> str:
    """Put an outage in words; calls were looked for from `start` (ms) on."""
    said = SENTENCES[outage.cause].format(
        began=_minute(outage.began), ended=_minute(outage.ended + MINUTE - 1), count=count
    )
    if outage.cause == "emptied" or start <= outage.began:
        return said
    return f"{said} {BEYOND.format(start=_minute(start))}"


def _minute(ms: int) -> str:
    """Write a moment as the minute that holds it; a span's end is given in the next one."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%d %H:%M")
