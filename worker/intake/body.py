"""Read the body of one delivery strictly, without I/O: what is not plainly an event is refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

LARGEST: Final = 1024 * 1024
"""Bytes."""
DEEPEST: Final = 50

KEY: Final = '"token"'
ESCAPED_LETTER: Final = re.compile(r"\\u00[4-7]")
"""Letters may be written as escapes: then `KEY` need not look like itself."""
TOKEN: Final = re.compile(
    r',[ \t\r\n]*"token"[ \t\r\n]*:[ \t\r\n]*"[^"\\]*"'
    r'|"token"[ \t\r\n]*:[ \t\r\n]*"[^"\\]*"[ \t\r\n]*,?'
)
"""The token's entry and one comma beside it. Where `KEY` stands once and no letter is escaped, this
is the entry of the outermost object, if that has one: the rest of the text is the event as it came,
and writing it anew would cost more than all else that is done with a delivery.
"""


class BadBodyError(Exception):
    """The body is not one JSON object as Aircall sends them; the sentence says what it is."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery: the event without its token, and the token apart from it."""

    event: Mapping[str, Any]
    json: str
    token: str | None


def read(body: bytes) -> Delivery:
    """Read a body: UTF-8, one JSON object, one `token`, no NaN, at most `DEEPEST` levels deep.

    Raises `BadBodyError`.
    """
    try:
        text = body.decode("utf-8")
        plain = text.count(KEY) <= 1 and not ESCAPED_LETTER.search(text)
        event = (_PLAIN if plain else _CAREFUL).decode(text)
    except UnicodeDecodeError as error:
        raise BadBodyError("the body is not UTF-8") from error
    except RecursionError as error:
        raise BadBodyError(f"the body is nested deeper than {DEEPEST} levels") from error
    except ValueError as error:
        raise BadBodyError(f"the body is not JSON: {error}"[:200]) from error
    if not isinstance(event, dict):
        raise BadBodyError("the body is not a JSON object")
    # Brackets bound the depth from above: most events need no second look.
    if text.count("{") + text.count("[") > DEEPEST and _deeper(event, DEEPEST):
        raise BadBodyError(f"the body is nested deeper than {DEEPEST} levels")
    token = event.pop("token", None)
    rest, cut = TOKEN.subn("", text, count=1) if plain and isinstance(token, str) else (text, 0)
    if not cut:
        rest = json.dumps(event, separators=(",", ":"), allow_nan=False)
    return Delivery(event, rest, token if isinstance(token, str) else None)


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs) and sum(name == "token" for name, _ in pairs) > 1:
        raise ValueError("the key token stands there twice")
    return made


def _in_range(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise BadBodyError("a number in the body is out of range")
    return number


def _not_a_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _deeper(value: object, levels: int) -> bool:
    """Tell whether `value` is nested deeper than `levels`; goes by levels, without recursion."""
    level: list[object] = [value]
    for _ in range(levels):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)  # type: ignore[attr-defined]  # only dicts and lists are kept
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


_PLAIN: Final = json.JSONDecoder(parse_float=_in_range, parse_constant=_not_a_number)
_CAREFUL: Final = json.JSONDecoder(
    parse_float=_in_range, parse_constant=_not_a_number, object_pairs_hook=_object
)
