"""The right side of the page: calls that happen by the phone, and what arrives in HubSpot."""

import re

import pytest
from playwright.sync_api import expect

from tests.sandbox.page.person import Person
from tests.worker.intake.door import RunningDoor


@pytest.fixture
def door(team, stand_ins, monkeypatch):
    """The product's real door, and the phone knows where it is."""
    door = RunningDoor(team.environment)
    monkeypatch.setattr(stand_ins.phone, "door", f"http://127.0.0.1:{door.port}/aircall/webhook")
    yield door
    door.close()


def told(page):
    return page.get_by_role("complementary").get_by_role("status")


def arrivals(page):
    return page.get_by_role("region", name="Arrived in HubSpot").get_by_role("listitem")


def test_a_call_goes_through_the_door_and_arrives_in_hubspot(page, olivia, team, door):
    team.set(tickets__pipeline="0", tickets__stages__inbound_voicemail="1")
    expect(arrivals(page)).to_have_text("Nothing yet.")
    page.get_by_role("button", name="Incoming call, missed, with voicemail").click()
    expect(told(page)).to_contain_text("the door took all 6 events")
    team.product.drain()
    row = arrivals(page).first
    expect(row).to_contain_text("Missed call – Claire Dubois")
    expect(row).to_contain_text("Outcome Left voicemail")
    expect(row).to_contain_text("Owner Jeanne Martin")
    expect(row).to_contain_text("Contact Claire Dubois")
    expect(row).to_contain_text("Ticket Support Pipeline: New")
    id_ = re.search(r"id (\d+)", told(page).inner_text())[1]
    row.locator("summary").click()
    expect(row).to_contain_text(f"Call ID: {id_}")
    assert int(id_) in team.product.aircall.office.calls

    olivia.say(f"explain {id_}")
    olivia.sees("Missed incoming call with voicemail")
    row.locator("summary").click()
    olivia.last.get_by_role("link", name="Call in HubSpot").click()
    expect(row.locator("summary")).to_be_focused()
    expect(row.get_by_text(f"Call ID: {id_}")).to_be_visible()


def test_a_message_and_a_tagged_call_arrive_newest_first(page, olivia, team, door):
    team.set(tag_outcomes={"33": "Demo booked"})
    page.get_by_label("With whom").select_option(label="Marc Petit, a customer (+33 1 99 00 45 68)")
    page.get_by_label("Tagged").select_option("VIP")
    page.get_by_role("button", name="Outgoing call, answered").click()
    expect(told(page)).to_contain_text("Outgoing call, answered: the door took all")
    page.get_by_role("button", name="Incoming WhatsApp message").click()
    expect(told(page)).to_contain_text("Incoming WhatsApp message: the door took all 1 events")
    team.product.drain()
    expect(arrivals(page)).to_have_count(2)
    expect(arrivals(page).first).to_contain_text("Inbound WhatsApp message")
    expect(arrivals(page).last).to_contain_text("Outcome Demo booked")
    expect(arrivals(page).last).to_contain_text("Contact Marc Petit")


def test_what_cannot_happen_is_said(page, olivia, door):
    page.get_by_label("With whom").select_option("A hidden number")
    page.get_by_role("button", name="Outgoing SMS").click()
    expect(told(page)).to_have_text("A hidden number can neither send nor get a message.")


def test_a_door_that_does_not_answer_is_said(page, olivia, stand_ins, monkeypatch):
    monkeypatch.setattr(stand_ins.phone, "door", "http://127.0.0.1:9/aircall/webhook")
    page.get_by_role("button", name="Incoming SMS").click()
    expect(told(page)).to_have_text("Incoming SMS: 1 got no answer. Is the product running?")


def test_a_call_that_no_webhook_tells_of_is_said(page, olivia, team, door):
    for hook in team.product.aircall.office.webhooks.values():
        hook["active"] = False
    page.get_by_role("button", name="Incoming call, answered").click()
    expect(told(page)).to_contain_text("no active webhook that leads here, so nobody was told")
    assert team.product.shop.due.waiting() == 0


def test_a_link_that_leads_nowhere_in_the_sandbox_is_not_followed(page, team):
    board = team.slack.house.board
    link = "<https://dashboard.aircall.io/calls/1/timeline|Timeline>"
    board.put(team.slack.now(), "C0CALLS", link)
    Person(page, team).come("U0OWNER").last.get_by_role("link").click()
    expect(page.get_by_role("alert")).to_contain_text("nothing to open at dashboard.aircall.io")
    assert len(page.context.pages) == 1
