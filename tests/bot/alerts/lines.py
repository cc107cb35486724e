"""Lines that are gone, the clock that looks, jobs that wait: what tests of alerts begin with."""

from __future__ import annotations

from typing import Final

from store.alerts import Alerts
from sync.watches.untold import watch_untold
from tests.bot.team import Team
from worker.nudge import BACKGROUND, queue

POST: Final = "/api/chat.postMessage"
UPDATE: Final = "/api/chat.update"


def gone(alerts: Alerts, id_: int, name: str = "Berlin") -> None:
    """Raise an alert that no check of ours knows, and so none resolves."""
    alerts.raise_(f"line {id_}", f"The line {name} is gone.", {"line": str(id_), "name": name})


def clock(team: Team) -> None:
    """Let the clock call for what is to be told by now, and the jobs run."""
    watch_untold(team.product.shop)
    team.background()


def waiting(team: Team) -> list[str]:
    """The jobs that wait on the background queue."""
    return [job.func_name for job in queue(team.redis, BACKGROUND).jobs]
