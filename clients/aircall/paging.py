"""How far Aircall's lists can be paged."""

from __future__ import annotations

from typing import Final

PER_PAGE: Final = 50
REACHABLE: Final = 10_000
"""Items that paging reaches for one filter; beyond them the list just ends, and says nothing."""
REASSURING: Final = 9_000
"""A window with more is halved: more may come in while its pages are read."""
