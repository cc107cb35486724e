"""`failures`: grouped by cause, tried again or given up, however many, however old the button."""

from __future__ import annotations

import json

import pytest

from rules.plan import Decision, Record
from sandbox.slack.blocks import problems
from sandbox.traffic import call_events
from store import keys
from store.records import record_json
from tests.bot.team import ADMIN, MEMBER, OWNER
from tests.bot.test_explain import EVIL, explained, moved, refuse
from tests.worker.product import KNOWN, START, call
from worker.failures import failures


def fail(team, count, said=None, start=1, **decision):
    """Put `count` failures into the store, each with a sentence of its own ids."""
    pipeline = team.redis.pipeline()
    for n in range(start, start + count):
        words = said or f"Property values were not valid: {n} of +3319900{n:04d} at a{n}@b.fr"
        kept = Decision("failed", "HubSpot refused it", errors=(words,), at=n, **decision)
        pipeline.set(keys.record(f"call-{n}"), record_json(Record(decision=kept)))
        pipeline.zadd(keys.FAILURES, {f"call-{n}": START * 1000 + n})
    pipeline.execute()


def valid(team, user=ADMIN):
    view = team.slack.modal(user)
    assert view is not None
    plain = {"type": "plain_text", "text": "x"}
    shape = {"type": "modal", "title": plain, "submit": plain, "blocks": view.blocks}
    assert not problems("modal", shape)
    for block in view.blocks:
        for element in block.get("elements", ()):
            assert element["type"] != "button" or element["accessibility_label"]


def test_without_failures_a_message_says_so(team):
    team.command(ADMIN, "failures")
    assert "Nothing stands among the failures" in team.shown(ADMIN)
    assert team.slack.modal(ADMIN) is None


def test_a_thousand_failures_of_one_cause_are_one_paragraph(team):
    fail(team, 1000)
    team.command(ADMIN, "failures")
    shown = team.shown(ADMIN)
    assert "1,000 calls and messages could not be written" in shown
    assert shown.count("HubSpot says") == 1
    assert "[Call 1000] [Call 999] [Call 998]" in shown
    valid(team)


def test_many_causes_are_cut_to_what_fits(team):
    for n in range(40):
        fail(team, 1, f"Cause {'x' * n}y is wrong", start=n + 1)
    team.command(ADMIN, "failures")
    assert "and 20 more causes, with 20 in all" in team.shown(ADMIN)
    valid(team)


def test_more_than_are_looked_at_are_counted(team):
    fail(team, 2_003)
    team.command(ADMIN, "failures")
    assert "and 3 older ones that are not sorted by cause" in team.shown(ADMIN)
    valid(team)


@pytest.mark.parametrize(
    "said", [EVIL, "<b>no</b> & <a href='x'>", "y" * 4_000, "\u0000\n\t", "```" * 50, "[{" * 900]
)
def test_whatever_a_vendor_says_is_shown_as_it_is(team, said):
    fail(team, 2, said)
    team.command(ADMIN, "failures")
    valid(team)
    blocks = json.dumps(team.slack.modal(ADMIN).blocks, ensure_ascii=False)
    assert "<!channel>" not in blocks
    assert "<b>" not in blocks


def test_one_cause_is_tried_again_and_the_other_left(team):
    refuse(team)
    team.product.log([*call(), *moved(2)])
    fail(team, 3, "Another cause", start=50)
    team.command(ADMIN, "failures")
    team.product.hubspot.faults.clear()
    mine = next(c for c in failures(team.redis).causes if "sandbox" in c.said)
    team.click(ADMIN, "Try again", f"cause:{mine.name}")
    assert "2 are being tried again now." in team.shown(ADMIN)
    assert "2 of them are being tried again." in team.shown(ADMIN)
    valid(team)
    team.product.drain()
    assert team.product.decision("call-1").result == "logged"
    assert team.product.failures() == {"call-50", "call-51", "call-52"}
    assert len(team.product.all("calls")) == 2


def test_all_are_tried_again_after_a_question(team):
    refuse(team)
    team.product.log([*call(), *moved(2)])
    team.command(ADMIN, "failures")
    team.product.hubspot.faults.clear()
    team.click(ADMIN, "Try all again", confirm=False)
    assert team.product.redis.zcard(keys.DUE) == 0
    team.click(ADMIN, "Try all again")
    team.product.drain()
    assert team.product.failures() == set()
    assert len(team.product.all("calls")) == 2


def test_an_example_is_explained_on_top_of_the_list_and_tried_again_there(team):
    refuse(team)
    team.product.log(call())
    team.command(ADMIN, "failures")
    team.click(ADMIN, "Call 1")
    assert "Not written to HubSpot" in team.shown(ADMIN)
    valid(team)
    team.click(ADMIN, "Try again")
    assert "1 is being tried again now." in team.shown(ADMIN)
    assert "It is tried again in a moment." in team.shown(ADMIN)


def test_a_cause_is_given_up_with_a_reason_and_the_list_below_follows(team):
    fail(team, 250)
    fail(team, 1, "Another cause", start=900)
    team.command(ADMIN, "failures")
    name = failures(team.redis).causes[0].name
    team.click(ADMIN, "Dismiss", f"cause:{name}")
    assert "250 calls and messages" in team.shown(ADMIN)
    valid(team)
    team.type(ADMIN, "reason", "Test calls")
    team.submit(ADMIN)
    assert "250 were dismissed." in team.shown(ADMIN)
    team.slack.close_modal(ADMIN)
    shown = team.shown(ADMIN)
    assert "1 call or message could not be written" in shown
    assert "250 were dismissed." in shown
    assert team.product.failures() == {"call-900"}
    assert team.redis.hget(keys.TOTALS, "dismissed|by an admin") == b"250"
    team.close(ADMIN)
    assert "“Test calls”" in explained(team, 7)


def test_the_alert_of_one_that_stopped_the_worker_ends_with_its_dismissal(team):
    fail(team, 1)
    team.product.shop.alerts.raise_("poisoned call-1", "call-1 stopped the worker.")
    team.product.shop.alerts.raise_("poisoned call-2", "call-2 stopped the worker.")
    team.command(ADMIN, "failures")
    team.click(ADMIN, "Dismiss")
    team.type(ADMIN, "reason", "odd")
    team.submit(ADMIN)
    assert set(team.product.alerts()) == {"poisoned call-2"}


def test_what_failed_after_the_form_was_opened_is_not_given_up_by_it(team):
    fail(team, 2)
    team.command(ADMIN, "failures")
    team.click(ADMIN, "Dismiss")
    fail(team, 1, start=3)
    team.type(ADMIN, "reason", "those two")
    team.submit(ADMIN)
    assert team.product.failures() == {"call-3"}


def test_what_is_being_tried_again_is_not_given_up(team):
    fail(team, 1)
    team.command(ADMIN, "failures")
    team.click(ADMIN, "Dismiss")
    team.product.shop.due.retry(["call-1"])
    team.type(ADMIN, "reason", "x")
    team.submit(ADMIN)
    assert "Nothing was dismissed" in team.shown(ADMIN)
    assert team.product.failures() == {"call-1"}


@pytest.mark.parametrize("button", ["Try again", "Dismiss"])
def test_a_button_that_is_older_than_the_world_answers_in_words(team, button):
    fail(team, 2)
    team.command(ADMIN, "failures")
    team.redis.delete(keys.FAILURES)
    team.click(ADMIN, button)
    assert "Nothing of this stands among the failures any more." in team.shown(ADMIN)


def test_two_admins_at_once_do_no_harm(team):
    fail(team, 2)
    team.command(ADMIN, "failures")
    team.command(OWNER, "failures")
    for user in (ADMIN, OWNER):
        team.click(user, "Dismiss")
    for user in (ADMIN, OWNER):
        team.type(user, "reason", f"by {user}")
        team.submit(user)
    assert "2 were dismissed." in team.shown(ADMIN)
    assert "Nothing was dismissed" in team.shown(OWNER)
    assert team.product.decision("call-1").dismissed.by == ADMIN


def test_a_press_delivered_twice_acts_once(team):
    refuse(team)
    team.product.log(call())
    team.command(ADMIN, "failures")
    acted = team.click(ADMIN, "Try again")
    team.product.drain()
    team.again(acted)
    assert team.redis.zcard(keys.DUE) == 0


def test_members_may_neither_list_nor_try_again(team):
    fail(team, 1)
    team.command(MEMBER, "failures")
    assert "Only admins" in team.shown(MEMBER)


def test_an_admin_who_is_none_any_more_cannot_use_an_open_list(team):
    fail(team, 1)
    team.command(ADMIN, "failures")
    team.click(ADMIN, "Dismiss")
    team.type(ADMIN, "reason", "x")
    team.slack.set_roles(ADMIN)
    team.forget_people()
    assert team.submit(ADMIN).errors
    assert team.product.failures() == {"call-1"}


def test_a_list_with_a_damaged_record_is_shown_all_the_same(team):
    fail(team, 1)
    team.redis.set(keys.record("call-1"), b"{broken")
    team.redis.zadd(keys.FAILURES, {"call-2": START})
    team.command(ADMIN, "failures")
    assert "2 calls and messages" in team.shown(ADMIN)
    valid(team)


def test_the_status_leads_to_the_failures(team):
    refuse(team)
    team.product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    team.command(ADMIN, "status")
    team.click(ADMIN, "See failures")
    assert "# Failures" in team.shown(ADMIN)
