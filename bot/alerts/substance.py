"""What an alert is in substance: a count that grows, or time that passes, changes nothing of it."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Final

from store.alerts import Alert

_COUNTED: Final = re.compile(r"\d[\d.,:/-]*(?:\s+\w+)?|\b[Oo]ne\s+\w+")
"""A number with the word it counts, whose ending follows it: "1 call", "12 calls"."""
_AGREES: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|it|them|they|its|their|this|these|does|do)\b|s\b", re.IGNORECASE
)
"""Words and endings that follow a number as well."""


def substance(alert: Alert) -> str:
    """Return a short word that changes with the alert's substance alone."""
    about = {name: _COUNTED.sub("#", value) for name, value in alert.about.items()}
    said = " ".join(_AGREES.sub("", _COUNTED.sub("#", alert.sentence)).split())
    return hashlib.sha256(json.dumps([said, about], sort_keys=True).encode()).hexdigest()[:16]


def id_of(name: str) -> str:
    """Return what names an alert in a button: its own name may be longer than Slack takes."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]
