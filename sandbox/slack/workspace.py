"""The workspace of the sandbox: its people, channels and tokens, as they are at first."""

from dataclasses import dataclass, field

from sandbox.answer import Json

TEAM, TEAM_DOMAIN, TEAM_NAME = "T0SANDBOX", "sandbox", "Sandbox"
FOREIGN_TEAM = "T0FOREIGN"
APP, BOT, BOT_USER = "A0SANDBOX", "B0SANDBOX", "U0BOT"
BOT_TOKEN = "xoxb-sandbox-bot-token"  # noqa: S105 - fixed on purpose, opens nothing
APP_TOKEN = "xapp-sandbox-app-token"  # noqa: S105 - the same
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105 - the same
COMMAND = "/aircall-hubspot"
SCOPES = frozenset(("commands", "chat:write", "users:read", "channels:read", "groups:read"))
"""What the app of the product's manifest was granted."""

OWNER, ADMIN = "U0OWNER", "U0ADMIN"
MEMBER, OTHER_MEMBER, GERMAN = "U0JEANNE", "U0OMAR", "U0SOFIA"
GUEST, SINGLE_GUEST = "U0GUEST", "U0SINGLE"
ROBOT, STRANGER, GONE = "U0ROBOT", "U0STRANGER", "U0GONE"

CALLS, RANDOM, LEADS, BOARD = "C0CALLS", "C0RANDOM", "C0LEADS", "C0BOARD"
SHARED, OLD = "C0SHARED", "C0OLD"

ROLES = ("is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted")


@dataclass(slots=True)
class Person:
    """One user of Slack. `roles` are the flags that are true; a stranger's are not shown."""

    id: str
    name: str
    real_name: str
    email: str
    tz: str
    locale: str
    roles: frozenset[str] = frozenset()
    team: str = TEAM
    is_bot: bool = False
    deleted: bool = False

    @property
    def is_stranger(self) -> bool:
        """Tell whether they are of another workspace."""
        return self.team != TEAM


@dataclass(slots=True)
class Channel:
    """One conversation: `C…` a channel, `D…` the direct messages of the bot with one person."""

    id: str
    name: str
    members: set[str]
    is_private: bool = False
    is_archived: bool = False
    is_shared: bool = False

    @property
    def is_direct(self) -> bool:
        """Tell whether it is the bot's direct messages with one person."""
        return self.id.startswith("D")


def seeded_people() -> dict[str, Person]:
    """Return the people of the workspace; three have the e-mails of Aircall's users."""
    admin, owner = frozenset({"is_admin"}), frozenset({"is_admin", "is_owner", "is_primary_owner"})
    guest = frozenset({"is_restricted"})
    single = frozenset({"is_restricted", "is_ultra_restricted"})
    mail, paris, berlin, york = "@example.com", "Europe/Paris", "Europe/Berlin", "America/New_York"
    people = (
        Person(OWNER, "olivia", "Olivia Owner", f"olivia{mail}", paris, "en-GB", owner),
        Person(ADMIN, "adam", "Adam Admin", f"adam{mail}", york, "en-US", admin),
        Person(MEMBER, "jeanne", "Jeanne Martin", f"jeanne.martin{mail}", paris, "fr-FR"),
        Person(OTHER_MEMBER, "omar", "Omar Haddad", f"omar.haddad{mail}", york, "en-US"),
        Person(GERMAN, "sofia", "Sofia Lindqvist", f"sofia.lindqvist{mail}", berlin, "de-DE"),
        Person(GUEST, "gina", "Gina Guest", f"gina{mail}", paris, "en-US", guest),
        Person(SINGLE_GUEST, "sam", "Sam Single", f"sam{mail}", paris, "en-US", single),
        Person(BOT_USER, "aircall-hubspot", "Aircall – HubSpot", "", york, "en-US", is_bot=True),
        Person(ROBOT, "reminder", "Reminder", "", york, "en-US", is_bot=True),
        Person(STRANGER, "stella", "Stella Stranger", "", paris, "en-US", team=FOREIGN_TEAM),
        Person(GONE, "greg", "Greg Gone", f"greg{mail}", paris, "en-US", deleted=True),
    )
    return {person.id: person for person in people}


def seeded_channels() -> dict[str, Channel]:
    """Return the channels: with the bot `C0CALLS`, `C0LEADS` (private), `C0SHARED`, `C0OLD`."""
    staff = {OWNER, ADMIN, MEMBER, OTHER_MEMBER, GERMAN}
    channels = (
        Channel(CALLS, "phone-ops", {*staff, GUEST, BOT_USER}),
        Channel(RANDOM, "random", {*staff}),
        Channel(LEADS, "leads", {OWNER, ADMIN, SINGLE_GUEST, BOT_USER}, is_private=True),
        Channel(BOARD, "board", {OWNER}, is_private=True),
        Channel(SHARED, "with-agency", {*staff, STRANGER, BOT_USER}, is_shared=True),
        Channel(OLD, "old-phone-ops", {*staff, BOT_USER}, is_archived=True),
    )
    return {channel.id: channel for channel in channels}


@dataclass(slots=True)
class Workspace:
    """All people and conversations, by id."""

    people: dict[str, Person] = field(default_factory=seeded_people)
    channels: dict[str, Channel] = field(default_factory=seeded_channels)

    def direct(self, user: str) -> Channel:
        """Return the bot's direct messages with `user`, made where there are none yet."""
        id_ = f"D{user[1:]}"
        if id_ not in self.channels:
            self.channels[id_] = Channel(id_, "directmessage", {user, BOT_USER}, is_private=True)
        return self.channels[id_]

    def partner(self, channel: Channel) -> str:
        """Return with whom the bot speaks in a direct message."""
        return next(one for one in channel.members if one != BOT_USER)


def user_object(person: Person, *, with_email: bool, with_locale: bool) -> Json:
    """Return a user as `users.info` shows it; a stranger's flags are missing."""
    profile: Json = {"real_name": person.real_name, "display_name": person.name}
    if with_email and person.email:
        profile["email"] = person.email
    shown: Json = {
        "id": person.id,
        "team_id": person.team,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "profile": profile,
        "is_bot": person.is_bot,
        "updated": 1790000000,
    }
    if person.is_stranger:
        return {**shown, "is_stranger": True}
    if person.deleted:
        # Slack leaves roles and time zone out once somebody is gone
        return shown
    shown |= {role: role in person.roles for role in ROLES}
    shown |= {"is_app_user": False, "tz": person.tz}
    if with_locale:
        shown["locale"] = person.locale
    return shown


def channel_object(channel: Channel) -> Json:
    """Return a conversation as `conversations.info` shows it."""
    shown: Json = {
        "id": channel.id,
        "created": 1790000000,
        "is_archived": channel.is_archived,
        "is_im": channel.is_direct,
        "is_mpim": False,
        "is_private": channel.is_private,
    }
    if channel.is_direct:
        partner = next(one for one in channel.members if one != BOT_USER)
        return {**shown, "user": partner}
    return {
        **shown,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_general": False,
        "is_ext_shared": channel.is_shared,
        "is_member": BOT_USER in channel.members,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }
