"""The product under kills, stops and a failing HubSpot: nothing lost, doubled or wrong."""

import os

import pytest

from tests.chaos.run import Plan, run

SEED = int(os.environ.get("CHAOS_SEED", "20261122"))
LONGEST = 480
"""Seconds: all that a run waits for at most; it takes about 150 on two cores."""


@pytest.mark.timeout(LONGEST)
def test_with_unique_properties_nothing_is_lost_doubled_or_wrong():
    told = run(Plan(SEED))
    assert not told, told


@pytest.mark.timeout(LONGEST)
def test_without_unique_properties_nothing_is_lost_doubled_or_wrong():
    told = run(Plan(SEED + 1, sending=38.0, stop_for=None, unique=False, apart=2))
    assert not told, told
