"""One bit of the append-only file is turned: nothing changed reaches HubSpot, nothing is lost.

`FLIPS=1000 python -m pytest tests/worker/test_flipped.py -s` prints what became of them.
"""

import os
import random
from collections import Counter

import pytest
from flipped import Stored

FLIPS = int(os.environ.get("FLIPS", "100"))
SEED = int(os.environ.get("SEED", "8"))


@pytest.fixture(scope="module")
def stored(stand_ins):
    stored = Stored(stand_ins)
    yield stored
    stored.close()


def test_no_turned_bit_changes_or_loses_unnoticed_what_reaches_hubspot(stored):
    chance = random.Random(SEED)
    bits = chance.sample(range(8 * len(stored.log)), FLIPS // 2)
    bits += chance.sample(list(stored.telling), FLIPS - FLIPS // 2)
    became = {bit: stored.turned(bit) for bit in bits}
    for what, count in sorted(Counter(what.split(" {")[0] for what in became.values()).items()):
        print(f"{count:6} {what}")  # noqa: T201 - asked for with -s
    wrong = {
        bit: (what, stored.log[max(0, bit // 8 - 60) : bit // 8 + 20])
        for bit, what in became.items()
        if what.startswith(("CHANGED", "LOST"))
    }
    assert not wrong
