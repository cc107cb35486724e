"""`enable` and `disable`."""

import pytest
import redis

from store import keys
from store.connection import now_ms
from store.due import Due
from store.settings import StaleSettings
from tests.bot.team import ADMIN, MEMBER, OWNER
from tests.worker.product import call


def test_disabling_says_what_becomes_of_the_calls_in_between(team, stored):
    team.product.deliver(call())
    team.command(ADMIN, "disable")
    assert stored().enabled is False
    shown = team.shown(ADMIN)
    assert (
        "Aircall – HubSpot is disabled: nothing is written to HubSpot or Aircall any more" in shown
    )
    assert "come in from now on are not logged later by themselves" in shown
    assert "1 that was accepted and is not written yet waits, and follows after enabling" in shown


def test_enabling_lets_go_of_what_waited(team, stored):
    team.product.deliver(call())
    team.command(ADMIN, "disable")
    team.product.drain()
    assert team.product.parked("disabled") == {"call-1"}
    assert team.product.all("calls") == []
    team.command(ADMIN, "enable")
    shown = team.shown(ADMIN)
    assert "is enabled: calls and messages on all numbers are logged from now on" in shown
    assert "What came in while it was disabled, since" in shown
    assert "1 that was accepted before and is not written yet follows now" in shown
    team.product.drain()
    assert team.product.one("calls", "call-1")


def test_a_store_lost_just_after_it_was_enabled_does_not_make_it_look_refused(
    team, stored, monkeypatch
):
    def lost(*_):
        raise redis.exceptions.ConnectionError("gone")

    team.command(ADMIN, "disable")
    monkeypatch.setattr(Due, "resume", lost)
    team.command(ADMIN, "enable")
    assert stored().enabled
    assert "is enabled: calls and messages" in team.shown(ADMIN)


def test_saying_it_twice_is_harmless(team, number):
    team.command(ADMIN, "enable")
    assert "It is enabled already, since" in team.shown(ADMIN)
    team.command(ADMIN, "disable")
    team.command(OWNER, "disable")
    shown = team.shown(OWNER)
    assert "It is disabled already, since" in shown
    assert team.slack.person(ADMIN).name in shown or "@" in shown
    assert number() == 2


def test_enabling_without_numbers_is_refused_with_a_way_to_choose_them(team, number):
    team.set(enabled=False)
    team.set(numbers=[])
    team.command(ADMIN, "enable")
    assert "Choose at least one number before you enable the integration" in team.shown(ADMIN)
    assert number() == 3
    team.click(ADMIN, "Choose numbers")
    assert "Connected numbers" in team.shown(ADMIN)


def test_one_click_after_disabling_enables_again(team, stored):
    team.command(ADMIN, "disable")
    team.click(ADMIN, "Enable")
    assert stored().enabled is True


def test_second_delivery_turns_nothing(team, number):
    acted = team.command(ADMIN, "disable")
    team.command(ADMIN, "enable")
    team.again(acted)
    assert number() == 3


def test_member_turns_nothing(team, number):
    team.command(MEMBER, "disable")
    assert "Only admins" in team.shown(MEMBER)
    assert number() == 1


def test_disabling_goes_through_although_others_save_at_the_same_moment(team, stored, monkeypatch):
    real, others = team.product.shop.revisions.save, iter(range(3))

    def save(settings, author, based_on, *more, **how):
        if author.name != "Ada" and next(others, None) is not None:
            team.set(name=f"Name of revision {based_on}")
        return real(settings, author, based_on, *more, **how)

    monkeypatch.setattr(type(team.product.shop.revisions), "save", staticmethod(save))
    team.command(ADMIN, "disable")
    monkeypatch.undo()
    assert (stored().enabled, stored().name) == (False, "Name of revision 3")


def test_others_who_never_stop_saving_are_said(team, stored, monkeypatch):
    def save(*_, **__):
        raise StaleSettings(())

    monkeypatch.setattr(type(team.product.shop.revisions), "save", save)
    team.command(ADMIN, "disable")
    assert "Somebody saved the settings in the meantime" in team.shown(ADMIN)
    assert stored().enabled is True


def test_two_bots_disable_once(team, other, answering, number):
    answering(team).command(ADMIN, "disable")
    answering(other).command(OWNER, "disable")
    assert number() == 2


@pytest.mark.parametrize("word", ["enable", "disable"])
def test_store_that_does_not_answer_is_said(team, word, monkeypatch):
    team.redis.set(keys.SETTINGS_HEAD, "nonsense")
    team.command(ADMIN, word)
    assert "of the settings cannot be read, so nothing was done" in team.shown(ADMIN)


def test_enabling_looks_at_once_at_our_webhook_and_at_others_who_log(team):
    team.command(ADMIN, "disable")
    team.background()
    team.command(ADMIN, "enable")
    assert {"sync.webhook.watch.look", "sync.foreign.look"} <= set(team.background())


def test_another_integration_that_logs_is_said_when_ours_is_enabled(team):
    product = team.product
    product.log(call())
    at = str(now_ms(product.redis))
    product.hubspot.add("calls", {"hs_call_external_id": "1", "hs_timestamp": at})
    team.command(ADMIN, "disable")
    team.background()
    assert "foreign app" not in product.alerts()
    team.command(ADMIN, "enable")
    team.background()
    assert "foreign app" in product.alerts()
