"""*Ask for access*: a refused member asks, one admin decides with one click."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.admins.access_requests import question
from bot.words import words_in
from store import keys
from store.access_requests import AccessRequests
from tests.bot.team import (
    ADMIN,
    CALLS,
    GERMAN,
    GUEST,
    MEMBER,
    OLD,
    OTHER_MEMBER,
    OWNER,
    SHARED,
    STRANGER,
)


def ask(team, user=MEMBER):
    team.command(user, "general")
    team.click(user, "Ask for access")


def may(team, user=MEMBER):
    return team.desk.judge(user, team.desk.people.find(user)).may("admins")


@pytest.mark.slack(admins=[OTHER_MEMBER])
def test_a_refused_member_is_told_whom_to_ask_and_gets_a_button(team):
    team.command(MEMBER, "general")
    shown = team.shown(MEMBER)
    assert "Only admins of this integration may do this. You can ask @omar." in shown
    assert "[Ask for access]" in shown


def test_without_a_known_admin_those_of_the_workspace_are_named(team):
    team.command(MEMBER, "general")
    assert "You can ask an admin of this Slack workspace." in team.shown(MEMBER)


def test_a_guest_gets_no_button(team):
    team.command(GUEST, "general")
    assert "Only admins of this integration may do this." in team.shown(GUEST)
    assert "[Ask for access]" not in team.shown(GUEST)


def test_the_request_goes_to_the_channel_with_what_can_be_done(team):
    ask(team)
    assert team.shown(MEMBER).startswith("The admins were asked.")
    assert "[Ask for access]" not in team.shown(MEMBER)
    text = team.channel(CALLS)
    assert "@jeanne asks for the right to change the settings" in text
    assert "[Grant] [Grant for a day] [⋯ Refuse]" in text
    assert not may(team)


def test_one_click_grants_for_good_and_everybody_is_told(team):
    ask(team)
    team.click(ADMIN, "Grant")
    assert may(team)
    assert team.desk.grants.of(MEMBER).until is None
    assert team.desk.grants.of(MEMBER).by == ADMIN
    assert team.channel(CALLS) == "@adam granted @jeanne the right to change the settings."
    assert team.direct(MEMBER) == [
        "@adam granted you the right to change the settings of this integration."
    ]


def test_a_grant_for_a_day_ends_by_itself(team):
    ask(team)
    team.click(ADMIN, "Grant for a day")
    grant = team.desk.grants.of(MEMBER)
    assert grant.until - grant.at == 86_400_000
    assert "for a day" in team.channel(CALLS)
    team.desk.grants.give(MEMBER, by=ADMIN, seconds=0)
    assert not may(team)


def test_a_refusal_is_told_and_not_asked_again_the_same_day(team):
    ask(team)
    team.click(ADMIN, "access.refuse", "Refuse")
    assert not may(team)
    assert team.channel(CALLS) == "@adam refused @jeanne the right to change the settings."
    assert "does not grant you" in team.direct(MEMBER)[-1]
    ask(team)
    assert "@adam refused this. You can ask again tomorrow" in team.shown(MEMBER)
    assert len(team.messages(CALLS)) == 1
    team.redis.delete(keys.decided(MEMBER))
    ask(team)
    assert len(team.messages(CALLS)) == 2


def test_asking_again_does_not_ask_the_admins_again(team):
    ask(team)
    ask(team)
    ask(team)
    assert team.shown(MEMBER) == "You have asked already; an admin will decide."
    assert len(team.messages(CALLS)) == 1


def test_everybody_may_have_a_request_of_their_own(team):
    ask(team, MEMBER)
    ask(team, OTHER_MEMBER)
    team.click(ADMIN, "Grant", where=team.slack.messages(CALLS)[0])
    assert may(team, MEMBER)
    assert not may(team, OTHER_MEMBER)
    assert "[Grant]" in team.channel(CALLS)


def test_a_second_click_says_that_it_is_decided(team):
    ask(team)
    open_ = team.slack.messages(CALLS)[0]
    team.slack.fault("500", path="/api/chat.update")
    team.click(ADMIN, "access.refuse", "Refuse", where=open_)
    team.click(OWNER, "Grant", where=open_)
    said = team.shown(OWNER)
    assert said == (
        "This is decided already. @adam refused @jeanne the right to change the settings."
    )
    assert not may(team)


def test_of_two_admins_at_once_one_decides(team):
    ask(team)
    message = team.slack.messages(CALLS)[0]
    with ThreadPoolExecutor(2) as both:
        granted = both.submit(team.slack.click, ADMIN, message, "Grant")
        refused = both.submit(team.slack.click, OWNER, message, "access.refuse", "Refuse")
        granted.result()
        refused.result()
    team.settle()
    decision = AccessRequests(team.redis).decision(MEMBER)
    assert may(team) is (decision.verdict == "granted")
    late = OWNER if decision.by == ADMIN else ADMIN
    assert "This is decided already." in team.shown(late)


def test_members_and_the_one_who_asks_cannot_decide(team):
    ask(team)
    team.click(MEMBER, "Grant", where=team.slack.messages(CALLS)[0])
    team.click(OTHER_MEMBER, "Grant", where=team.slack.messages(CALLS)[0])
    assert not may(team)
    assert "Only admins" in team.shown(OTHER_MEMBER)


@pytest.mark.slack(channel="", admins=[OTHER_MEMBER])
def test_without_a_channel_each_admin_is_asked_directly_and_all_see_the_end(team):
    team.desk.grants.give(GERMAN, by=OTHER_MEMBER)
    ask(team)
    assert "asks for the right" in team.direct(OTHER_MEMBER)[-1]
    assert len(team.direct(GERMAN)) == 1
    team.click(OTHER_MEMBER, "Grant")
    for admin in (OTHER_MEMBER, GERMAN):
        assert team.direct(admin) == ["@omar granted @jeanne the right to change the settings."]


@pytest.mark.slack(channel=OLD, admins=[OTHER_MEMBER])
def test_an_archived_channel_is_replaced_by_direct_messages(team):
    ask(team)
    assert "asks for the right" in team.direct(OTHER_MEMBER)[-1]


@pytest.mark.slack(channel="")
def test_where_nobody_can_be_asked_that_is_said_and_can_be_tried_again(team):
    ask(team)
    assert "There is nobody here whom we could ask for you" in team.shown(MEMBER)
    assert AccessRequests(team.redis).of(MEMBER) is None


def test_a_slack_that_fails_leaves_no_request_behind(team):
    team.command(MEMBER, "general")
    team.slack.fault("503", path="/api/chat.postMessage")
    team.click(MEMBER, "Ask for access")
    assert "Please try again" in team.shown(MEMBER)
    assert AccessRequests(team.redis).of(MEMBER) is None
    ask(team)
    assert len(team.messages(CALLS)) == 1


def test_somebody_who_became_a_guest_meanwhile_is_not_granted_anything(team):
    ask(team)
    team.slack.set_roles(MEMBER, "is_restricted")
    team.forget_people()
    team.click(ADMIN, "Grant")
    assert "Guests can never be admins of this integration." in team.shown(ADMIN)
    assert team.desk.grants.of(MEMBER) is None
    assert AccessRequests(team.redis).of(MEMBER) is not None, "it can still be refused"


def test_an_admin_who_clicks_an_old_button_is_told_that_they_may(team):
    team.command(MEMBER, "general")
    team.desk.grants.give(MEMBER, by=OWNER)
    team.click(MEMBER, "Ask for access")
    assert team.shown(MEMBER) == "You may change the settings already."


@pytest.mark.parametrize("value", ["", "x", "U", "<!channel>", "U0NOBODY"])
def test_a_made_up_person_is_granted_nothing(team, value):
    ask(team)
    message = team.slack.messages(CALLS)[0]
    message.blocks[-1]["elements"][0]["value"] = value
    team.click(ADMIN, "Grant", where=message)
    assert team.shown(ADMIN)
    assert team.desk.grants.all() == ()


def test_a_stranger_is_not_told_whom_to_ask(team):
    url = team.slack.house.response_url(STRANGER, SHARED)
    team.slack.deliver("slash_commands", command_of(STRANGER, "T0FOREIGN", url))
    team.settle()
    assert team.shown(STRANGER) == "Only people of this workspace may use this integration."


def command_of(user, team, url):
    return {
        "command": "/aircall-hubspot",
        "text": "general",
        "team_id": team,
        "user_id": user,
        "channel_id": SHARED,
        "trigger_id": "1.2.3",
        "response_url": url,
    }


def test_a_name_with_markup_calls_nobody():
    message = question("U1", "<!channel>", words_in("en"))
    assert message.text.startswith("<!channel>"), "plain: it is escaped when it is sent"
    assert "<!channel>" not in str(message.blocks)


def test_a_day_does_not_replace_what_was_granted_for_good_meanwhile(team):
    ask(team)
    team.desk.grants.give(MEMBER, by=OWNER)
    team.click(ADMIN, "Grant for a day")
    assert "for good meanwhile" in team.shown(ADMIN)
    assert team.desk.grants.of(MEMBER).until is None


def test_nobody_is_told_of_a_right_that_was_not_given_after_all(team, monkeypatch):
    ask(team)
    monkeypatch.setattr("bot.admins.access_requests.grant", lambda *_: "Not now.")
    team.click(ADMIN, "Grant")
    assert team.shown(ADMIN) == "Not now."
    assert not team.direct(MEMBER)
