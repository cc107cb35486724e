"""Whether Slack takes us: looked at now and then, said in the log and as an alert."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Final, Literal

from redis.exceptions import RedisError

from bot.asking.desk import Desk
from bot.words import N_
from clients.errors import VendorError
from store.alerts import Alerts
from worker.remark import Remark

ALERT: Final = "slack refuses"
EVERY: Final = 600.0
"""Seconds between two looks while all is well."""
SOON: Final = 30.0
"""Seconds until the next look while it is not."""
REFUSES: Final = N_("Slack refuses our bot token; make doctor says how to mend that.")
SILENT: Final = N_("Slack cannot be asked who we are; we try again.")
Part = Literal["bot token", "connection"]


class Presence:
    """Remembers what keeps us from Slack, and says it once."""

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts
        self._remark = Remark("slack")
        self._problems: dict[Part, str] = {}
        self._told: str | None = None
        self._lock = threading.Lock()

    def note(self, part: Part, problem: str) -> None:
        """Say what is wrong with one part of our presence; nothing, if it is well."""
        with self._lock:
            self._problems[part] = problem
            said = " ".join(dict.fromkeys(each for each in self._problems.values() if each))
            self._remark.say(said)
            if said != self._told:
                with suppress(RedisError):
                    self._tell(said)
                    self._told = said

    def _tell(self, said: str) -> None:
        if said:
            self._alerts.raise_(ALERT, said)
        else:
            self._alerts.resolve(ALERT)


def watch(desk: Desk, presence: Presence, stop: threading.Event) -> None:
    """Look now and then whether our bot token counts, until told to stop."""
    while not stop.is_set():
        stop.wait(EVERY if look(desk, presence) else SOON)


def look(desk: Desk, presence: Presence) -> bool:
    """Ask Slack who we are, and remember which workspace is ours; tells whether it said so."""
    try:
        desk.introduce()
    except VendorError as error:
        refused = getattr(error, "reason", "") == "credentials"
        presence.note("bot token", REFUSES if refused else SILENT)
        return False
    except RedisError:
        # Slack said it, and our store could not keep it: soon again.
        return False
    presence.note("bot token", "")
    return True
