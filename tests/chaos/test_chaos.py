"""The product under kills, stops and a failing HubSpot: nothing lost, doubled or wrong."""

import os

import pytest

from tests.chaos.run import Plan, run

SEED = int(os.environ.get("CHAOS_SEED", "20261122"))


@pytest.mark.timeout(300)
def test_with_unique_properties_nothing_is_lost_doubled_or_wrong():
    told = run(Plan(SEED))
    assert not told, told


@pytest.mark.timeout(300)
def test_without_unique_properties_nothing_is_lost_doubled_or_wrong():
    told = run(Plan(SEED + 1, sending=38.0, stop_for=None, settle=150.0, unique=False, apart=2))
    assert not told, told
