"""The Home tab: by rank, anew after changes for who was there, and never a traceback."""

import pytest
from redis.exceptions import ConnectionError as RedisAway

import bot.status.home
from bot.asking.acts import Act
from bot.asking.errors import DAMAGED
from bot.channel.announcements import announce_soon
from bot.serving import visit
from sandbox.faults import Fault
from store import keys
from store.visitors import Visitors
from tests.bot.team import ADMIN, CALLS, GONE, GUEST, LEADS, MEMBER, OWNER, RANDOM, STRANGER


def open_as_stranger(team) -> None:
    """Slack lets nobody of another workspace open it; we would not show them more if it did."""
    visit(team.desk, Act("home", STRANGER, team="T0FOREIGN", value="home"))


@pytest.mark.parametrize(
    ("user", "sees", "sees_not"),
    [
        (ADMIN, ("## Settings", "[Disable]", "[Numbers]", "[History]"), ()),
        (MEMBER, ("Enabled since", "[Refresh]"), ("## Settings", "[Disable]", "[Numbers]")),
        (GUEST, ("Enabled since", "[Refresh]"), ("## Settings", "[Disable]", "[Numbers]")),
    ],
)
def test_each_rank_sees_what_it_may_do(team, user, sees, sees_not):
    team.open_home(user)
    home = team.home(user)
    assert all(each in home for each in sees)
    assert not any(each in home for each in sees_not)


def test_a_stranger_reads_one_sentence_and_is_not_remembered(team):
    open_as_stranger(team)
    assert team.home(STRANGER) == "Only people of this workspace may use this integration."
    assert Visitors(team.redis).lately() == ()
    assert team.direct(STRANGER) == []


def test_only_the_home_tab_is_published(team):
    team.slack.open_home(MEMBER, "messages")
    team.settle()
    assert team.home(MEMBER) == ""


def test_refresh_at_home_shows_it_anew_there(team):
    team.open_home(MEMBER)
    team.set(enabled=False)
    team.click(MEMBER, "Refresh", where="home")
    assert "Disabled since" in team.home(MEMBER)
    assert team.direct(MEMBER) == []


def test_after_a_change_all_who_were_there_see_it_as_their_rank_may(team):
    team.open_home(ADMIN)
    team.open_home(MEMBER)
    team.set(enabled=False)
    announce_soon(team.desk)
    assert "bot.status.home.refresh" in team.background()
    assert "Disabled since" in team.home(ADMIN)
    assert "[Enable]" in team.home(ADMIN)
    assert "Disabled since" in team.home(MEMBER)
    assert "[Enable]" not in team.home(MEMBER)
    assert team.home(OWNER) == ""


def test_who_was_demoted_loses_the_buttons_with_the_next_change(team):
    team.open_home(ADMIN)
    team.slack.set_roles(ADMIN)
    team.forget_people()
    bot.status.home.refresh()
    assert "## Settings" not in team.home(ADMIN)


def test_disabling_at_home_shows_there_what_came_of_it(team):
    team.open_home(ADMIN)
    team.click(ADMIN, "Disable", where="home")
    team.background()
    assert not team.product.shop.revisions.current().settings.enabled
    assert "Disabled since" in team.home(ADMIN)


def test_every_form_opens_from_home(team):
    team.open_home(ADMIN)
    for text in ("All settings", "Numbers", "Outcomes", "Tickets", "General"):
        team.click(ADMIN, text, where="home")
        assert team.slack.modal(ADMIN) is not None, text
        team.close(ADMIN)


def test_lists_that_are_asked_for_at_home_come_as_a_direct_message(team):
    team.open_home(ADMIN)
    team.click(ADMIN, "History", where="home")
    assert "evision" in team.shown(ADMIN)


def test_a_view_that_was_replaced_meanwhile_is_left_as_it_is(team):
    team.open_home(MEMBER)
    old = team.slack.home(MEMBER).hash
    team.set(enabled=False)
    team.open_home(MEMBER)
    asked = Act("home", MEMBER, team="T0SANDBOX", value="home")
    visit(team.desk, _with_hash(asked, old))
    assert "Disabled since" in team.home(MEMBER)
    assert [each.answer.get("error") for each in team.slack.calls("views.publish")][-1] == (
        "hash_conflict"
    )


def _with_hash(act: Act, hash_: str) -> Act:
    from dataclasses import replace  # noqa: PLC0415

    from bot.asking.acts import View  # noqa: PLC0415

    return replace(act, view=View("V1", type="home", hash=hash_))


def test_a_slack_that_is_down_is_only_noted(team):
    team.open_home(MEMBER)
    team.slack.faults.add(Fault("503", path="*views.publish", times=None))
    team.open_home(MEMBER)
    bot.status.home.refresh()
    team.slack.faults.clear()
    team.set(enabled=False)
    bot.status.home.refresh()
    assert "Disabled since" in team.home(MEMBER)


def test_settings_that_cannot_be_read_are_said_on_the_tab(team):
    team.redis.set(keys.SETTINGS_HEAD, "odd")
    team.open_home(MEMBER)
    assert team.home(MEMBER) == DAMAGED
    bot.status.home.refresh()


def test_a_store_that_is_away_is_said_on_the_tab(team, monkeypatch):
    def away(*_: object) -> None:
        raise RedisAway

    monkeypatch.setattr("bot.asking.desk.Desk.who", away)
    team.open_home(MEMBER)
    assert "Our store (Redis) does not answer" in team.home(MEMBER)


def test_who_left_the_workspace_is_forgotten(team):
    visitors = Visitors(team.redis)
    visitors.note("U0NOBODY")
    visitors.note(GONE)
    visitors.note(MEMBER)
    bot.status.home.refresh()
    assert visitors.lately() == (MEMBER,)
    assert "Enabled" in team.home(MEMBER)


# the channel for announcements


def test_a_channel_named_in_the_file_is_not_chosen_in_slack(team):
    team.open_home(ADMIN)
    assert "Choose a channel" not in team.home(ADMIN)
    assert team.desk.channel == CALLS


@pytest.mark.slack(channel="")
def test_a_channel_is_chosen_by_a_post_that_arrives_there(team):
    team.open_home(ADMIN)
    assert "no channel is chosen" in team.home(ADMIN)
    team.choose(ADMIN, "channel.choose", LEADS, where="home")
    assert team.desk.channel == LEADS
    assert "are announced here from now on, as @adam chose" in team.channel(LEADS)
    team.background()
    assert "announcements go to #leads" in team.home(ADMIN)


@pytest.mark.slack(channel="")
def test_a_channel_without_us_is_refused_in_words_and_the_former_stays(team):
    team.open_home(ADMIN)
    team.choose(ADMIN, "channel.choose", LEADS, where="home")
    team.choose(ADMIN, "channel.choose", RANDOM, where="home")
    assert team.desk.channel == LEADS
    assert "I am not in that channel. Invite me there and try again." in team.shown(ADMIN)


@pytest.mark.slack(channel="")
def test_the_same_channel_chosen_twice_is_greeted_once(team):
    team.open_home(ADMIN)
    team.choose(ADMIN, "channel.choose", LEADS, where="home")
    team.choose(ADMIN, "channel.choose", LEADS, where="home")
    assert len(team.messages(LEADS)) == 1


@pytest.mark.slack(channel="")
def test_a_channel_that_takes_no_post_any_more_is_said_and_can_be_chosen_again(team):
    from bot.blocks import Message  # noqa: PLC0415
    from bot.channel.posting import post  # noqa: PLC0415
    from clients.errors import Rejected  # noqa: PLC0415

    team.open_home(ADMIN)
    team.choose(ADMIN, "channel.choose", LEADS, where="home")
    team.slack.kick(LEADS)
    with pytest.raises(Rejected):
        post(team.desk, Message("Anything."))
    team.open_home(ADMIN)
    assert "nothing reaches #leads. I" in team.home(ADMIN)
    team.slack.invite(LEADS)
    team.choose(ADMIN, "channel.choose", LEADS, where="home")
    team.open_home(ADMIN)
    assert "announcements go to #leads" in team.home(ADMIN)
    assert len(team.messages(LEADS)) == 2


@pytest.mark.slack(channel="")
def test_a_post_without_a_channel_is_an_error_of_the_caller(team):
    from bot.blocks import Message  # noqa: PLC0415
    from bot.channel.posting import post  # noqa: PLC0415

    with pytest.raises(LookupError):
        post(team.desk, Message("Anything."))


def test_while_slack_does_not_tell_who_somebody_is_they_see_what_all_may(team):
    team.open_home(ADMIN)
    team.slack.grant("chat:write", "commands")
    team.forget_people()
    team.set(enabled=False)
    bot.status.home.refresh()
    assert "Disabled since" in team.home(ADMIN)
    assert "## Settings" not in team.home(ADMIN)
