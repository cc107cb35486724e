"""Settings from plain values and back: what is refused gets a path and one sentence."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from rules.settings.model import PATHS, Settings, outcome_choices


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one setting, as a sentence for the person who chose it."""

    path: str
    sentence: str


class InvalidSettings(ValueError):  # noqa: N818  (named like StaleSettings, for what it says)
    """Settings that may not be stored; `problems` has one entry per refused field."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{each.path}: {each.sentence}" for each in self.problems))


_YES_OR_NO = "yes or no (true or false in a file)"
_TAKES: Mapping[str, str] = MappingProxyType(
    {
        "name": "1 to 80 characters on one line",
        "enabled": _YES_OR_NO,
        "numbers": 'a list of Aircall number ids, or "all"',
        "tag_outcomes": "a table of Aircall tags, each once, with one HubSpot outcome",
        "tickets.pipeline": "the id of a HubSpot ticket pipeline, or none",
        "business_hours_only": _YES_OR_NO,
        "create_contacts": _YES_OR_NO,
        "sync_contacts": _YES_OR_NO,
        "fallback_owner": "the id of a HubSpot owner, or none",
    }
)


def takes(path: str) -> str:
    """Say what values the setting at `path` takes, to follow "Must be "."""
    if path.startswith("outcomes."):
        choices = [str(choice) for choice in outcome_choices(path.removeprefix("outcomes."))]
        return f"{', '.join(choices[:-1])} or {choices[-1]}"
    if path.startswith("tickets.stages."):
        return "the id of a stage of the chosen pipeline, or none"
    if path.startswith("tag_outcomes."):
        return "one HubSpot outcome, or none"
    return _TAKES.get(path, "a table of settings")


def validated(raw: Mapping[str, Any], prefix: str = "") -> Settings:
    """Make settings of nested plain values; `prefix` is put before each path of an error.

    Raises InvalidSettings with one problem per field.
    """
    try:
        return Settings.model_validate(dict(raw))
    except ValidationError as error:
        raise InvalidSettings(_refusals(error, prefix)) from None


def _refusals(error: ValidationError, prefix: str) -> Iterator[Problem]:
    for detail in error.errors(include_url=False, include_context=False):
        path = ".".join(str(part) for part in detail["loc"] if part != "[key]")
        if detail["type"] == "extra_forbidden":
            yield Problem(prefix + path, no_such_setting(path, prefix))
        else:
            yield Problem(prefix + path, f"Must be {takes(path)}, not {detail['input']!r:.100}.")


def no_such_setting(path: str, prefix: str = "") -> str:
    """Say that no setting has this path, and which comes nearest."""
    nearest = difflib.get_close_matches(path, PATHS, n=1, cutoff=0)[0]
    return f"There is no such setting; the nearest is {prefix}{nearest}."


def to_json(settings: Settings) -> str:
    """Write settings as canonical JSON: equal settings give equal text."""
    return json.dumps(
        settings.model_dump(), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
