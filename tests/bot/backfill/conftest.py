"""What tests of `backfill` in Slack share: nobody waits for a slice to have something to do."""

from __future__ import annotations

import pytest

from sync.backfill import going


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(going, "PATIENCE", 0.0)
