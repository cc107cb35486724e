"""What is said of an outage is said in German too, and is not cut where it is told."""

from __future__ import annotations

import pytest

from bot.alerts.message import LONGEST
from bot.words import words_in
from store.outages import Outage
from sync.gaps.telling import SENTENCES, sentence

AT = 1_790_000_000_000
HOUR = 3_600_000


@pytest.mark.parametrize("cause", SENTENCES)
def test_each_outage_is_told_in_german_and_whole(cause):
    outage = Outage(cause, AT, AT + HOUR)
    for start in (AT, AT + HOUR):
        said = sentence(outage, 12_345, start)
        told = words_in("de").retell(said)
        assert told != said
        assert "UTC" in told
        assert "that" not in told.split()
        assert max(len(said), len(told)) <= LONGEST
