"""What a person did in Slack, parsed once: a command, a click, a submission, a search, a visit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["command", "action", "submission", "options", "home"]
Typed = str | tuple[str, ...] | None
"""What stands in an input: a text or chosen value, several chosen values, or nothing."""


@dataclass(frozen=True, slots=True)
class View:
    """A modal or Home tab as it stood when something was done in it."""

    id: str
    type: str = "modal"
    hash: str = ""
    callback: str = ""
    metadata: str = ""
    previous: str = ""
    """Id of the view below it on the stack."""
    values: Mapping[str, Typed] = field(default_factory=dict)
    """What stands in each input, by `block_id`."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a person did."""

    kind: Kind
    user: str
    team: str = ""
    """The workspace it was done in."""
    user_team: str = ""
    """The person's own workspace; empty if Slack did not say."""
    trigger: str = ""
    """Opens one view within three seconds."""
    channel: str = ""
    response_url: str = ""
    text: str = ""
    """What follows the command."""
    action: str = ""
    block: str = ""
    value: str = ""
    """A button's value, the chosen option's, or what was typed to search."""
    message_ts: str = ""
    view: View | None = None
    moment: str = ""
    """Slack's time of a click."""

    @property
    def path(self) -> str:
        """The setting that the block is about: its `block_id` without `#n`."""
        return self.block.partition("#")[0]

    @property
    def digest(self) -> str:
        """Names this act: a second delivery of it has the same."""
        once = f"{self.kind} {self.user} {self.trigger} {self.action} {self.moment}"
        return hashlib.sha256(once.encode()).hexdigest()[:32]


def command(body: Mapping[str, Any]) -> Act:
    """Read a slash command."""
    return Act(
        "command",
        user=_text(body, "user_id"),
        team=_text(body, "team_id"),
        trigger=_text(body, "trigger_id"),
        channel=_text(body, "channel_id"),
        response_url=_text(body, "response_url"),
        text=_text(body, "text"),
    )


def action(body: Mapping[str, Any]) -> Act:
    """Read a click or a choice; of several at once, the first."""
    actions = body.get("actions") or [{}]
    done = actions[0] if isinstance(actions[0], Mapping) else {}
    return _in_a_place(
        "action",
        body,
        action=_text(done, "action_id"),
        block=_text(done, "block_id"),
        value=str(_typed(done) or ""),
        moment=_text(done, "action_ts"),
    )


def submission(body: Mapping[str, Any]) -> Act:
    """Read a submitted form."""
    return _in_a_place("submission", body)


def options(body: Mapping[str, Any]) -> Act:
    """Read a search for options."""
    return _in_a_place(
        "options",
        body,
        action=_text(body, "action_id"),
        block=_text(body, "block_id"),
        value=_text(body, "value"),
    )


def home(body: Mapping[str, Any]) -> Act:
    """Read a visit to the Home tab."""
    event = _mapping(body, "event")
    return Act(
        "home",
        user=_text(event, "user"),
        team=_text(body, "team_id"),
        channel=_text(event, "channel"),
        value=_text(event, "tab"),
        view=_view(event),
    )


def _in_a_place(kind: Kind, body: Mapping[str, Any], **more: str) -> Act:
    user, container = _mapping(body, "user"), _mapping(body, "container")
    return Act(
        kind,
        user=_text(user, "id"),
        team=_text(_mapping(body, "team"), "id"),
        user_team=_text(user, "team_id"),
        trigger=_text(body, "trigger_id"),
        channel=_text(_mapping(body, "channel"), "id") or _text(container, "channel_id"),
        response_url=_text(body, "response_url"),
        message_ts=_text(container, "message_ts"),
        view=_view(body),
        **more,
    )


def _view(body: Mapping[str, Any]) -> View | None:
    view = _mapping(body, "view")
    if not view:
        return None
    values = _mapping(_mapping(view, "state"), "values")
    return View(
        id=_text(view, "id"),
        type=_text(view, "type") or "modal",
        hash=_text(view, "hash"),
        callback=_text(view, "callback_id"),
        metadata=_text(view, "private_metadata"),
        previous=_text(view, "previous_view_id"),
        values={
            block: _typed(next(iter(elements.values())))
            for block, elements in values.items()
            if isinstance(elements, Mapping) and elements
        },
    )


def _typed(element: Any) -> Typed:  # noqa: ANN401  whatever Slack sent
    """Read what stands in an element, by whichever key its type keeps it under."""
    if not isinstance(element, Mapping):
        return None
    if isinstance(chosen := element.get("selected_options"), list):
        return tuple(_text(each, "value") for each in chosen if isinstance(each, Mapping))
    if isinstance(one := element.get("selected_option"), Mapping):
        return _text(one, "value")
    for name in (
        "selected_date",
        "selected_time",
        "selected_conversation",
        "selected_channel",
        "selected_user",
        "value",
    ):
        if isinstance(found := element.get(name), str):
            return found
    return None


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _mapping(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}
