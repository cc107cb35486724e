"""Chance that can be repeated: every random thing of the stand-ins comes from a seed."""

import random


def chance(seed: int) -> random.Random:
    """Return a generator whose numbers follow from `seed` alone."""
    return random.Random(seed)  # noqa: S311 - must repeat, keeps no secret
