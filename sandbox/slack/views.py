"""Modals and Home tabs as people have them open: stacks of three, hashes, what stands in them."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Literal

from sandbox.answer import Json
from sandbox.slack.inputs import Key, nested, values_at_first
from sandbox.slack.workspace import APP, BOT, TEAM

MOST_BYTES = 250_000
DEEPEST = 3
_DEFAULTS: Mapping[str, object] = {
    "title": None,
    "submit": None,
    "close": None,
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
}


@dataclass(slots=True)
class View:
    """One modal or Home tab of one person.

    `body` is what the app gave, with ids filled in; `values` what stands in its elements;
    `errors` the sentences under its inputs; `offered` the options an external menu last showed.
    """

    id: str
    user: str
    kind: Literal["modal", "home"]
    body: Json
    hash: str
    root: str
    previous: str = ""
    values: dict[Key, Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    offered: dict[Key, list[Json]] = field(default_factory=dict)
    updates: int = 0

    @property
    def blocks(self) -> list[Json]:
        """Return the blocks as they are shown."""
        blocks: list[Json] = self.body["blocks"]
        return blocks

    @property
    def external_id(self) -> str:
        """Return the app's own id of the view, "" for none."""
        return str(self.body.get("external_id", ""))

    def fill(self, body: Json, hash_: str) -> None:
        """Show another body; what stands in elements stays where both ids stay."""
        self.body, self.hash = body, hash_
        self.values = values_at_first(body["blocks"], self.values)
        self.errors = {}
        self.updates += 1

    def shown(self) -> Json:
        """Return the view as answers and payloads show it."""
        return {
            "id": self.id,
            "team_id": TEAM,
            "type": self.kind,
            **{name: deepcopy(self.body.get(name, value)) for name, value in _DEFAULTS.items()},
            "blocks": deepcopy(self.blocks),
            "state": {"values": deepcopy(nested(self.values))},
            "hash": self.hash,
            "root_view_id": self.root,
            "previous_view_id": self.previous or None,
            "app_id": APP,
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
        }


@dataclass(slots=True)
class Trigger:
    """One trigger_id: whose act made it, when (seconds), in which modal, and whether it is used."""

    user: str
    at: float
    view: str = ""
    used: bool = False


@dataclass(slots=True)
class Views:
    """Every open modal by person (the last is on top), every Home tab, every trigger_id."""

    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)

    def stack(self, user: str) -> list[View]:
        """Return the open modals of a person, the one on top last."""
        return self.stacks.setdefault(user, [])

    def every(self) -> list[View]:
        """Return all views that somebody has open."""
        return [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]

    def modal(self, id_: str = "", external_id: str = "") -> View | None:
        """Return an open modal by its id or the app's own id of it."""
        for stack in self.stacks.values():
            for view in stack:
                if view.id == id_ or (external_id and view.external_id == external_id):
                    return view
        return None

    def close(self, view: View) -> None:
        """Close a modal and what stands on it; closing twice does nothing."""
        stack = self.stack(view.user)
        if view in stack:
            del stack[stack.index(view) :]
