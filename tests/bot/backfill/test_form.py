"""`backfill` without a time: a form asks for it, and says what is wrong below its field."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from store.backfills import Previews
from tests.bot.backfill.asked import day, preview_of
from tests.bot.team import ADMIN, GERMAN, OWNER
from tests.sync.backfill.past import START, many


def test_without_a_time_a_form_asks_for_it(team):
    many(team.product, 3)
    team.command(ADMIN, "backfill")
    team.choose(ADMIN, "start", day(0))
    team.choose(ADMIN, "end", day(1))
    team.submit(ADMIN)
    assert "I count the calls" in team.shown(ADMIN)
    team.background()
    assert "3 of 3 calls would be logged." in team.direct(ADMIN)[-1]


def test_the_form_takes_times_of_day_in_the_persons_zone(team):
    team.desk.grants.give(GERMAN, by=OWNER, seconds=None)
    team.command(GERMAN, "backfill")
    there = datetime.fromtimestamp(START, ZoneInfo("Europe/Berlin"))
    for name, value in {
        "start": f"{there:%Y-%m-%d}",
        "start_time": f"{there:%H:%M}",
        "end": f"{there:%Y-%m-%d}",
        "end_time": f"{there + timedelta(minutes=1):%H:%M}",
    }.items():
        team.choose(GERMAN, name, value)
    team.submit(GERMAN)
    (id_,) = Previews(team.redis).open()
    preview = Previews(team.redis).of(id_)
    assert (preview.start, preview.end) == (START, START + 60)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"start": day(1), "end": day(0)}, "start", "lies after the end"),
        ({"start": "2020-01-01"}, "start", "the earliest possible day is"),
        ({"start": "2131-01-01"}, "start", "lies in the future"),
        ({"start": day(0), "end": "2131-01-01"}, "end", "lies in the future"),
    ],
)
def test_the_form_says_what_is_wrong_below_its_field(team, typed, field, said):
    team.command(ADMIN, "backfill")
    for name, value in typed.items():
        team.choose(ADMIN, name, value)
    errors = team.submit(ADMIN).errors
    assert list(errors) == [field]
    assert said in errors[field]
    assert Previews(team.redis).open() == ()


def test_the_form_says_what_keeps_it(team):
    many(team.product, 450, every=10)
    preview_of(team)
    team.click(ADMIN, "backfill.start")
    team.command(ADMIN, "backfill")
    team.choose(ADMIN, "start", day(0))
    team.submit(ADMIN)
    assert "A backfill is running already" in team.shown(ADMIN)
    assert "[Stop]" in team.shown(ADMIN)
