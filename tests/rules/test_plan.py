import pytest

from rules.kinds import Kind
from rules.plan import Plan, Record, Written, needs_ticket, wanted
from rules.records import Call, Message

OWNER, OUTCOME = "hubspot_owner_id", "hs_call_disposition"
STAGED = {"hs_pipeline": "0", "hs_pipeline_stage": "2"}
MISSED, VOICEMAIL = Kind.INBOUND_MISSED, Kind.INBOUND_VOICEMAIL


def plan(kind=MISSED, ticket=None, **properties):
    return Plan("call-1", kind, "calls", properties, ticket=ticket)


def written(kind=MISSED, **more):
    more.setdefault("properties", {})
    return Written("calls", kind, activity="7", **more)


def test_a_record_tells_its_call_or_its_message():
    call, message = Call("call-1"), Message("message-1")
    assert Record(call=call).interaction is call
    assert Record(message=message).interaction is message
    assert Record().interaction is None


def test_only_what_differs_from_what_we_wrote_is_wanted():
    before = written(properties={"a": "1", "b": "2"})
    assert wanted(plan(a="1", b="3", c="4"), before) == {"b": "3", "c": "4"}


def test_an_outcome_that_is_no_longer_planned_is_cleared_and_an_owner_is_not():
    before = written(properties={OUTCOME: "x", OWNER: "1"})
    assert wanted(plan(), before) == {OUTCOME: ""}
    assert wanted(plan(), written(properties={OUTCOME: ""})) == {}


@pytest.mark.parametrize(
    ("kind", "ticket", "more", "needs"),
    [
        (VOICEMAIL, STAGED, {}, True),
        (VOICEMAIL, None, {}, False),
        (VOICEMAIL, STAGED, {"ticket": "9"}, False),
        (MISSED, STAGED, {}, False),
        (MISSED, STAGED, {"ticket_refused": True}, True),
        (MISSED, None, {"ticket_refused": True}, False),
        (VOICEMAIL, STAGED, {"ticket_deleted": True}, False),
    ],
)
def test_a_later_ticket_is_made_for_a_new_kind_or_after_a_refusal(kind, ticket, more, needs):
    assert needs_ticket(plan(kind, ticket), written(**more)) is needs
