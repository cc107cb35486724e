"""Slow work: nobody alone holds all threads, what is too much is said, and acts are answered."""

import threading

import pytest

import bot.app
import bot.modals.opening
from bot.asking.asked import Asked
from bot.asking.errors import ALL_BUSY, OWN_BUSY, sentence
from bot.asking.turns import EACH, BusyError, Turns
from bot.words import words_in
from tests.bot.team import ADMIN, OWNER

EN = words_in("en")


def open_many(team, user, count):
    """Open a form that waits for its silent_vendors, several times."""
    for _ in range(count):
        if team.slack.modal(user):
            team.slack.close_modal(user, everything=True)
        assert team.slack.command(user, "tickets").acked
        team.slack.until(lambda: team.slack.modal(user))
        team.acting.wait()


def test_one_person_who_asks_again_and_again_is_told_so_in_the_form(team, silent_vendors):
    open_many(team, ADMIN, EACH)
    assert "Reading what there is to choose from" in team.shown(ADMIN)
    open_many(team, ADMIN, 1)
    assert OWN_BUSY in team.shown(ADMIN)
    assert team.desk.turns.under_way() == EACH
    silent_vendors.set()
    team.settle()


def test_others_are_served_meanwhile_and_everything_is_free_again_after_it(team, silent_vendors):
    open_many(team, ADMIN, EACH + 3)
    open_many(team, OWNER, 1)
    assert "Reading what there is to choose from" in team.shown(OWNER)
    silent_vendors.set()
    team.settle()
    assert "Save" in team.shown(OWNER)
    assert team.desk.turns.under_way() == 0
    team.close(ADMIN)
    team.command(ADMIN, "tickets")
    assert "Save" in team.shown(ADMIN)


def test_a_command_that_would_be_too_much_is_answered_in_words(team, silent_vendors):
    open_many(team, ADMIN, EACH)
    team.slack.close_modal(ADMIN, everything=True)
    team.slack.command(ADMIN, "explain 99887766")
    team.acting.wait()
    assert team.shown(ADMIN) == OWN_BUSY
    silent_vendors.set()


def test_a_save_is_a_save_though_nothing_more_can_be_begun(team):
    team.command(ADMIN, "settings")
    team.click(ADMIN, "edit.general")
    team.type(ADMIN, "Name", "Phones")
    for _ in range(EACH):
        team.desk.turns.take(ADMIN)
    team.submit(ADMIN)
    assert "Saved as revision 2." in team.shown(ADMIN)


def test_work_that_fails_gives_its_turn_back(team):
    def broken():
        raise ZeroDivisionError

    team.desk.later(ADMIN, broken)
    team.settle()
    assert team.desk.turns.under_way() == 0


def test_all_together_have_a_bound_too():
    turns = Turns(each=2, together=3)
    for user in "ABB":
        turns.take(user)
    with pytest.raises(BusyError) as found:
        turns.take("C")
    assert sentence(found.value, EN) == ALL_BUSY
    with pytest.raises(BusyError) as found:
        turns.take("B")
    assert sentence(found.value, EN) == OWN_BUSY
    turns.give_back("A")
    turns.take("C")
    assert turns.under_way() == 3


def test_a_slack_that_takes_answers_slowly_keeps_nobody_from_being_acknowledged(team, monkeypatch):
    taken, real = threading.Event(), Asked.tell

    def tell(*args, **more):
        assert taken.wait(15)
        real(*args, **more)

    monkeypatch.setattr(Asked, "tell", tell)
    acted = [team.slack.command(ADMIN, "help") for _ in range(40)]
    assert all(each.acked for each in acted)
    taken.set()
    team.settle()
    assert len(team.slack.ephemerals(ADMIN)) == 40


def test_what_is_acknowledged_and_not_carried_out_has_a_bound(team, line, monkeypatch):
    monkeypatch.setattr(bot.app, "MOST_ACTS", 2)
    taken, real = threading.Event(), Asked.tell

    def tell(*args, **more):
        assert taken.wait(15)
        real(*args, **more)

    monkeypatch.setattr(Asked, "tell", tell)
    team.app = bot.app.build_app(team.desk, team.routes, team.listeners, team.acting)
    line.app = team.app
    assert all(team.slack.command(ADMIN, "help").acked for _ in range(4))
    team.listeners.wait()
    taken.set()
    team.settle()
    assert len(team.slack.ephemerals(ADMIN)) == 2
    assert team.command(ADMIN, "help").acked
    assert len(team.slack.ephemerals(ADMIN)) == 3
