"""All of Slack that one person has before them, and who else there is to look as."""

import re
from pathlib import Path

from sandbox.answer import Json
from sandbox.slack.workspace import BOT_USER, COMMAND, TEAM_NAME, Channel, Person
from sandbox.slack.world import SlackWorld

MANIFEST = Path("manifest.yaml")
"""The configuration of the app that is installed in this Slack."""
_SAID = re.compile(r'^\s+(?:- )?(description|usage_hint): "?(.*?)"?$', re.MULTILINE)


def workspace(slack: SlackWorld) -> Json:
    """Return people who can act, the app, and its command with what Slack says of it."""
    with slack.lock:
        people = slack.house.workspace.people
        actors = [one for one in people.values() if not (one.is_bot or one.deleted)]
        return {
            "name": TEAM_NAME,
            "bot": {"id": BOT_USER, "name": people[BOT_USER].real_name},
            "command": {"word": COMMAND, **command_words()},
            "people": [_person(one) for one in actors],
            "names": {one.id: one.name for one in people.values()},
        }


def screen(slack: SlackWorld, user: str) -> Json:
    """Return conversations, messages, modals and Home tab of a person; KeyError for nobody."""
    with slack.lock:
        slack.person(user)
        direct = slack.house.workspace.direct(user)
        channels = slack.house.workspace.channels.values()
        shown = [_channel(one, user) for one in channels if not one.is_direct]
        return {
            **slack.look("screen", {"user": user}),
            "channels": shown,
            "direct": direct.id,
            "bots": slack.connections(),
        }


def command_words(manifest: Path = MANIFEST) -> Json:
    """Return `description` and `hint` of the command as the app's manifest gives them."""
    try:
        text = manifest.read_text(encoding="utf-8")
    except OSError:
        text = ""
    said = dict(_SAID.findall(text[text.find("slash_commands:") :]) if text else ())
    return {"description": said.get("description", ""), "hint": said.get("usage_hint", "")}


def _person(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "realName": person.real_name,
        "role": _role(person),
        "zone": person.tz,
        "locale": person.locale,
    }


def _role(person: Person) -> str:
    roles = (
        ("is_primary_owner", "Owner"),
        ("is_owner", "Owner"),
        ("is_admin", "Admin"),
        ("is_ultra_restricted", "Guest of one channel"),
        ("is_restricted", "Guest"),
    )
    if person.is_stranger:
        return "Of another company"
    return next((words for flag, words in roles if flag in person.roles), "Member")


def _channel(channel: Channel, user: str) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "isMine": user in channel.members,
        "isPrivate": channel.is_private,
        "isArchived": channel.is_archived,
        "isShared": channel.is_shared,
        "hasBot": BOT_USER in channel.members,
    }
