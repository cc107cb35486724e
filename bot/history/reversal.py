"""What of a revision can be taken back now: pure, from the settings in force and what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.words import N_
from rules.settings import (
    Change,
    InvalidSettings,
    Known,
    Problem,
    Settings,
    Value,
    flat,
    new_problems,
    path_by_id,
    with_ids,
    with_values,
)

MOVED = N_("It was changed again later.")


@dataclass(frozen=True, slots=True)
class Reversal:
    """The changes of a revision, sorted by what can become of them; `wanted` takes `able` back."""

    wanted: Settings
    able: tuple[Change, ...] = ()
    """To be taken back: from the value now to the one of before."""
    done: tuple[Change, ...] = ()
    """Already as before."""
    refused: tuple[tuple[Change, str], ...] = ()
    """Cannot be taken back, each with a sentence that says why."""


def reversal_of(changes: tuple[Change, ...], current: Settings, known: Known) -> Reversal:
    """Sort a revision's changes; only what still stands as it left it is taken back."""
    if any(each.path.startswith("tag_outcomes.") for each in changes):
        # A tag may be named in one revision and have its id in another.
        current = with_ids(current, known)
        changes = tuple(_by_id(each, known) for each in changes)
    now = flat(current)
    sorted_ = Reversal(current)
    for each in changes:
        back = Change(each.path, each.new, each.old)
        if now.get(each.path) == each.old:
            sorted_ = replace(sorted_, done=(*sorted_.done, back))
        elif now.get(each.path) == each.new:
            sorted_ = replace(sorted_, able=(*sorted_.able, back))
        else:
            told = Change(each.path, now.get(each.path), each.old)
            sorted_ = replace(sorted_, refused=(*sorted_.refused, (told, MOVED)))
    return _checked(sorted_, current, known)


def _checked(found: Reversal, current: Settings, known: Known) -> Reversal:
    """Refuse, field by field, what may not be saved any more, until the rest may."""
    while found.able:
        problems: tuple[Problem, ...]
        try:
            wanted = with_values(current, {each.path: _typed(each.new) for each in found.able})
            problems = tuple(new_problems(current, wanted, known))
        except InvalidSettings as error:
            wanted, problems = current, error.problems
        if not problems:
            return replace(found, wanted=wanted)
        why = _blamed(found.able, problems)
        found = replace(
            found,
            able=tuple(each for each in found.able if each.path not in why),
            refused=(
                *found.refused,
                *((each, why[each.path]) for each in found.able if each.path in why),
            ),
        )
    return replace(found, wanted=current)


def _blamed(able: tuple[Change, ...], problems: tuple[Problem, ...]) -> Mapping[str, str]:
    """Tell which changes a save is refused for: those named, else their section's, else all."""
    why: dict[str, str] = {}
    for problem in problems:
        paths = [each.path for each in able]
        section = problem.path.partition(".")[0]
        guilty = (
            [path for path in paths if path == problem.path]
            or [path for path in paths if path.partition(".")[0] == section]
            or paths
        )
        for path in guilty:
            why.setdefault(path, problem.sentence)
    return why


def _by_id(change: Change, known: Known) -> Change:
    path = path_by_id(change.path, known)
    return Change(
        path, _value_by_id(path, change.old, known), _value_by_id(path, change.new, known)
    )


def _value_by_id(path: str, value: Value, known: Known) -> Value:
    if not path.startswith("tag_outcomes.") or value is None:
        return value
    return flat(with_ids(with_values(Settings(), {path: value}), known)).get(path, value)


def _typed(value: Value) -> object:
    return list(value) if isinstance(value, tuple) else value
