"""What tests of a backfill share: slices in this process, one that was begun, nobody who waits."""

from __future__ import annotations

import pytest

from store.operations import Operations
from sync import slices
from sync.backfill import going
from tests.sync.backfill.past import START


@pytest.fixture(autouse=True)
def jobs_of(product, monkeypatch):
    monkeypatch.setattr(slices, "workshop", lambda: product.shop)


@pytest.fixture
def begun(product):
    """Start a backfill of 30,000 seconds from START on."""

    def begin(start=START, end=START + 30_000, total=None):
        about = {"start": start, "end": end, "revision": 1}
        return Operations(product.redis).start("backfill", "U1", "Ada", about, total)

    return begin


@pytest.fixture
def at_once(monkeypatch):
    """Let nobody wait: a slice with nothing to do ends."""
    monkeypatch.setattr(going, "PATIENCE", 0.0)
