"""Fixtures of the tests of alerts."""

import pytest

from store import keys


@pytest.fixture
def alerts(team):
    """The alerts of a team that has nothing else to announce."""
    team.redis.set(keys.ANNOUNCED, team.product.shop.revisions.current().number)
    return team.product.shop.alerts
