"""The environment of a process: secrets, addresses and places, from variables and from .env."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from settings.addresses import base_url, port, redis_address, slack_base_url
from settings.errors import StartupError
from settings.sandbox import SANDBOX_VARIABLES, sandbox_data_dir
from settings.tokens import sendable

REQUIRED: Final = (
    ("SLACK_BOT_TOKEN",),
    ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"),
    ("AIRCALL_API_ID",),
    ("AIRCALL_API_TOKEN",),
    ("HUBSPOT_ACCESS_TOKEN",),
)
"""What a start with real accounts needs; of a group, one is enough."""

_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - they are compared

BaseUrl = Annotated[str, AfterValidator(base_url)]
SlackBaseUrl = Annotated[str, AfterValidator(slack_base_url)]
RedisAddress = Annotated[SecretStr, AfterValidator(redis_address)]
Token = Annotated[SecretStr, AfterValidator(sendable)]
Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]
Port = Annotated[int, BeforeValidator(port)]


class Subject(BaseSettings):
    """The variables of one subject, taken from what `load_environment` merged and nowhere else."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", case_sensitive=True, hide_input_in_errors=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic-settings'
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read only what is handed in: an empty variable must not hide the one in .env."""
        return (init_settings,)


class Slack(Subject):
    """Slack's tokens; with both an app token and a signing secret, Socket Mode is used."""

    bot_token: Token = Field(validation_alias="SLACK_BOT_TOKEN")
    app_token: Token | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    signing_secret: SecretStr | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    base_url: SlackBaseUrl = Field("https://slack.com/api/", validation_alias="SLACK_BASE_URL")


class Aircall(Subject):
    """Aircall's API key, and the token its webhook events carry (unset: read from the API)."""

    api_id: Token = Field(validation_alias="AIRCALL_API_ID")
    api_token: Token = Field(validation_alias="AIRCALL_API_TOKEN")
    webhook_token: SecretStr | None = Field(None, validation_alias="AIRCALL_WEBHOOK_TOKEN")
    base_url: BaseUrl = Field("https://api.aircall.io", validation_alias="AIRCALL_BASE_URL")


class HubSpot(Subject):
    """The token of HubSpot's private app."""

    access_token: Token = Field(validation_alias="HUBSPOT_ACCESS_TOKEN")
    base_url: BaseUrl = Field("https://api.hubapi.com", validation_alias="HUBSPOT_BASE_URL")


class Redis(Subject):
    """A Redis of one's own; without `url` the embedded server under the data folder is used."""

    url: RedisAddress | None = Field(None, validation_alias="REDIS_URL")


class Network(Subject):
    """Where the processes listen, and where Aircall reaches the door from outside."""

    host: str = Field("127.0.0.1", validation_alias="HOST")
    intake_port: Port = Field(8000, validation_alias="INTAKE_PORT")
    bot_port: Port = Field(3000, validation_alias="BOT_PORT")
    public_url: BaseUrl | None = Field(None, validation_alias="PUBLIC_URL")

    @property
    def door(self) -> str:
        """The door's address as seen from this machine, e.g. `http://127.0.0.1:8000`."""
        host = _LOOPBACK.get(self.host, self.host)
        return (
            f"http://[{host}]:{self.intake_port}"
            if ":" in host
            else f"http://{host}:{self.intake_port}"
        )


class Places(Subject):
    """Where data is kept and where settings.toml lies, both absolute."""

    data_dir: Folder = Field(Path("data"), validate_default=True, validation_alias="DATA_DIR")
    settings_file: Folder = Field(
        Path("settings.toml"), validate_default=True, validation_alias="SETTINGS_FILE"
    )


class Log(Subject):
    """How much is logged, and whether as text or JSON (unset: text on a terminal)."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", validation_alias="LOG_LEVEL"
    )
    format: Literal["text", "json"] | None = Field(None, validation_alias="LOG_FORMAT")


class Environment(Subject):
    """Everything a process learns from outside its settings file; frozen, built once."""

    sandbox: bool
    """True when the vendors are our own stand-ins: nothing real is spoken to."""
    slack: Slack
    aircall: Aircall
    hubspot: HubSpot
    redis: Redis
    network: Network
    places: Places
    log: Log

    def secrets(self) -> tuple[str, ...]:
        """Every secret value of this environment, a Redis password included, for the log's eyes."""
        subjects = (self.slack, self.aircall, self.hubspot, self.redis)
        values = [
            value.get_secret_value()
            for subject in subjects
            for value in dict(subject).values()
            if isinstance(value, SecretStr)
        ]
        if self.redis.url is not None:
            password = urlsplit(self.redis.url.get_secret_value()).password
            values += [password, unquote(password)] if password else []
        return tuple(values)


def load_environment(
    environ: Mapping[str, str] | None = None, dotenv: str | Path = ".env"
) -> Environment:
    """Read the environment: variables win over `dotenv`, and an empty one counts as unset.

    `environ` is this process' own unless given. With none of the required variables set, the
    result is the sandbox: its credentials, its addresses on this machine, its own data folder.
    Raises `StartupError` naming every required variable that is missing, or every bad value.
    """
    given = os.environ if environ is None else environ
    values = _filled(_from_file(dotenv)) | _filled(given)
    missing = missing_variables(values)
    bare = len(missing) == len(REQUIRED)
    if missing and not bare:
        raise StartupError(_missing_sentence(missing))
    if bare:
        values = {**SANDBOX_VARIABLES, **values, "DATA_DIR": sandbox_data_dir(values)}
    return _build(values)


def _from_file(dotenv: str | Path) -> Mapping[str, str | None]:
    try:
        return dotenv_values(dotenv)
    except OSError as error:
        raise StartupError(f"{dotenv} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise StartupError(f"{dotenv} is not UTF-8 text (byte {error.start}).") from None


def missing_variables(values: Mapping[str, str]) -> tuple[str, ...]:
    """The required variables (`"A or B"` where one of two is enough) that `values` lacks."""
    return tuple(
        " or ".join(group) for group in REQUIRED if not any(name in values for name in group)
    )


def _filled(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value.strip() for name, value in values.items() if value and value.strip()}


def _missing_sentence(missing: tuple[str, ...]) -> str:
    verb = "is" if len(missing) == 1 else "are"
    return (
        f"{', '.join(missing)} {verb} missing. Set what is missing in the environment or in .env "
        "(.env.example explains each name), or unset all tokens to start the sandbox."
    )


def _build(values: Mapping[str, str]) -> Environment:
    subjects = {
        "slack": Slack,
        "aircall": Aircall,
        "hubspot": HubSpot,
        "redis": Redis,
        "network": Network,
        "places": Places,
        "log": Log,
    }
    built: dict[str, Any] = {"sandbox": "AIRCALL_HUBSPOT_SANDBOX" in values}
    faults: list[str] = []
    for field, subject in subjects.items():
        try:
            built[field] = subject(**values)
        except ValidationError as error:
            faults += [_fault_sentence(fault) for fault in error.errors()]
    if faults:
        raise StartupError(f"The environment has a value that cannot be used. {'; '.join(faults)}.")
    return Environment(**built)


def _fault_sentence(fault: ErrorDetails) -> str:
    """`NAME must ...`: pydantic's `Input should` and `Value error,` are for programmers."""
    words = fault["msg"].removeprefix("Value error, ").replace("Input should", "must", 1)
    return f"{fault['loc'][0]} {words}"
