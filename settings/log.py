"""The log: one line per event on stderr, with no secret in it."""

import base64
import logging
import sys
from collections.abc import Callable
from typing import Any, Final, TypeAlias
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from settings.environment import Environment

REDACTED: Final = "[secret]"
_SHORTEST_SECRET: Final = 6

Change: TypeAlias = Callable[[str], str]


def configure_log(environment: Environment, process: str) -> None:
    """Send our log and every library's to stderr, named after `process`.

    Text on a terminal, JSON elsewhere, unless `LOG_FORMAT` says; both write a line break within a
    value as its escape. Call once, before anything logs.
    """
    text = environment.log.format == "text" or (
        environment.log.format is None and sys.stderr.isatty()
    )
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _named(process),
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact(secret_forms(environment)),
            _text() if text else structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(environment.log.level.upper())
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # Each request and each bad request of a stranger is no news; what goes wrong in it is.
    logging.getLogger("uvicorn.error").setLevel(max(root.level, logging.ERROR))
    # It would log whole addresses: phone numbers in searches, and Slack's response addresses, each
    # of which opens a conversation. What goes wrong there, whoever asked says.
    logging.getLogger("urllib3").setLevel(max(root.level, logging.ERROR))


def secret_forms(environment: Environment) -> tuple[str, ...]:
    """Every spelling in which a secret may turn up: plain, URL-quoted, as Basic credentials.

    Longest first, so that no part of a longer secret is left over.
    """
    plain = environment.secrets()
    key, token = environment.aircall.api_id, environment.aircall.api_token
    basic = f"{key.get_secret_value()}:{token.get_secret_value()}".encode()
    forms = {*plain, *(quote(secret, safe="") for secret in plain)}
    forms.add(base64.b64encode(basic).decode())
    return tuple(sorted((form for form in forms if len(form) >= _SHORTEST_SECRET), key=_order))


def redact(secrets: tuple[str, ...]) -> Processor:
    """A log step that replaces each of `secrets`, wherever it stands, by `[secret]`."""

    def without_secrets(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, REDACTED)
        return text

    def step(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {key: _changed(value, without_secrets) for key, value in event.items()}

    return step


def _named(process: str) -> Processor:
    """A log step that names the process, in each of its threads alike."""

    def step(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["process"] = process
        return event

    return step


def _order(secret: str) -> tuple[int, str]:
    return -len(secret), secret


def _text() -> Processor:
    return structlog.processors.KeyValueRenderer(
        key_order=["timestamp", "level", "process", "event"], drop_missing=True
    )


def _changed(value: Any, change: Change) -> Any:  # noqa: ANN401 - a log value may be anything
    """`value` with every text in it changed; what JSON does not know becomes text first."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {change(str(key)): _changed(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_changed(inner, change) for inner in value]
    return change(value if isinstance(value, str) else repr(value))
