import pytest
from product import KNOWN, START, UNKNOWN, call, later, split

from sandbox.traffic import Story, call_events, message_events
from store import keys
from worker.drain import Drain

VIP = {"33": "Left live message"}
LIVE, CONNECTED = "a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "f240bbac-87c9-4f6e-bf70-924b57d47db7"
JEANNE, OMAR = "11349275740", "11349275741"


def edit(product, **values):
    product.hubspot.edit("calls", product.one("calls", "call-1")["id"], values)


def properties(product):
    return product.one("calls", "call-1")["properties"]


def test_a_later_tag_is_one_read_and_one_update_of_the_body_alone(product):
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    product.log(first)
    before = properties(product)
    with product.asking() as asked:
        product.log(rest)
    assert asked == ["POST calls/batch/read", "POST calls/batch/update"]
    changed = {name for name, text in properties(product).items() if before.get(name) != text}
    assert changed == {"hs_call_body", "hs_lastmodifieddate"}
    assert "VIP" in product.body()


def test_repeated_events_ask_hubspot_nothing(product):
    events = call(Story(tags=(31,), later_tags=(33,), comments=("a",), later_comments=("b",)))
    product.log(events)
    with product.asking() as asked:
        product.log(events)
        product.log(reversed(events))
    assert asked == []


@pytest.mark.parametrize("count", [2, 100])
def test_changes_of_many_calls_are_one_read_and_one_update(product, count):
    stories = [
        split(
            call_events(
                at, "inbound_answered", start=START, phone=KNOWN, story=Story(later_tags=(33,))
            ),
            "call.tagged",
        )
        for at in range(count)
    ]
    for first, _ in stories:
        product.deliver(first)
    product.drain()
    for _, rest in stories:
        product.deliver(rest)
    with product.asking() as asked:
        product.drain()
    assert asked == ["POST calls/batch/read", "POST calls/batch/update"]
    assert all("VIP" in one["properties"]["hs_call_body"] for one in product.all("calls"))


def test_a_later_mapped_tag_changes_the_outcome_and_untagging_changes_it_back(product):
    product.set(tag_outcomes=VIP)
    first, rest = split(call(Story(later_tags=(33,), untagged=True)), "call.tagged")
    product.log(first)
    assert properties(product)["hs_call_disposition"] == CONNECTED
    tagged, untagged = split(rest, "call.untagged")
    product.log(tagged)
    assert properties(product)["hs_call_disposition"] == LIVE
    product.log(untagged)
    assert properties(product)["hs_call_disposition"] == CONNECTED
    assert "VIP" not in product.body()


def test_untagging_clears_the_outcome_where_the_kind_has_none(product):
    product.set(tag_outcomes=VIP, outcomes__inbound_answered=None)
    tagged, untagged = split(call(Story(tags=(33,), untagged=True)), "call.untagged")
    product.log(tagged)
    assert properties(product)["hs_call_disposition"] == LIVE
    product.log(untagged)
    assert not properties(product)["hs_call_disposition"]


def test_an_outcome_that_a_person_chose_stays(product):
    product.set(tag_outcomes=VIP)
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    product.log(first)
    edit(product, hs_call_disposition="17b47fee-58de-441e-a44c-c6300d46f273")
    product.log(rest)
    assert properties(product)["hs_call_disposition"] == "17b47fee-58de-441e-a44c-c6300d46f273"
    assert "VIP" in product.body()
    assert product.decision("call-1").notes == ("a person changed the outcome, it was left alone",)


def test_an_outcome_that_a_person_added_where_we_wrote_none_stays(product):
    product.set(tag_outcomes=VIP, outcomes__inbound_answered=None)
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    product.log(first)
    edit(product, hs_call_disposition=CONNECTED)
    product.log(rest)
    assert properties(product)["hs_call_disposition"] == CONNECTED


def test_an_owner_and_a_title_that_a_person_changed_stay(product):
    events = call_events(
        1, "inbound_voicemail", start=START, phone=KNOWN, story=Story(late_voicemail=True)
    )
    first, rest = split(events, "call.voicemail_left")
    product.log(first)
    edit(product, hs_call_title="Mine", hubspot_owner_id=OMAR)
    product.log(rest)
    now = properties(product)
    assert (now["hs_call_title"], now["hubspot_owner_id"]) == ("Mine", OMAR)
    assert now["hs_call_has_voicemail"] == "true"
    assert "a person changed the title, it was left alone" in product.decision("call-1").notes


def test_an_edited_body_gets_new_lines_once_and_never_again(product):
    first, rest = split(call(Story(later_tags=(33,), later_comments=("Call back",))), "call.tagged")
    tagged, commented = split(rest, "call.commented")
    product.log(first)
    mine = "My own words<br>" + product.body()
    edit(product, hs_call_body=mine)
    product.log(tagged)
    after_tag = product.body()
    assert after_tag.startswith(mine)
    assert after_tag.count("VIP") == 1
    product.log(commented)
    after_comment = product.body()
    assert after_comment.startswith(after_tag)
    assert after_comment.count("VIP") == after_comment.count("Call back") == 1
    with product.asking() as asked:
        product.log([*first, *rest])
    assert asked == []
    assert product.body() == after_comment


def test_a_body_that_hubspot_tidies_is_still_ours(product):
    product.hubspot.switches.rewrites_bodies = True
    first, rest = split(call(Story(later_tags=(33,), untagged=True)), "call.tagged")
    tagged, untagged = split(rest, "call.untagged")
    product.log(first)
    assert "<br/>" in product.body()
    product.log(tagged)
    assert product.body().count("Call ID: 1") == 1
    product.log(untagged)
    assert "VIP" not in product.body()


@pytest.mark.parametrize("edited", [False, True])
def test_a_crash_between_update_and_commit_costs_a_person_nothing(product, monkeypatch, edited):
    first, rest = split(call(Story(later_tags=(33,), later_comments=("Later",))), "call.tagged")
    tagged, commented = split(rest, "call.commented")
    product.log(first)
    if edited:
        edit(product, hs_call_body="My own words")
    product.deliver(tagged)
    _die_before_commit(product, monkeypatch)
    after = product.body()
    assert "VIP" in after
    product.recover()
    assert product.body() == after
    product.log(commented)
    assert product.body().count("VIP") == product.body().count("Later") == 1
    assert product.body().startswith("My own words") == edited


def test_two_crashes_in_a_row_do_not_mistake_our_own_text_for_a_persons(product, monkeypatch):
    first, rest = split(call(Story(later_tags=(33,), untagged=True)), "call.tagged")
    tagged, untagged = split(rest, "call.untagged")
    product.log(first)
    plain = product.body()
    product.deliver(tagged)
    _die_before_commit(product, monkeypatch)
    product.deliver(untagged)
    product.hubspot.fault("500", path="*/calls/batch/update", times=None)
    product.pass_time(60)
    product.drain()
    product.hubspot.faults.clear()
    product.recover()
    assert product.body() == plain


def test_a_body_edited_after_a_crash_at_creation_stays_a_persons(product, monkeypatch):
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    product.deliver(first)
    _die_before_commit(product, monkeypatch)
    edit(product, hs_call_body="My own words")
    product.recover()
    product.log(rest)
    assert product.body().startswith("My own words")
    assert product.body().count("VIP") == 1


def test_a_call_deleted_in_hubspot_is_never_made_again(product):
    first, rest = split(call(Story(later_tags=(33,), later_comments=("Hi",))), "call.tagged")
    product.log(first)
    product.hubspot.delete("calls", product.one("calls", "call-1")["id"])
    product.log(rest[:1])
    decision = product.decision("call-1")
    assert (decision.result, decision.reason) == ("logged", "deleted in HubSpot")
    with product.asking() as asked:
        product.log(rest[1:])
    assert asked == []
    assert product.all("calls") == []
    assert product.failures() == set()


def test_a_call_deleted_between_the_read_and_the_update_is_deleted(product):
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    product.log(first)
    real = product.shop.hubspot.update

    def update(object_type, changes):
        product.hubspot.delete("calls", changes[0].id)
        return real(object_type, changes)

    product.shop.hubspot.update = update
    product.log(rest)
    assert product.decision("call-1").reason == "deleted in HubSpot"
    assert product.failures() == set()


def test_a_message_that_was_not_delivered_says_so(product):
    sent, status = message_events(
        "m-1", "outbound", start=START, phone=KNOWN, statuses=("undelivered",)
    )
    product.log([sent])
    assert "not delivered" not in product.body("communications", "message-m-1")
    with product.asking() as asked:
        product.log([status])
    assert "not delivered" in product.body("communications", "message-m-1")
    assert asked == ["POST communications/batch/read", "POST communications/batch/update"]


def test_a_delivered_message_asks_nothing_more(product):
    events = message_events("m-1", "outbound", start=START, phone=KNOWN, statuses=("delivered",))
    product.log(events[:1])
    with product.asking() as asked:
        product.log(events[1:])
    assert asked == []


def test_a_recording_and_an_assignment_come_into_the_same_call(product):
    events = call(Story(assigned_to=457))
    first, rest = split(events, "call.assigned")
    product.log(first)
    product.log(rest)
    assert "Omar Haddad" in product.body()
    assert "https://assets.aircall.io/calls/1/recording/info" in product.body()


def test_a_call_whose_record_expired_is_still_known_by_its_ids(product):
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    product.log(first)
    edit(product, hs_call_title="Mine", hubspot_owner_id=OMAR)
    product.redis.delete(keys.record("call-1"))
    product.log(rest)
    now = properties(product)
    assert (now["hs_call_title"], now["hubspot_owner_id"]) == ("Mine", OMAR)
    assert product.body().count("VIP") == product.body().count("Call ID: 1") == 1
    assert now["hs_call_duration"] == "180000"
    assert product.decision("call-1").notes == ()
    linked = "linked before; how it was found is not kept"
    assert product.decision("call-1").choices["contact"] == linked
    with product.asking() as asked:
        product.log(rest)
    assert asked == []
    assert product.decision("call-1").result == "logged"


def test_a_call_that_the_store_forgot_wholly_is_found_by_its_key(product):
    events = call(Story(later_tags=(33,)))
    first, _ = split(events, "call.tagged")
    product.log(first)
    edit(product, hs_call_title="Mine")
    product.redis.delete(keys.record("call-1"), keys.ids("call-1"))
    product.log(events)
    now = properties(product)
    assert now["hs_call_title"] == "Mine"
    assert product.body().count("VIP") == 1
    assert product.decision("call-1").result == "logged"


def test_a_late_event_of_an_ignored_and_forgotten_message_does_not_log_it(product):
    product.set(enabled=False)
    events = message_events("m-1", "outbound", start=START, phone=KNOWN, statuses=("failed",))
    product.log(events[:1])
    product.set(enabled=True)
    product.redis.delete(keys.record("message-m-1"))
    product.log(events[1:])
    assert product.all("communications") == []
    assert product.shop.due.waiting() == 0


def test_an_owner_that_hubspot_refuses_in_a_change_leaves_the_rest_changed(product):
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    product.log([later(first[-1], 0, user=None) if e is first[-1] else e for e in first])
    product.hubspot.delete("owners", OMAR)
    changed = later(rest[0], 5, user={"id": 457, "email": "omar.haddad@example.com"})
    product.log([changed])
    assert "VIP" in product.body()
    assert properties(product)["hubspot_owner_id"] == JEANNE
    assert any("refused the owner" in note for note in product.decision("call-1").notes)
    assert product.failures() == set()
    changed = later(rest[0], 9, user={"id": 458, "email": "sofia.lindqvist@example.com"})
    product.log([changed])
    assert properties(product)["hubspot_owner_id"] == "11349275742"


def test_a_refused_change_stands_among_the_failures_until_a_retry_makes_it(product):
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    product.log(first)
    product.hubspot.fault("partial", path="*/calls/batch/update", permanent=True)
    product.log(rest)
    assert product.failures() == {"call-1"}
    assert product.decision("call-1").result == "logged"
    assert "refused by the sandbox" in product.decision("call-1").errors[0]
    product.retry()
    assert product.failures() == set()
    assert "VIP" in product.body()


def test_a_refused_ticket_does_not_hide_that_the_change_was_sent(product):
    product.set(tickets__pipeline="0", tickets__stages__inbound_voicemail="2")
    events = call_events(
        1, "inbound_voicemail", start=START, phone=UNKNOWN, story=Story(late_voicemail=True)
    )
    first, rest = split(events, "call.voicemail_left")
    product.log(first)
    product.hubspot.fault("partial", path="*/tickets/batch/create", permanent=True)
    product.log(rest)
    assert product.failures() == {"call-1"}
    written = product.record("call-1").written
    assert written.kind == "inbound_voicemail"
    assert written.properties["hs_call_body"] == product.body()
    product.retry()
    assert product.failures() == set()
    assert len(product.all("tickets")) == 1


def test_one_refused_change_harms_no_other_in_its_batch(product):
    rests = []
    for at in (1, 2, 3):
        first, rest = split(
            call_events(
                at, "inbound_answered", start=START, phone=KNOWN, story=Story(later_tags=(33,))
            ),
            "call.tagged",
        )
        product.log(first)
        rests += rest
    product.hubspot.fault("partial", path="*/calls/batch/update", permanent=True, which="last")
    product.log(rests)
    tagged = ["VIP" in one["properties"]["hs_call_body"] for one in product.all("calls")]
    assert sorted(tagged) == [False, True, True]
    assert len(product.failures()) == 1


def _die_before_commit(product, monkeypatch):
    """One drain that writes to HubSpot and dies before it can commit."""

    class Died(BaseException):
        pass

    def die(*_):
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(product.shop.due, "commit", die)
        with pytest.raises(Died):
            Drain(product.shop).run()
