"""The types that one setting's value can have, and how loosely a person may write it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
)

from rules.scalars import one_line


def _one_line(text: str) -> str:
    if one_line(text, len(text)) != text or not any(map(str.isprintable, text)):
        raise ValueError("control characters")
    return text


def nothing(value: object) -> object:
    """Give None for what people write when they mean nothing."""
    blank = isinstance(value, str) and value.strip().casefold() in {"", "none"}
    return None if blank else value


def _number_ids(value: object) -> frozenset[int] | Literal["all"]:
    if value == "all":
        return "all"
    if not isinstance(value, list | tuple | set | frozenset):
        raise ValueError("not a list")  # noqa: TRY004  (pydantic collects ValueError only)
    if any(type(number) is not int or number <= 0 for number in value):
        raise ValueError("not a number id")
    return frozenset(value)


def _shown_numbers(numbers: frozenset[int] | str) -> tuple[int, ...] | str:
    return numbers if isinstance(numbers, str) else tuple(sorted(numbers))


def _mapped(outcomes: object) -> object:
    """Leave out the tags that are mapped to nothing."""
    if not isinstance(outcomes, Mapping):
        return outcomes
    return {tag: outcome for tag, outcome in outcomes.items() if nothing(outcome) is not None}


def _tag_outcomes(outcomes: Mapping[str, str]) -> Mapping[str, str]:
    if len({tag.casefold() for tag in outcomes}) != len(outcomes):
        raise ValueError("one tag twice")
    return MappingProxyType(dict(sorted(outcomes.items())))


OneLine = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1),
    AfterValidator(_one_line),
]
Id = Annotated[OneLine | None, BeforeValidator(nothing)]
Numbers = Annotated[
    frozenset[int] | Literal["all"], PlainValidator(_number_ids), PlainSerializer(_shown_numbers)
]
TagOutcomes = Annotated[
    Mapping[OneLine, OneLine],
    BeforeValidator(_mapped),
    AfterValidator(_tag_outcomes),
    PlainSerializer(dict),
]
