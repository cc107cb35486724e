"""A product whose calls happen at Aircall now or some time ago, delivered here or not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from sandbox.story import PLAIN, CallKind, Story
from sandbox.traffic import call_events, ended_of
from store import keys
from store.connection import now_ms
from store.gaps import Gaps
from store.outages import Outages
from sync.gaps import repair as room
from sync.slices import Slice
from tests.worker.product import Product

MINUTE, HOUR, DAY = 60, 3600, 86_400
IDS = count(70_001)


class World:
    """One product and the calls of its Aircall; times are seconds before now."""

    def __init__(self, product: Product, monkeypatch: Any) -> None:
        self.product = product
        self.shop = product.shop
        self.redis = product.redis
        self.gaps, self.outages = Gaps(product.redis), Outages(product.redis)
        monkeypatch.setattr("sync.slices.workshop", lambda: product.shop)
        self.born(30 * DAY)

    @property
    def now(self) -> int:
        return now_ms(self.redis) // 1000

    def born(self, ago: int, number: int = 1) -> None:
        """Let a revision of the settings have been saved so long ago."""
        raw = json.loads(self.redis.hget(keys.SETTINGS_REVISIONS, str(number)))
        raw.pop("sum", None)  # it would not fit any more
        raw["at"] = (self.now - ago) * 1000
        self.redis.hset(keys.SETTINGS_REVISIONS, str(number), json.dumps(raw))

    def set(self, ago: int, **settings: object) -> None:
        """Let an admin have saved these settings so long ago."""
        self.product.set(**settings)
        self.born(ago, int(self.redis.get(keys.SETTINGS_HEAD)))

    def happen(
        self,
        ago: int,
        kind: CallKind = "inbound_answered",
        *,
        story: Story = PLAIN,
        delivered: bool = False,
        phone: str = "+33199004567",
    ) -> str:
        """Let a call happen that began so long ago; its interaction id."""
        id_ = next(IDS)
        start = self.now - ago
        events = call_events(id_, kind, start=start, phone=phone, story=story)
        self.product.aircall.add_call(ended_of(events))
        if delivered:
            self.product.deliver(events)
        return f"call-{id_}"

    def change(self, id_: str, **values: Any) -> None:
        """Change a call at Aircall, without a word to us."""
        own = int(id_.removeprefix("call-"))
        self.product.aircall.office.calls[own].update(values)

    def repair(self) -> None:
        """Run the job as often as it calls itself, as the process sync does; nothing else runs."""
        while True:
            self.redis.delete("rq:queue:background")
            room.repair()
            waiting = [each.decode() for each in self.redis.lrange("rq:queue:background", 0, -1)]
            names = [self.redis.hget(f"rq:job:{id_}", "description") for id_ in waiting]
            if b"sync.gaps.repair.repair" not in names:
                return

    def mended(self) -> None:
        self.repair()
        self.product.recover()

    def logged(self) -> list[str]:
        """The calls in HubSpot by our key, each as often as it is there."""
        return sorted(one["properties"]["aircall_id"] for one in self.product.all("calls"))

    def notices(self) -> list[str]:
        return [each.sentence for each in self.shop.alerts.notices()]

    def closed(self, since: int, until: int = 0) -> None:
        """Let the door have been closed from so long ago to so long ago."""
        now = self.now
        self.redis.set(keys.DOOR_OPEN, (now - since) * 1000)
        self.outages.note("door", (now - since) * 1000, (now - until) * 1000)

    @contextmanager
    def asking(self) -> Iterator[list[str]]:
        """Within: the requests to Aircall, by path."""
        before = len(self.product.aircall.requests)
        asked: list[str] = []
        yield asked
        asked += [each.path for each in self.product.aircall.requests[before:]]

    def entered(self, id_: str) -> list[dict[str, Any]]:
        """Events that wait to be folded."""
        return [json.loads(raw) for raw in self.redis.lrange(keys.new(id_), 0, -1)]


class Short(Slice):
    """A slice that is over after every step."""

    def over(self) -> bool:
        self.keep()
        return True
