"""The product in one process beside the sandbox, for tests: deliver, drain, look at HubSpot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import redis

from rules.events import interaction_id, is_ending
from rules.settings import Settings, with_values
from sandbox.server import Sandbox
from sandbox.story import PLAIN, Story
from sandbox.traffic import call_events
from settings.environment import load_environment
from settings.file import SettingsFile
from store import keys
from store.connection import now_ms
from store.directory import PARTS
from store.records import read_record
from store.settings import Author
from worker.directory import refresh
from worker.drain import Drain
from worker.workshop import Workshop, build_workshop

ADMIN = Author("admin", "U1", "Ada")
START = 1_790_000_000
KNOWN, UNKNOWN = "+33199004567", "+33199887766"
CLAIRE, ATELIER = "12345", "8001"
Event = Mapping[str, Any]


def call(story: Story = PLAIN, id_: int = 1, phone: str = KNOWN, **more: Any) -> list[Event]:
    """Return the deliveries of an answered inbound call."""
    return call_events(id_, "inbound_answered", start=START, phone=phone, story=story, **more)


def split(events: Iterable[Event], name: str) -> tuple[list[Event], list[Event]]:
    """Part the deliveries before the first one of this name."""
    all_ = list(events)
    at = next(i for i, event in enumerate(all_) if event["event"] == name)
    return all_[:at], all_[at:]


def unsealed(kept: bytes) -> dict[str, Any]:
    """Return what is kept without its checksum, to be kept otherwise."""
    return {name: value for name, value in json.loads(kept).items() if name != "sum"}


def later(event: Event, seconds: int, **changed: Any) -> Event:
    """Return a delivery some seconds later, with other values in its data."""
    moved = event["timestamp"] + seconds
    return {**event, "timestamp": moved, "data": {**event["data"], **changed}}


class Product:
    """One worker, the store and both stand-ins; deliveries enter as through the door."""

    known: ClassVar[dict[str, Any]] = {}

    def __init__(
        self, url: str, data_dir: Path, sandbox: Sandbox, file: SettingsFile | None = None
    ) -> None:
        self.sandbox = sandbox
        self.hubspot = sandbox.hubspot.world
        self.aircall = sandbox.aircall.world
        self.variables = {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "AIRCALL_API_ID": "sandbox-id",
            "AIRCALL_API_TOKEN": "sandbox-token",
            "AIRCALL_WEBHOOK_TOKEN": "sandbox-webhook-token",
            "HUBSPOT_ACCESS_TOKEN": "sandbox-hubspot-token",
            "HUBSPOT_BASE_URL": sandbox.hubspot.url,
            "AIRCALL_BASE_URL": sandbox.aircall.url,
            "REDIS_URL": url,
            "DATA_DIR": str(data_dir),
        }
        self.environment = load_environment(self.variables, dotenv="")
        limits = {"hubspot_burst": 100_000, "hubspot_search": 100_000, "aircall": 100_000}
        self.file = file or SettingsFile.model_validate({"limits": limits})
        self.shop: Workshop = build_workshop(self.environment, self.file)

    @property
    def redis(self) -> redis.Redis:
        return self.shop.connection

    def start(self, **settings: object) -> None:
        """Save the first settings (enabled, all numbers) and read the directory."""
        chosen = {"enabled": True, "numbers": "all", **settings}
        self.shop.revisions.save(with_values(Settings(), chosen), ADMIN, 0)
        self._set_up()

    def _set_up(self) -> None:
        """Read the directory; the stand-ins begin alike each time, so it is read only once."""
        portal = self.hubspot.portal
        if not Product.known:
            self.read_directory()
            # What it asked is no test's own.
            self.shop.counts.flush()
            self.redis.delete(keys.REQUESTS)
            definitions = {kind: dict(one) for kind, one in portal.properties.items()}
            Product.known.update(directory=self.redis.hgetall(keys.DIRECTORY), had=definitions)
            return
        now = now_ms(self.redis)  # it was read just now, however long these tests have been running
        for part, kept in Product.known["directory"].items():
            self.redis.hset(keys.DIRECTORY, part, json.dumps({**unsealed(kept), "at": now}))
        portal.properties = {kind: dict(one) for kind, one in Product.known["had"].items()}

    def read_directory(self) -> None:
        assert not refresh(self.shop, PARTS)

    def set(self, **settings: object) -> None:
        """Save these settings as the next revision; `tickets__pipeline` names a nested one."""
        current = self.shop.revisions.current()
        wanted = {path.replace("__", "."): value for path, value in settings.items()}
        self.shop.revisions.save(with_values(current.settings, wanted), ADMIN, current.number)

    def deliver(self, events: Iterable[Mapping[str, Any]], **how: Any) -> None:
        """Hand events in as the door's script does; `how` as `Due.enter` takes it."""
        for event in events:
            rest = {name: value for name, value in event.items() if name != "token"}
            id_ = interaction_id(rest)
            assert id_ is not None
            self.shop.due.enter(id_, json.dumps(rest), ending=is_ending(rest["event"]), **how)

    def drain(self) -> None:
        """Drain until nothing is due."""
        while Drain(self.shop).run():
            pass

    def log(self, events: Iterable[Mapping[str, Any]]) -> None:
        self.deliver(events)
        self.drain()

    def pass_time(self, seconds: float) -> None:
        """Let leases, not-befores, pauses and windows age, as if this much time had passed."""
        ms = int(seconds * 1000)
        for id_, score in self.redis.zrange(keys.DUE, 0, -1, withscores=True):
            self.redis.zadd(keys.DUE, {id_: score - ms})
        for vendor in ("hubspot", "aircall"):
            until = self.redis.hget(keys.pause(vendor), "until")
            if until:
                self.redis.hset(keys.pause(vendor), "until", int(until) - ms)
        self.redis.delete(keys.CALLED, keys.DRAINING)

    def recover(self, rounds: int = 30) -> None:
        """Let time pass, sweep and drain until nothing waits any more."""
        for _ in range(rounds):
            self.drain()
            if not self.shop.due.waiting():
                return
            self.pass_time(120)
            self.shop.due.sweep()
        raise AssertionError(f"{self.shop.due.waiting()} interactions are still waiting")

    @contextmanager
    def asking(self, path: str = "") -> Iterator[list[str]]:
        """Within: the requests to HubSpot, as `POST calls/batch/create`, below this path."""
        before = len(self.hubspot.requests)
        asked: list[str] = []
        yield asked
        asked += [
            f"{one.method} {'/'.join(one.path.split('/')[4:])}"
            for one in self.hubspot.requests[before:]
            if path in one.path
        ]

    def record(self, id_: str) -> Any:
        return read_record(self.redis.get(keys.record(id_)))

    def decision(self, id_: str) -> Any:
        return self.record(id_).decision

    def failures(self) -> set[str]:
        return {id_.decode() for id_ in self.redis.zrange(keys.FAILURES, 0, -1)}

    def parked(self, why: str) -> set[str]:
        return {id_.decode() for id_ in self.redis.zrange(keys.parked(why), 0, -1)}

    def retry(self) -> None:
        """Press Retry on every failure, and drain."""
        self.shop.due.retry(sorted(self.failures()))
        self.drain()

    def alerts(self) -> dict[str, str]:
        return {alert.name: alert.sentence for alert in self.shop.alerts.open()}

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Return the records of a type that are not archived, as the stand-in holds them."""
        return [
            {"id": id_, **record}
            for id_, record in self.hubspot.dump()[kind].items()
            if not record["archived"]
        ]

    def one(self, kind: str, aircall_id: str) -> dict[str, Any]:
        """Return the one record of ours."""
        found = [r for r in self.all(kind) if r["properties"].get("aircall_id") == aircall_id]
        assert len(found) == 1, f"{len(found)} {kind} of {aircall_id}"
        return found[0]

    def contacts_of(self, phone: str) -> list[dict[str, Any]]:
        """Return the contacts that carry a phone in E.164."""
        return [r for r in self.all("contacts") if r["properties"].get("phone") == phone]

    def body(self, kind: str = "calls", id_: str = "call-1") -> str:
        """Return the body that HubSpot holds of an activity of ours."""
        names = {"calls": "hs_call_body", "communications": "hs_communication_body"}
        return self.one(kind, id_)["properties"][names[kind]]
