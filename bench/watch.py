"""Section `watch`: what watching HubSpot costs while nothing changes, and how soon it warns."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

import requests

from bench.figures import Figure, at_most
from bench.stage import SETTINGS, TOKEN, Stage, answering, until
from clients.hubspot.records import New
from rules.settings import with_values
from sandbox.server import Server
from sandbox.slack.workspace import ADMIN, CALLS
from sandbox.slack.world import SlackWorld
from sandbox.traffic import call_events
from store import keys
from store.aircall_contacts import AircallContacts
from store.connection import text
from store.runs import Runs
from store.schedule import Planned, Schedule
from store.settings import Author
from store.welcome import Welcome, Welcomes
from sync.clock import jobs
from sync.contacts.renaming import EVERY_MS
from worker.workshop import Workshop

SECTION = "watch"
IDLE = 180.0
"""Seconds that nothing changes in."""
HOUR = 3600
WATCH = "sync.pipelines.watch.look"
FOLLOW = "sync.contacts.following.follow"
PIPELINE = "0"
LABELS = {"1": "New", "2": "Waiting on contact", "3": "Waiting on us", "4": "Closed"}
"""Stages of the stand-in's first pipeline."""
WITHOUT, WITH = ("2", "3"), ("1", "4")
"""Stages that are deleted without traffic, and with a call that needs one."""
PROCESSES = ("intake", "bot", "worker", "sync", "clock")
PERSON = Author("admin", ADMIN, "adam")
PHONE = "+33199004567"
CARRIED, CARRIED_PHONE = 100, "+33199004511"
"""A call whose contact is carried to Aircall."""
MOST_REQUESTS, MOST_QUIET, MOST_BUSY = 3, 65, 5


@dataclass(frozen=True)
class Watching:
    """The whole product at work, and the Slack that it warns in."""

    stage: Stage
    slack: SlackWorld
    shop: Workshop


def measure() -> Iterable[Figure]:
    """Yield the figures of the section."""
    with _watching() as all_:
        yield from _idle(all_)
        busy = [_busy(all_, stage, number) for number, stage in enumerate(WITH, 1)]
        yield at_most(SECTION, "warning in the channel, with traffic", max(busy), MOST_BUSY, "s")
        quiet = [_quiet(all_, stage) for stage in WITHOUT]
        name = "warning in the channel, without, deleted right after a look"
        yield at_most(SECTION, name, max(quiet), MOST_QUIET, "s")


@contextmanager
def _watching() -> Iterator[Watching]:
    slack = SlackWorld()
    server = Server(slack)
    slack.stand_at(server.url)
    try:
        with Stage() as stage:
            stage.environ["SLACK_BASE_URL"] = f"{server.url}/api/"
            # All that looks at HubSpot is on: contacts are followed, too.
            settings = SETTINGS.replace("enabled = true", "enabled = true\nsync_contacts = true")
            channel = f'\n[slack]\nchannel = "{CALLS}"\n'
            (stage.folder / "settings.toml").write_text(settings + channel, encoding="utf-8")
            shop = stage.workshop()
            Welcomes(shop.connection).write(Welcome(over=True))
            for name in PROCESSES:
                stage.run(name)
            until(lambda: answering(f"http://127.0.0.1:{stage.port}/readyz"), "the door")
            slack.wait_for_app(within=60)
            until(lambda: _each_ran(shop), "a first run of each background job")
            _carry_one(stage, shop)
            yield Watching(stage, slack, shop)
    finally:
        server.close()
        slack.close()


def _each_ran(shop: Workshop) -> bool:
    planned = Schedule(shop.connection).read()
    return bool(planned) and all(each.run and each.run.ended for each in planned)


def _carry_one(stage: Stage, shop: Workshop) -> None:
    """Have a contact and its company's name in Aircall: only then is HubSpot asked for changes."""
    made = shop.hubspot.create("companies", [New("engines", {"name": "Engines"})])
    stage.seed([{"phone": CARRIED_PHONE, "associatedcompanyid": made.done["engines"].id}])
    _call(stage, CARRIED, CARRIED_PHONE)
    until(lambda: AircallContacts(shop.connection).made(), "a contact in Aircall")


def _idle(all_: Watching) -> Iterator[Figure]:
    """Count while nothing changes; then what a whole hour comes to, by what each job asks for."""
    before = len(all_.stage.asked())
    time.sleep(IDLE)
    seen = [f"{one['method']} {one['path']}" for one in all_.stage.asked()[before:]]
    cost = dict(_costs(all_))
    planned = Schedule(all_.shop.connection).read()
    calls = {each.job: HOUR / _every(each) for each in planned}
    # Each looks at all once an hour at least; companies are looked at more often than that.
    whole = dict.fromkeys(calls, 1.0)
    whole[FOLLOW] = calls[FOLLOW] / ceil(EVERY_MS / 1000 * calls[FOLLOW] / HOUR)
    hour = {
        job: cost[job].again * (calls[job] - whole[job]) + cost[job].first * whole[job]
        for job in calls
    }
    name = "HubSpot requests a minute, nothing changes, by the hour"
    yield at_most(SECTION, name, sum(hour.values()) / 60, MOST_REQUESTS)
    for job, each in sorted(hour.items()):
        if each:
            yield Figure(SECTION, f"  of these an hour: {job}", each)
    yield Figure(SECTION, f"  seen in {IDLE:.0f} s of it, a minute", len(seen) * 60 / IDLE)
    for what, count in Counter(seen).most_common(5):
        yield Figure(SECTION, f"    {what}", count)


@dataclass(frozen=True)
class Cost:
    """Requests to HubSpot of a job's run when it looks at all, and of the next one."""

    first: int
    again: int


def _every(planned: Planned) -> float:
    """Return the seconds between two calls: the clock calls up to a beat early."""
    return max(planned.every - 5.0, 5.0)


def _costs(all_: Watching) -> Iterator[tuple[str, Cost]]:
    """Have each job of the clock run twice, as the clock would; the first time all is long ago."""
    for job in jobs(all_.shop.file.intervals):
        _forget_what_was_read(all_.shop)
        yield job, Cost(_asked_by(all_, job), _asked_by(all_, job))


def _forget_what_was_read(shop: Workshop) -> None:
    """Let two hours pass since each part of the directory was read, and companies looked at."""
    AircallContacts(shop.connection).note(companies_looked=None)
    for part, raw in shop.connection.hgetall(keys.DIRECTORY).items():
        kept = json.loads(raw)
        kept.pop("sum", None)  # it would not fit any more
        aged = {**kept, "at": kept["at"] - 2 * HOUR * 1000}
        shop.connection.hset(keys.DIRECTORY, text(part), json.dumps(aged))


def _asked_by(all_: Watching, job: str) -> int:
    """Return how many requests HubSpot saw while the clock was made to call this job."""
    connection, runs = all_.shop.connection, Runs(all_.shop.connection)
    before, last = len(all_.stage.asked()), runs.of(job)
    connection.hset(keys.JOBS, job, 0)

    def done() -> bool:
        now = runs.of(job)
        return (
            now is not None and now.ended is not None and (last is None or now.began > last.began)
        )

    until(done, f"a run of {job}")
    # The job that watches may have been called beside it: of its one request, none is counted.
    paths = [one["path"] for one in all_.stage.asked()[before:]]
    beside = 0 if job == WATCH else sum(path.endswith("/pipelines/tickets") for path in paths)
    return len(paths) - beside


def _quiet(all_: Watching, stage: str) -> float:
    """Delete a stage right after a look, with no traffic; seconds until it is warned of."""
    _choose(all_.shop, stage)
    runs = Runs(all_.shop.connection)
    last = runs.of(WATCH)
    assert last is not None

    def looked() -> bool:
        now = runs.of(WATCH)
        return now is not None and now.began > last.began and now.ended is not None

    until(looked, "a look at the pipelines")
    _delete(all_, stage)
    return _seconds_until_warned(all_, stage)


def _busy(all_: Watching, stage: str, id_: int) -> float:
    """Delete a stage, and have a call come that needs it; seconds until it is warned of."""
    _choose(all_.shop, stage)
    _delete(all_, stage)
    began = time.monotonic()
    _call(all_.stage, id_)
    return _seconds_until_warned(all_, stage, began)


def _call(stage: Stage, id_: int, phone: str = PHONE) -> None:
    """Let the phone ring, and nobody answer."""
    door = f"http://127.0.0.1:{stage.port}/aircall/webhook"
    for event in call_events(id_, "inbound_missed", start=int(time.time()) - 60, phone=phone):
        requests.post(door, json={**event, "token": TOKEN}, timeout=10).raise_for_status()


def _choose(shop: Workshop, stage: str) -> None:
    """Have tickets of missed calls opened in this stage, and of no other kind."""
    current = shop.revisions.current()
    kinds = {f"tickets.stages.{kind}": None for kind, _ in current.settings.tickets.stages}
    chosen = {"tickets.pipeline": PIPELINE, "tickets.stages.inbound_missed": stage}
    shop.revisions.save(with_values(current.settings, {**kinds, **chosen}), PERSON, current.number)


def _delete(all_: Watching, stage: str) -> None:
    gone = {"kind": "stages", "id_": stage, "inside": PIPELINE}
    answer = requests.post(f"{all_.stage.hubspot}/_sandbox/delete", json=gone, timeout=10)
    answer.raise_for_status()


def _seconds_until_warned(all_: Watching, stage: str, began: float | None = None) -> float:
    began = time.monotonic() if began is None else began
    warning = f"“{LABELS[stage]}”"

    def warned() -> bool:
        said = (json.dumps(each.blocks, ensure_ascii=False) for each in all_.slack.messages(CALLS))
        return any(warning in each and ":warning:" in each for each in said)

    until(warned, f"a warning of the stage {LABELS[stage]}")
    return time.monotonic() - began
