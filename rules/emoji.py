"""Texts without emoji, and cut without tearing a sign apart from what belongs to it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_JOINER: Final = "\u200d"
_EMOJI: Final = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u2388"
    "\u23cf\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001ffff]"
)
"""Unicode's pictographs, skins and flags, with room for those that are newer than this table."""
_DRESSING: Final = frozenset({"\ufe0e", "\ufe0f", "\u20e3", *map(chr, range(0xE0020, 0xE0080))})
"""They only say how the sign before them is shown: as an emoji, as a key, as a flag of a region."""


def without_emoji(text: str) -> str:
    """Take emoji away, whole: with their skin, their joiners, their flags; digits stay of keycaps.

    Joiners of scripts that need them stay.
    """
    kept: list[str] = []
    after_emoji = False
    for sign in text:
        if _EMOJI.match(sign) or sign in _DRESSING:
            if kept and kept[-1] == _JOINER:
                kept.pop()
            after_emoji = True
        elif not (after_emoji and sign == _JOINER):
            kept.append(sign)
            after_emoji = False
    return "".join(kept)


def cut(text: str, most: int) -> str:
    """Shorten to at most `most` characters, at the end of a sign with all its accents."""
    if len(text) <= most:
        return text
    end = most
    while end and _continues(text, end):
        end -= 1
    return text[: end or most].rstrip()


def _continues(text: str, at: int) -> bool:
    """Whether the character at this place belongs to the one before."""
    sign = text[at]
    if unicodedata.category(sign) in {"Mn", "Mc", "Me"} or _JOINER in {sign, text[at - 1]}:
        return True
    # Vowels and final consonants of Hangul spelt in parts.
    return "\u1160" <= sign <= "\u11ff"
