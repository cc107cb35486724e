"""The payloads Slack sends: commands, clicks, submissions, closings, searches, visits."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from sandbox.answer import Json
from sandbox.slack.house import House
from sandbox.slack.inputs import FIELDS, Spot, nested
from sandbox.slack.messages import Message
from sandbox.slack.views import View
from sandbox.slack.workspace import APP, BOT_USER, TEAM, TEAM_DOMAIN, Channel, Person

VERIFICATION = "sandbox-verification-token"


def team_of(person: Person) -> Json:
    """Return the team a payload names: that of the app, or a stranger's own."""
    if person.is_stranger:
        return {"id": person.team, "domain": "elsewhere"}
    return {"id": TEAM, "domain": TEAM_DOMAIN}


def _who(person: Person) -> Json:
    return {
        "id": person.id,
        "username": person.name,
        "name": person.name,
        "team_id": person.team,
    }


def _act(kind: str, person: Person) -> Json:
    return {
        "type": kind,
        "team": team_of(person),
        "user": _who(person),
        "api_app_id": APP,
        "token": VERIFICATION,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command(house: House, person: Person, channel: Channel, word: str, text: str) -> Json:
    """Return the fields of a slash command."""
    team = team_of(person)
    return {
        "token": VERIFICATION,
        "team_id": team["id"],
        "team_domain": team["domain"],
        "channel_id": channel.id,
        "channel_name": "privategroup"
        if channel.is_private and not channel.is_direct
        else channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": word,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": house.response_url(person.id, channel.id),
        "trigger_id": house.trigger(person.id),
    }


def action(house: House, spot: Spot, state: Mapping[str, Any]) -> Json:
    """Return one entry of `actions`: the element, what was chosen or typed, and when."""
    done: Json = {
        "type": spot.kind,
        "action_id": spot.element["action_id"],
        "block_id": spot.block["block_id"],
        "action_ts": f"{house.clock():.6f}",
    }
    if spot.kind == "button":
        for name in ("text", "value", "style", "url"):
            if name in spot.element:
                done[name] = spot.element[name]
        return done
    for name in ("placeholder", "confirm"):
        if name in spot.element:
            done[name] = spot.element[name]
    field = FIELDS.get(spot.kind, "selected_option")
    return {**done, field: deepcopy(state[field])}


def in_message(house: House, person: Person, message: Message, actions: list[Json]) -> Json:
    """Return `block_actions` of a message; ephemeral ones come without the message itself."""
    channel = house.channel(message.channel)
    values = {key[1:]: held for key, held in message.chosen.items() if key[0] == person.id}
    payload = {
        **_act("block_actions", person),
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.is_ephemeral,
        },
        "trigger_id": house.trigger(person.id),
        "channel": {"id": channel.id, "name": channel.name},
        "state": {"values": nested(values)},
        "response_url": house.response_url(person.id, channel.id, message),
        "actions": actions,
    }
    if not message.is_ephemeral:
        payload["message"] = message.shown()
    return payload


def in_view(house: House, person: Person, view: View, actions: list[Json]) -> Json:
    """Return `block_actions` of a modal or Home tab: no response_url, but the view."""
    trigger = house.trigger(person.id, view.id if view.kind == "modal" else "")
    return {
        **_act("block_actions", person),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger,
        "view": view.shown(),
        "actions": actions,
    }


def submission(house: House, person: Person, view: View) -> Json:
    """Return `view_submission`."""
    return {
        **_act("view_submission", person),
        "trigger_id": house.trigger(person.id, view.id),
        "view": view.shown(),
        "response_urls": [],
    }


def closing(person: Person, view: View, *, is_cleared: bool) -> Json:
    """Return `view_closed`."""
    return {**_act("view_closed", person), "view": view.shown(), "is_cleared": is_cleared}


def suggestion(person: Person, spot: Spot, typed: str, where: Json) -> Json:
    """Return `block_suggestion`; `where` holds the container and the view, or the message."""
    return {
        **_act("block_suggestion", person),
        "action_id": spot.element["action_id"],
        "block_id": spot.block["block_id"],
        "value": typed,
        **where,
    }


def event(house: House, inner: Json, team: str = TEAM) -> Json:
    """Return an event in its outer envelope."""
    now = house.clock()
    return {
        "token": VERIFICATION,
        "team_id": team,
        "api_app_id": APP,
        "event": {**inner, "event_ts": f"{now:.6f}"},
        "type": "event_callback",
        "event_id": house.name("Ev", 10),
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": house.name("4-", 20),
    }
