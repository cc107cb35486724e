"""How it goes: what waits, what failed, who is paused, what an admin should know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import redis

from store import keys
from store.alerts import Alerts
from store.connection import text
from store.due import Due
from store.limits import Limits
from store.promise import told_by
from store.schedule import Schedule
from store.settings import NoSettingsError, Revisions
from worker.cases import moment

VENDORS = ("hubspot", "aircall")


@dataclass(frozen=True, slots=True)
class Status:
    """The state of one store: as JSON-able values, and as lines for a person."""

    told: Mapping[str, Any]

    def lines(self) -> Iterator[str]:
        """Tell it to a person."""
        told = self.told
        yield f"{'enabled':<24} {told['enabled']}"
        for name in ("waiting", "failures", "unreadable", "tickets left out"):
            yield f"{name:<24} {told[name]}"
        for name in ("last event", "clock's last beat"):
            yield f"{name:<24} {told[name] or 'never'}"
        for vendor, pause in told["paused"].items():
            yield f"{vendor + ' paused':<24} {pause['reason']}, since {pause['since']}"
        for cause, times in told["unknown hangup causes"].items():
            yield f"{'unknown hangup cause':<24} {cause}: {times} (map it in [hangup_causes])"
        for result, count in sorted(told["interactions"].items()):
            yield f"{'so far':<24} {result.replace('|', ', ')}: {count}"
        for job in told["jobs"]:
            yield f"{'background job':<24} {_line_of(job)}"
        for sentence in told["redis"]:
            yield f"{'redis':<24} {sentence}"
        for alert in told["alerts"]:
            yield f"{'alert':<24} {alert['sentence']} (since {alert['since']})"


def status(connection: redis.Redis) -> Status:
    """Read the state of a store; raises redis-py's errors."""
    limits = Limits(connection)
    paused = {vendor: pause for vendor in VENDORS if (pause := limits.paused(vendor))}
    return Status(
        {
            "enabled": _enabled(connection),
            "waiting": Due(connection).waiting(),
            "failures": connection.zcard(keys.FAILURES),
            "unreadable": connection.llen(keys.UNREADABLE),
            "tickets left out": connection.zcard(keys.UNLOGGED),
            "last event": _moment(connection, keys.LAST_EVENT),
            "clock's last beat": _moment(connection, keys.BEAT),
            "paused": {
                vendor: {"reason": pause["reason"], "since": moment(int(pause["since"]))}
                for vendor, pause in paused.items()
            },
            "unknown hangup causes": _counts(connection, keys.CAUSES),
            "interactions": _counts(connection, keys.TOTALS),
            "jobs": [
                {
                    "job": each.job,
                    "last": moment(each.run.began) if each.run else "",
                    "next": moment(each.next) if each.next is not None else "",
                    "trouble": each.trouble,
                }
                for each in Schedule(connection).read()
            ],
            "redis": told_by(connection),
            "alerts": [
                {"name": each.name, "sentence": each.sentence, "since": moment(each.since)}
                for each in Alerts(connection).open()
            ],
        }
    )


def _line_of(job: Mapping[str, str]) -> str:
    last, next_ = job["last"] or "never", job["next"] or "unknown"
    trouble = f"; {job['trouble']}" if job["trouble"] else ""
    return f"{job['job']}: last {last}, next {next_}{trouble}"


def _enabled(connection: redis.Redis) -> str:
    try:
        current = Revisions(connection).current()
    except NoSettingsError:
        return "no settings yet"
    word = "yes" if current.settings.enabled else "no"
    return f"{word}, by revision {current.number} of {current.author}"


def _moment(connection: redis.Redis, key: str) -> str:
    at = connection.get(key)
    return moment(int(at)) if at is not None else ""


def _counts(connection: redis.Redis, key: str) -> Mapping[str, int]:
    return {text(name): int(count) for name, count in connection.hgetall(key).items()}
