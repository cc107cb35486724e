"""Backfill: asked for in words and in the form, counted, started, stopped, and all that hinders."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from bot.asking.acts import Act, View
from bot.asking.asked import Asked
from bot.asking.people import Person
from bot.asking.standing import Rank, Standing
from bot.backfill.asking import refusal
from bot.backfill.form import submit
from bot.backfill.preview import Around, target_of, told
from bot.backfill.span import Span
from bot.backfill.starting import count_again
from bot.operations.view import progress, report
from rules.settings import Settings
from settings.file import SettingsFile
from store import keys
from store.backfills import Preview, Previews
from store.connection import now_ms
from store.tombstone import DELETED
from sync.backfill import going
from tests.bot.every.playing import Play, scene
from tests.bot.every.scenes.operations import made
from tests.bot.every.scenes.status import NOW
from tests.bot.team import ADMIN, CALLS, OWNER
from tests.sync.backfill.past import DAY, START, by_another_app, past_call
from tests.worker.product import ADMIN as SOMEBODY

TYPED = "yesterday today"
NOT_LONG_AGO = datetime(2026, 11, 26, 15, tzinfo=UTC)
"""When what is wrong with a time is played: it names moments."""


def _yesterday() -> int:
    """Seconds between START and noon of yesterday, in any zone of the scenes."""
    return int(time.time()) // DAY * DAY - DAY + 18 * 3600 - START


def _calls(play: Play, count: int = 3) -> None:
    for n in range(count):
        past_call(play.team.product, n + 1, _yesterday() + n)


def _asked(play: Play, file: SettingsFile | None = None, **act: Any) -> Asked:
    """Let an admin do what nobody can do by clicking."""
    desk = play.team.desk
    if file is not None:
        desk = replace(desk, shop=replace(desk.shop, file=file))
    done = Act("action", ADMIN, channel=CALLS, **act)
    return Asked(desk, done, Person(ADMIN), Standing(Rank.ADMIN, "listed"), play.words)


@scene("backfill")
def backfill(play: Play) -> None:
    _calls(play)
    by_another_app(play.team.product, 2)
    play.command(f"backfill {TYPED}")
    play.background()
    now = now_ms(play.team.redis)
    # So that it takes no time at all.
    with (
        patch("store.operations.now_ms", lambda _: now),
        patch.object(going, "PATIENCE", 0.0),
    ):
        play.click("backfill.start")
        play.background()
        play.team.product.drain()
        going.go_on()
        play.background()
    play.command("explain 1")
    play.team.redis.delete(keys.BACKFILLS)
    play.command("explain 1")


@scene("backfill in the form")
def in_form(play: Play) -> None:
    _calls(play)
    today = int(time.time()) // DAY * DAY
    day = f"{datetime.fromtimestamp(today - 3 * DAY, UTC):%Y-%m-%d}"
    play.command("backfill")
    play.meanwhile("a day is chosen", lambda: play.team.choose(ADMIN, "start", day))
    play.submit()
    play.close()
    play.background()
    play.click("backfill.cancel")
    play.click("backfill.again")
    play.background()


@scene("backfill of a time that is wrong")
def wrong(play: Play) -> None:
    now = int(NOT_LONG_AGO.timestamp() * 1000)
    with (
        patch("bot.commands.backfill.now_ms", lambda _: now),
        patch("bot.backfill.form.now_ms", lambda _: now),
    ):
        for typed in (
            "next week",
            "2026-02-30",
            "yesterday 25:00",
            "today yesterday",
            "2026-12-24",
            "yesterday 2026-12-24",
            "2020-01-01",
            "yesterday today 2026-11-01",
            "to",
        ):
            play.command(f"backfill {typed}")
        play.command("backfill")
        for start, end in (
            ("2026-11-02", "2026-11-01"),
            ("2020-01-01", "2026-11-01"),
            ("2026-12-24", "2026-12-25"),
            ("2026-11-01", "2026-12-24"),
        ):
            play.choose("start", start)
            play.choose("end", end)
            play.submit()
        play.close()


@scene("backfill while another one runs")
def second(play: Play) -> None:
    _calls(play)
    for user in (ADMIN, OWNER):
        play.command(f"backfill {TYPED}", user)
        play.background()
    now = now_ms(play.team.redis)
    with patch("store.operations.now_ms", lambda _: now):
        play.click("backfill.start")
        play.command(f"backfill {TYPED}", OWNER)
        play.click("backfill.start", user=OWNER)
        play.click("operation.stop", user=OWNER)
        play.background()


@scene("backfill that cannot be")
def hindered(play: Play) -> None:
    team = play.team
    _calls(play)
    play.command(f"backfill {TYPED}")
    play.background()
    team.set(enabled=False)
    play.click("backfill.start")
    team.set(enabled=True, create_contacts=False)
    team.set(create_contacts=True, sync_contacts=True)
    play.click("backfill.start")
    play.click("backfill.again")
    play.background()
    message = team.slack.direct_messages(ADMIN)[-1]
    row = next(each for each in message.blocks if each["type"] == "actions")
    target = target_of(row["elements"][0]["value"])
    assert target is not None
    team.redis.delete(keys.backfill_preview(target.id))
    play.click("backfill.start")
    for _ in range(5):
        Previews(team.redis).begin(OWNER, "", START, START, 1)
    play.command(f"backfill {TYPED}")
    team.redis.delete(keys.BACKFILL_PREVIEWS)
    team.product.shop.directory.write("unique", {"calls": False})
    retention = team.file.retention.model_copy(update={"ids": 1})
    file = team.file.model_copy(update={"retention": retention})
    refused = refusal(_asked(play, file=file), Span(START, START + 1))
    assert refused is not None
    play.built("its time is forgotten", refused)
    old = _asked(play, value="again 1000 2000")
    play.meanwhile("a button that is a year old is clicked", lambda: count_again(old))
    empty = _asked(play, view=View("V1", values={"start": None}))
    assert submit(empty)["response_action"] == "errors"
    current = team.product.shop.revisions.current()
    team.product.shop.revisions.save(
        Settings(), SOMEBODY, current.number, DELETED, even_unchanged=True
    )
    play.command(f"backfill {TYPED}")


@scene("backfill while it is counted")
def counted(play: Play) -> None:
    words = play.words
    start = NOW // 1000 - DAY
    preview = Preview("1", ADMIN, "adam", start, start + DAY, 7, NOW)
    around = Around(phones=7, enabled=True, creates_contacts=True, per_minute=60)
    play.built("it begins", told(preview, around, words))
    half = replace(preview, counts={"seen": 5_000}, total=10_000)
    play.built("half of it is counted", told(half, around, words))
    waits = replace(half, trouble="Aircall did not answer in time.")
    play.built("it waits", told(waits, around, words))
    play.built("it failed", told(replace(waits, state="failed"), around, words))
    all_ = {
        "seen": 10_000,
        "log": 7_000,
        "ticket": 1,
        **{f"kind|{kind}": 1_000 for kind in _KINDS},
        **{f"skipped|{why}": 1 for why in ("logged", "elsewhere", "waiting", "failed", "unended")},
        "ignored|number not connected": 1,
        "ignored|outside business hours": 2,
    }
    ready = replace(preview, state="ready", total=10_000, counts=all_)
    play.built("all kinds are there", told(ready, around, words))
    off = Around(phones=0, enabled=False, creates_contacts=False, per_minute=60)
    play.built("it is disabled", told(ready, off, words))
    more = {name: 2 if name.startswith("skipped") else count for name, count in all_.items()}
    one = Around(phones=1, enabled=True, creates_contacts=True, per_minute=60)
    play.built("others are left out", told(replace(ready, counts={**more, "log": 1}), one, words))
    none = replace(ready, counts={"seen": 2, "ignored|number not connected": 2})
    play.built("none would be logged", told(none, around, words))
    play.built("there are no calls", told(replace(ready, counts={}), around, words))


_KINDS = (
    "outbound_answered", "outbound_unanswered", "outbound_busy", "outbound_wrong_number",
    "inbound_answered", "inbound_missed", "inbound_voicemail",
)  # fmt: skip


@scene("backfill as it ended")
def ended(play: Play) -> None:
    counts = {
        "done": 20, "logged": 9, "failed": 2, "partly": 1, "following": 3,
        "ignored|number not connected": 4, "ignored|outside business hours": 1,
        **{f"skipped|{why}": 1 for why in ("logged", "elsewhere", "waiting", "failed")},
    }  # fmt: skip
    about = {"start": NOW // 1000 - DAY, "end": NOW // 1000}
    one = made("backfill", counts=counts, about=about, total=21, ended=NOW)
    play.built("it is stopped", report(replace(one, state="stopped", stopped_by=OWNER), play.words))
    many = {name: count + 1 for name, count in counts.items()}
    failed = replace(one, state="failed", trouble=DELETED, counts=many)
    play.built("it failed", report(failed, play.words))
    for trouble in (going.DISABLED, going.HUBSPOT):
        waits = replace(one, trouble=trouble)
        play.built("it waits", progress(waits, (), NOW, play.words))
