"""Addresses as people write them, brought into the one form the clients expect."""

import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from pydantic import SecretStr

_VERSION: Final = re.compile(r"/v\d+$")
_LAST_PORT: Final = 65535
_REDIS_SCHEMES: Final = ("redis", "rediss", "unix")
_REDIS_PARAMETERS: Final = frozenset(
    {
        "client_name",
        "db",
        "ssl_ca_certs",
        "ssl_ca_path",
        "ssl_cert_reqs",
        "ssl_certfile",
        "ssl_check_hostname",
        "ssl_keyfile",
    }
)


def base_url(text: str) -> str:
    """An HTTP address without its trailing slashes; `ValueError` if it is none or ends in `/v1`."""
    trimmed = text.rstrip("/")
    parts = urlsplit(trimmed)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address such as https://example.com")
    _check_port(parts)
    if parts.query or parts.fragment:
        raise ValueError("must not contain ? or #")
    if _VERSION.search(parts.path):
        raise ValueError("must not end in a version such as /v1")
    return trimmed


def slack_base_url(text: str) -> str:
    """The same with exactly one trailing slash, onto which Slack's SDK joins method names."""
    return base_url(text) + "/"


def port(value: object) -> int:
    """The number of a port we listen on; `ValueError` if it is none."""
    text = str(value)
    if not text.isdecimal() or not 1 <= int(text[:6]) <= _LAST_PORT:
        raise ValueError(f"must be a whole number from 1 to {_LAST_PORT}")
    return int(text)


def redis_address(secret: SecretStr) -> SecretStr:
    """A Redis address unchanged; `ValueError`, without the address, if no client can be made of it.

    Timeouts and the like are not for the address: they would undo ours.
    """
    parts = urlsplit(secret.get_secret_value())
    if parts.scheme not in _REDIS_SCHEMES:
        raise ValueError("must begin with redis://, rediss:// or unix://")
    _check_port(parts)
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(parameters.keys() - _REDIS_PARAMETERS)
    if unknown:
        known = ", ".join(sorted(_REDIS_PARAMETERS))
        raise ValueError(f"has the parameter {unknown[0]!r}; only {known} are known")
    if parts.scheme == "unix":
        if not parts.path:
            raise ValueError("must name a socket, as in unix:///run/redis.sock")
        database = ""
    else:
        database = parts.path.strip("/")
    if not all(each.isdecimal() for each in (database, parameters.get("db", "")) if each):
        raise ValueError("must name its database by a number, as in redis://host:6379/0")
    return secret


def _check_port(parts: SplitResult) -> None:
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("has a port that is no number from 0 to 65535") from None
