"""What differs between two revisions, and settings with some values changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rules.settings.model import PATHS, Settings
from rules.settings.reading import InvalidSettings, Problem, no_such_setting, validated

Value = str | bool | tuple[int, ...] | None
"""A setting's value as it is shown and kept: number ids sorted, None for none."""


@dataclass(frozen=True, slots=True)
class Change:
    """One setting's value before and after; for a tag, None means not mapped."""

    path: str
    old: Value
    new: Value


def flat(settings: Settings) -> Mapping[str, Value]:
    """Give every setting by its path, one entry per mapped tag, in the order of `PATHS`."""
    values: dict[str, Value] = {}
    raw = settings.model_dump()
    for path in PATHS:
        value: Any = raw
        for part in path.split("."):
            value = value[part]
        if path == "tag_outcomes":
            values |= {f"{path}.{tag}": outcome for tag, outcome in value.items()}
        else:
            values[path] = value
    return values


def diff(old: Settings, new: Settings) -> tuple[Change, ...]:
    """List what changed from `old` to `new`, in the order of `PATHS`."""
    before, after = flat(old), flat(new)
    return tuple(
        Change(path, before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys(), key=_place)
        if before.get(path) != after.get(path)
    )


def _place(path: str) -> tuple[int, str]:
    return PATHS.index("tag_outcomes" if path.startswith("tag_outcomes.") else path), path


def with_values(settings: Settings, values: Mapping[str, object]) -> Settings:
    """Set several settings by path at once; None takes a tag out of `tag_outcomes`.

    Raises InvalidSettings with one problem per refused path; a wrong path names the nearest.
    """
    raw = settings.model_dump()
    wrong = []
    for path, value in values.items():
        if path.startswith("tag_outcomes."):
            _map_tag(raw["tag_outcomes"], path.removeprefix("tag_outcomes."), value)
        elif path in PATHS:
            *sections, name = path.split(".")
            place = raw
            for section in sections:
                place = place[section]
            place[name] = value
        else:
            wrong.append(Problem(path, no_such_setting(path)))
    try:
        changed = validated(raw)
    except InvalidSettings as error:
        raise InvalidSettings([*wrong, *error.problems]) from None
    if wrong:
        raise InvalidSettings(wrong)
    return changed


def _map_tag(outcomes: dict[str, object], tag: str, outcome: object) -> None:
    for known in [known for known in outcomes if known.casefold() == tag.strip().casefold()]:
        del outcomes[known]
    outcomes[tag] = outcome


def with_value(settings: Settings, path: str, value: object) -> Settings:
    """Set one setting by its path; raises as `with_values` does."""
    return with_values(settings, {path: value})


def without_stages(settings: Settings, kinds: Iterable[str]) -> Settings:
    """Open no ticket any more for these kinds (names of `tickets.stages`)."""
    return with_values(settings, {f"tickets.stages.{kind}": None for kind in kinds})
