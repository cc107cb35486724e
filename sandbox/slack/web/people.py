"""auth.test, users.info, users.lookupByEmail, conversations.open, .info and .list."""

from sandbox.answer import Json
from sandbox.slack.errors import missing_scope, refusal
from sandbox.slack.house import House
from sandbox.slack.web.arguments import Asked, arguments
from sandbox.slack.workspace import (
    BOT,
    BOT_USER,
    TEAM,
    TEAM_DOMAIN,
    TEAM_NAME,
    Channel,
    Person,
    channel_object,
    user_object,
)


def auth_test(house: House, asked: Asked) -> Json:
    """Say whose token it is; the scopes stand in the headers."""
    arguments(asked, {}, {})
    return {
        "ok": True,
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": TEAM_NAME,
        "user": house.workspace.people[BOT_USER].name,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


def users_info(house: House, asked: Asked) -> Json:
    """Show one user; their e-mail only with the scope `users:read.email`."""
    given = arguments(asked, {"user": str}, {"include_locale": bool})
    person = house.workspace.people.get(given["user"])
    if person is None:
        raise refusal("user_not_found")
    return {"ok": True, "user": _shown(house, person, locale=given.get("include_locale", False))}


def lookup_by_email(house: House, asked: Asked) -> Json:
    """Find a user of the workspace by e-mail, in any case; nobody who is deactivated."""
    given = arguments(asked, {"email": str}, {})
    for person in house.workspace.people.values():
        is_theirs = person.email and person.email.lower() == given["email"].lower()
        if is_theirs and not person.deleted and not person.is_stranger:
            return {"ok": True, "user": _shown(house, person, locale=False)}
    raise refusal("users_not_found")


def _shown(house: House, person: Person, *, locale: bool) -> Json:
    with_email = "users:read.email" in house.switches.scopes
    return user_object(person, with_email=with_email, with_locale=locale)


def conversations_open(house: House, asked: Asked) -> Json:
    """Open the direct messages with one person."""
    given = arguments(asked, {"users": str}, {"return_im": bool, "prevent_creation": bool})
    if "," in given["users"]:
        raise refusal("method_not_supported_for_channel_type")
    person = house.workspace.people.get(given["users"])
    if person is None:
        raise refusal("user_not_found")
    if person.is_bot:
        raise refusal("cannot_dm_bot")
    if person.deleted:
        raise refusal("user_disabled")
    already = f"D{person.id[1:]}" in house.workspace.channels
    channel = house.workspace.direct(person.id)
    shown = channel_object(channel) if given.get("return_im") else {"id": channel.id}
    return {"ok": True, "no_op": already, "already_open": already, "channel": shown}


def conversations_info(house: House, asked: Asked) -> Json:
    """Show one conversation, if the bot can see it."""
    given = arguments(
        asked, {"channel": str}, {"include_locale": bool, "include_num_members": bool}
    )
    channel = house.workspace.channels.get(given["channel"])
    if channel is None or (channel.is_private and not house.bot_is_in(channel)):
        raise refusal("channel_not_found")
    _need(house, channel)
    shown = channel_object(channel)
    if given.get("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"ok": True, "channel": shown}


def conversations_list(house: House, asked: Asked) -> Json:
    """List channels that the bot can see, by pages."""
    optional = {
        "types": str,
        "limit": int,
        "cursor": str,
        "exclude_archived": bool,
    }
    given = arguments(asked, {}, optional)
    types = given.get("types", "public_channel").split(",")
    unknown = set(types) - {"public_channel", "private_channel", "im", "mpim"}
    if unknown:
        raise refusal("invalid_types")
    seen = [one for one in house.workspace.channels.values() if _type_of(one) in types]
    seen = [one for one in seen if not one.is_private or house.bot_is_in(one)]
    if given.get("exclude_archived"):
        seen = [one for one in seen if not one.is_archived]
    for channel in seen:
        _need(house, channel)
    start = int(given.get("cursor") or 0)
    end = start + min(max(given.get("limit", 100), 1), 1000)
    return {
        "ok": True,
        "channels": [channel_object(one) for one in seen[start:end]],
        "response_metadata": {"next_cursor": str(end) if end < len(seen) else ""},
    }


def _type_of(channel: Channel) -> str:
    if channel.is_direct:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def _need(house: House, channel: Channel) -> None:
    scopes = {"im": "im:read", "private_channel": "groups:read"}
    needed = scopes.get(_type_of(channel), "channels:read")
    if needed not in house.switches.scopes:
        raise missing_scope(needed, house.switches.scopes)
