"""What of the settings' ticket pipeline is missing, by what was read."""

import pytest

from rules.missing import Missing, is_suspect, kinds_of, missing_of, noted, spoken, stages_of
from rules.settings import Settings, with_values

CHOSEN = with_values(
    Settings(),
    {
        "tickets.pipeline": "0",
        "tickets.stages.inbound_missed": "2",
        "tickets.stages.outbound_unanswered": "2",
        "tickets.stages.inbound_message": "3",
    },
)
NO_STAGE = with_values(Settings(), {"tickets.pipeline": "0"})


@pytest.mark.parametrize(
    ("listed", "suspect"),
    [
        ({"0": {"1", "2", "3"}}, False),
        ({"0": {"1", "2"}}, True),
        ({"0": set()}, True),
        ({"9": {"2", "3"}}, True),
        ({}, True),
    ],
)
def test_a_list_makes_suspect_what_it_does_not_show(listed, suspect):
    assert is_suspect(CHOSEN, listed) is suspect


@pytest.mark.parametrize("settings", [Settings(), NO_STAGE])
def test_what_opens_no_ticket_can_miss_nothing(settings):
    assert not is_suspect(settings, {})
    assert missing_of(settings, None) == ()
    assert missing_of(settings, set()) == ()


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        (None, (Missing("0"),)),
        ({"2", "3"}, ()),
        ({"3"}, (Missing("0", "2"),)),
        (set(), (Missing("0", "2"), Missing("0", "3"))),
    ],
)
def test_what_was_read_by_id_tells_what_is_missing(there, missing):
    assert missing_of(CHOSEN, there) == missing


def test_every_kind_that_used_it_is_named():
    assert kinds_of(CHOSEN, Missing("0", "2")) == ("outbound_unanswered", "inbound_missed")
    assert len(kinds_of(CHOSEN, Missing("0"))) == 3
    assert kinds_of(CHOSEN, Missing("9")) == ()
    assert kinds_of(CHOSEN, Missing("0", "1")) == ()


def test_stages_are_named_once():
    assert stages_of(CHOSEN) == ("2", "3")


def test_its_note_is_read_back():
    assert noted(Missing("0", "2").note) == Missing("0", "2")
    assert noted(Missing("0").note) == Missing("0")
    assert noted("Undo of revision 7.") is None


def test_its_names():
    assert Missing("0", "2").alert == "stage missing 0/2"
    assert Missing("0").alert == "pipeline missing 0"
    assert Missing("0", "2").note == "stage 2 of pipeline 0 is missing in HubSpot"
    assert Missing("0").note == "pipeline 0 is missing in HubSpot"
    assert spoken(["inbound_missed", "outbound_message"]) == "inbound missed, outbound message"
