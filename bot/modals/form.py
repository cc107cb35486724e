"""What every form of a section of settings is made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

from bot.acts import Typed
from bot.blocks import Block, Option, context, modal, section
from bot.markup import Markup
from bot.words import Words
from rules.settings import Known, Settings
from store.directory import Directory, Part

PREFIX: Final = "settings."
"""A form's `callback_id` is this and the name of its section."""


@dataclass(frozen=True, slots=True)
class Memo:
    """What a form remembers while it is open."""

    based_on: int
    """The revision it was built from."""
    fresh: int = 0
    """Inputs are new, and show their initial values again, when this changes."""
    page: int = 0
    """Where a section has more than one form holds."""

    def text(self) -> str:
        """Write it as a view's `private_metadata`."""
        return json.dumps(asdict(self), separators=(",", ":"))


def memo_of(metadata: str) -> Memo:
    """Read it back; raises ValueError for what we did not write."""
    try:
        return Memo(**{name: int(value) for name, value in json.loads(metadata).items()})
    except (TypeError, AttributeError) as error:
        raise ValueError(f"no memo: {metadata[:80]!r}") from error


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form shows: settings as they would be saved, and what there is to choose from."""

    words: Words
    memo: Memo
    shown: Settings
    directory: Directory
    known: Known
    notices: tuple[Markup, ...] = ()
    """Said above the fields: who saved in between, which vendor does not answer."""

    def block_id(self, path: str) -> str:
        """Name the input of a setting."""
        return f"{path}#{self.memo.fresh}" if self.memo.fresh else path


def generic_values(values: Mapping[str, Typed]) -> dict[str, object]:
    """Read inputs whose block is named by their setting, as typed."""
    return {block.partition("#")[0]: value for block, value in values.items()}


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the settings and its form."""

    name: str
    title: str
    """At most 24 characters, marked for translation."""
    does: str
    """One sentence for help and the overview, marked for translation."""
    paths: tuple[str, ...]
    """The settings (or their common beginnings, as `outcomes.`) that it holds."""
    parts: tuple[Part, ...]
    """What is asked of the vendors when it opens."""
    blocks: Callable[[Draft], Sequence[Block]]
    read: Callable[[Mapping[str, Typed], Draft], Mapping[str, object]] = field(
        default=lambda values, _: generic_values(values)
    )
    """What was typed, as values by path; what is left out stays as it was."""
    choices: Mapping[str, Callable[[Draft, str], Sequence[Option]]] = field(default_factory=dict)
    """Lists that may be too long for a form, by setting: those that what was typed finds."""
    live: Mapping[str, Callable[[Draft, str], Draft]] = field(default_factory=dict)
    """Inputs (by setting) whose choice changes the form: the draft after it was made."""

    @property
    def callback(self) -> str:
        """Its form's `callback_id`."""
        return PREFIX + self.name

    def view(self, draft: Draft) -> Block:
        """Build the form."""
        words = draft.words
        return modal(
            words(self.title),
            [*(section(each) for each in draft.notices), *self.blocks(draft)],
            callback=self.callback,
            submit=words("Save"),
            close=words("Cancel"),
            metadata=draft.memo.text(),
        )

    def loading(self, words: Words) -> Block:
        """Build what is seen until the vendors have answered."""
        return modal(
            words(self.title),
            [context(Markup(words("Reading what there is to choose from …")))],
            close=words("Cancel"),
        )
