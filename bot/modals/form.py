"""What every form of a section of settings is made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final
from urllib.parse import quote, unquote

from bot.asking.acts import Typed
from bot.blocks import Block, Option, context, modal, section
from bot.labels import setting_name
from bot.markup import Markup, bold
from bot.words import Words
from clients.errors import VendorError
from rules.settings import Known, Problem, Settings
from store.directory import Directory, Part
from worker.workshop import Workshop

PREFIX: Final = "settings."
"""A form's `callback_id` is this and the name of its section."""
NOTHING: Final = "-"
"""The value of the choice that chooses nothing: Slack takes no empty one."""
HEAVY: Final = 200_000
"""Bytes of a form as it is sent; Slack takes 250 kB."""
LONGEST_ID: Final = 240
"""Characters of a `block_id` before its `#n`; Slack takes 255."""


class FormerFormError(ValueError):
    """A form of a former version, or one that was made up: we did not write its metadata."""


@dataclass(frozen=True, slots=True)
class Memo:
    """What a form remembers while it is open."""

    based_on: int
    """The revision it was built from."""
    fresh: int = 0
    """Inputs are new, and show their initial values again, when this changes."""
    at: str = ""
    """The setting for which it was opened."""
    over: str = ""
    """Id of the overview that lies below it."""

    def text(self) -> str:
        """Write it as a view's `private_metadata`."""
        return json.dumps(asdict(self), separators=(",", ":"))


def memo_of(metadata: str) -> Memo:
    """Read it back; raises FormerFormError for what we did not write."""
    try:
        kept = json.loads(metadata)
        return Memo(int(kept["based_on"]), int(kept["fresh"]), str(kept["at"]), str(kept["over"]))
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise FormerFormError(f"no memo: {metadata[:80]!r}") from error


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form shows: settings as they would be saved, and what there is to choose from."""

    words: Words
    memo: Memo
    base: Settings
    """Those of the revision it is based on; tags and their outcomes by id."""
    shown: Settings
    directory: Directory
    known: Known
    fields: tuple[str, ...] = ()
    """The settings that already had an input, the newest first where that matters."""
    notices: tuple[Markup, ...] = ()
    """Said above the fields: who saved in between, which vendor does not answer."""

    def block_id(self, path: str, part: int = 0) -> str:
        """Name the input of a setting; `part` tells several of one setting apart."""
        fresh = self.memo.fresh
        end = (f"#{fresh}" if fresh or part else "") + (f".{part}" if part else "")
        return plain_path(path) + end


def plain_path(path: str) -> str:
    """Write a path as a `block_id`: as it is, but for a tag's name that would be cut in two."""
    return quote(path, safe="".join(set(path) - set("#%")))


def path_of(block_id: str) -> str:
    """Read the setting's path back from its input's `block_id`."""
    return unquote(block_id.partition("#")[0])


def chosen(values: Mapping[str, Typed]) -> dict[str, object]:
    """Read inputs that are named by their setting; one that is left empty says nothing."""
    return {
        path_of(block): None if value == NOTHING else value
        for block, value in values.items()
        if value is not None
    }


def _unchanged(draft: Draft) -> Draft:
    return draft


def _no_notice(_: Workshop, __: Words) -> tuple[Markup, ...]:
    return ()


def _no_objection(_: Mapping[str, Typed], __: Draft) -> Sequence[Problem]:
    return ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the settings and its form."""

    name: str
    title: str
    """At most 24 characters, marked for translation."""
    does: str
    """One sentence for help, marked for translation."""
    paths: tuple[str, ...]
    """The settings that it holds, or their common beginnings, as `outcomes.`."""
    parts: tuple[Part, ...]
    """What is asked of the vendors when it opens."""
    blocks: Callable[[Draft], Sequence[Block]]
    read: Callable[[Mapping[str, Typed], Draft], Mapping[str, object]] = field(
        default=lambda values, _: chosen(values)
    )
    """What was typed, as values by path; what is left out stays as it was."""
    objections: Callable[[Mapping[str, Typed], Draft], Sequence[Problem]] = _no_objection
    """What is wrong with what was typed that the settings themselves could not tell."""
    choices: Mapping[str, Callable[[Draft, str], Sequence[Option]]] = field(default_factory=dict)
    """Lists that may be too long for a form, by setting: those that what was typed finds."""
    live: Mapping[str, Callable[[Draft, str], Draft]] = field(default_factory=dict)
    """Inputs (by setting) whose choice changes the form: the draft after it was made."""
    settle: Callable[[Draft], Draft] = _unchanged
    """Make what two admins changed side by side fit together."""
    look: Callable[[Workshop], Mapping[Part, VendorError]] | None = None
    """Reads `parts` in place of their plain reading; also asked once more before a save."""
    notices: Callable[[Workshop, Words], tuple[Markup, ...]] = _no_notice
    """Said above the fields when it opens."""
    fresh_for: int = 15
    """Seconds that a reading of what there is to choose from is good enough."""

    @property
    def callback(self) -> str:
        """Its form's `callback_id`."""
        return PREFIX + self.name

    def holds(self, path: str) -> bool:
        """Tell whether a setting is one of this section's."""
        return any(
            path == each or (each.endswith(".") and path.startswith(each)) for each in self.paths
        )

    def view(self, draft: Draft) -> Block:
        """Build the form."""
        words = draft.words
        inputs = _at(draft, list(self.blocks(draft)))
        return modal(
            words(self.title),
            [*(section(each) for each in draft.notices), *lightened(inputs, self.choices)],
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


def _at(draft: Draft, blocks: list[Block]) -> list[Block]:
    """Mark the setting for which the form was opened, and put the cursor there."""
    memo = draft.memo
    place = next(
        (
            place
            for place, block in enumerate(blocks)
            if block["type"] == "input" and path_of(block["block_id"]) == memo.at
        ),
        None,
    )
    if not memo.at or memo.fresh or place is None:
        return blocks
    block = blocks[place]
    name = bold(setting_name(memo.at, draft.known, draft.words))
    here = context(draft.words.md(":arrow_down: You came here for {setting}.", setting=name))
    focused = {**block, "element": {**block["element"], "focus_on_load": True}}
    return [*blocks[:place], here, focused, *blocks[place + 1 :]]


def lightened(blocks: Sequence[Block], searched: Mapping[str, object]) -> list[Block]:
    """Turn lists into searched ones, where all of them together would be more than Slack takes."""
    if len(json.dumps(blocks)) <= HEAVY:
        return list(blocks)
    return [_searched(block) if _may_be(block, searched) else block for block in blocks]


def _may_be(block: Block, searched: Mapping[str, object]) -> bool:
    kind = block["element"]["type"] if block["type"] == "input" else ""
    path = path_of(block.get("block_id", ""))
    is_searched = any(
        path == each or (each.endswith(".") and path.startswith(each)) for each in searched
    )
    return is_searched and kind in {"static_select", "multi_static_select"}


def _searched(block: Block) -> Block:
    element = {name: value for name, value in block["element"].items() if name != "options"}
    kind = element["type"].replace("static", "external")
    return {**block, "element": {**element, "type": kind, "min_query_length": 0}}
