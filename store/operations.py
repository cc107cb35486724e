"""Long work that an admin asked for: at most one of a kind, with progress, until done or stopped.

The entry is the truth. Jobs work at it in slices and keep how far they are with each step, so that
after a kill another process goes on where it stood.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal

import redis
from pydantic import TypeAdapter

from store import keys
from store.connection import now_ms
from store.damaged import if_readable, strict
from store.scripts import Scripts

Kind = Literal["backfill", "contacts", "removal"]
"""Logging a past time; copying all contacts to Aircall; removing there what we made."""
KINDS: Final[tuple[Kind, ...]] = ("backfill", "contacts", "removal")
State = Literal["running", "stopping", "stopped", "done", "failed"]
ACTIVE: Final = frozenset({"running", "stopping"})


@dataclass(frozen=True, slots=True)
class Operation:
    """One such work; times in ms since 1970."""

    id: str
    kind: Kind
    by: str
    """Slack id of whoever started it."""
    name: str
    began: int
    about: Mapping[str, Any]
    """What was asked for, as its kind needs it; never changes."""
    state: State = "running"
    cursor: Mapping[str, Any] = field(default_factory=dict)
    """Where it stands, as its kind needs it."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """What it did, by its kind's own words; `done` of `total` makes the bar."""
    total: int | None = None
    """How much there is to do in all; None while nobody knows."""
    moved: int = 0
    """When it last kept progress."""
    ended: int | None = None
    stopped_by: str = ""
    """Slack id of whoever stopped it."""
    trouble: str = ""
    """Why it failed, or what it waits for now, in one sentence."""

    @property
    def active(self) -> bool:
        """Whether there is work left that nobody called off yet."""
        return self.state in ACTIVE


_OPERATION: Final = TypeAdapter(Operation)


class BusyOperationError(Exception):
    """One of this kind is at work already: `current`."""

    def __init__(self, current: Operation) -> None:
        super().__init__(f"{current.kind} is already at work")
        self.current = current


class Operations:
    """The long works of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection
        self._scripts = Scripts(connection)

    def current(self, kind: Kind) -> Operation | None:
        """Return the newest of a kind, also one that has ended; None if there never was one."""
        kept = self._connection.hgetall(keys.operation(kind))
        return read_operation(kept) if kept else None

    def untold(self, kind: Kind) -> tuple[Operation, ...]:
        """Return the former ones of a kind of which nobody noted that their end was told."""
        key = keys.operation_untold(kind)
        kept = self._connection.hgetall(key)
        read = (if_readable(key, partial(read_former, id_, raw)) for id_, raw in kept.items())
        return tuple(sorted(filter(None, read), key=lambda each: each.began))

    def told(self, former: Operation) -> None:
        """Note that it was told how a former one ended."""
        self._connection.hdel(keys.operation_untold(former.kind), former.id)

    def active(self) -> tuple[Operation, ...]:
        """Return those at work."""
        found = (self.current(kind) for kind in KINDS)
        return tuple(each for each in found if each is not None and each.active)

    def start(
        self, kind: Kind, by: str, name: str, about: Mapping[str, Any], total: int | None = None
    ) -> Operation:
        """Begin one; raises BusyOperationError while another of its kind is at work."""
        id_, began = uuid.uuid4().hex, now_ms(self._connection)
        asked = {
            "id": id_,
            "kind": kind,
            "by": by,
            "name": name,
            "began": began,
            "about": {**about},
        }
        progress = json.dumps({"cursor": {}, "counts": {}, "total": total, "moved": began})
        if not self._scripts.run("operation", kind, "start", id_, json.dumps(asked), progress):
            raise BusyOperationError(self._still(kind))
        return self._still(kind)

    def progress(
        self,
        operation: Operation,
        cursor: Mapping[str, Any],
        counts: Mapping[str, int],
        total: int | None = None,
        trouble: str = "",
    ) -> Operation:
        """Keep how far it is; returns it as it is now: `stopping` if somebody wants it to end.

        One that has ended, or gave way to another, stays as it is.
        """
        kept = {
            "cursor": dict(cursor),
            "counts": dict(counts),
            "total": operation.total if total is None else total,
            "moved": now_ms(self._connection),
            "trouble": trouble,
        }
        kind = operation.kind
        self._scripts.run("operation", kind, "progress", operation.id, json.dumps(kept), "")
        return self._still(kind)

    def stop(self, kind: Kind, id_: str, by: str) -> Operation | None:
        """Ask it to end after its present step; None if that one is not at work any more."""
        if not self._scripts.run("operation", kind, "stop", id_, by, ""):
            return None
        return self._still(kind)

    def end(
        self, operation: Operation, state: Literal["stopped", "done", "failed"], trouble: str = ""
    ) -> Operation:
        """End it; what has ended stays as it is."""
        ended = json.dumps({"ended": now_ms(self._connection), "trouble": trouble})
        self._scripts.run("operation", operation.kind, "end", operation.id, state, ended)
        return self._still(operation.kind)

    def _still(self, kind: Kind) -> Operation:
        found = self.current(kind)
        if found is None:
            raise LookupError(f"the {kind} that was just there is gone from the store")
        return found


def read_former(id_: bytes | str, raw: bytes | str) -> Operation:
    """Read one that another followed; raises as `read_operation` does."""
    former = read_operation(json.loads(raw))
    if former.id != strict(id_):
        raise ValueError("kept under another id")
    return former


def read_operation(fields: Mapping[Any, Any]) -> Operation:
    """Read the hash of one; raises ValueError, LookupError, TypeError where it is not ours."""
    kept = {strict(name): strict(value) for name, value in fields.items()}
    asked, progress = json.loads(kept["asked"]), json.loads(kept["progress"])
    ended = json.loads(kept["end"]) if "end" in kept else {}
    return _OPERATION.validate_python(
        {
            **asked,
            **progress,
            **{name: value for name, value in ended.items() if value},
            "state": kept["state"],
            "stopped_by": kept.get("stopped_by", ""),
        }
    )
