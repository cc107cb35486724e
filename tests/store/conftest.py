"""Fixtures of the store's tests: the rooms of one empty Redis."""

import pytest

from store.due import Due
from store.limits import Limits


@pytest.fixture
def due(redis_client):
    return Due(redis_client)


@pytest.fixture
def limits(redis_client):
    return Limits(redis_client)
