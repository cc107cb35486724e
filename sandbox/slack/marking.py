"""Slack's markup as a person reads it: names for ids, dates in their own zone, links, no signs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sandbox.answer import Json

_ANGLES = re.compile(r"<([^<>]*)>")
_SIGNS = tuple(
    re.compile(rf"(?<![\w{sign}]){sign}(\S|\S[^\n]*?\S){sign}(?![\w{sign}])")
    for sign in (r"\*", "_", "~", "`")
)
_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads: `names` of ids, time zone, and what time it is for them."""

    names: Mapping[str, str]
    zone: tzinfo
    now: datetime

    def text(self, text: Json) -> str:
        """Return a text object as it is read."""
        words = str(text["text"])
        return self.marked(words) if text["type"] == "mrkdwn" else plain_words(words)

    def marked(self, text: str) -> str:
        """Return a text of markup as it is read."""
        text = _ANGLES.sub(lambda found: self._angle(found[1]), text)
        text = _FENCE.sub(r"\1", text)
        for sign in _SIGNS:
            text = sign.sub(r"\1", text)
        return plain_words(text)

    def _angle(self, inside: str) -> str:
        what, _, label = inside.partition("|")
        if what.startswith(("@", "#")):
            fallback = f"{what[0]}{label}" if label else what
            return self.names.get(what[1:], fallback)
        if what.startswith("!date^"):
            return self.date(what, label)
        if what.startswith("!"):
            return f"@{what[1:].partition('^')[0]}"
        return f"{label} ({what})" if label else what

    def date(self, what: str, fallback: str) -> str:
        """Return `!date^seconds^format` in the reader's zone; the fallback if it is none."""
        _, seconds, form, *_ = [*what.split("^"), "", ""]
        if not seconds.isdigit():
            return fallback
        moment = datetime.fromtimestamp(int(seconds), self.zone)
        return re.sub(r"\{(\w+)\}", lambda found: self._token(found[1], moment), form)

    def _token(self, name: str, at: datetime) -> str:
        near = self._near(at) if name.endswith("_pretty") else ""
        match name.removesuffix("_pretty"):
            case "date_num":
                return f"{at:%Y-%m-%d}"
            case "date_short" | "date_short_num":
                return near or f"{at:%b} {at.day}, {at.year}"
            case "date" | "date_slash":
                return near or f"{at:%B} {at.day}, {at.year}"
            case "date_long":
                return near or f"{at:%A}, {at:%B} {at.day}, {at.year}"
            case "day_divider":
                return near or f"{at:%A}, {at:%B} {at.day}"
            case "time":
                return f"{at:%H:%M}"
            case "time_secs":
                return f"{at:%H:%M:%S}"
            case "ago":
                return f"{int((self.now - at).total_seconds() // 60)} minutes ago"
        return f"{{{name}}}"

    def _near(self, at: datetime) -> str:
        days = {0: "today", 1: "yesterday", -1: "tomorrow"}
        return days.get((self.now.date() - at.date()) // timedelta(days=1), "")


def plain_words(text: str) -> str:
    """Return text with the three escaped signs as they are read."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
