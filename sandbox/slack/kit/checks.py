"""Checks of JSON that combine: each yields the problems of one value, and where it stands."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: a JSON pointer, a sentence, and Slack's error where it has its own."""

    pointer: str
    sentence: str
    code: str = ""

    def __str__(self) -> str:
        """Return it as Slack lists it under `response_metadata.messages`."""
        code = f"{self.code}: " if self.code else ""
        return f"[ERROR] {code}{self.sentence} [json-pointer:{self.pointer}]"


Check = Callable[[Any, str], Iterator[Problem]]
Fields = Mapping[str, Check]


def anything(value: object, at: str) -> Iterator[Problem]:
    """Find nothing wrong."""
    del value, at
    yield from ()


def is_unicode(text: str) -> bool:
    """Tell whether a text has no lone half of a pair of surrogates."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def string(least: int = 1, most: int = 3000) -> Check:
    """Return a check for a string of so many characters."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "must be a string")
        elif not is_unicode(value):
            yield Problem(at, "must be valid Unicode")
        elif len(value) < least:
            yield Problem(at, f"must be more than {least - 1} characters")
        elif len(value) > most:
            yield Problem(at, f"must be less than {most + 1} characters, not {len(value)}")

    return check


def pattern(expression: str, wanted: str) -> Check:
    """Return a check for a string that matches `expression` as a whole."""
    compiled = re.compile(expression)

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield Problem(at, f"must be {wanted}")

    return check


def one_of(*known: str) -> Check:
    """Return a check for one of some words."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if value not in known:
            yield Problem(at, f"must be one of {', '.join(known)}, not {value!r}")

    return check


def flag(value: object, at: str) -> Iterator[Problem]:
    """Check for true or false."""
    if not isinstance(value, bool):
        yield Problem(at, "must be true or false")


def whole(least: int, most: int) -> Check:
    """Return a check for a whole number between two others."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(at, "must be a whole number")
        elif not least <= value <= most:
            yield Problem(at, f"must be between {least} and {most}, not {value}")

    return check


def items(each: Check, least: int = 1, most: int = 100) -> Check:
    """Return a check for a list of so many items."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(at, "must be a list")
            return
        if len(value) < least:
            yield Problem(at, f"must have at least {least} items, not {len(value)}")
        if len(value) > most:
            yield Problem(at, f"no more than {most} items allowed, not {len(value)}")
        for index, item in enumerate(value):
            yield from each(item, f"{at}/{index}")

    return check


def shape(required: Fields, optional: Fields | None = None, *more: Check) -> Check:
    """Return a check for an object of exactly these fields; `more` look at it as a whole.

    `more` are asked only when every field by itself is right.
    """
    fields = {**required, **(optional or {})}

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "must be an object")
            return
        found = list(_fields(value, at, required, fields))
        yield from found
        if not found:
            for whole_check in more:
                yield from whole_check(value, at)

    return check


def _fields(
    value: Mapping[str, Any], at: str, required: Fields, known: Fields
) -> Iterator[Problem]:
    for name in required:
        if name not in value:
            yield Problem(at, f"missing required field: {name}")
    for name, given in value.items():
        if name in known:
            yield from known[name](given, f"{at}/{name}")
        else:
            yield Problem(at, f"unknown field: {name}")


def by_type(kinds: Fields, what: str) -> Check:
    """Return a check that chooses another one by the value's `type`."""

    def check(value: object, at: str) -> Iterator[Problem]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            yield Problem(at, f"unsupported type of {what} here: {kind!r}")
        else:
            yield from kinds[kind](value, at)

    return check
