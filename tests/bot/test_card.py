"""The card and the Home tab, of facts at their extremes: valid by Slack's rules, and readable."""

from dataclasses import replace

import pytest

from bot.asking.standing import Rank, Standing
from bot.integration.switch import Switch
from bot.status.card import MOST_ALERTS, card
from bot.status.facts import Facts, Paused
from bot.status.fixes import BY_NAME, fixes_of
from bot.status.home import view_of
from bot.status.sentences import PAUSES
from bot.words import words_in
from sandbox.slack.blocks import elements_of, problems, text_lengths
from sandbox.slack.markup import marked_up, mistakes
from store.alerts import Alert
from store.channel import Trouble
from store.settings import Author
from store.tally import Tally
from store.waiting import Waits

NOW = 1_790_000_000_000
ODD = "<!channel> & \u202eevil *bold* 😀 " + "ف" * 170
ADA = Author("admin", "U0ADMIN", "Ada")
QUIET = Facts(
    now=NOW,
    name="Aircall – HubSpot",
    revision=7,
    switch=Switch(enabled=True, at=NOW - 86_400_000, author=ADA),
    numbers=("Sales", "Support"),
    hours_count=False,
    channel="C0CALLS",
    last_event=NOW - 60_000,
    beat=NOW - 1000,
    looked=NOW - 300_000,
)
NEW = replace(
    QUIET,
    revision=1,
    switch=Switch(enabled=False, at=NOW, author=Author("file", name="settings.toml")),
    numbers=(),
    channel="",
    last_event=None,
    beat=None,
    looked=None,
)


def alert(name: str, sentence: str = ODD) -> Alert:
    return Alert(name, sentence, NOW - 1, {})


WORST = Facts(
    now=NOW,
    name=ODD[:80],
    revision=100_000,
    switch=Switch(enabled=False, at=0, author=Author("cli", name=ODD)),
    numbers=tuple(f"{ODD}{n}" for n in range(1000)),
    hours_count=True,
    channel="C0CALLS",
    channel_in_file=False,
    last_event=0,
    today=Tally(10**7, {f"{ODD}{n}": 10**6 for n in range(20)}, failed=10**6, hours_unknown=12_345),
    waiting=10**6,
    waits=Waits({"hubspot": 10**5, "aircall": 7, "disabled": 3}, 0),
    failures=1000,
    unreadable=1000,
    without_ticket=1,
    paused={"hubspot": Paused(0, "daily limit"), "aircall": Paused(NOW, ODD)},
    trouble=Trouble("C0CALLS", ODD, "not_in_channel", NOW),
    causes={f"{ODD}{n}": n for n in range(200)},
    alerts=tuple(alert(f"{start}{n}", ODD * 20) for n in range(9) for start, _ in BY_NAME),
    beat=0,
    looked=0,
    not_unique=("calls", "communications", "tickets"),
    redis=("Redis has appendfsync no: about 30 seconds of accepted events may be lost.",) * 4,
)
ALL = {
    "quiet": QUIET,
    "new": NEW,
    "worst": WORST,
    "failing": replace(QUIET, failures=1, alerts=(alert("hubspot refuses"),)),
    "new and failing": replace(NEW, failures=1, alerts=(alert("number gone 7"),)),
    "emptied": replace(NEW, numbers="all", alerts=(alert("store emptied"),)),
}
RANKS = {
    "guest": Standing(Rank.GUEST, "guest"),
    "member": Standing(Rank.MEMBER, "member"),
    "admin": Standing(Rank.ADMIN, "listed"),
}
EN = words_in("en")


def buttons(blocks) -> list[dict]:
    found = [element for block in blocks for _, element in elements_of(block)]
    return [each for each in found if each["type"] == "button"]


def menu(blocks) -> list[str]:
    found = [element for block in blocks for _, element in elements_of(block)]
    options = [each["options"] for each in found if each["type"] == "overflow"]
    return [option["value"] for each in options for option in each]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("facts", ALL)
def test_every_card_is_one_that_slack_takes(facts, rank, language):
    made = card(ALL[facts], words_in(language), RANKS[rank])
    blocks = list(made.blocks)
    assert problems("message", {"blocks": blocks}) == []
    assert list(mistakes_in(blocks)) == []
    assert made.text.endswith(".")
    assert len(made.text) < 1000
    assert len(blocks) < 40
    assert len(buttons(blocks)) <= 2
    assert all(each["accessibility_label"] for each in buttons(blocks))
    assert sum(text_lengths(blocks)) < 12_000


@pytest.mark.parametrize("facts", ["quiet", "new"])
def test_an_everyday_card_is_short(facts):
    blocks = list(card(ALL[facts], EN, RANKS["admin"]).blocks)
    assert sum(text_lengths(blocks)) < 1500


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("facts", ALL)
def test_every_home_tab_is_one_that_slack_takes(facts, rank, language):
    view = view_of(ALL[facts], words_in(language), RANKS[rank])
    assert problems("home", view) == []
    assert list(mistakes_in(view["blocks"])) == []


def mistakes_in(blocks):
    for text in marked_up(blocks):
        yield from mistakes(text)


@pytest.mark.parametrize("rank", ["guest", "member"])
def test_who_may_change_nothing_is_offered_nothing_that_changes(rank):
    for facts in ALL.values():
        for blocks in (
            card(facts, EN, RANKS[rank]).blocks,
            view_of(facts, EN, RANKS[rank])["blocks"],
        ):
            offered = [element for block in blocks for _, element in elements_of(block)]
            assert [each["action_id"] for each in offered] == ["status.refresh"]


def first_button(facts: Facts) -> str:
    return named(buttons(card(facts, EN, RANKS["admin"]).blocks))[0]


def named(elements) -> list[str]:
    return [each["action_id"].partition("#")[0] for each in elements]


def test_the_first_button_is_what_is_needed_most():
    assert first_button(NEW) == "edit.numbers"
    assert first_button(replace(NEW, numbers="all")) == "enable"
    assert first_button(QUIET) == "open.settings"
    assert first_button(replace(QUIET, failures=1)) == "status.more"
    assert first_button(replace(QUIET, alerts=(alert("stage missing 0/1"),))) == "edit.tickets"


def test_fixes_that_have_no_room_beside_stand_in_the_menu():
    alerts = (alert("stage missing 0/1"), alert("number gone 7"), alert("owner archived 1"))
    made = card(replace(QUIET, alerts=alerts), EN, RANKS["admin"])
    assert named(buttons(made.blocks)) == ["edit.tickets", "edit.numbers"]
    assert menu(made.blocks) == ["general", "status", "settings", "failures", "history"]


def test_the_menu_repeats_no_button():
    assert menu(card(QUIET, EN, RANKS["admin"]).blocks) == ["failures", "history", "check"]


def test_all_that_the_menu_offers_are_commands_and_all_buttons_actions(team):
    for facts in ALL.values():
        for blocks in (
            card(facts, EN, RANKS["admin"]).blocks,
            view_of(facts, EN, RANKS["admin"])["blocks"],
        ):
            assert set(menu(blocks)) <= set(team.routes.commands)
            for block in blocks:
                for _, element in elements_of(block):
                    action = element["action_id"].partition("#")[0]
                    assert action in team.routes.actions
                    if action == "status.more" and "value" in element:
                        assert element["value"] in team.routes.commands


def test_every_fix_of_an_alert_is_there(team):
    for fix in (fix for _, fixes in BY_NAME for fix in fixes):
        assert fix.action in team.routes.actions
        assert not fix.command or fix.command in team.routes.commands


def test_a_fix_opens_the_form_at_the_first_stage_that_is_missing():
    about = {"kinds": "inbound_missed,inbound_voicemail"}
    (fix,) = fixes_of(Alert("stage missing 0/1", "", NOW, about))
    assert fix.button(EN)["value"] == "tickets.stages.inbound_missed"
    (beside,) = fixes_of(Alert("stage missing 0/1", "", NOW, {}))
    assert beside.button(EN)["value"] == "tickets"


def test_alerts_that_no_button_helps_against_get_none():
    assert fixes_of(alert("door closed")) == ()
    assert fixes_of(alert("daily limit near")) == ()
    blocks = view_of(replace(QUIET, alerts=(alert("door closed"),)), EN, RANKS["admin"])["blocks"]
    assert not any("accessory" in block for block in blocks if "evil" in str(block))


def test_more_alerts_than_fit_are_counted():
    alerts = tuple(alert(f"door closed {n}", f"Problem {n}.") for n in range(20))
    made = str(card(replace(QUIET, alerts=alerts), EN, RANKS["admin"]).blocks)
    assert f"Problem {MOST_ALERTS - 1}." in made
    assert f"Problem {MOST_ALERTS}." not in made
    assert "and 12 more alerts" in made


def said(facts: Facts, rank: str = "admin") -> str:
    return "\n".join(marked_up(list(card(facts, EN, RANKS[rank]).blocks)))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "*Enabled* since <!date^1789913600^{date_short_pretty} {time}|"),
        ({}, ", by <@U0ADMIN>."),
        ({"numbers": "all"}, "*Connected numbers*: all, new ones too"),
        ({}, "*Connected numbers*: Sales and Support"),
        ({"numbers": tuple("ABCDEFG")}, "*Connected numbers*: A, B, C, D, E and 2 more"),
        ({"numbers": ()}, "*Connected numbers*: none yet, so nothing can be logged"),
        ({}, "*Waiting*: none"),
        ({"waiting": 1}, "*Waiting*: 1"),
        (
            {"waiting": 1200, "waits": Waits({"hubspot": 1000, "disabled": 2}, NOW - 240_000)},
            "*Waiting*: 1,200, the oldest for 4 minutes "
            "(1,000 for HubSpot, 2 until the integration is enabled)",
        ),
        (
            {"today": Tally(14, {"disabled": 2, "outside business hours": 1}, 4)},
            "*Today*: 14 logged, 3 ignored, 4 failed "
            "(ignored: 2 disabled, 1 outside business hours)",
        ),
        ({"last_event": None}, "*Last event from Aircall*: none yet"),
        ({"failures": 1000}, "*Failures to look at*: 1,000"),
        ({"channel": ""}, "*Slack*: no channel is chosen"),
        ({}, "*Slack*: announcements go to <#C0CALLS>"),
        (
            {"trouble": Trouble("C0CALLS", "x", "not_in_channel", NOW)},
            "nothing reaches <#C0CALLS>. I am not in that channel.",
        ),
        ({"trouble": Trouble("C0CALLS", "x", "odd_code", NOW)}, "Slack refuses our posts there"),
        ({"trouble": Trouble("C0CALLS", "x", "", NOW)}, "Slack did not answer when we last posted"),
        ({}, "*HubSpot*: no trouble"),
        ({"paused": {"hubspot": Paused(NOW, "down")}}, ": it does not answer"),
        ({"beat": None}, "was never seen. Is it running?"),
        ({"beat": 1000}, "was last seen <!date^1^"),
        ({"not_unique": ("calls", "tickets")}, "no unique property on calls and tickets"),
        ({"redis": ("Redis is a replica.",)}, "Redis is a replica."),
        ({"without_ticket": 1}, "1 interaction has no ticket"),
        ({"without_ticket": 2}, "2 interactions have no ticket"),
        ({"unreadable": 3}, "3 deliveries of Aircall could not be read"),
        ({"causes": {"a": 1, "b": 3}}, "counted as unanswered: b (3 times), a (1 times)"),
        (
            {"hours_count": True, "today": Tally(2, {}, 0, 2)},
            "Of 2 logged today nothing told whether they came within business hours.",
        ),
        ({"looked": None}, "Settings: revision 7."),
        ({"alerts": (alert("x", "It <b>burns</b>."),)}, ":warning: It &lt;b&gt;burns&lt;/b&gt;. _"),
    ],
)
def test_what_a_card_says(changed, sentence):
    assert sentence in said(replace(QUIET, **changed))


def test_a_disabled_card_says_what_that_means():
    text = said(NEW)
    assert "*Disabled* since" in text
    assert "by settings.toml." in text
    assert "not logged later by themselves" in text


def test_a_deleted_integration_says_so_and_how_to_begin_anew():
    gone = replace(NEW, deleted=True)
    assert "*Deleted* <!date" in said(gone)
    assert "choose numbers and enable" in said(gone)
    assert card(gone, EN, RANKS["member"]).text.startswith("Aircall – HubSpot was deleted. Today")
    assert first_button(gone) == "edit.numbers"


@pytest.mark.parametrize("author", [Author("system"), Author("cli", name="root")])
def test_whoever_turned_it_is_named(author):
    switch = Switch(enabled=True, at=1, author=author)
    named = {"system": "by the integration itself.", "cli": "by root in a shell."}
    assert named[author.kind] in said(replace(QUIET, switch=switch))


def test_a_missing_pipeline_names_the_kinds_that_lost_their_tickets():
    about = {"pipeline": "7", "stage": "", "kinds": "inbound_missed,outbound_message"}
    facts = replace(QUIET, alerts=(Alert("pipeline missing 7", "x", 1, about),))
    assert (
        "The ticket pipeline “7” is missing in HubSpot. No tickets are opened any more for: Missed "
        "incoming call without voicemail, Outgoing message."
    ) in said(facts)


def test_unknown_hours_are_told_only_where_hours_count():
    assert "business hours" not in said(replace(QUIET, today=Tally(2, {}, 0, 2)))


def test_what_only_an_operator_can_mend_is_not_told_to_everybody():
    facts = replace(QUIET, redis=("Redis is a replica.",), beat=None)
    assert "Redis is a replica." not in said(facts, "member")
    assert "Is it running?" not in said(facts, "member")


def test_the_text_is_the_whole_in_full_sentences():
    facts = replace(QUIET, today=Tally(3, {"disabled": 1}, 2), waiting=4, alerts=(alert("x"),))
    assert card(facts, EN, RANKS["guest"]).text == (
        "Aircall – HubSpot is enabled. Today: 3 logged, 1 ignored, 2 failed. Waiting: 4. "
        "Open alerts: 1."
    )


def test_every_word_of_a_pause_is_said_in_words():
    from typing import get_args  # noqa: PLC0415

    from clients.errors import Reason  # noqa: PLC0415

    assert set(get_args(Reason)) <= set(PAUSES)
