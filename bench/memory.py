"""Section `memory`: what the idle processes hold together, and what Redis keeps of the past."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import redis
import requests

from bench.figures import Figure, at_most
from bench.processes import family, name_of
from bench.stage import Stage, answering, deliver, drain, until
from bench.traffic import callers, calls, contacts_of, mixed
from run.procfile import read_procfile
from store.connection import connect
from store.due import Due
from worker.intake.tokens import PATH
from worker.workshop import Workshop

SECTION = "memory"
MIB, KIB = 1 << 20, 1 << 10
PROCESSES_MIB, SETTLED_KIB = 350, 3
SETTLED = 2_000
WORKED = 100
BEFORE = 500
"""Settled before it counts, so that what Redis needs only once does not."""


def measure() -> Iterable[Figure]:
    """Yield the figures of the section."""
    yield from _processes()
    yield from _settled()


def _processes() -> Iterable[Figure]:
    with Stage(embedded=True) as stage:
        supervisor = stage.run()
        until(lambda: answering(f"http://127.0.0.1:{stage.port}/readyz"), "the door's opening")
        connection = connect(stage.url)
        until(lambda: _is_idle(len(connection.smembers("rq:workers")), stage), "the idle product")
        until(lambda: connection.exists("ah:directory"), "the directory")
        until(lambda: not connection.llen("rq:queue:background"), "the first background jobs")
        _work(stage, connection)
        held = {pid: _pss(pid) for pid in family(supervisor.pid)}
        names = {pid: name_of(pid) for pid in held}
        connection.close()
    yield at_most(
        SECTION, f"{len(held)} processes, idle again (PSS)", sum(held.values()) / MIB,
        PROCESSES_MIB, "MiB",
    )  # fmt: skip
    for pid, size in sorted(held.items(), key=lambda each: -each[1]):
        yield Figure(SECTION, f"  {names[pid]}", size / MIB, "MiB")


def _work(stage: Stage, connection: redis.Redis) -> None:
    """Let the product write some calls first: what it needs for that, it keeps."""
    those = callers(WORKED)
    with requests.Session() as aircall:
        for event in calls(those):
            url = f"http://127.0.0.1:{stage.port}{PATH}"
            assert aircall.post(url, json=event, timeout=10).status_code == 200
    due = Due(connection)
    until(lambda: due.waiting() == 0, "the end of the first calls")


def _is_idle(workers: int, stage: Stage) -> bool:
    """Whether every RQ worker of the Procfile has come."""
    wanted = {command.name for command in read_procfile(stage.folder / "Procfile")}
    return workers >= len(wanted & {"worker", "sync"})


def _settled() -> Iterable[Figure]:
    those = callers(BEFORE + SETTLED)
    with Stage() as stage:
        workshop = stage.workshop()
        stage.seed(contacts_of(those))
        deliver(workshop, mixed(those[:BEFORE]))
        drain(workshop)
        before = _used(workshop)
        deliver(workshop, mixed(those[BEFORE:], BEFORE + 1))
        drain(workshop)
        kept = _used(workshop) - before
        totals = workshop.connection.hgetall("ah:totals")
        logged = sum(int(count) for name, count in totals.items() if name.startswith(b"logged|"))
        assert logged == len(those), f"{logged} of {len(those)} were logged: {totals}"
    yield at_most(
        SECTION, f"Redis per settled interaction (of {SETTLED:,})", kept / SETTLED / KIB,
        SETTLED_KIB, "KiB",
    )  # fmt: skip


def _used(workshop: Workshop) -> int:
    """Bytes of Redis' data; what belongs to its connections only is left out."""
    memory = workshop.connection.info("memory")
    return int(memory["used_memory"]) - int(memory.get("mem_clients_normal", 0))


def _pss(pid: int) -> int:
    """Bytes of a process; a page that several share counts for each by its share."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) * KIB
