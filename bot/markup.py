"""Slack's mrkdwn, made safe by type: whatever is not `Markup` yet is escaped before it goes in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

LONGEST_SECTION: Final = 3000
"""Characters of one mrkdwn text."""
_ESCAPES: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
_CUT_ENTITY: Final = re.compile(r"&[a-z]{0,3}$")
_CUT_LINK: Final = re.compile(r"<[^<>]*$")
_BIDI: Final = frozenset("\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
"""Marks that turn the direction of all that follows: a name must not mirror our own words."""


class Markup(str):
    """Text that Slack may read as mrkdwn: written by us, or escaped."""

    __slots__ = ()


def clean(text: str) -> str:
    """Put a vendor's or a person's text on one line, without control and direction marks."""
    kept = (
        " " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each
        for each in text
        if each not in _BIDI and not "\ud800" <= each <= "\udfff"
    )
    return " ".join("".join(kept).split())


def escape(text: object) -> Markup:
    """Return `text` so that Slack shows it as it is: no mention, no link, no channel call."""
    if isinstance(text, Markup):
        return text
    escaped = clean(str(text))
    for char, entity in _ESCAPES:
        escaped = escaped.replace(char, entity)
    return Markup(escaped)


def bold(text: object) -> Markup:
    """Return `text` in bold."""
    return Markup(f"*{escape(text)}*")


def code(text: object) -> Markup:
    """Return `text` as code; its own backticks would end it."""
    return Markup(f"`{str(escape(text)).replace('`', 'ˋ')}`")


def link(url: str, text: object) -> Markup:
    """Return a link; only http(s) addresses are linked, and none can break out of it."""
    words = escape(text)
    if not url.startswith(("https://", "http://")):
        return words
    address = url.replace("&", "&amp;").replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")
    return Markup(f"<{''.join(address.split())}|{str(words).replace('|', '¦')}>")


def mention(user: str) -> Markup:
    """Return a person's name as Slack shows it to each reader; for anything else its text."""
    return Markup(f"<@{user}>") if re.fullmatch(r"[UW][A-Z0-9]+", user) else escape(user)


def channel(id_: str) -> Markup:
    """Return a channel's name as Slack shows it to each reader."""
    return Markup(f"<#{id_}>") if re.fullmatch(r"[CG][A-Z0-9]+", id_) else escape(id_)


def date(ms: int, tokens: str = "{date_short_pretty} {time}") -> Markup:
    """Return a moment (ms since 1970) in each reader's own time zone and language."""
    # The fallback is read where Slack shows no dates: notifications, screen readers.
    fallback = datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Markup(f"<!date^{ms // 1000}^{tokens}|{fallback}>")


def join(separator: str, parts: Iterable[object]) -> Markup:
    """Join parts, each escaped; the separator is ours."""
    return Markup(separator.join(escape(part) for part in parts))


def lines(*parts: object) -> Markup:
    """Return the parts that are not empty, each on a line of its own."""
    return Markup("\n".join(escape(part) for part in parts if part))


def cut(text: Markup, most: int = LONGEST_SECTION) -> Markup:
    """Cut markup to `most` characters, at no entity's and no link's middle."""
    if len(text) <= most:
        return text
    kept = _CUT_LINK.sub("", _CUT_ENTITY.sub("", text[: most - 1]))
    return Markup(kept.rstrip() + "…")


def shortened(text: str, most: int) -> str:
    """Cut plain text to `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
