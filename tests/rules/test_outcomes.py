from __future__ import annotations

import pytest

from rules.kinds import Kind
from rules.outcomes import DEFAULT_OUTCOMES, OutcomeChoice, find_outcome, outcome_of
from rules.records import Tag

CUSTOM = "c0ffee00-1111-4222-8333-444455556666"
PORTAL = {guid: label for label, guid in DEFAULT_OUTCOMES.items()} | {CUSTOM: "Demo booked"}
SETTINGS = {"inbound_answered": "Connected", "inbound_missed": None, "outbound_busy": "None"}
VIP, HOT, PLAIN = Tag(31, "VIP"), Tag(32, "Hot lead"), Tag(33, "Plain")


def choose(tags=(), mapping=None, kind=Kind.INBOUND_ANSWERED, portal=PORTAL):
    return outcome_of(kind, tags, SETTINGS, mapping or {}, portal)


def test_without_tags_the_kinds_setting_decides():
    assert choose() == OutcomeChoice(
        DEFAULT_OUTCOMES["Connected"], "the setting for inbound_answered: Connected"
    )
    assert choose([PLAIN], {"VIP": "Busy"}) == choose()


@pytest.mark.parametrize("kind", [Kind.INBOUND_MISSED, Kind.OUTBOUND_BUSY, Kind.INBOUND_VOICEMAIL])
def test_none_writes_no_outcome(kind):
    assert choose(kind=kind) == OutcomeChoice(None, f"the setting for {kind}: none")


@pytest.mark.parametrize("tag", ["31", "VIP", " vip "])
@pytest.mark.parametrize("outcome", [CUSTOM, CUSTOM.upper(), "Demo booked", "DEMO BOOKED "])
def test_a_mapped_tag_decides_by_id_or_name(tag, outcome):
    assert choose([PLAIN, VIP], {tag: outcome}) == OutcomeChoice(CUSTOM, "by tag: VIP")


def test_tags_that_agree_decide_together():
    mapping = {"31": CUSTOM, "hot lead": "Demo booked"}
    assert choose([VIP, HOT], mapping) == OutcomeChoice(CUSTOM, "by tag: VIP, Hot lead")


def test_tags_that_disagree_leave_it_to_the_setting():
    choice = choose([VIP, HOT], {"VIP": CUSTOM, "Hot lead": "Busy"})
    assert choice.disposition == DEFAULT_OUTCOMES["Connected"]
    assert choice.because == ("the setting for inbound_answered: Connected; the tags disagree")


def test_a_mapped_outcome_that_hubspot_lost_counts_as_not_mapped():
    gone = choose([VIP], {"VIP": "00000000-1111-4222-8333-444455556666"})
    assert gone.disposition == DEFAULT_OUTCOMES["Connected"]
    assert "gone from HubSpot" in gone.because
    assert (
        choose([VIP, HOT], {"VIP": "Vanished", "Hot lead": "Busy"}).disposition
        == (DEFAULT_OUTCOMES["Busy"])
    )


def test_a_default_outcome_that_the_portal_deleted_is_not_written():
    portal = {CUSTOM: "Demo booked"}
    choice = choose(portal=portal)
    assert choice.disposition is None
    assert choice.because.endswith("that outcome is gone from HubSpot")


def test_a_default_outcome_is_found_under_another_label():
    portal = {DEFAULT_OUTCOMES["Connected"]: "Verbunden"}
    assert choose(portal=portal).disposition == DEFAULT_OUTCOMES["Connected"]


def test_while_the_portals_outcomes_are_unknown_defaults_and_guids_are_believed():
    assert find_outcome("no ANSWER", {}) == DEFAULT_OUTCOMES["No answer"]
    assert find_outcome(CUSTOM.upper(), {}) == CUSTOM
    assert find_outcome("Demo booked", {}) is None
    assert find_outcome("x" * 36, {}) is None
    assert find_outcome("call-back-at-the-end", {}) is None


def test_a_tag_without_a_name_is_told_by_its_id():
    assert choose([Tag(31)], {"31": "Busy"}).because == "by tag: 31"


@pytest.mark.parametrize("kind", [Kind.INBOUND_MESSAGE, Kind.OUTBOUND_MESSAGE])
def test_messages_have_no_outcome(kind):
    assert choose([VIP], {"VIP": "Busy"}, kind).disposition is None
