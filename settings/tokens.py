"""Tokens as vendors make them: what cannot stand in a request's header is none of theirs."""

from pydantic import SecretStr


def sendable(secret: SecretStr) -> SecretStr:
    """A token unchanged; `ValueError`, without the token, if no header can carry it."""
    token = secret.get_secret_value()
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ValueError("must be one word of plain letters, digits and signs, as it was given out")
    return secret
