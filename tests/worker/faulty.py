"""Stops a drain at any step it takes: before or after any command to Redis or request to a vendor.

A step counts each Redis command, each pipeline and each HTTP request of one worker. At the chosen
step the worker crashes, freezes while another one takes over, or is told a lie about the outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import redis

from clients.http import Times
from store import keys
from store.records import mark_json, read_mark
from tests.worker.product import Product
from worker.drain import Drain

QUICK = Times(connect=0.5, read=0.12, total=0.5)


class Crash(BaseException):
    """The process is gone: no handler of it runs any more."""


Hook = Callable[[], None]


@dataclass
class Steps:
    """Counts the steps of one worker and interferes at one of them."""

    at: int = 0
    where: Literal["redis", "http"] = "redis"
    before: Hook | None = None
    after: Hook | None = None
    counts: dict[str, int] = field(default_factory=lambda: {"redis": 0, "http": 0})
    reached: bool = False

    def around(self, where: str, act: Callable[[], Any]) -> Any:
        self.counts[where] += 1
        mine = where == self.where and self.counts[where] == self.at
        if mine and self.before:
            self.reached = True
            self.before()
        result = act()
        if mine and self.after:
            self.reached = True
            self.after()
        return result


def interfere(product: Product, steps: Steps) -> Callable[[], None]:
    """Put `steps` between a worker and the world; returns how to take it away again."""
    connection = product.redis
    real_command, real_pipeline = connection.execute_command, connection.pipeline
    sessions = [product.shop.hubspot._http._session, product.shop.aircall._http._session]
    real_sends = [session.send for session in sessions]

    def pipeline(*args: Any, **kwargs: Any) -> Any:
        made = real_pipeline(*args, **kwargs)
        execute = made.execute
        made.execute = lambda *a, **k: steps.around("redis", lambda: execute(*a, **k))
        return made

    connection.execute_command = lambda *a, **k: steps.around(
        "redis", lambda: real_command(*a, **k)
    )
    connection.pipeline = pipeline
    for session, send in zip(sessions, real_sends, strict=True):
        session.send = lambda *a, send=send, **k: steps.around("http", lambda: send(*a, **k))

    def undo() -> None:
        del connection.execute_command, connection.pipeline
        for session in sessions:
            del session.send

    return undo


def in_haste(product: Product) -> None:
    """Give vendors little time, so that a silent one costs a test little."""
    product.shop.hubspot._http._times = QUICK
    product.shop.aircall._http._times = QUICK


def let_time_pass(connection: redis.Redis) -> None:
    """Make every lease, pause and not-before a thing of the past."""
    for id_ in connection.zrange(keys.DUE, 0, -1):
        connection.zadd(keys.DUE, {id_: 0})
    connection.delete(keys.CALLED, keys.DRAINING, *map(keys.pause, ("hubspot", "aircall")))
    for mark in connection.scan_iter(keys.mark("*")):
        kept = read_mark(connection.get(mark), mark.decode().rpartition(":")[2])
        connection.set(mark, mark_json(replace(kept, at=0)))


def settle(product: Product, rounds: int = 12) -> None:
    """Let a healthy worker finish everything, as minutes of waiting would."""
    for _ in range(rounds):
        let_time_pass(product.redis)
        for why in ("hubspot", "aircall"):
            product.shop.due.resume(why)
        if not product.redis.exists(keys.DUE):
            return
        Drain(product.shop).run()
    raise AssertionError(f"never settled: {product.redis.zrange(keys.DUE, 0, -1, withscores=True)}")


SEEDED_DATES = ("hs_createdate", "hs_lastmodifieddate", "lastmodifieddate", "createdate")


def state(product: Product) -> Mapping[str, Any]:
    """HubSpot's records and our decisions, free of ids and dates: equal if the outcome is."""
    dump = product.hubspot.dump()
    names = {
        (kind, id_): _name(kind, id_, record)
        for kind, records in dump.items()
        for id_, record in records.items()
    }
    hubspot = sorted(
        (
            kind,
            names[kind, id_],
            record["archived"],
            sorted(
                (name, value)
                for name, value in record["properties"].items()
                if name not in (*SEEDED_DATES, "hs_object_id", "hs_merged_object_ids")
            ),
            sorted(
                (to_kind, names[to_kind, to_id])
                for to_kind, ids in record["associations"].items()
                for to_id in ids
            ),
        )
        for kind, records in dump.items()
        for id_, record in records.items()
    )
    return {"hubspot": hubspot, "decisions": dict(_decisions(product))}


def _name(kind: str, id_: str, record: Mapping[str, Any]) -> str:
    has = record["properties"]
    return str(has.get("aircall_id") or has.get("hs_call_external_id") or _made(kind, id_, has))


def _made(kind: str, id_: str, has: Mapping[str, Any]) -> str:
    if kind == "contacts" and (has.get("lastname") == "Aircall new contact"):
        return f"new {has.get('phone')}"
    if kind == "tickets":
        return f"ticket {has.get('content', '').rpartition('ID:')[2]}"
    if kind == "communications":
        return f"message {has.get('hs_communication_body', '').rpartition('ID:')[2]}"
    return id_


def _decisions(product: Product) -> Iterable[tuple[str, tuple[str, str]]]:
    for key in product.redis.scan_iter(keys.record("*")):
        id_ = key.decode().removeprefix(keys.record(""))
        decision = product.record(id_).decision
        yield id_, (decision.result, decision.reason)


def leftovers(connection: redis.Redis) -> list[str]:
    """Return what must not be in Redis when nothing is to be done."""
    patterns = (
        keys.DUE, keys.OWNER, keys.TRIES, keys.UNENDED, keys.FAILURES, keys.mark("*"),
        keys.new("*"), keys.parked("*"), keys.pause("*"),
    )  # fmt: skip
    return [key.decode() for pattern in patterns for key in connection.scan_iter(pattern)]
