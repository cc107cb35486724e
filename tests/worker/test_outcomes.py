import pytest
from product import KNOWN, START, call

from sandbox.traffic import CALL_KINDS, Story, call_events
from store import keys

LIVE = "a4c4c377-d246-4b32-a13b-75a56a4cd0ff"
BUSY = "9d9162e7-6cf3-4944-bf63-4dff82258764"
CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"
DEFAULTS = {
    "outbound_answered": CONNECTED,
    "outbound_unanswered": NO_ANSWER,
    "outbound_busy": BUSY,
    "outbound_wrong_number": "17b47fee-58de-441e-a44c-c6300d46f273",
    "inbound_answered": CONNECTED,
    "inbound_missed": NO_ANSWER,
    "inbound_voicemail": "b2cf5968-551e-4856-9783-52b3da59a7d0",
}


def outcome(product):
    return product.one("calls", "call-1")["properties"].get("hs_call_disposition")


@pytest.mark.parametrize("kind", CALL_KINDS)
def test_each_kind_has_its_outcome(product, kind):
    product.log(call_events(1, kind, start=START, phone=KNOWN))
    assert outcome(product) == DEFAULTS[kind]


@pytest.mark.parametrize("kind", CALL_KINDS)
def test_none_writes_no_outcome(product, kind):
    product.set(**{f"outcomes__{kind}": None})
    product.log(call_events(1, kind, start=START, phone=KNOWN))
    assert outcome(product) is None


@pytest.mark.parametrize(
    ("mapped", "wanted"),
    [
        ({"33": LIVE}, LIVE),
        ({"33": LIVE, "32": LIVE}, LIVE),
        ({"33": LIVE, "32": BUSY}, CONNECTED),
        ({"31": LIVE}, CONNECTED),
        ({"33": "00000000-0000-0000-0000-000000000000"}, CONNECTED),
    ],
)
def test_mapped_tags_outweigh_the_kind_if_they_agree(product, mapped, wanted):
    product.set(tag_outcomes=mapped)
    product.log(call(Story(tags=(32, 33))))
    assert outcome(product) == wanted


def test_unknown_hangup_causes_are_counted_once_for_each_call(product):
    events = call_events(
        1, "outbound_unanswered", start=START, phone=KNOWN, story=Story(hangup_cause="odd_cause")
    )
    product.hubspot.fault("500", path="*/calls/batch/create", times=2)
    product.log(events)
    product.recover()
    product.log(events)
    assert product.redis.hgetall(keys.CAUSES) == {b"odd_cause": b"1"}
    assert product.decision("call-1").kind == "outbound_unanswered"


def test_known_hangup_causes_are_not_counted(product):
    product.log(call_events(1, "outbound_busy", start=START, phone=KNOWN))
    assert product.redis.hgetall(keys.CAUSES) == {}
