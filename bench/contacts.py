"""Section `contacts`: the copy of all contacts near Aircall's limit, and what each one costs."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import requests

from bench.figures import Figure, at_least, at_most
from bench.stage import UNLIMITED, Stage, until
from clients.hubspot.records import Record
from sandbox.slack.workspace import ADMIN
from store.operations import Operation, Operations
from sync import slices
from sync.contacts import copy
from sync.contacts.carrying import PROPERTIES, carry
from sync.operations import go_on
from worker.workshop import Workshop

SECTION = "contacts"
MANY = 5_000
"""Contacts that Aircall has before, and as many new ones."""
SOME = 100
KILLED = 600
SHARE = 0.95
PACES = ((600, 10.0, 60.0), (60, 65.0, 60.0))
"""Limits per minute, ours and Aircall's alike, the seconds that each is warmed up, and measured.

At its start the product asks Aircall for other things at once; where a minute has few requests, all
of it must be over before a minute is like the next one.
"""
DOORS = 8


def measure() -> Iterable[Figure]:
    """Yield the figures of the section."""
    for limit, warm, seconds in PACES:
        yield from _paced(limit, warm, seconds)
    yield from _thrift()
    yield from _killed()


def _paced(limit: int, warm: float, seconds: float) -> Iterable[Figure]:
    """Copy in a real process, by the real clock, against Aircall's exact moving minute."""
    count = int(limit * (warm + seconds + 30) / 60)
    with Stage() as stage:
        _allow(stage, limit)
        workshop = _set_up(stage)
        _ask(stage, "limits", {"minute": limit})
        _seed(stage, range(count))
        _begin(workshop, count)
        stage.run("clock")
        stage.run("sync")
        until(lambda: _asked(stage), "the first request")
        time.sleep(warm)
        before, began = _asked(stage), time.monotonic()
        time.sleep(seconds)
        sent, took = _asked(stage) - before, time.monotonic() - began
        state = _state(stage)
        assert not state["surprises"], state["surprises"]
    share = sent * 60 / took / limit
    yield at_least(SECTION, f"share of {limit} requests a minute, real clock", share, SHARE)
    yield at_most(SECTION, "  answered 429", state["tooMany"], 0)


def _thrift() -> Iterable[Figure]:
    """Count requests with limits opened: Aircall has many contacts before, HubSpot as many new."""
    with Stage() as stage:
        workshop = _set_up(stage)
        _fill_aircall(stage, range(MANY))
        _seed(stage, range(MANY, 2 * MANY))
        total = workshop.hubspot.count("contacts")
        new, took = _copied(stage, workshop, total)
        done = _operation(workshop).counts
        created = done["created"]
        assert created >= MANY, done
        name = f"requests per 1,000 new contacts, {MANY:,} there before"
        yield at_most(SECTION, name, new["all"] * 1000 / created, 1022)
        each = (new["all"] - new["list"]) * 1000 / created
        yield Figure(SECTION, "  without reading Aircall's list", each)
        yield Figure(SECTION, "  contacts copied, limits open", created * 60 / took, "a minute")
        same, _ = _copied(stage, workshop, total)
        yield at_most(SECTION, "per unchanged contact, beside the list", _each(same, MANY), 0)
        ids = [each.id for each in workshop.hubspot.next_by_id("contacts", "20000", ())][:SOME]
        yield from _changes(stage, workshop, total, ids)
        yield from _outside(stage, workshop)
        yield at_most(SECTION, "in Aircall twice", _doubles(stage), 0)


def _changes(stage: Stage, workshop: Workshop, total: int, ids: Sequence[str]) -> Iterable[Figure]:
    changes: dict[str, Callable[[int], dict[str, str]]] = {
        "name": lambda n: {"lastname": f"Other{n}", "firstname": "Eve"},
        "phone": lambda n: {"phone": _phone(3 * MANY + n)},
        "e-mail": lambda n: {"email": f"other{n}@example.com"},
    }
    for what, values in changes.items():
        for n, id_ in enumerate(ids):
            _ask(
                stage, "edit", {"kind": "contacts", "id_": id_, "values": values(n)}, stage.hubspot
            )
        seen, _ = _copied(stage, workshop, total)
        changed = _operation(workshop).counts["changed"]
        assert changed == len(ids), _operation(workshop).counts
        yield at_most(SECTION, f"per changed {what}", _each(seen, changed), 1)


def _outside(stage: Stage, workshop: Workshop) -> Iterable[Figure]:
    """Carry single new contacts, as after a logged call."""
    _seed(stage, range(4 * MANY, 4 * MANY + SOME))
    last = _last(workshop)
    before = _counted(stage)
    for record in last[-SOME:]:
        assert carry(workshop, record).kind == "created"
    seen = _since(before, _counted(stage))
    yield at_most(SECTION, "per new contact outside a copy", seen["all"] / SOME, 2)


def _last(workshop: Workshop) -> list[Record]:
    found: list[Record] = []
    while page := workshop.hubspot.next_by_id(
        "contacts", found[-1].id if found else "", PROPERTIES
    ):
        found += page
    return found


def _killed() -> Iterable[Figure]:
    """Kill the process in the middle of a copy with -9; another one goes on."""
    with Stage() as stage:
        workshop = _set_up(stage)
        _seed(stage, range(KILLED))
        total = workshop.hubspot.count("contacts")
        _begin(workshop, total)
        stage.run("clock")
        worker = stage.run("sync")
        until(lambda: _operation(workshop).counts.get("done", 0) > KILLED // 3, "some progress")
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        at, began = _operation(workshop).counts["done"], time.monotonic()
        assert at < total, "the copy was over before it was killed"
        stage.run("sync")
        until(lambda: _operation(workshop).counts["done"] > at, "that another goes on")
        took = time.monotonic() - began
        until(lambda: not _operation(workshop).active, "the end of the copy")
        ended = _operation(workshop)
        assert (ended.state, ended.counts["done"]) == ("done", total), ended
        doubles = _doubles(stage)
    yield at_most(SECTION, "in Aircall twice after kill -9", doubles, 0)
    yield Figure(SECTION, "  until another process went on", took, "s")


def _allow(stage: Stage, limit: int) -> None:
    """Set our own limit of Aircall's requests per minute."""
    file = stage.folder / "settings.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f"aircall = {UNLIMITED}", f"aircall = {limit}"), encoding="utf-8")


def _set_up(stage: Stage) -> Workshop:
    file = stage.folder / "settings.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("enabled = true", "enabled = true\nsync_contacts = true"), encoding="utf-8"
    )
    return stage.workshop()


def _begin(workshop: Workshop, total: int) -> None:
    Operations(workshop.connection).start("contacts", ADMIN, "Bench", {}, total)
    go_on(workshop.connection, "contacts")


def _operation(workshop: Workshop) -> Operation:
    found = Operations(workshop.connection).current("contacts")
    assert found is not None
    return found


def _copied(stage: Stage, workshop: Workshop, total: int) -> tuple[dict[str, int], float]:
    """Copy all in this process; returns Aircall's requests meanwhile, and the seconds it took."""
    before, began = _counted(stage), time.monotonic()
    Operations(workshop.connection).start("contacts", ADMIN, "Bench", {}, total)
    with patch.object(slices, "workshop", lambda: workshop):
        while _operation(workshop).active:
            workshop.connection.delete("rq:queue:background")
            copy.go_on()
    return _since(before, _counted(stage)), time.monotonic() - began


def _each(seen: dict[str, int], count: int) -> float:
    return (seen["all"] - seen["list"]) / count


def _counted(stage: Stage) -> dict[str, int]:
    """Count Aircall's requests so far: all, and those that read its list."""
    answer = requests.get(f"{_aircall(stage)}/_sandbox/requests", params={"last": 1}, timeout=60)
    answer.raise_for_status()
    counts: dict[str, int] = answer.json()["counts"]
    lists = sum(n for name, n in counts.items() if name.rstrip("/") == "GET /v1/contacts")
    return {"all": sum(counts.values()), "list": lists}


def _since(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: count - before[name] for name, count in after.items()}


def _asked(stage: Stage) -> int:
    return _counted(stage)["all"]


def _doubles(stage: Stage) -> int:
    """Count the phones that several contacts of Aircall have."""
    seen: dict[str, int] = {}
    for contact in _state(stage)["contacts"]:
        for phone in contact["phone_numbers"]:
            digits = "".join(filter(str.isdigit, phone["value"]))
            seen[digits] = seen.get(digits, 0) + 1
    return sum(count > 1 for count in seen.values())


def _seed(stage: Stage, numbers: Iterable[int]) -> None:
    stage.seed(
        [
            {
                "firstname": "Ada",
                "lastname": f"New{n}",
                "phone": _phone(n),
                "email": f"a{n}@b.example",
            }
            for n in numbers
        ]
    )


def _fill_aircall(stage: Stage, numbers: Iterable[int]) -> None:
    session = requests.Session()
    session.auth = ("sandbox-id", "sandbox-token")

    def add(n: int) -> None:
        phones = [{"label": "Work", "value": _phone(n)}]
        sent = {"first_name": "Old", "last_name": f"Old{n}", "phone_numbers": phones}
        session.post(f"{_aircall(stage)}/v1/contacts", json=sent, timeout=30).raise_for_status()

    with ThreadPoolExecutor(DOORS) as doors:
        list(doors.map(add, numbers))


def _phone(n: int) -> str:
    return f"+336{12_000_000 + n:08d}"


def _aircall(stage: Stage) -> str:
    return stage.environ["AIRCALL_BASE_URL"]


def _state(stage: Stage) -> dict[str, Any]:
    answer = requests.get(f"{_aircall(stage)}/_sandbox/state", timeout=60)
    answer.raise_for_status()
    state: dict[str, Any] = answer.json()
    return state


def _ask(stage: Stage, what: str, body: dict[str, Any], of: str = "") -> None:
    url = f"{of or _aircall(stage)}/_sandbox/{what}"
    requests.post(url, json=body, timeout=30).raise_for_status()
