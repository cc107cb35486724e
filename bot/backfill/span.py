"""Which time somebody means by what they typed: `2026-11-01 2.11.2026 14:30`, `yesterday today`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.words import N_

MONTHS: Final = 181
"""Days that Aircall's six months have at least: whole days back to which all calls are there."""
_DAYS: Final[Mapping[str, int]] = {"today": 0, "heute": 0, "yesterday": -1, "gestern": -1}
_NOW: Final = frozenset({"now", "jetzt"})
_BETWEEN: Final = frozenset({"to", "until", "till", "bis", "-", "–", "—", "→"})
_BEFORE: Final = frozenset({"from", "since", "von", "vom", "seit"})
_AFTER_TIME: Final = frozenset({"uhr"})
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_GERMAN: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_JOINED: Final = re.compile(
    r"([^T]+)T(\d{1,2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)

_YEARS: Final = range(1971, 6000)
_BEYOND: Final = 2**37
"""UNIX seconds of a moment in a year that no clock of ours reaches."""

NOT_A_DATE: Final = N_("“{typed}” is no date or time that I can read.")
NOT_A_TIME: Final = N_("“{typed}” is no time of day: it goes from 00:00 to 23:59.")
NO_SUCH_DAY: Final = N_("There is no such day as “{typed}”.")
TOO_MUCH: Final = N_("I can read a beginning and an end; “{typed}” is too much.")
NOTHING: Final = N_("Say from when to when.")
BACKWARDS: Final = N_("The beginning ({start}) lies after the end ({end}).")
FUTURE_START: Final = N_("The beginning ({start}) lies in the future.")
FUTURE_END: Final = N_("The end ({end}) lies in the future: leave it out for all until now.")
TOO_OLD: Final = N_(
    "Aircall tells of the last six months only, and the beginning is older: the earliest possible "
    "day is {day}."
)


class SpanError(ValueError):
    """What was typed names no time that can be logged; `values` fill the sentence's holes."""

    def __init__(self, sentence: str, which: str = "", **values: Any) -> None:  # noqa: ANN401
        super().__init__(sentence)
        self.sentence = sentence
        self.which = which
        """`start` or `end`, where one of them is to blame."""
        self.values: Mapping[str, Any] = values
        """Texts as they were typed, and moments in UNIX seconds."""


@dataclass(frozen=True, slots=True)
class Span:
    """A past time in UNIX seconds, both ends included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Moment:
    """What was typed for one end: a whole day, or a time of it; in some time zone."""

    day: date
    at: time | None = None
    zone: tzinfo | None = None
    """Where it was typed with its own offset."""
    now: bool = False


def zone_of(name: str) -> tzinfo:
    """Return a person's time zone by its IANA name; UTC while nobody knows it."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def read_span(typed: str, zone: tzinfo, now: int) -> Span:
    """Read `FROM TO` or `FROM`; `now` in UNIX seconds. Raises SpanError."""
    moments = _moments(typed.replace(",", " ").split(), datetime.fromtimestamp(now, zone).date())
    if not moments:
        raise SpanError(NOTHING)
    return span_between(moments[0], moments[1] if len(moments) > 1 else None, zone, now)


def span_between(first: Moment, last: Moment | None, zone: tzinfo, now: int) -> Span:
    """Make a span of two moments; without the last one it goes until now. Raises SpanError.

    A whole day as the end is meant with all of its hours, today's as far as it has come.
    """
    start = now if first.now else _seconds(first, zone, first.at or time(), fold=0)
    today = datetime.fromtimestamp(now, zone).date()
    if start > now:
        raise SpanError(FUTURE_START, "start", start=start)
    if last is None or last.now or (last.at is None and last.day == today):
        end = now
    elif last.at is None:
        # The next midnight, whatever the clocks do on that day.
        day = min(last.day, date.max - timedelta(days=1)) + timedelta(days=1)
        following = Moment(day, zone=last.zone)
        end = _seconds(following, zone, time(), fold=0) - 1
    else:
        end = _seconds(last, zone, last.at, fold=1)
    if end > now:
        raise SpanError(FUTURE_END, "end", end=end)
    if start > end:
        raise SpanError(BACKWARDS, "start", start=start, end=end)
    earliest = _seconds(Moment(today - timedelta(days=MONTHS)), zone, time(), fold=0)
    if start < earliest:
        raise SpanError(TOO_OLD, "start", day=earliest)
    return Span(start, end)


def read_day(typed: str) -> date | None:
    """Read a day as Slack's date pickers send it; None if it is none."""
    found = _ISO.fullmatch(typed)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def read_time(typed: str) -> time | None:
    """Read a time of day as Slack's time pickers send it; None if it is none."""
    found = _TIME.fullmatch(typed)
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None
    except ValueError:
        return None


def _moments(words: Sequence[str], today: date) -> list[Moment]:
    found: list[Moment] = []
    previous = ""
    for word in words:
        low = word.casefold()
        if low in _BETWEEN | _BEFORE or (low in _AFTER_TIME and _TIME.fullmatch(previous)):
            continue
        if _TIME.fullmatch(word):
            _add_time(found, word)
        elif len(found) == 2:
            raise SpanError(TOO_MUCH, typed=word)
        else:
            found.append(_moment(word, today))
        previous = word
    return found


def _add_time(found: list[Moment], word: str) -> None:
    """Put a time of day to the day before it: `2026-11-01 14:30` is two words."""
    at = read_time(word)
    if at is None:
        raise SpanError(NOT_A_TIME, typed=word)
    if not found or found[-1].at is not None or found[-1].now:
        raise SpanError(NOT_A_DATE, typed=word)
    found[-1] = Moment(found[-1].day, at, found[-1].zone)


def _moment(word: str, today: date) -> Moment:
    low = word.casefold()
    if low in _NOW:
        return Moment(today, now=True)
    if joined := _JOINED.fullmatch(word):
        day = _day(joined[1], word, today)
        at = read_time(joined[2])
        if at is None:
            raise SpanError(NOT_A_TIME, typed=joined[2])
        return Moment(day, at, _offset(joined[3], word))
    return Moment(_day(word, word, today))


def _day(typed: str, word: str, today: date) -> date:
    if (days := _DAYS.get(typed.casefold())) is not None:
        return today + timedelta(days=days)
    if found := _ISO.fullmatch(typed):
        year, month, day = map(int, found.groups())
    elif found := _GERMAN.fullmatch(typed):
        day, month, year = map(int, found.groups())
    else:
        raise SpanError(NOT_A_DATE, typed=word)
    try:
        return date(year, month, day)
    except ValueError:
        raise SpanError(NO_SUCH_DAY, typed=typed) from None


def _offset(typed: str | None, word: str) -> tzinfo | None:
    if not typed:
        return None
    if typed in "Zz":
        return UTC
    try:
        return datetime.fromisoformat(f"2000-01-01T00:00{typed}").tzinfo
    except ValueError:
        raise SpanError(NOT_A_DATE, typed=word) from None


def _seconds(moment: Moment, zone: tzinfo, at: time, *, fold: int) -> int:
    """Return UNIX seconds; of an hour that comes twice the first (fold 0) or the second one."""
    if moment.day.year not in _YEARS:
        # Nobody phoned then: before or after all calls is what counts.
        return 0 if moment.day.year < _YEARS.start else _BEYOND
    local = datetime.combine(moment.day, at, moment.zone or zone).replace(fold=fold)
    return int(local.timestamp())
