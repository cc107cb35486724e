"""`check`: what is wrong, in words, with the form that mends it beside."""

from __future__ import annotations

import pytest

from sandbox.faults import Fault
from store.connection import now_ms
from sync.checks.slack import SCOPES
from sync.directory.reading import refresh_part
from sync.webhook.events import EVENTS
from tests.bot.team import ADMIN, CALLS, GERMAN, MEMBER, RANDOM
from tests.worker.product import call

HOOK = "https://phone.example.com/aircall/webhook"
NEEDED = ["call.ended", "message.received", "group_message.received", "number.closed"]


@pytest.fixture
def webhook(team):
    """Our webhook, as an admin made it in Aircall, and the permissions of the manifest."""
    team.slack.grant(*SCOPES)
    (there,) = team.product.shop.aircall.webhooks()
    return there


def test_all_is_well(team, webhook):
    team.command(ADMIN, "check")
    shown = team.shown(ADMIN)
    assert "All is well." in shown
    assert "could be better" not in shown
    assert "Slack has granted every permission we need." in shown
    assert "The bot may post in the channel that is chosen." in shown
    assert "nothing is written twice" in shown


def test_without_a_webhook_it_says_how_to_make_one(team, webhook):
    team.product.shop.aircall.delete_webhook(webhook.id)
    team.command(ADMIN, "check")
    assert "Aircall has no webhook that leads to us" in team.shown(ADMIN)
    assert "/aircall/webhook" in team.shown(ADMIN)


def test_a_webhook_that_was_switched_off_is_told(team, webhook):
    team.product.shop.aircall.update_webhook(webhook.id, events=NEEDED, active=False)
    team.command(ADMIN, "check")
    assert "Aircall has switched our webhook off" in team.shown(ADMIN)


def test_a_webhook_that_lacks_events_is_told(team, webhook):
    team.product.shop.aircall.update_webhook(webhook.id, events=["call.ended"])
    team.command(ADMIN, "check")
    assert "does not tell of message.received, group_message.received" in team.shown(ADMIN)


def test_two_webhooks_that_lead_to_us_are_told(team, webhook):
    team.product.shop.aircall.create_webhook(HOOK, "again", NEEDED)
    team.command(ADMIN, "check")
    assert "2 webhooks lead to us" in team.shown(ADMIN)


def test_a_number_in_proxy_mode_is_named(team, webhook):
    office = team.product.aircall.office
    number = next(iter(office.numbers.values()))
    office.messaging[number["id"]] = "proxy"
    team.command(ADMIN, "check")
    assert f"proxy mode): {number['name']}" in team.shown(ADMIN)


def test_a_vanished_stage_is_told_with_the_form_that_mends_it(team, webhook):
    team.set(tickets__pipeline="0", tickets__stages__inbound_missed="1")
    team.product.hubspot.delete("stages", "1", "0")
    team.command(ADMIN, "check")
    assert "The stage 1 (New) is not one of pipeline 0 (Support Pipeline)." in team.shown(ADMIN)
    team.click(ADMIN, "edit.tickets")
    assert "Tickets" in team.shown(ADMIN)


def test_a_disabled_integration_is_told(team, webhook):
    team.set(enabled=False)
    team.command(ADMIN, "check")
    assert "The integration is disabled" in team.shown(ADMIN)


def test_a_missing_permission_is_told_with_its_reason(team, webhook):
    team.slack.grant(*(scope for scope in SCOPES if scope != "groups:read"))
    team.command(ADMIN, "check")
    assert "Slack has not granted groups:read" in team.shown(ADMIN)


def test_a_permission_too_many_is_told(team, webhook):
    team.slack.grant(*SCOPES, "channels:history")
    team.command(ADMIN, "check")
    assert "nothing here needs: channels:history" in team.shown(ADMIN)


@pytest.mark.slack(channel=RANDOM)
def test_a_channel_without_the_bot_is_told(team, webhook):
    team.command(ADMIN, "check")
    assert "The bot is not in the channel #random." in team.shown(ADMIN)


@pytest.mark.slack(channel="")
def test_no_channel_is_told(team, webhook):
    team.command(ADMIN, "check")
    assert "No channel is chosen" in team.shown(ADMIN)


def test_a_hubspot_that_is_down_leaves_the_rest_looked_at(team, webhook):
    team.product.hubspot.faults.add(Fault("503", times=200))
    team.command(ADMIN, "check")
    shown = team.shown(ADMIN)
    assert "could not be looked at: HubSpot" in shown
    assert "Aircall's webhook leads to us" in shown


def test_a_member_may_not_check(team, webhook):
    team.command(MEMBER, "check")
    assert "Only admins" in team.shown(MEMBER)
    assert not team.messages(CALLS)


def test_a_reader_of_german_is_answered(team, webhook):
    team.command(GERMAN, "check")
    assert team.shown(GERMAN)


def test_an_event_that_nobody_would_miss_at_once_is_told_as_well(team, webhook):
    events = [each for each in EVENTS if each != "call.tagged"]
    team.product.shop.aircall.update_webhook(webhook.id, events=events)
    team.command(ADMIN, "check")
    assert "Our webhook does not tell of call.tagged." in team.shown(ADMIN)


def test_calls_that_another_integration_logged_are_told(team, webhook):
    product = team.product
    now = now_ms(product.redis)
    product.log(call())
    product.hubspot.add("calls", {"hs_call_external_id": "1", "hs_timestamp": str(now)})
    team.command(ADMIN, "check")
    shown = team.shown(ADMIN)
    assert "logs calls in HubSpot as well: 1 in the last 24 hours" in shown
    assert "for example call 1." in shown
    assert "Switch the other one off" in shown


def test_a_number_that_is_new_is_told_with_the_form_of_numbers(team, webhook):
    team.set(numbers=[1001, 1002])
    refresh_part("numbers")
    numbers = team.product.aircall.office.numbers
    numbers[1004] = {**numbers[1001], "id": 1004, "name": "Paris"}
    refresh_part("numbers")
    team.command(ADMIN, "check")
    assert "These numbers are new and not connected: Paris." in team.shown(ADMIN)
    team.click(ADMIN, "edit.numbers")
    assert "Connected numbers" in team.shown(ADMIN)
