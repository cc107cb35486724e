"""What Prometheus may ask: counters of this process, and what all processes keep in the store."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import redis
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from store import keys
from store.connection import text
from store.due import Due
from store.gaps import Gaps
from store.leader import lead_now
from store.schedule import Schedule

PREFIX: Final = "aircall_hubspot"


class Metrics:
    """The counters of one door."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._answers = Counter(
            f"{PREFIX}_intake_answers", "Answers of the door.", ["status"], registry=registry
        )
        self._events = Counter(
            f"{PREFIX}_events", "Events taken in.", ["event", "result"], registry=registry
        )
        # Looking labels up for every delivery would cost more than counting.
        self._answer = cache(lambda status: self._answers.labels(str(status)))
        self._event = cache(self._events.labels)

    def answer(self, status: int) -> None:
        """Count one HTTP answer."""
        self._answer(status).inc()

    def event(self, name: str, result: str) -> None:
        """Count one authentic event; see `names.label` for its name."""
        self._event(name, result).inc()


class StoreCollector(Collector):
    """Reads what the workers keep in Redis at the moment somebody asks."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection
        self._due = Due(connection)

    def describe(self) -> list[Metric]:
        """Nothing is read at registration."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Raise redis-py's errors: a metric that cannot be read is not shown as zero."""
        yield GaugeMetricFamily(
            f"{PREFIX}_waiting",
            "Interactions not yet logged, ignored or failed, parked retries included.",
            self._due.waiting(),
        )
        for name, key, labels, words in (
            ("interactions", keys.TOTALS, ("result", "reason"), "Interactions by how they ended."),
            ("requests", keys.REQUESTS, ("vendor", "status"), "Requests to vendors by answer."),
        ):
            family = CounterMetricFamily(f"{PREFIX}_{name}", words, labels=labels)
            for field, value in self._connection.hgetall(key).items():
                first, _, second = text(field).partition("|")
                family.add_metric((first, second), int(value))
            yield family
        for name, key, words in (
            ("failures", keys.FAILURES, "Interactions that could not be written."),
            ("tickets_left_out", keys.UNLOGGED, "Interactions whose stage was missing."),
        ):
            yield GaugeMetricFamily(f"{PREFIX}_{name}", words, self._connection.zcard(key))
        yield GaugeMetricFamily(
            f"{PREFIX}_alerts", "Open alerts.", self._connection.hlen(keys.ALERTS)
        )
        yield GaugeMetricFamily(
            f"{PREFIX}_unreadable",
            "Authentic deliveries that could not be read.",
            self._connection.llen(keys.UNREADABLE),
        )
        causes = CounterMetricFamily(
            f"{PREFIX}_unknown_hangup_causes", "Values the settings do not map.", labels=["cause"]
        )
        for cause, times in self._connection.hgetall(keys.CAUSES).items():
            causes.add_metric((text(cause),), int(times))
        yield causes
        paused = GaugeMetricFamily(
            f"{PREFIX}_paused", "1 while a vendor is not asked.", labels=("vendor",)
        )
        for vendor in keys.VENDORS:
            paused.add_metric((vendor,), self._connection.exists(keys.pause(vendor)))
        yield paused
        yield from self._gaps()
        yield from _jobs(self._connection)
        yield GaugeMetricFamily(
            f"{PREFIX}_clock_leader",
            "1 while a clock leads, which calls the background jobs.",
            int(lead_now(self._connection).held),
        )
        for name, key, words in (
            ("clock_beat", keys.BEAT, "When the clock last beat, in UNIX seconds."),
            ("last_event", keys.LAST_EVENT, "When an event was last taken in, in UNIX seconds."),
        ):
            at = self._connection.get(key)
            if at is not None:
                yield GaugeMetricFamily(f"{PREFIX}_{name}_seconds", words, int(at) / 1000)

    def _gaps(self) -> Iterator[Metric]:
        """How far calls were compared with Aircall's list, and what that brought."""
        gaps = Gaps(self._connection)
        brought = gaps.totals()
        for name, words in (
            ("found", "Calls that never reached us and were found in Aircall's list."),
            ("updated", "Known calls of which Aircall's list told something new."),
        ):
            yield CounterMetricFamily(f"{PREFIX}_gap_calls_{name}", words, brought.get(name, 0))
        yield GaugeMetricFamily(
            f"{PREFIX}_outages",
            "Spans without deliveries whose calls were not looked for to the end yet.",
            self._connection.hlen(keys.OUTAGES),
        )
        if (covered := gaps.covered()) is not None:
            yield GaugeMetricFamily(
                f"{PREFIX}_calls_compared_until_seconds",
                "Up to when calls were compared with Aircall's list, in UNIX seconds.",
                covered / 1000,
            )


def _jobs(connection: redis.Redis) -> Iterator[Metric]:
    """Yield what is known of each background job; one that never ran has no success to show."""
    well = GaugeMetricFamily(
        f"{PREFIX}_job_last_success_seconds",
        "When a background job last did its work, in UNIX seconds.",
        labels=["job"],
    )
    next_ = GaugeMetricFamily(
        f"{PREFIX}_job_next_seconds",
        "When a background job is called next, in UNIX seconds.",
        labels=["job"],
    )
    trouble = GaugeMetricFamily(
        f"{PREFIX}_job_trouble",
        "1 while something keeps a background job from its work.",
        labels=["job"],
    )
    for each in Schedule(connection).read():
        if each.run is not None and each.run.well is not None:
            well.add_metric((each.job,), each.run.well / 1000)
        if each.next is not None:
            next_.add_metric((each.job,), each.next / 1000)
        trouble.add_metric((each.job,), int(bool(each.trouble)))
    yield from (well, next_, trouble)


def exposition(registry: CollectorRegistry) -> bytes:
    """Write all metrics as Prometheus reads them."""
    return generate_latest(registry)
