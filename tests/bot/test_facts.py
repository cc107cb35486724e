"""The facts of the status: read from the store alone, for the reader's own day."""

from datetime import UTC, datetime

import pytest

from bot.integration.switch import switched
from bot.status.facts import Paused, gather, midnight
from rules.settings import Settings, with_value
from store import keys
from store.channel import Channel
from store.connection import now_ms
from store.settings import Author, Revisions
from store.tally import QUARTER
from store.tombstone import DELETED
from tests.bot.team import CALLS

ADA, BOB = Author("admin", "U1", "Ada"), Author("admin", "U2", "Bob")


def ms(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "now", "began"),
    [
        ("UTC", ms(2026, 9, 21, 13), ms(2026, 9, 21)),
        ("Europe/Paris", ms(2026, 9, 21, 22, 30), ms(2026, 9, 21, 22)),
        ("America/New_York", ms(2026, 9, 21, 3, 59), ms(2026, 9, 20, 4)),
        ("Asia/Kolkata", ms(2026, 9, 21, 18, 30), ms(2026, 9, 21, 18, 30)),
        ("Asia/Kathmandu", ms(2026, 9, 21, 18, 14), ms(2026, 9, 20, 18, 15)),
        ("Europe/Paris", ms(2026, 10, 25, 22, 59), ms(2026, 10, 24, 22)),
        ("Nowhere/At_All", ms(2026, 9, 21, 13), ms(2026, 9, 21)),
        ("../../etc/passwd", ms(2026, 9, 21, 13), ms(2026, 9, 21)),
        ("", ms(2026, 9, 21, 13), ms(2026, 9, 21)),
    ],
)
def test_today_begins_at_the_readers_midnight(zone, now, began):
    assert midnight(now, zone) == began
    assert began % QUARTER == 0


def test_who_turned_it_is_the_last_to_change_it_not_the_last_to_save(redis_client):
    revisions = Revisions(redis_client)
    first = revisions.save(Settings(numbers="all"), ADA, 0)
    assert switched([first], first).author == ADA
    on = revisions.save(with_value(first.settings, "enabled", value=True), BOB, 1)
    last = revisions.save(with_value(on.settings, "name", "Phones"), ADA, 2)
    turned = switched(revisions.all(), last)
    assert (turned.enabled, turned.author, turned.at) == (True, BOB, on.at)


def test_the_facts_of_a_quiet_start(team):
    facts = gather(team.product.shop, "Europe/Paris")
    assert facts.switch.enabled
    assert (facts.numbers, facts.waiting, facts.failures) == ("all", 0, 0)
    assert (facts.channel, facts.channel_in_file, facts.trouble) == (CALLS, True, None)
    assert (facts.last_event, facts.beat, facts.clock_stands) == (None, None, True)
    assert (facts.redis, facts.not_unique, facts.paused) == ((), (), {})
    assert facts.looked is not None


def test_no_vendor_is_asked_for_the_facts(team):
    world = team.product.sandbox
    before = (len(world.hubspot.world.requests), len(team.slack.calls()))
    gather(team.product.shop, "Europe/Paris")
    assert (len(world.hubspot.world.requests), len(team.slack.calls())) == before


def test_the_facts_count_what_is_wrong(team):
    redis, shop = team.redis, team.product.shop
    shop.limits.pause("hubspot", 60, "down")
    redis.zadd(keys.FAILURES, {"call-1": 1, "call-2": 2})
    redis.lpush(keys.UNREADABLE, "{}")
    redis.zadd(keys.UNLOGGED, {"call-3": 1})
    redis.hset(keys.CAUSES, "ghost", 3)
    redis.set(keys.BEAT, now_ms(redis) - 61_000)
    redis.set(keys.LAST_EVENT, 5)
    shop.alerts.raise_("door closed", "No events are taken in.")
    shop.directory.write("unique", {"calls": True, "tickets": False})
    Channel(redis).failed(CALLS, "not_in_channel", "not_in_channel")
    facts = gather(shop, "")
    assert facts.paused == {"hubspot": Paused(facts.paused["hubspot"].since, "down")}
    assert (facts.failures, facts.unreadable, facts.without_ticket) == (2, 1, 1)
    assert facts.causes == {"ghost": 3}
    assert facts.clock_stands
    assert facts.last_event == 5
    assert [each.name for each in facts.alerts] == ["door closed"]
    assert facts.not_unique == ("tickets",)
    assert facts.trouble is not None
    redis.set(keys.BEAT, now_ms(redis))
    assert not gather(shop, "").clock_stands


def test_a_pause_that_is_over_and_waits_for_its_probe_is_still_told(team):
    team.product.shop.limits.pause("aircall", 0, "rate limit")
    assert gather(team.product.shop, "").paused["aircall"].reason == "rate limit"


def test_connected_numbers_are_named_and_a_vanished_one_is_its_id(team):
    team.product.set(numbers=[1001, 77])
    names = gather(team.product.shop, "").numbers
    known = {each.id: each.name for each in team.product.shop.directory.read().numbers}
    assert set(names) == {known.get(1001, "1001"), "77"}


def test_who_deleted_it_is_told_though_another_disabled_it_before(team):
    revisions = team.product.shop.revisions
    team.product.set(enabled=False)
    gone = revisions.save(Settings(), BOB, 2, DELETED, even_unchanged=True)
    facts = gather(team.product.shop, "")
    assert facts.deleted
    assert (facts.switch.author, facts.switch.at) == (BOB, gone.at)
    team.product.set(numbers="all")
    assert not gather(team.product.shop, "").deleted
