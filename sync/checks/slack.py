"""Checks of Slack: our tokens, our permissions, and the channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from clients.errors import Rejected, Unavailable, VendorError
from clients.slack import Slack
from sync.checks.finding import Finding, broken, ended, not_asked, ok, unknown, warning
from sync.checks.world import World

SCOPES: Final[dict[str, str]] = {
    "commands": "the slash command",
    "chat:write": "answers, announcements and alerts",
    "users:read": "who is an admin, and in which language and time zone somebody reads",
    "channels:read": "to see whether we may post in a public channel, before we have to",
    "groups:read": "the same of a private channel",
}
"""The bot's permissions, as the manifest asks for them, each with its reason."""
REINSTALL: Final = "Add it to the Slack app (manifest.yaml lists all) and reinstall the app."


def check_slack(world: World) -> Iterator[Finding]:
    """Look at the bot token, its permissions, the app token and the channel."""
    try:
        who, granted = world.slack.scopes()
    except VendorError as error:
        yield not_asked("slack.token", error, _install("SLACK_BOT_TOKEN"))
        return
    yield ok("slack.token", f"Slack takes the bot token, for the workspace {who.get('team')}.")
    missing = [scope for scope in SCOPES if granted and scope not in granted]
    for scope in missing:
        yield broken("slack.scopes", f"Slack has not granted {scope}: {SCOPES[scope]}.", REINSTALL)
    if not missing:
        yield ok("slack.scopes", "Slack has granted every permission we need.")
    if more := sorted(set(granted) - set(SCOPES)):
        yield warning(
            "slack.scopes",
            f"The Slack app has permissions that nothing here needs: {', '.join(more)}.",
            "Take them out of the Slack app, unless something else uses them.",
        )
    yield from _connection(world)
    yield from _channel(world)


def _connection(world: World) -> Iterator[Finding]:
    environment = world.environment.slack
    if environment.app_token is None:
        yield ok("slack.connection", "HTTP mode: Slack speaks to us, signed with our secret.")
        return
    token = environment.app_token.get_secret_value()
    try:
        Slack(environment.base_url, token).tell("apps.connections.open")
    except VendorError as error:
        yield not_asked("slack.connection", error, _install("SLACK_APP_TOKEN"))
        return
    yield ok("slack.connection", "Socket Mode: Slack takes the app token.")


def _channel(world: World) -> Iterator[Finding]:
    channel = world.channel
    if not channel:
        yield warning(
            "slack.channel",
            "No channel is chosen: announcements and alerts go to the admins directly.",
            "Choose one in the direct message of the first start, or in settings.toml.",
        )
        return
    try:
        told = world.slack.ask("conversations.info", channel=channel).get("channel", {})
    except Rejected as error:
        yield broken(
            "slack.channel",
            f"The channel {channel} cannot be seen ({error.message}).",
            "Invite the bot to it, or choose another channel.",
        )
        return
    except Unavailable as error:
        yield unknown("slack.channel", ended(error.sentence), "Try again in a minute.")
        return
    if told.get("is_archived"):
        yield broken("slack.channel", f"The channel {channel} is archived.", "Choose another one.")
    elif told.get("is_member") is False:
        yield broken(
            "slack.channel",
            f"The bot is not in the channel {channel}.",
            "Invite it there: /invite and its name.",
        )
    else:
        yield ok("slack.channel", "The bot may post in the channel that is chosen.")


def _install(variable: str) -> str:
    return f"Put the token of the installed Slack app into {variable} and start again."
