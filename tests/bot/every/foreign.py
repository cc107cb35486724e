"""What of a German transcript is not German: lines as in English, and English words in others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

ALIKE: Final = {
    "admins", "agent", "aircall", "call-1", "hubspot", "name", "phones", "pipeline",
    "revision", "slack", "status", "tags", "ticket", "tickets",
}  # fmt: skip
"""Words that are the same in both languages."""
THEIRS: Final = (
    "Sales France",
    "Support US",
    "Support Pipeline",
    "Jeanne Martin",
    "Call-backs",
    "To call back",
    "Waiting on contact",
    "Waiting on us",
    "Left live message",
    "Hot lead",
    "Call ID",
    "No answer",
    "no such outcome",
    "A test call",
    "No tickets here",
    "This app hasn't been granted all required scopes to make this call. Read more about required "
    "scopes here",
    "Method Not Allowed: not now",
    "Not allowed: x",
    "Unprocessable Entity: The contact is currently unavailable",
    'There was a problem with the request. Property "aircall_id" does not exist',
    "Property values were not valid: refused by the sandbox (hs_object_id)",
)
"""Names and sentences that vendors and people gave, of those in which an English word stands."""
ENGLISH: Final = {
    "the", "of", "and", "is", "are", "not", "with", "to", "for", "by", "this", "that", "it",
    "its", "from", "yes", "be", "which", "has", "have", "were", "been", "will", "cannot",
    "nobody", "nothing", "none", "call", "calls", "number", "message", "messages",
    "setting", "until", "since", "again", "you", "your", "our", "we", "they", "what", "who",
    "when", "does", "do", "no", "or", "if", "on", "at", "as", "choose", "show", "enabled",
    "disabled", "missing", "refused", "gone",
}  # fmt: skip
_CODE = re.compile(r"‹[^›]*›|https?://\S+|/aircall-hubspot(?: \w+)?|\S*\w[._/-]\w\S*")
_WORD = re.compile(r"[^\W\d_]+(?:-\d+)?")


def alike(german: Iterable[str], english: Iterable[str], typed: Sequence[str]) -> list[str]:
    """Return the lines that read as in English, but for names and what people `typed`."""
    there = {line for line in english if not _structural(line)}
    return [
        line for line in dict.fromkeys(german) if line in there and set(_words(line, typed)) - ALIKE
    ]


def english_words(german: Iterable[str]) -> list[str]:
    """Return the lines in which an English word stands that is no German one."""
    return [
        line
        for line in dict.fromkeys(german)
        if not _structural(line) and ENGLISH & set(_words(line))
    ]


def _structural(line: str) -> bool:
    """Tell a line of the transcript itself: who did what, where it was said."""
    return line.startswith(("> ", "== "))


def _words(line: str, typed: Sequence[str] = ()) -> Iterator[str]:
    for name in (*THEIRS, *typed):
        line = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", line)
    return (word.casefold() for word in _WORD.findall(_CODE.sub(" ", line.removeprefix("text:"))))
