"""Admins learn once, to the minute, in which span messages may be missing."""

from datetime import datetime

import pytest

from bot.words import words_in
from store import keys
from store.outages import Outage
from sync.gaps.telling import SENTENCES, sentence, worth_telling
from sync.webhook.watch import look
from tests.sync.gaps.gapworld import DAY, HOUR, MINUTE, World


@pytest.fixture
def world(product, monkeypatch) -> World:
    return World(product, monkeypatch)


def ms(text):
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp() * 1000)


def test_the_span_is_told_to_the_minute_and_covers_every_second_of_it():
    outage = Outage("door", ms("2026-11-25 23:58:59.999"), ms("2026-11-26 00:03:00.001"))
    said = sentence(outage, 3, 0)
    assert said.startswith("No events were taken in from 2026-11-25 23:58 to 2026-11-26 00:04 UTC")
    assert "Calls of that time that were fetched from Aircall: 3." in said
    assert "Messages of that time may be missing" in said
    assert "12 hours" in said
    exact = Outage("door", ms("2026-11-26 10:00:00"), ms("2026-11-26 11:00:00"))
    assert "from 2026-11-26 10:00 to 2026-11-26 11:00 UTC" in sentence(exact, 0, 0)


def test_each_outage_is_told_once_with_the_calls_of_its_own_time(world):
    for ago in (9 * HOUR, 8 * HOUR, 2 * HOUR, 5 * HOUR):
        world.happen(ago, "inbound_missed")
    world.closed(10 * HOUR, 7 * HOUR)
    world.closed(3 * HOUR, HOUR)
    for _ in range(3):
        world.mended()
    first, second = world.shop.alerts.notices()
    assert [each.about["calls"] for each in (first, second)] == ["2", "1"]
    assert int(second.about["to"]) - int(second.about["from"]) == 2 * HOUR * 1000
    assert len(world.logged()) == 4
    assert not world.redis.exists(keys.OUTAGES)


def test_a_call_that_ended_right_before_the_outage_is_of_its_time_for_its_end_is_told_later(world):
    id_ = world.happen(HOUR, "inbound_missed")
    own = int(id_.removeprefix("call-"))
    ended = world.product.aircall.office.calls[own]["ended_at"]
    world.closed(world.now - ended - 20, MINUTE)
    world.mended()
    assert "fetched from Aircall: 1." in world.notices()[0]


def test_a_short_restart_is_repaired_and_nobody_is_told(world):
    id_ = world.happen(30, "inbound_missed", phone="+33199887766")
    world.redis.set(keys.DOOR_OPEN, (world.now - 50) * 1000)
    assert world.outages.heard(just_opened=True)
    world.mended()
    assert world.logged() == [id_]
    assert world.notices() == []
    assert world.outages.pending() == ()


def test_an_outage_while_disabled_is_nobodys_loss(world):
    world.set(5 * HOUR, enabled=False)
    world.closed(4 * HOUR, 2 * HOUR)
    world.set(HOUR, enabled=True)
    world.mended()
    assert world.notices() == []
    assert world.outages.pending() == ()


@pytest.mark.parametrize(
    ("enabled_from", "until", "worth"),
    [(10, 5, False), (10, 3, True), (3, 2, True), (2.5, 0, True), (1, 0, False)],
    ids=["before", "into it", "within", "out of it", "after"],
)
def test_it_is_told_if_the_integration_was_enabled_at_any_moment_of_it(
    world, enabled_from, until, worth
):
    world.set(20 * HOUR, enabled=False)
    world.set(round(enabled_from * HOUR), enabled=True)
    if until:
        world.set(until * HOUR, enabled=False)
    now = world.now * 1000
    outage = Outage("door", now - 4 * HOUR * 1000, now - 2 * HOUR * 1000)
    assert worth_telling(outage, world.shop.revisions.all()) is worth


def test_what_goes_wrong_while_a_look_goes_on_is_for_the_next_one(world, monkeypatch):
    world.happen(HOUR)
    real = type(world.shop.aircall).calls

    def closing(*args, **how):
        if not world.outages.pending():
            world.closed(2 * HOUR)
        return real(*args, **how)

    monkeypatch.setattr(type(world.shop.aircall), "calls", closing)
    with world.asking() as asked:
        world.repair()
    assert len(world.notices()) == 1
    assert world.outages.pending() == ()
    assert asked == ["/v1/calls"] * 2


def test_an_outage_that_grew_while_it_was_looked_at_is_looked_at_again(world, monkeypatch):
    now, real = world.now * 1000, type(world.shop.aircall).calls
    world.redis.hset(keys.OUTAGES, "restart", f"{now - 50_000}|{now - 40_000}")

    def restarting(*args, **how):
        world.redis.hset(keys.OUTAGES, "restart", f"{now - 50_000}|{now - 20_000}")
        return real(*args, **how)

    monkeypatch.setattr(type(world.shop.aircall), "calls", restarting)
    with world.asking() as asked:
        world.repair()
    assert asked == ["/v1/calls"] * 2
    assert world.outages.pending() == ()


def test_a_webhook_that_was_switched_off_is_told_with_its_span_and_calls_are_fetched(world):
    hook = next(iter(world.product.aircall.office.webhooks.values()))
    look()
    assert world.redis.exists(keys.WEBHOOK_WELL)
    hook["active"] = False
    look()
    world.redis.set(keys.WEBHOOK_WELL, (world.now - 2 * HOUR) * 1000)
    world.redis.set(keys.LAST_EVENT, (world.now - HOUR) * 1000)
    id_ = world.happen(30 * MINUTE, "inbound_missed")
    hook["active"] = True
    look()
    waiting = [each.cause for each in world.outages.pending()]
    assert waiting == ["webhook"]
    world.mended()
    assert world.logged() == [id_]
    [notice] = [each for each in world.shop.alerts.notices() if each.name.startswith("outage")]
    assert notice.sentence.startswith("Aircall sent us nothing from ")
    assert notice.about["calls"] == "1"
    assert int(notice.about["to"]) - int(notice.about["from"]) == pytest.approx(
        HOUR * 1000, abs=9_000
    )


def test_a_store_that_was_emptied_is_told_though_it_starts_disabled(world):
    now = world.now * 1000
    world.set(HOUR, enabled=False)
    world.outages.note("emptied", now - HOUR * 1000, now)
    world.repair()
    [said] = world.notices()
    assert said.startswith("The store lost all it held between ")
    assert "backfill" in said


@pytest.mark.parametrize("cause", SENTENCES)
def test_each_sentence_is_one_that_slack_says_again_in_other_languages(cause):
    """Every one of its sentences is listed for the catalogue."""
    from bot.words.retold_gaps import GAPS  # noqa: PLC0415 - only this test looks upwards

    outage = Outage(cause, ms("2026-11-20 10:00:00"), ms("2026-11-26 11:00:00"))
    said = sentence(outage, 3, ms("2026-11-22 10:00:00"))
    for template in GAPS:
        for hole, value in (
            ("began", "2026-11-20 10:00"),
            ("ended", "2026-11-26 11:00"),
            ("start", "2026-11-22 10:00"),
            ("count", "3"),
        ):
            template = template.replace(f"{{{hole}}}", value)  # noqa: PLW2901
        said = said.replace(template, "")
    assert not said.strip()
    assert words_in("en").retell(said) == said


def test_calls_further_back_than_we_remember_are_said_to_be_left_out(world):
    world.closed(250 * DAY)
    world.born(300 * DAY)
    world.repair()
    assert (
        "were not looked for: Aircall's list and our memory reach no further"
        in (world.notices()[0])
    )
