"""settings.toml: everything that is not secret, with the defaults and units of each key."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
)

from settings.errors import StartupError
from settings.faults import faults_sentence

PositiveInt = Annotated[int, Field(gt=0)]
SlackIds = Annotated[tuple[str, ...], Field(strict=False)]
Texts = Annotated[Mapping[str, str], AfterValidator(MappingProxyType), PlainSerializer(dict)]
HangupCause = Literal["busy", "wrong_number"]

HANGUP_CAUSES: Final[Mapping[str, HangupCause]] = MappingProxyType(
    {
        "busy": "busy",
        "user_busy": "busy",
        "17": "busy",
        "unallocated_number": "wrong_number",
        "invalid_number": "wrong_number",
        "no_route": "wrong_number",
        "1": "wrong_number",
        "28": "wrong_number",
    }
)
"""Guesses: Aircall documents no `hangup_cause`. What matches none of them is *unanswered*."""


def _numbers(value: object) -> tuple[int, ...] | str:
    if value == "all":
        return "all"
    if isinstance(value, list | tuple) and all(type(number) is int for number in value):
        return tuple(dict.fromkeys(value))
    raise ValueError('should be a list of Aircall number ids, or "all"')


def _lowered(causes: Mapping[str, HangupCause]) -> Mapping[str, HangupCause]:
    return MappingProxyType({cause.strip().lower(): kind for cause, kind in causes.items()})


class Section(BaseModel):
    """One table of the file: frozen, of exactly these keys, each of exactly its type."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class SlackSection(Section):
    """How the product behaves in Slack, and which Slack users (ids) may change settings."""

    command: Annotated[str, Field(pattern=r"^/[^\s/]{1,31}$")] = "/aircall-hubspot"
    admins: SlackIds = ()
    workspace_admins: bool = True
    channel: str = ""
    language: Literal["en", "de"] = "en"
    explain_for: Literal["members", "admins"] = "members"


class Limits(Section):
    """Our own request limits, below the vendors': never more in any window of that length."""

    hubspot_burst: PositiveInt = 90
    """Requests in any 10 seconds."""
    hubspot_search: PositiveInt = 4
    """Searches in any second."""
    aircall: PositiveInt = 60
    """Requests in any minute."""


class Outcomes(Section):
    """The outcome of each kind of call, by HubSpot's label, or "None" for none."""

    outbound_answered: str = "Connected"
    outbound_unanswered: str = "No answer"
    outbound_busy: str = "Busy"
    outbound_wrong_number: str = "Wrong number"
    inbound_answered: str = "Connected"
    inbound_missed: str = "No answer"
    inbound_voicemail: str = "Left voicemail"


class Stages(Section):
    """The ticket stage (id) of each kind of interaction, or "" for no ticket."""

    outbound_answered: str = ""
    outbound_unanswered: str = ""
    inbound_answered: str = ""
    inbound_missed: str = ""
    inbound_voicemail: str = ""
    outbound_message: str = ""
    inbound_message: str = ""


class Tickets(Section):
    """The ticket pipeline (id, "" for none) and its stages."""

    pipeline: str = ""
    stages: Stages = Stages()


class Defaults(Section):
    """The first revision of the product's settings, checked here for shape only."""

    name: Annotated[str, Field(min_length=1, max_length=80)] = "Aircall – HubSpot"
    enabled: bool = False
    numbers: Annotated[tuple[int, ...] | Literal["all"], BeforeValidator(_numbers)] = ()
    business_hours_only: bool = False
    create_contacts: bool = True
    sync_contacts: bool = False
    fallback_owner: str = ""
    """A HubSpot owner's id, or "" for nobody."""
    outcomes: Outcomes = Outcomes()
    tag_outcomes: Texts = Field(default_factory=lambda: MappingProxyType({}))
    """Aircall tag (name) to any outcome of the portal (label)."""
    tickets: Tickets = Tickets()


class Intervals(Section):
    """How often things are looked at, and how long an unfinished call waits, in seconds."""

    pipelines: PositiveInt = 60
    directory: PositiveInt = 600
    gaps: PositiveInt = 3600
    contacts: PositiveInt = 120
    webhook: PositiveInt = 300
    pending: PositiveInt = 600
    reminder: PositiveInt = 86400


class Contacts(Section):
    """What a contact is called that is made of a phone nobody knows."""

    last_name: Annotated[str, Field(min_length=1, max_length=80)] = "Aircall new contact"
    """Its first name is the number."""


class Retention(Section):
    """How long things are kept, in days."""

    decisions: PositiveInt = 30
    calls: PositiveInt = 30
    ids: PositiveInt = 200
    failures: PositiveInt = 90


class SettingsFile(Section):
    """The whole of settings.toml; every key is optional."""

    slack: SlackSection = Field(default_factory=SlackSection)
    limits: Limits = Field(default_factory=Limits)
    defaults: Defaults = Field(default_factory=Defaults)
    contacts: Contacts = Field(default_factory=Contacts)
    intervals: Intervals = Field(default_factory=Intervals)
    retention: Retention = Field(default_factory=Retention)
    hangup_causes: Annotated[
        Mapping[str, HangupCause], AfterValidator(_lowered), PlainSerializer(dict)
    ] = Field(default_factory=lambda: HANGUP_CAUSES)
    """Aircall's `hangup_cause` (lower case) to what it means; a table in the file replaces this."""


def load_file(path: Path) -> SettingsFile:
    """Read the settings file at `path`; `StartupError` names file, key and what is wrong."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StartupError(
            f"The settings file {path} cannot be read: {error.strerror}. "
            "Start from the folder that holds settings.toml, or name another by SETTINGS_FILE."
        ) from error
    except UnicodeDecodeError as error:
        raise StartupError(f"{path} is not UTF-8 text (byte {error.start}).") from error
    except tomllib.TOMLDecodeError as error:
        raise StartupError(f"{path} is not valid TOML: {error}.") from error
    try:
        return SettingsFile.model_validate(content)
    except ValidationError as error:
        raise StartupError(f"{path}: {faults_sentence(error, SettingsFile)}.") from error
