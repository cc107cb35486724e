"""The kinds of long work there are, and the words of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.operations.backfill import BACKFILL
from bot.operations.contacts import CONTACTS
from bot.operations.removal import REMOVAL
from bot.operations.saying import Saying
from store.operations import Kind

SAYINGS: Final[Mapping[Kind, Saying]] = {
    "backfill": BACKFILL,
    "contacts": CONTACTS,
    "removal": REMOVAL,
}
