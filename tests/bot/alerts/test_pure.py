"""When somebody is reminded, and what of an alert is substance."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.alerts.message import left_behind, message, told_once
from bot.alerts.moments import moment
from bot.alerts.substance import id_of, substance
from bot.words import words_in
from sandbox.slack.blocks import problems, text_lengths
from sandbox.slack.markup import marked_up, mistakes
from store.alerts import Alert, Notice
from store.quiet import Quiet
from store.told import Left, Member, Post, Spot


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


ODD = "<!channel> & \u202eevil *bold* 😀 " + "ف" * 4000
KINDS = ("stage missing 0/1", "pipeline missing 0", "number gone 7", "tag gone 7", "failures", "x")


def members(count, ended):
    about = dict.fromkeys(
        ("name", "number", "tag", "pipeline", "stage", "pipeline_label", "stage_label", "who"), ODD
    )
    about |= {"kinds": "inbound_missed,inbound_voicemail", "revision": "3", "without": "12345"}
    return tuple(
        Member(Alert(f"{KINDS[n % len(KINDS)]} {n}", ODD, n, about), n if ended else None, ODD)
        for n in range(count)
    )


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize("count", [*range(1, 8), 50, 500])
def test_at_their_extremes_messages_keep_slacks_limits_and_call_nobody(count, ended, language):
    words, all_ = words_in(language), members(count, ended)
    post = Post("1", all_, (), "C1", 1, 2, 3, asked_by="U0ADMIN")
    quiets = {each.alert.name: Quiet("U0ADMIN", 1, None, "") for each in all_}
    notices = [Notice(str(n), each.alert.name, ODD, n, {}) for n, each in enumerate(all_)]
    made = [
        message(post, {}, words),
        message(post, quiets, words),
        told_once(notices, words),
        left_behind(Left(Spot("C0", "1"), "moved", 1), post, words),
    ]
    for each in made:
        blocks = list(each.blocks)
        assert not problems("message", {"text": each.text, "blocks": blocks})
        assert not [one for text in marked_up(blocks) for one in mistakes(text)]
        assert len(blocks) <= 40
        assert sum(text_lengths(blocks)) <= 6000
        assert 0 < len(each.text) <= 1000
