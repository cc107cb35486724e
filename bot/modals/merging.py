"""Two admins on one form: what one changed, laid upon what the other saved in between."""

from __future__ import annotations

from dataclasses import dataclass

from rules.settings import Settings, Value, diff, flat, with_values


@dataclass(frozen=True, slots=True)
class Merged:
    """Settings with the changes of both, and the settings that both changed differently."""

    settings: Settings
    both: tuple[str, ...] = ()


def merged(base: Settings, mine: Settings, theirs: Settings) -> Merged:
    """Lay what changed from `base` to `mine` upon `theirs`.

    Of numbers each one counts by itself; of any other setting that both changed, mine stands.
    """
    before, there = flat(base), flat(theirs)
    values: dict[str, object] = {}
    both = []
    for change in diff(base, mine):
        value = change.new
        if change.path == "numbers":
            value, theirs_lost = _numbers(change.old, change.new, there["numbers"])
            both += ["numbers"] if theirs_lost else []
        elif there.get(change.path) not in (before.get(change.path), change.new):
            both.append(change.path)
        values[change.path] = list(value) if isinstance(value, tuple) else value
    return Merged(with_values(theirs, values), tuple(both))


def _numbers(base: Value, mine: Value, theirs: Value) -> tuple[Value, bool]:
    """Return the numbers, and whether what `theirs` changed is not among them."""
    if theirs in (base, mine):
        return mine, False
    if not isinstance(theirs, tuple):
        # All of them: one that was added is among them, one that was taken away is not.
        covered = isinstance(base, tuple) and isinstance(mine, tuple) and set(base) <= set(mine)
        return (theirs, False) if covered else (mine, True)
    if not isinstance(base, tuple) or not isinstance(mine, tuple):
        return mine, True
    added, removed = set(mine) - set(base), set(base) - set(mine)
    return tuple(sorted((set(theirs) | added) - removed)), False
