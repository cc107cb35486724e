"""A store as real events leave it on disk, and what becomes of it once one bit there is turned."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import redis

from run.append_only import prepare_append_only
from run.redis_server import server_binary
from sandbox.messages import group_events, message_events
from sandbox.server import Sandbox
from sandbox.traffic import call_events
from settings.errors import StartupError
from store.settings import DamagedSettingsError, NoSettingsError
from store.strays import find_strays
from tests.worker.product import KNOWN, START, UNKNOWN, Product

LOG = Path("appendonlydir", "appendonly.aof.1.incr.aof")
MEMORY = Path("/dev/shm")
TICKETS = {"tickets__pipeline": "0", "tickets__stages__inbound_missed": "1"}
TELLING = re.compile(rb'\+?33[ \d]{9,}|Call me back|call-\d|(?<=_at": )\d+|(?<="id": )\d+')
KINDS = ("outbound_answered", "outbound_unanswered", "inbound_answered", "inbound_missed")
State = Mapping[str, Any]


def new_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="ah-", dir=MEMORY if MEMORY.is_dir() else None))


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str | None]:
    """Run the embedded server on a folder; yields its address, None if it does not start."""
    socket = folder / "s"
    told = {"port": "0", "unixsocket": str(socket), "dir": str(folder), "appendonly": "yes"}
    words = [part for name, value in told.items() for part in (f"--{name}", value)]
    process = subprocess.Popen(
        ["redis-server", *words, "--save", "", "--appendfsync", "no", "--loglevel", "warning"],
        executable=server_binary(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"unix://{socket}?db=0" if _answers(socket, process) else None
    finally:
        process.kill()
        process.wait()


def _answers(socket: Path, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + 20
    with redis.Redis(unix_socket_path=str(socket)) as client:
        while process.poll() is None:
            with contextlib.suppress(redis.RedisError):
                return bool(client.ping())
            assert time.monotonic() < deadline
            time.sleep(0.002)
    return False


def traffic() -> list[Mapping[str, Any]]:
    """Return a day of calls and messages; one that comes later than others finds no other world.

    An unknown phone's second interaction would: its contact, with the owner of the first.
    """
    events: list[Mapping[str, Any]] = []
    for id_ in range(1, 9):
        phone = UNKNOWN if id_ == 3 else KNOWN
        events += call_events(id_, KINDS[id_ % 4], start=START + 60 * id_, phone=phone)
    events += message_events("m-1", "inbound", start=START, phone=KNOWN, body="Call me back")
    events += message_events("m-2", "outbound", start=START, phone=KNOWN, body="On Monday")
    return events + group_events("g-1", "inbound", start=START, phones=[KNOWN, "+33199887799"])


class Stored:
    """What a product kept of its day before anything was written to HubSpot, as a killed server
    leaves it: of half the interactions the events, of the others their record."""

    def __init__(self, stand_ins: Sandbox) -> None:
        self.stand_ins = stand_ins
        self.folder = new_folder()
        stand_ins.reset()
        events = traffic()
        with serving(self.folder) as url:
            assert url is not None
            product = Product(url, self.folder, stand_ins)
            product.start()
            product.set(**TICKETS)
            self._properties = dict(product.hubspot.portal.properties)
            product.deliver(events[::2])
            product.set(enabled=False)
            product.drain()
            product.set(enabled=True)
            product.deliver(events[1::2])
        self.log = (self.folder / LOG).read_bytes()
        outcome, self.clean = self._written(self.folder)
        assert outcome == "drained"
        assert len(self.clean["activities"]) >= 11

    def close(self) -> None:
        shutil.rmtree(self.folder)

    @property
    def telling(self) -> Iterator[int]:
        """The bits of what people would miss in HubSpot: most of an event is of no use to us."""
        for found in TELLING.finditer(self.log):
            yield from range(8 * found.start(), 8 * found.end())

    def turned(self, bit: int) -> str:
        """Turn one bit of the log, start, drain, and say what became of it."""
        folder = new_folder()
        try:
            shutil.copytree(self.folder / LOG.parent, folder / LOG.parent)
            log = bytearray(self.log)
            log[bit // 8] ^= 1 << bit % 8
            (folder / LOG).write_bytes(log)
            try:
                said = prepare_append_only(folder, server_binary())
            except StartupError as error:
                kept = any(folder.glob("kept-*")) and "python -m run repair" in str(error)
                return "refused: said, a copy is kept" if kept else f"LOST without a copy: {error}"
            outcome, state = self._written(folder)
            return self._became(outcome, state, said)
        finally:
            shutil.rmtree(folder)

    def _written(self, folder: Path) -> tuple[str, State]:
        self.stand_ins.reset()
        with serving(folder) as url:
            if url is None:
                return "refused", {}
            product = Product(url, folder, self.stand_ins)
            product.hubspot.portal.properties = {
                kind: dict(one) for kind, one in self._properties.items()
            }
            outcome, strays = "drained", 0
            try:
                product.shop.due.resume("disabled")
                product.redis.delete("ah:called")
                product.drain()
                strays = self._find_strays(product)
            except (DamagedSettingsError, NoSettingsError):
                outcome = "settings"
            told = product.failures() | {
                name.partition(" ")[2] for name in product.alerts() if name.startswith("damaged ")
            }
            pending = {
                id_
                for id_ in (f"call-{n}" for n in range(1, 9))
                if (kept := product.record(id_)).interaction and kept.decision.result == "pending"
            }
            state = {"activities": _activities(product), "told": told, "pending": pending}
            return outcome, state | {"strays": strays}

    def _find_strays(self, product: Product) -> int:
        """As the daily job does, which also comes as soon as anything damaged was found."""
        strays, after = find_strays(product.redis)
        while after:
            more, after = find_strays(product.redis, after)
            strays += more
        product.drain()
        return strays

    def _became(self, outcome: str, state: State, said: list[str]) -> str:
        if outcome == "refused":
            return "refused: by the server"
        written, clean = state["activities"], self.clean["activities"]
        changed = {id_ for id_, held in written.items() if held != clean.get(id_)}
        lost = clean.keys() - written.keys() - state["told"]
        waits = lost & state["pending"]
        lost -= waits
        if changed:
            return f"CHANGED {changed}"
        if outcome == "settings":
            return "parked: all wait, the settings are damaged"
        if lost and said:
            return "cut at its end, said"
        if lost:
            return f"LOST {lost}"
        if waits:
            return "a call waits for its end: found by comparing with Aircall's list"
        if state["strays"]:
            return "its name was lost where it waited: found"
        return "parked" if state["told"] else "whole"


def _activities(product: Product) -> dict[str, Any]:
    """What HubSpot holds of each interaction, with the phones of whom it is linked with."""
    contacts = {each["id"]: each["properties"] for each in product.all("contacts")}
    tickets = {each["id"]: each["properties"] for each in product.all("tickets")}
    found: dict[str, Any] = {}
    for kind in ("calls", "communications"):
        for each in product.all(kind):
            linked = each["associations"]
            found[each["properties"].get("aircall_id", f"?{each['id']}")] = (
                _plain(each["properties"]),
                sorted(_plain(contacts.get(id_, {})).items() for id_ in linked.get("contacts", [])),
                sorted(_plain(tickets.get(id_, {})).items() for id_ in linked.get("tickets", [])),
            )
    return found


def _plain(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return what does not differ from run to run."""
    return {n: value for n, value in properties.items() if not n.endswith(("date", "object_id"))}
