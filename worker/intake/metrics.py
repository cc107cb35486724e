"""What Prometheus may ask: counters of this process, and what all processes keep in the store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import redis
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from store import keys
from store.connection import text
from store.due import Due

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

    def answer(self, status: int) -> None:
        """Count one HTTP answer."""
        self._answers.labels(str(status)).inc()

    def event(self, name: str, result: str) -> None:
        """Count one authentic event; unknown names share one label, a stranger must not make many."""
        self._events.labels(name, result).inc()


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
        for vendor in ("hubspot", "aircall"):
            paused = self._connection.exists(keys.pause(vendor))
            family_ = GaugeMetricFamily(
                f"{PREFIX}_paused", "1 while a vendor is not asked.", labels=("vendor",)
            )
            family_.add_metric((vendor,), paused)
            yield family_


def exposition(registry: CollectorRegistry) -> bytes:
    """Write all metrics as Prometheus reads them."""
    return generate_latest(registry)
