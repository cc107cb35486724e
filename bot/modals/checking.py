"""What is wrong with what was entered in a form, each thing under its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.asking.acts import Typed
from bot.modals.form import Draft, Section
from bot.words import Words
from rules.settings import Change, Problem, Settings, diff, new_problems
from store.directory import Directory, Part

ASKED_OF: Final[Mapping[str, tuple[tuple[Part, str], ...]]] = {
    "numbers": (("numbers", "Aircall"),),
    "tag_outcomes": (("tags", "Aircall"), ("outcomes", "HubSpot")),
    "tickets": (("pipelines", "HubSpot"),),
    "fallback_owner": (("owners", "HubSpot"),),
}
"""What must have been read once before a setting can be checked, and of whom."""


def objected(
    form: Section, values: Mapping[str, Typed], draft: Draft, wanted: Settings
) -> list[Problem]:
    """List what a save from the draft's base to `wanted` would make wrong."""
    changes = diff(draft.base, wanted)
    return [
        *form.objections(values, draft),
        *_unread(changes, draft.directory, draft.words),
        *new_problems(draft.base, wanted, draft.known),
    ]


def under_its_field(problem: Problem, words: Words) -> str:
    """Say in a form's words what the settings refuse in a file's."""
    if problem.path == "name":
        return words("Enter a name of 1 to 80 characters, on one line.")
    return words.retell(problem.sentence)


def _unread(changes: Sequence[Change], directory: Directory, words: Words) -> list[Problem]:
    """Refuse what cannot be checked: a vendor that never answered has told nothing to choose."""
    found = []
    for change in changes:
        if change.new in (None, (), "all"):
            continue
        for part, vendor in ASKED_OF.get(change.path.partition(".")[0], ()):
            if getattr(directory, part) is None:
                said = words(
                    "{vendor} has not answered yet, so this cannot be checked. Try again in a "
                    "minute.",
                    vendor=vendor,
                )
                found.append(Problem(change.path, said))
    return found
