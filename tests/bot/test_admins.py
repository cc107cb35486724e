"""`admins`: who may change settings and why; grant and revoke."""

import threading

import pytest

from store.grants import Grants
from tests.bot.team import (
    ADMIN,
    GERMAN,
    GONE,
    GUEST,
    MEMBER,
    OTHER_MEMBER,
    OWNER,
    ROBOT,
)


def grant(team, by, who, how):
    team.choose(by, "person", who)
    team.choose(by, "right", how)
    return team.submit(by)


@pytest.mark.slack(admins=[OTHER_MEMBER])
def test_it_lists_who_may_and_why(team):
    team.desk.grants.give(MEMBER, by=OTHER_MEMBER)
    team.desk.grants.give(GERMAN, by=OTHER_MEMBER, seconds=86_400)
    team.command(ADMIN, "admins")
    shown = team.shown(ADMIN)
    assert "Listed in settings.toml: @omar" in shown
    assert "Admins and owners of this Slack workspace: all of them" in shown
    assert "@jeanne, by @omar, today" in shown
    assert "until tomorrow" in shown
    assert shown.count("[Revoke]") == 2


@pytest.mark.slack(workspace_admins=False, admins=[ADMIN])
def test_it_says_that_workspace_admins_may_not(team):
    team.command(ADMIN, "admins")
    assert "Admins and owners of this Slack workspace: not as such" in team.shown(ADMIN)
    assert "Granted in Slack: nobody" in team.shown(ADMIN)


def test_a_grant_for_good_counts_at_once(team):
    team.command(ADMIN, "admins")
    grant(team, ADMIN, MEMBER, "For good")
    assert "@jeanne may change the settings." in team.shown(ADMIN)
    assert "@jeanne, by @adam, today" in team.shown(ADMIN)
    team.command(MEMBER, "general")
    assert team.shown(MEMBER).startswith("# General")


def test_a_grant_for_a_day_says_until_when(team):
    team.command(ADMIN, "admins")
    grant(team, ADMIN, MEMBER, "For a day")
    assert "@jeanne may change the settings for a day." in team.shown(ADMIN)
    assert "until tomorrow" in team.shown(ADMIN)


def test_a_revoked_one_loses_it_at_once(team):
    team.desk.grants.give(MEMBER, by=OWNER)
    team.command(ADMIN, "admins")
    acted = team.click(ADMIN, "Revoke")
    assert acted.confirm["title"]["text"] == "Revoke the right?"
    assert "The right of @jeanne was revoked." in team.shown(ADMIN)
    team.command(MEMBER, "general")
    assert "Only admins" in team.shown(MEMBER)


def test_the_form_revokes_too(team):
    team.desk.grants.give(MEMBER, by=OWNER)
    team.command(ADMIN, "admins")
    grant(team, ADMIN, MEMBER, "No longer: revoke what was granted")
    assert "The right of @jeanne was revoked." in team.shown(ADMIN)
    assert team.desk.grants.of(MEMBER) is None


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (GUEST, "Guests can never be admins of this integration."),
        (ROBOT, "An app or bot can never be an admin of this integration."),
        (GONE, "This account is deactivated."),
    ],
)
def test_who_can_never_be_one_is_refused_under_the_field(team, who, said):
    team.command(ADMIN, "admins")
    acted = grant(team, ADMIN, who, "For good")
    assert acted.errors == {"person": said}
    assert team.desk.grants.all() == ()


@pytest.mark.slack(admins=[MEMBER])
@pytest.mark.parametrize("how", ["For good", "No longer: revoke what was granted"])
def test_a_listed_one_is_neither_granted_nor_revoked_in_slack(team, how):
    team.command(ADMIN, "admins")
    acted = grant(team, ADMIN, MEMBER, how)
    assert "listed in settings.toml" in acted.errors["person"]


def test_a_workspace_admin_cannot_be_revoked_and_that_is_explained(team):
    team.command(ADMIN, "admins")
    acted = grant(team, ADMIN, OWNER, "No longer: revoke what was granted")
    assert "They are an admin of this workspace." in acted.errors["person"]


def test_whoever_has_no_right_has_none_to_be_revoked(team):
    team.command(ADMIN, "admins")
    acted = grant(team, ADMIN, MEMBER, "No longer: revoke what was granted")
    assert acted.errors["person"] == "They hold no right that could be revoked."


@pytest.mark.slack(workspace_admins=False)
def test_the_last_admin_is_not_revoked_by_mistake(team):
    team.desk.grants.give(MEMBER, by=OWNER)
    team.command(MEMBER, "admins")
    team.click(MEMBER, "Revoke")
    assert "This is the last person who holds the right for good" in team.shown(MEMBER)
    assert team.desk.grants.of(MEMBER) is not None


@pytest.mark.slack(workspace_admins=False)
def test_the_last_one_for_good_does_not_become_one_for_a_day(team):
    team.desk.grants.give(MEMBER, by=OWNER)
    team.desk.grants.give(GERMAN, by=OWNER, seconds=86_400)
    team.command(MEMBER, "admins")
    acted = grant(team, MEMBER, MEMBER, "For a day")
    assert "the last person who holds the right for good" in acted.errors["person"]


@pytest.mark.slack(workspace_admins=False, admins=[OWNER])
def test_somebody_listed_is_enough_for_others_to_be_revoked(team):
    team.desk.grants.give(MEMBER, by=OWNER)
    team.command(MEMBER, "admins")
    team.click(MEMBER, "Revoke")
    assert team.desk.grants.all() == ()


def test_two_who_revoke_one_another_leave_one(redis_client):
    for _ in range(20):
        grants = Grants(redis_client)
        grants.give("U1", by="U0")
        grants.give("U2", by="U0")
        threads = [
            threading.Thread(target=grants.take_unless_last, args=(user,)) for user in ("U1", "U2")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(grants.all()) == 1


def test_a_hundred_granted_ones_fit_into_the_list(team):
    for number in range(100):
        team.desk.grants.give(f"U0GRANT{number}", by=OWNER)
    team.command(ADMIN, "admins")
    assert "and 60 more" in team.shown(ADMIN)


def test_slack_that_cannot_be_asked_grants_nothing(team):
    team.desk.grants.give(ADMIN, by=OWNER)
    team.command(ADMIN, "admins")
    team.choose(ADMIN, "person", MEMBER)
    team.slack.fault("503", path="/api/users.info", times=None)
    acted = team.submit(ADMIN)
    assert "Slack could not be asked who that is." in acted.errors["person"]
    team.slack.come_back()


def test_a_right_revoked_in_a_list_that_changed_meanwhile_is_said_to_be_revoked(team):
    team.desk.grants.give(MEMBER, by=OWNER)
    team.command(ADMIN, "admins")
    view = team.slack.modal(ADMIN).shown() | {"hash": "1.former"}
    action = {"type": "button", "action_id": "admins.revoke#x", "value": MEMBER}
    payload = {
        "type": "block_actions",
        "team": {"id": "T0SANDBOX"},
        "user": {"id": ADMIN, "team_id": "T0SANDBOX"},
        "trigger_id": team.slack.house.trigger(ADMIN, view["id"]),
        "view": view,
        "actions": [{**action, "action_ts": "7.0"}],
    }
    team.slack.deliver("interactive", payload)
    team.settle()
    assert "The right of @jeanne was revoked." in team.shown(ADMIN)
    assert team.desk.grants.of(MEMBER) is None
