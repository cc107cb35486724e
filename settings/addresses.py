"""Addresses as people write them, brought into the one form the clients expect."""

import re
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

_VERSION: Final = re.compile(r"/v\d+$")
_REDIS_SCHEMES: Final = ("redis", "rediss", "unix")


def base_url(text: str) -> str:
    """An HTTP address without its trailing slashes; `ValueError` if it is none or ends in `/v1`."""
    trimmed = text.rstrip("/")
    parts = urlsplit(trimmed)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address such as https://example.com")
    if parts.query or parts.fragment:
        raise ValueError("must not contain ? or #")
    if _VERSION.search(parts.path):
        raise ValueError("must not end in a version such as /v1")
    return trimmed


def slack_base_url(text: str) -> str:
    """The same with exactly one trailing slash, onto which Slack's SDK joins method names."""
    return base_url(text) + "/"


def redis_address(secret: SecretStr) -> SecretStr:
    """A Redis address unchanged; `ValueError`, without the address, if its scheme is unknown."""
    if urlsplit(secret.get_secret_value()).scheme not in _REDIS_SCHEMES:
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return secret
