"""Submissions and choices that Slack's own client would never send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.slack.delivery import payloads
from sandbox.slack.delivery.acted import Acted
from tests.bot.team import Team


def picked(value: str) -> dict[str, Any]:
    """Return the state of a select in which something was chosen, offered or not."""
    text = {"type": "plain_text", "text": value[:75] or "-"}
    return {"type": "static_select", "selected_option": {"text": text, "value": value}}


def picked_many(*values: str) -> dict[str, Any]:
    options = [picked(value)["selected_option"] for value in values]
    return {"type": "multi_static_select", "selected_options": options}


def typed(text: str | None) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": text}


def forge(
    team: Team,
    user: str,
    values: Mapping[str, Mapping[str, Any]],
    *,
    deliver: bool = True,
    **view: Any,
) -> Acted:
    """Submit the open modal with these states in the place of what stands there."""
    slack = team.slack
    with slack.house.lock:
        shown = slack.modal(user)
        assert shown is not None
        payload = payloads.submission(slack.house, slack.house.person(user), shown)
    for block, state in values.items():
        payload["view"]["state"]["values"][block] = {"value": dict(state)}
    payload["view"].update(view)
    acted = slack.deliver("interactive", payload)
    team.settle()
    return acted


def said(acted: Acted) -> str:
    """Return all sentences under fields that a submission was answered with."""
    assert acted.answer["response_action"] == "errors", acted.answer
    return " ".join(acted.answer["errors"].values())
