"""`explain`: what became of a call or message, for whoever may ask, and for nobody else to see."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from sandbox.slack.blocks import problems
from sandbox.story import Story
from sandbox.traffic import aircall_contact, call_events, group_events, message_events
from store import keys
from store.records import read_record, record_json
from tests.bot.team import ADMIN, CALLS, GERMAN, GUEST, MEMBER, SINGLE_GUEST, STRANGER
from tests.worker.product import KNOWN, START, UNKNOWN, call, split

EVIL = "<!channel> &amp; <@U1> *bold* \u202egnp.exe"


def valid(team, user=ADMIN):
    """What is shown keeps Slack's rules, and ours for buttons and texts."""
    view = team.slack.modal(user)
    if view is not None:
        return
    message = team.last_private(user)
    assert not problems("message", {"blocks": message.blocks})
    elements = [each for block in message.blocks for each in block.get("elements", ())]
    kinds = [each["type"] for each in elements if "action_id" in each]
    assert kinds.count("button") <= 2
    assert kinds.count("overflow") <= 1
    assert message.text
    assert len(json.dumps([block.get("text") for block in message.blocks])) < 6_000


def explained(team, asked, user=ADMIN):
    team.command(user, f"explain {asked}")
    valid(team, user)
    return team.shown(user)


def test_a_logged_call_is_told_rule_by_rule_with_its_links(team):
    team.set(tickets__pipeline="0", tickets__stages__inbound_missed="1")
    team.product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    ours = team.product.one("calls", "call-1")
    shown = explained(team, 1)
    assert "Logged in HubSpot: Missed incoming call without voicemail." in shown
    for rule in ("Business hours", "Contact", "Outcome", "Owner", "Ticket"):
        assert rule in shown
    assert "found by phone" in shown
    setting = "“Outcome of a missed incoming call without voicemail”"
    assert f"No answer – by the setting {setting}" in shown
    assert "the kind has a stage (setting “Ticket for a missed incoming call without" in shown
    assert "revision 2" in shown
    told = json.dumps(team.last_private(ADMIN).blocks)
    assert f"/contacts/123456/record/0-48/{ours['id']}" in told
    assert "/record/0-1/12345" in told
    assert "https://dashboard.aircall.io/calls/1/timeline" in told


def test_the_answer_is_for_the_one_who_asks_alone(team):
    team.product.log(call())
    before = len(team.messages(CALLS))
    explained(team, 1)
    assert len(team.messages(CALLS)) == before


def test_a_setting_that_decided_leads_to_its_form(team):
    team.product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    explained(team, 1)
    team.click(ADMIN, "explain.settings", "edit.outcomes outcomes.inbound_missed")
    assert "Outcomes" in team.shown(ADMIN)
    assert "You came here for" in team.shown(ADMIN)


def test_a_call_of_a_number_that_is_not_connected_names_that_setting(team):
    team.set(numbers=[1002])
    team.product.log(call())
    shown = explained(team, "call-1")
    assert "Ignored, for its number was not connected when it arrived." in shown
    assert "Connected numbers" in shown
    team.click(ADMIN, "edit.numbers")
    assert team.shown(ADMIN).startswith("# Connected numbers")


def test_a_call_while_disabled_names_that_and_offers_to_enable(team):
    team.set(enabled=False)
    team.product.log(call())
    shown = explained(team, 1)
    assert "Ignored, for the integration was disabled when it arrived." in shown
    assert "It is not logged later by itself" in shown
    assert "Enable" in shown


def test_a_call_outside_hours_names_that_setting(team):
    team.set(business_hours_only=True)
    events = call_events(1, "inbound_missed", start=START, phone=KNOWN)
    for event in events:
        event["data"]["missed_call_reason"] = "out_of_opening_hours"
    team.product.log(events)
    shown = explained(team, 1)
    assert "outside its number's business hours" in shown
    assert "Aircall says: missed outside opening hours" in shown
    team.click(ADMIN, "edit.general")
    assert "General" in team.shown(ADMIN)


def test_a_call_that_has_not_ended_waits_for_its_end(team):
    team.product.log(call()[:2])
    assert "The call has not ended." in explained(team, 1)


def test_a_call_that_nobody_looked_at_yet_comes_in_a_moment(team):
    team.product.deliver(call())
    assert "Its turn comes in a moment." in explained(team, 1)


def test_a_call_that_hung_up_and_never_ended_is_asked_for(team):
    team.product.log(split(call(), "call.ended")[0])
    assert "Aircall has not told that it ended" in explained(team, 1)


def test_a_call_that_waits_for_hubspot_says_why_and_that_nothing_is_lost(team):
    team.product.shop.limits.pause("hubspot", 60, "down")
    team.product.log(call())
    shown = explained(team, 1)
    assert "Waits for HubSpot: it does not answer." in shown
    assert "nothing of it is lost" in shown


def test_a_call_that_waits_for_enabling_says_so(team):
    team.product.deliver(call())
    team.set(enabled=False)
    team.product.drain()
    assert "Waits until the integration is enabled." in explained(team, 1)


def test_a_refused_call_quotes_hubspot_and_is_tried_again_with_one_click(team):
    refuse(team)
    team.product.log(call())
    shown = explained(team, 1)
    assert "Not written to HubSpot: HubSpot refused it." in shown
    assert "refused by the sandbox" in shown
    team.product.hubspot.faults.clear()
    team.click(ADMIN, "Try again")
    assert "1 is being tried again now." in team.shown(ADMIN)
    team.product.drain()
    assert "Logged in HubSpot" in explained(team, 1)


def test_a_refused_call_is_given_up_with_a_reason_that_is_kept_with_its_author(team):
    refuse(team)
    team.product.log(call())
    explained(team, 1)
    team.click(ADMIN, "Dismiss")
    team.type(ADMIN, "reason", "   ")
    assert team.submit(ADMIN).errors
    team.type(ADMIN, "reason", "A test call <!here>")
    team.submit(ADMIN)
    assert "1 was dismissed." in team.shown(ADMIN)
    team.close(ADMIN)
    assert team.product.failures() == set()
    shown = explained(team, 1, MEMBER)
    assert "given up" in shown
    assert "“A test call <!here>”" in shown
    gone = team.product.decision("call-1").dismissed
    assert (gone.by, gone.reason) == (ADMIN, "A test call <!here>")
    assert "Try again" not in shown
    team.product.hubspot.faults.clear()
    explained(team, 1)
    team.click(ADMIN, "Try again")
    team.product.drain()
    assert "Logged in HubSpot" in explained(team, 1)
    assert team.product.decision("call-1").dismissed is None


def test_a_dismissed_call_of_which_a_later_event_tells_is_worked_again(team):
    refuse(team)
    before, after = split(call(), "call.ended")
    team.product.log([*before, *after])
    explained(team, 1)
    team.click(ADMIN, "Dismiss")
    team.type(ADMIN, "reason", "later")
    team.submit(ADMIN)
    team.close(ADMIN)
    team.product.hubspot.faults.clear()
    tagged = {**after[0], "event": "call.tagged", "timestamp": after[0]["timestamp"] + 9}
    team.product.log([tagged])
    assert team.product.decision("call-1").result == "logged"
    assert team.redis.zcard(keys.DISMISSED) == 0


def test_a_logged_call_whose_ticket_was_refused_says_both(team):
    team.set(tickets__pipeline="0", tickets__stages__inbound_missed="1")
    refuse(team, "tickets")
    team.product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    shown = explained(team, 1)
    assert "Logged in HubSpot, but not all of it could be written." in shown
    assert "refused by the sandbox" in shown
    assert "Try again" in shown
    team.click(ADMIN, "Dismiss")
    team.type(ADMIN, "reason", "no tickets here")
    team.submit(ADMIN)
    team.close(ADMIN)
    assert "not all of it; the rest was given up" in explained(team, 1)


def test_what_a_person_deleted_is_told(team):
    team.product.log(call())
    team.product.hubspot.delete("calls", team.product.one("calls", "call-1")["id"])
    tagged = call(Story(later_tags=(33,)))
    team.product.log(tagged)
    assert "deleted in HubSpot by a person" in explained(team, 1)


def test_what_outlived_its_record_says_that_the_reasons_are_forgotten(team):
    team.product.log(call())
    team.redis.delete(keys.record("call-1"))
    assert "decisions are kept for 30 days" in explained(team, 1)


def test_messages_and_groups_are_explained_too(team):
    team.product.log(message_events("m-7", "inbound", start=START, phone=UNKNOWN))
    team.product.log(group_events("g-1", "inbound", start=START, phones=[KNOWN, UNKNOWN]))
    assert "Incoming message" in explained(team, "m-7")
    shown = explained(team, "group-g-1")
    assert "Group message g-1" in shown
    assert "2 of 2 participants found; none is made of a group" in shown


def test_tags_that_decided_are_named(team):
    team.set(tag_outcomes={"VIP": "Left live message"})
    team.product.log(call(Story(tags=(33,))))
    shown = explained(team, 1)
    assert "Left live message – by tag: VIP (setting “Outcomes by tag”)" in shown


@pytest.mark.parametrize(
    "asked",
    [
        "1",
        "#1",
        "call-1",
        "CALL-1",
        "Call ID: 1",
        "<https://api.aircall.io/v1/calls/1>",
        "https://dashboard.aircall.io/calls/1/timeline",
        "<https://assets.aircall.io/calls/1/recording/info|listen>",
        "+33199004567",
        "+33 1 99 00 45 67",
        "01 99 00 45 67",
        "0033199004567",
        "33199004567",
        "(01) 99.00.45.67",
        "<tel:+33199004567|+33 1 99 00 45 67>",
    ],
)
def test_a_call_is_found_however_it_is_named(team, asked):
    team.product.log(call())
    assert "Call 1" in explained(team, asked)


@pytest.mark.parametrize("kind", ["calls", "tickets", "contacts", "companies"])
def test_a_call_is_found_by_a_link_to_any_of_its_hubspot_records(team, kind):
    team.set(tickets__pipeline="0", tickets__stages__inbound_missed="1")
    team.product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    number = {"calls": "0-48", "tickets": "0-5", "contacts": "0-1", "companies": "0-2"}[kind]
    if kind == "companies":
        team.product.hubspot.edit("companies", "8004", {"phone": KNOWN})
    id_ = {"contacts": "12345", "companies": "8004"}.get(kind)
    id_ = id_ or team.product.one(kind, "call-1")["id"]
    link = f"https://app.hubspot.com/contacts/123456/record/{number}/{id_}/view/1"
    assert "Call 1" in explained(team, link)


def test_a_call_is_found_by_the_bare_id_of_its_hubspot_record(team):
    team.product.log(call(id_=4001))
    assert "Call 4001" in explained(team, team.product.one("calls", "call-4001")["id"])


def test_a_call_in_a_portal_without_our_property_is_found_by_its_marker(team):
    team.product.log(call(id_=4001))
    record = team.product.one("calls", "call-4001")
    team.product.hubspot.edit("calls", record["id"], {"aircall_id": "", "hs_call_external_id": ""})
    link = f"https://app-eu1.hubspot.com/contacts/123456/record/0-48/{record['id']}"
    assert "Call 4001" in explained(team, link)


def test_several_calls_of_one_phone_are_listed_newest_first_with_one_menu(team):
    for n in range(1, 13):
        team.product.log(call(id_=n, phone=KNOWN) if n == 1 else moved(n))
    shown = explained(team, KNOWN)
    assert "The last 10 interactions" in shown
    message, menu = team.last_private(ADMIN), menu_of(team, ADMIN)
    assert [each["value"] for each in menu["options"]] == [f"call-{n}" for n in range(12, 2, -1)]
    team.choose(ADMIN, "explain.pick", "5. Call 8", message)
    assert "Call 8" in team.shown(ADMIN)
    valid(team)


def menu_of(team, user):
    blocks = team.last_private(user).blocks
    (menu,) = [
        each for block in blocks for each in block.get("elements", ()) if "action_id" in each
    ]
    return menu


def moved(n):
    return call_events(n, "inbound_answered", start=START + n * 100, phone=KNOWN)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("999999", "Nothing is known here of “999999”."),
        ("+33 1 23 45 67 89", "No event of it ever arrived"),
        ("https://app.hubspot.com/contacts/999/record/0-48/1", "another HubSpot account"),
        ("https://app.hubspot.com/contacts/123456/record/0-1/12346", "Nothing is known here"),
        ("https://app.hubspot.com/contacts/123456/record/0-48/77", "HubSpot has no call"),
        ("https://example.com/<!channel>", "Nothing is known here"),
        (EVIL, "Nothing is known here"),
        ("x" * 3000, "Nothing is known here"),
        ("http://[", "Nothing is known here"),
    ],
)
def test_what_is_not_known_says_what_the_reason_may_be(team, asked, said):
    team.product.log(call())
    shown = explained(team, asked)
    assert said in shown
    assert "older than 30 days" in shown or "another HubSpot account" in shown
    assert "<!channel>" not in json.dumps(team.last_private(ADMIN).blocks)


def test_what_hubspot_has_by_our_hand_and_we_forgot_is_told_as_such(team):
    team.product.log(call())
    id_ = team.product.one("calls", "call-1")["id"]
    team.redis.delete(keys.record("call-1"), keys.ids("call-1"))
    link = f"https://app.hubspot.com/contacts/123456/record/0-48/{id_}"
    assert "what was decided is long forgotten here" in explained(team, link)
    assert "No event of it ever arrived" in explained(team, KNOWN)


def test_hubspot_is_not_asked_for_what_our_store_knows(team):
    team.product.log(call())
    for asked in ("1", KNOWN, "https://api.aircall.io/v1/calls/1"):
        with team.product.asking() as requests:
            explained(team, asked)
        assert requests == []


def test_a_call_of_another_product_in_hubspot_is_told_as_such(team):
    made = team.product.shop.hubspot.create("calls", [new_call()])
    id_ = next(iter(made.done.values())).id
    link = f"https://app.hubspot.com/contacts/123456/record/0-48/{id_}"
    assert "not made by this integration" in explained(team, link)


def new_call():
    from clients.hubspot.records import New  # noqa: PLC0415 - only here

    return New("k", {"hs_timestamp": "2026-01-01T00:00:00Z", "hs_call_title": "By hand"})


def test_while_hubspot_is_down_an_unknown_id_gets_a_sentence(team):
    team.product.hubspot.fault("503", times=None)
    team.command(ADMIN, "explain 999999")
    assert "HubSpot" in team.shown(ADMIN)
    assert "Please try again" in team.shown(ADMIN)


def test_without_a_word_it_says_what_may_be_typed(team):
    assert "Which call or message?" in explained(team, "")


def test_members_may_ask_and_see_no_buttons(team):
    team.product.log(call())
    shown = explained(team, 1, MEMBER)
    assert "Logged in HubSpot" in shown
    assert not [b for b in team.last_private(MEMBER).blocks if b["type"] == "actions"]


@pytest.mark.parametrize("user", [GUEST, SINGLE_GUEST])
def test_guests_may_not_ask(team, user):
    team.product.log(call())
    team.command(user, "explain 1")
    assert "Only full members" in team.shown(user)


@pytest.mark.slack(explain_for="admins")
def test_members_may_not_ask_where_it_is_for_admins(team):
    team.product.log(call())
    team.command(MEMBER, "explain 1")
    assert "Only admins" in team.shown(MEMBER)
    assert "Logged" in explained(team, 1)


def test_a_button_about_what_is_forgotten_answers_in_words(team):
    refuse(team)
    team.product.log(call())
    explained(team, 1)
    team.redis.flushall()
    team.product.start()
    team.click(ADMIN, "Try again")
    assert "Nothing of this stands among the failures any more." in team.shown(ADMIN)


def test_names_from_the_vendors_call_nobody(team):
    person = aircall_contact(900, EVIL, "X" * 300, UNKNOWN)
    events = call_events(1, "inbound_missed", start=START, phone=UNKNOWN, contact=person)
    for event in events:
        event["data"]["number"]["name"] = EVIL
    team.product.log(events)
    refuse_words(team, "call-1", f"<b>{EVIL}</b>" + "y" * 4_000)
    shown = explained(team, 1)
    blocks = json.dumps(team.last_private(ADMIN).blocks, ensure_ascii=False)
    assert "<!channel>" not in blocks
    assert "\u202e" not in blocks
    assert "<!channel>" in shown


def test_a_german_reader_gets_a_date_in_their_own_language(team):
    for n in (1, 2):
        team.product.log(moved(n))
    team.command(GERMAN, f"explain {KNOWN}")
    menu = menu_of(team, GERMAN)
    assert re.match(r"\d\d\.\d\d\.\d\d", menu["options"][0]["description"]["text"])


def test_strangers_cannot_ask(team):
    with pytest.raises(LookupError):
        team.command(STRANGER, "explain 1")


def refuse(team, kind="calls"):
    team.product.hubspot.fault(
        "partial", path=f"*/{kind}/batch/create", which="every", permanent=True, times=None
    )


def refuse_words(team, id_, words):
    """Put other words into what HubSpot said of a failed one."""
    record = read_record(team.redis.get(keys.record(id_)))
    failed = {"result": "failed", "reason": "HubSpot refused it", "errors": (words,)}
    decision = replace(record.decision, **failed)
    team.redis.set(keys.record(id_), record_json(replace(record, decision=decision)))
    team.redis.zadd(keys.FAILURES, {id_: START * 1000})
