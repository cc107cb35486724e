"""What is wrong with a past time that an admin types, in words that help."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.asking.acts import Act
from bot.asking.asked import Asked
from bot.asking.people import Person
from bot.asking.standing import Rank, Standing
from bot.backfill.asking import refusal
from bot.backfill.span import Span
from bot.words import words_in
from store.backfills import Previews
from store.connection import now_ms
from tests.bot.backfill.asked import forge, preview_of
from tests.bot.team import ADMIN
from tests.sync.backfill.past import DAY, START, many


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("next week", "“next” is no date or time that I can read."),
        ("11/01/2026", "“11/01/2026” is no date"),
        ("<!channel> today", "<!channel>” is no date"),
        ("2026-02-30", "There is no such day as “2026-02-30”."),
        ("yesterday 25:00", "“25:00” is no time of day"),
        ("today yesterday", "lies after the end"),
        ("2131-01-01", "lies in the future"),
        ("yesterday 2131-01-01", "leave it out for all until now"),
        ("2020-01-01 today", "Aircall tells of the last six months only"),
        ("yesterday today 2026-11-01", "“2026-11-01” is too much."),
        ("to", "Say from when to when."),
    ],
)
def test_what_is_wrong_with_a_time_is_named_with_an_example(team, typed, said):
    team.command(ADMIN, f"backfill {typed}")
    shown = team.shown(ADMIN)
    assert said in shown
    assert "backfill 2026-11-01 2026-11-03" in shown
    assert Previews(team.redis).open() == ()


def test_the_earliest_possible_day_is_named(team):
    team.command(ADMIN, "backfill 2020-01-01")
    assert "the earliest possible day is" in team.shown(ADMIN)
    assert "<!date^" in str(team.slack.ephemerals(ADMIN)[-1].blocks)


def test_a_time_that_is_forgotten_here_is_refused_where_it_could_double(team):
    shop = team.desk.shop
    retention = shop.file.retention.model_copy(update={"ids": 10})
    file = shop.file.model_copy(update={"retention": retention})
    act, who = Act("command", ADMIN), Standing(Rank.ADMIN, "listed")
    desk = replace(team.desk, shop=replace(shop, file=file))
    asked = Asked(desk, act, Person(ADMIN), who, words_in("en"))
    span = Span(START, START + 100)
    assert refusal(asked, span) is None
    shop.directory.write("unique", {"calls": False})
    refused = refusal(asked, span)
    assert "could be logged twice" in refused.text
    now = now_ms(team.redis) // 1000
    assert refusal(asked, Span(now - 5 * DAY, now)) is None


def test_counting_again_a_time_that_became_too_old_is_refused(team):
    many(team.product, 1)
    preview_of(team)
    forge(team, "backfill.again", "again 1000 2000")
    assert "Aircall tells of the last six months only" in team.direct(ADMIN)[-1]
