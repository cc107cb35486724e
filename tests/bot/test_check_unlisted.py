"""`check` against lists that leave out what is there: nothing is said to be gone unproven."""

from __future__ import annotations

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


@pytest.mark.parametrize("path", ["/crm/owners/2026-09/*", "/crm/pipelines/2026-09/tickets/*"])
def test_what_nobody_tells_of_when_asked_by_id_could_not_be_looked_at(half, path):
    half.product.hubspot.fault("503", path=path, times=None)
    half.command(ADMIN, "check")
    half.product.hubspot.faults.clear()
    assert "could not be looked at: HubSpot" in half.shown(ADMIN)
    assert WELL not in half.shown(ADMIN)


def test_of_many_numbers_that_are_not_listed_a_few_are_asked_for(half):
    half.set(numbers=[*range(1001, 1003), *range(5001, 5031)])
    half.command(ADMIN, "check")
    assert half.shown(ADMIN).count("no number with the id") == 8
