"""`check` against lists that leave out what is there: nothing is said to be gone unproven."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bot.team import ADMIN

JEANNE = "11349275740"
WELL = "All that the settings name is there"


@pytest.fixture
def half(team, monkeypatch):
    """Let the vendors' lists leave out everything, while each thing is there when asked by id."""
    team.set(
        numbers=[1001, 1002],
        fallback_owner=JEANNE,
        tickets__pipeline="0",
        tickets__stages__inbound_missed="2",
    )
    shop = team.product.shop
    monkeypatch.setattr(type(shop.hubspot), "owners", lambda *_, **__: ())
    monkeypatch.setattr(type(shop.hubspot), "pipelines", lambda _: ())
    monkeypatch.setattr(type(shop.aircall), "numbers", lambda _: ())
    return team


def test_what_only_a_list_leaves_out_is_not_said_to_be_gone(half):
    half.command(ADMIN, "check")
    assert WELL in half.shown(ADMIN)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (lambda team: team.product.aircall.office.numbers.pop(1002), "no number with the id 1002"),
        (lambda team: team.product.hubspot.portal.owners.pop(JEANNE), "HubSpot has no owner"),
        (
            lambda team: team.product.hubspot.delete("stages", "2", "0"),
            "(Waiting on contact) is not",
        ),
        (lambda team: team.product.hubspot.delete("pipelines", "0"), "HubSpot has no ticket pipel"),
    ],
)
def test_what_is_gone_when_asked_by_id_is_said(half, gone, said):
    gone(half)
    half.command(ADMIN, "check")
    assert said in half.shown(ADMIN)
    assert WELL not in half.shown(ADMIN)


@pytest.mark.parametrize("kind", ["403", "429", "503"])
@pytest.mark.parametrize("path", ["/crm/owners/2026-09/*", "/crm/pipelines/2026-09/tickets/*"])
def test_what_hubspot_does_not_tell_of_when_asked_by_id_could_not_be_looked_at(half, path, kind):
    half.product.hubspot.fault(kind, path=path, times=None)
    half.command(ADMIN, "check")
    half.product.hubspot.faults.clear()
    assert "could not be looked at: " in half.shown(ADMIN)
    assert WELL not in half.shown(ADMIN)


@pytest.mark.parametrize("kind", ["403", "429", "503"])
def test_what_aircall_does_not_tell_of_when_asked_by_id_could_not_be_looked_at(half, kind):
    half.product.aircall.fault(kind, path="/v1/numbers/*", times=None)
    half.command(ADMIN, "check")
    half.product.aircall.faults.clear()
    assert "could not be looked at: " in half.shown(ADMIN)
    assert "no number with the id" not in half.shown(ADMIN)
    assert WELL not in half.shown(ADMIN)


@pytest.mark.parametrize("refused", [("options",), ("options", "plain")])
def test_an_outcome_is_not_gone_because_hubspot_refuses_its_list(half, refused):
    """Where it does, its six own ones are taken for the list: that proves nothing of others."""
    custom = "f0000000-0000-4000-8000-000000000001"
    calls = half.product.hubspot.portal.properties["calls"]
    outcomes = calls["hs_call_disposition"]
    options = (*outcomes.options, ("Demo booked", custom))
    calls["hs_call_disposition"] = replace(outcomes, options=options)
    half.set(tag_outcomes={"33": custom})
    paths = ["/crm/properties/2026-09/calls/hs_call_disposition", "/calling/v1/dispositions"]
    if "plain" in refused:
        paths.append("/crm/properties/2026-09/calls")
    for path in paths:
        half.product.hubspot.fault("403", path=path, times=None)
    half.command(ADMIN, "check")
    half.product.hubspot.faults.clear()
    assert "no call outcome" not in half.shown(ADMIN)
    assert ("could not be looked at: " in half.shown(ADMIN)) == ("plain" in refused)


def test_a_tag_that_moved_to_a_page_already_read_is_not_gone(half, monkeypatch):
    aircall = type(half.product.shop.aircall)
    real, calls = aircall.tags, []

    def tags(self):
        calls.append(self)
        found = real(self)
        return found if len(calls) > 1 else tuple(each for each in found if each.id != 33)

    monkeypatch.setattr(aircall, "tags", tags)
    half.set(tag_outcomes={"33": "Connected"})
    calls.clear()
    half.command(ADMIN, "check")
    assert "Aircall has no tag" not in half.shown(ADMIN)
    assert WELL in half.shown(ADMIN)


def test_of_many_numbers_that_are_not_listed_a_few_are_asked_for(half):
    half.set(numbers=[*range(1001, 1003), *range(5001, 5031)])
    half.command(ADMIN, "check")
    assert half.shown(ADMIN).count("no number with the id") == 8
