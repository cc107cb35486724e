import pytest

from rules.hours import Hours
from rules.judge import judge
from rules.records import Arrival, Call, Line
from rules.settings import Settings, with_values

ON = with_values(Settings(), {"enabled": True, "numbers": [1001]})
OFF = with_values(ON, {"enabled": False})
INSIDE, OUTSIDE, UNKNOWN = (
    Hours("inside", "x"),
    Hours("outside", "x"),
    Hours("unknown", "x"),
)
ACCEPTED = Arrival(1, 1)


def call(line=1001, accepted=ACCEPTED, backfilled=None):
    return Call(
        "call-1", line=Line(line) if line else None, accepted=accepted, backfilled=backfilled
    )


def result(interaction, accepted=ON, newest=ON, hours=INSIDE, *, logged=False):
    verdict = judge(interaction, accepted, newest, hours, logged=logged)
    return verdict.result, verdict.reason


def test_what_has_not_ended_is_pending_whatever_the_settings():
    assert result(call(accepted=None), OFF, OFF)[0] == "pending"


def test_what_is_enabled_connected_and_inside_goes_on():
    assert result(call()) == ("go", "")


@pytest.mark.parametrize("line", [1002, None])
def test_a_number_that_is_not_connected_is_ignored(line):
    assert result(call(line)) == ("ignored", "number not connected")


def test_the_reasons_to_ignore_come_in_their_order():
    strict = with_values(OFF, {"business_hours_only": True})
    assert result(call(1002), strict, hours=OUTSIDE) == ("ignored", "disabled")
    strict = with_values(ON, {"business_hours_only": True})
    assert result(call(1002), strict, hours=OUTSIDE) == ("ignored", "number not connected")
    assert result(call(), strict, hours=OUTSIDE) == ("ignored", "outside business hours")


@pytest.mark.parametrize("hours", [INSIDE, UNKNOWN])
def test_unsure_hours_count_as_inside(hours):
    strict = with_values(ON, {"business_hours_only": True})
    assert result(call(), strict, hours=hours)[0] == "go"


def test_hours_that_do_not_count_ignore_nothing():
    assert result(call(), hours=OUTSIDE)[0] == "go"


def test_only_the_revision_at_arrival_ignores_and_only_the_newest_makes_wait():
    assert result(call(), accepted=OFF, newest=ON) == ("ignored", "disabled")
    assert result(call(), accepted=ON, newest=OFF) == ("waiting", "the integration is disabled")
    elsewhere = with_values(ON, {"numbers": [1002]})
    assert result(call(), newest=elsewhere)[0] == "go"


def test_a_backfill_overcomes_disabled_and_nothing_else():
    asked = call(backfilled=ACCEPTED)
    assert result(asked, accepted=OFF)[0] == "go"
    assert result(call(1002, backfilled=ACCEPTED), accepted=OFF)[0] == "ignored"
    assert result(asked, accepted=OFF, newest=OFF)[0] == "waiting"


def test_what_was_logged_is_never_ignored_afterwards_but_may_wait():
    assert result(call(1002), OFF, ON, OUTSIDE, logged=True)[0] == "go"
    assert result(call(1002), OFF, OFF, logged=True)[0] == "waiting"
