"""When somebody is reminded, and what of an alert is substance."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.alerts.moments import moment
from bot.alerts.substance import id_of, substance
from store.alerts import Alert


def ms(zone, *date):
    return int(datetime(*date, tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("when", "now", "then"),
    [
        ("hour", (2026, 11, 26, 22, 30), (2026, 11, 26, 23, 30)),
        ("tomorrow", (2026, 11, 26, 22, 30), (2026, 11, 27, 9, 0)),
        ("tomorrow", (2026, 11, 26, 0, 5), (2026, 11, 27, 9, 0)),
        ("monday", (2026, 11, 26, 22, 30), (2026, 11, 30, 9, 0)),
        ("monday", (2026, 11, 30, 8, 0), (2026, 12, 7, 9, 0)),
        ("monday", (2026, 11, 29, 23, 59), (2026, 11, 30, 9, 0)),
        ("tomorrow", (2026, 3, 28, 12, 0), (2026, 3, 29, 9, 0)),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata"])
def test_people_are_reminded_in_the_morning_where_they_are(when, now, then, zone):
    assert moment(when, ms(zone, *now), zone) == ms(zone, *then)


@pytest.mark.parametrize("zone", ["", "Nowhere/At all", "../etc/passwd"])
def test_a_zone_that_nobody_knows_is_utc(zone):
    now = ms("UTC", 2026, 11, 26, 12, 0)
    assert moment("tomorrow", now, zone) == ms("UTC", 2026, 11, 27, 9, 0)


def alert(sentence, **about):
    return Alert("a", sentence, 0, about)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (alert("1 call was refused.", count="1"), alert("12 calls were refused.", count="12")),
        (alert("1 call waits."), alert("7 calls wait.")),
        (alert("One call has failed."), alert("3 calls have failed.")),
        (alert("1,200 wait since 10:15."), alert("1,300 wait since 11:20.")),
        (alert("It waits for 3 minutes."), alert("It waits for 2 hours.")),
        (alert("x", since="1790000000000"), alert("x", since="1790000000999")),
    ],
)
def test_a_count_and_time_are_no_substance(one, other):
    assert substance(one) == substance(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (alert("The stage New is gone."), alert("The stage Closed is gone.")),
        (alert("x", kinds="inbound_missed"), alert("x", kinds="inbound_missed,inbound_message")),
        (alert("x"), alert("x", who="Eve")),
    ],
)
def test_names_and_sentences_are(one, other):
    assert substance(one) != substance(other)


def test_an_id_is_short_whatever_the_name():
    assert len(id_of("tag gone " + "ü" * 500)) == 16
    assert id_of("a") != id_of("b")
