"""Drafts of forms for pure tests: any directory, any settings, no store and no vendor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.asking.acts import Typed
from bot.blocks import Block
from bot.modals.form import Draft, Memo, Section
from bot.words import words_in
from rules.owners import Owner
from rules.settings import Settings, with_ids, with_values
from sandbox.slack.blocks import problems
from store.directory import Directory, Number, Pipeline, known_of

WILD = "<!channel> & *bold* `x` 📞👩‍👩‍👧 " + "\u202eملاحظات שירות " + "very long label " * 12
"""More than 200 characters that would call, format, break out or turn everything around."""


def wild(number: int) -> str:
    return f"{number} {WILD}"[:200]


def directory(  # noqa: PLR0917 - told by name
    numbers: int = 0,
    pipelines: int = 0,
    stages: int = 0,
    owners: int = 0,
    tags: int = 0,
    outcomes: int = 6,
    label: Any = wild,
) -> Directory:
    """Make a directory of so many things, each labelled by `label(number)`."""
    return Directory(
        numbers=tuple(Number(n, label(n), f"+33199{n:06d}", "FR") for n in range(1, numbers + 1)),
        tags={n: label(n) for n in range(1, tags + 1)},
        owners=tuple(
            Owner(f"{n}", f"{n}@example.com", label(n), active=True) for n in range(1, owners + 1)
        ),
        outcomes={f"guid-{n}": label(n) for n in range(1, outcomes + 1)},
        pipelines=tuple(
            Pipeline(f"p{p}", label(p), {f"p{p}s{s}": label(s) for s in range(1, stages + 1)})
            for p in range(1, pipelines + 1)
        ),
    )


def draft(there: Directory, base: Mapping[str, object] | None = None, **more: Any) -> Draft:
    """Make a draft of settings with these values by path."""
    known = known_of(there)
    settings = with_ids(with_values(Settings(), base or {}), known)
    fields = {"shown": settings, **more}
    return Draft(words_in("en"), Memo(3), settings, directory=there, known=known, **fields)


def view_of(section: Section, made: Draft) -> Block:
    """Build a form, and hold it against Slack's rules."""
    view = section.view(made)
    assert problems("modal", view) == []
    return view


def inputs(view: Block) -> dict[str, Block]:
    """Return the elements of a form's inputs by block id."""
    return {each["block_id"]: each["element"] for each in view["blocks"] if each["type"] == "input"}


def at_first(view: Block) -> dict[str, Typed]:
    """Return what Slack would send of a form that nobody touched."""
    values: dict[str, Typed] = {}
    for block, element in inputs(view).items():
        if element["type"].startswith("multi"):
            values[block] = tuple(each["value"] for each in element.get("initial_options", ()))
        elif "initial_option" in element:
            values[block] = element["initial_option"]["value"]
        else:
            values[block] = element.get("initial_value")
    return values


def reread(section: Section, made: Draft) -> Settings:
    """Return the settings that an untouched form would save."""
    typed = section.read(at_first(view_of(section, made)), made)
    assert all(section.holds(path) for path in typed)
    return with_values(made.base, typed)


def text_of(view: Block) -> str:
    """Return all texts of a view, one a line."""
    found: list[str] = []

    def look(value: object) -> None:
        if isinstance(value, dict):
            found.extend(v for k, v in value.items() if k == "text" and isinstance(v, str))
            for each in value.values():
                look(each)
        elif isinstance(value, list):
            for each in value:
                look(each)

    look(view)
    return "\n".join(found)
