"""Long work: how far it is, what it waits for, who stops it, and how it ended; and the clock."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

from bot.asking.acts import Act
from bot.asking.asked import Asked
from bot.asking.people import Person
from bot.asking.standing import Rank, Standing
from bot.operations.telling import begin_telling, tell
from bot.operations.view import progress, report
from bot.status.background import NAMES, background
from bot.status.card import card
from bot.status.home import view_of
from bot.transport.standby import CLOCK_STANDS, SAID
from sandbox.faults import Fault
from store.alerts import Alert
from store.connection import now_ms
from store.operations import KINDS, Operation, Operations
from store.runs import Run
from store.schedule import Planned
from sync.watches.backlog import FAILURES, FEW, MORE, ONE, WAIT, WAITING
from sync.watches.damage import ALERT as DAMAGED
from sync.watches.damage import SAID as HELD
from sync.watches.standstill import ALERT, FAILING, NOBODY, PASSED_OVER
from tests.bot.every.playing import Play, scene
from tests.bot.every.scenes.status import ADMINS, NOW, WELL
from tests.bot.team import ADMIN, CALLS, OWNER

COUNTS = {
    "done": 1234, "created": 1000, "adopted": 7, "changed": 20, "unchanged": 200, "skipped": 7,
    "removed": 1200, "entered": 1000, "logged": 900, "ignored": 90, "failed": 10,
}  # fmt: skip
MINUTE = ((NOW - 60_000, 1_000), (NOW, 1_234))


def made(kind: str, **values: object) -> Operation:
    about = {"from": NOW // 1000 - 86_400, "to": NOW // 1000, "since": 0, "until": 0}
    begun = Operation("1", kind, ADMIN, "adam", NOW - 600_000, about, moved=NOW)  # type: ignore[arg-type]
    return replace(begun, **{"counts": COUNTS, "total": 10_000, **values})


@scene("long work as it goes on")
def going_on(play: Play) -> None:
    words = play.words
    for kind in KINDS:
        one = made(kind)
        play.built(f"{kind} goes on", progress(one, MINUTE, NOW, words))
        play.built(f"{kind} began", progress(replace(one, counts={}, total=None), (), NOW, words))
    one = made("contacts")
    waits = replace(one, trouble="Aircall did not answer in time")
    play.built("it waits", progress(waits, MINUTE, NOW, words))
    play.built("it is to stop", progress(replace(one, state="stopping"), MINUTE, NOW, words))
    still = replace(one, moved=NOW - 300_000)
    play.built("nothing moves", progress(still, MINUTE, NOW, words))


@scene("long work as it ended")
def ended(play: Play) -> None:
    words = play.words
    for kind in KINDS:
        play.built(f"{kind} is done", report(made(kind, state="done", ended=NOW), words))
    stopped = made("contacts", state="stopped", ended=NOW, stopped_by=OWNER)
    play.built("stopped", report(stopped, words))
    failed = made("contacts", state="failed", ended=NOW, trouble="Aircall did not answer in time")
    play.built("failed", report(failed, words))


@scene("long work that is stopped")
def stopped(play: Play) -> None:
    team = play.team
    operations = Operations(team.redis)
    at = now_ms(team.redis)
    with (
        patch("store.operations.now_ms", lambda _: at),
        patch("bot.operations.telling.now_ms", lambda _: at),
    ):
        begun = operations.start("contacts", ADMIN, "adam", {}, 100)
        play.meanwhile("it is told", lambda: tell("contacts"))
        message = team.slack.messages(CALLS)[-1]
        play.click("operation.stop", user=OWNER, where=message)
        play.meanwhile("it is told", lambda: tell("contacts"))
        operations.end(begun, "stopped")
        play.meanwhile("it is told", lambda: tell("contacts"))
        second = operations.start("contacts", OWNER, "olivia", {}, 100)
        play.meanwhile("another is told", lambda: tell("contacts"))
        operations.end(second, "done")
        operations.start("contacts", ADMIN, "adam", {}, 100)
        play.meanwhile("how it ended is told, and the third", lambda: tell("contacts"))
    old = team.slack.house.board.put(at / 1000, CALLS, "An old one.", blocks=[_stop(begun)])
    play.click("operation.stop", user=OWNER, where=old)


def _stop(begun: Operation) -> dict[str, object]:
    button = {
        "type": "button",
        "action_id": "operation.stop",
        "value": f"{begun.kind} {begun.id}",
        "text": {"type": "plain_text", "text": "Stop"},
    }
    return {"type": "actions", "block_id": "old", "elements": [button]}


def _asked(play: Play, response: str = "") -> Asked:
    act = Act("command", ADMIN, channel=CALLS, response_url=response)
    return Asked(play.team.desk, act, Person(ADMIN), Standing(Rank.ADMIN, "listed"), play.words)


def _begin(play: Play, response: str = "") -> None:
    at = now_ms(play.team.redis)
    with (
        patch("store.operations.now_ms", lambda _: at),
        patch("bot.operations.telling.now_ms", lambda _: at),
    ):
        operations = Operations(play.team.redis)
        begun = operations.start("removal", ADMIN, "adam", {}, 10)
        begin_telling(_asked(play, response), begun)
        play.team.settle()
        operations.end(begun, "done")
        play.team.settle()
        play.meanwhile("it is told how it ended", lambda: tell("removal"))


@scene("long work is begun")
def begun_in_a_channel(play: Play) -> None:
    _begin(play)


@scene("long work is begun without a channel", channel="")
def begun_directly(play: Play) -> None:
    _begin(play)
    play.team.redis.delete("ah:operation-message:removal")
    _begin(play, play.team.slack.house.response_url(ADMIN, CALLS))
    play.team.slack.faults.add(Fault("429", path="/api/chat.postMessage", retry_after=9))
    _begin(play)


@scene("background work in the status")
def in_the_status(play: Play) -> None:
    done = Run(NOW - 20_000, NOW - 19_000, well=NOW - 19_000)
    each = [Planned(f"{start}x", 60, NOW - 20_000, done) for start, _ in NAMES]
    seldom = Planned("sync.gaps.x", 3600, NOW - 1_200_000, done)
    never = Planned("sync.webhook.x", 300, NOW)
    late = Planned("sync.contacts.x", 120, NOW, Run(NOW - 7_200_000))
    error = "It failed (KeyError): see the log of the process sync."
    trouble = Planned("sync.pipelines.x", 60, NOW, replace(done, trouble=error, troubled=NOW))
    unknown = Planned("sync.x", 60, NOW, replace(done, trouble="HubSpot did not answer in time"))
    named = [Planned(f"{start}x", 3600, NOW - 9_000_000) for start, _ in NAMES]
    for what, jobs in (
        ("all is well", (*each, seldom)),
        ("all are late", named),
        ("some are late", (*each[:2], never, late)),
        ("some are in trouble", (trouble, unknown)),
    ):
        facts = replace(WELL, jobs=tuple(jobs), beating=NOW - 86_400_000)
        play.built(what, card(facts, play.words, ADMINS))
        play.built(f"{what}, at Home", view_of(facts, play.words, ADMINS))
    facts = replace(WELL, operations=tuple(made(kind) for kind in KINDS))
    play.built("long work", card(facts, play.words, ADMINS))
    assert [*background(WELL, play.words)] == []
    said = {
        FAILURES: [text.format(count=9) for text in (ONE, FEW, MORE)],
        WAITING: [WAIT.format(count=9)],
        CLOCK_STANDS: [SAID],
        DAMAGED: [HELD.format(keys="ah:alerts, ah:notices")],
        ALERT: [NOBODY, *(text.format(jobs="sync.x") for text in (PASSED_OVER, FAILING))],
    }
    for name, sentences in said.items():
        for sentence in sentences:
            about = {"count": "9", "since": str(NOW), "jobs": "sync.x"}
            facts = replace(WELL, alerts=(Alert(name, sentence, NOW, about),))
            play.built(f"alert: {name}", card(facts, play.words, ADMINS))
