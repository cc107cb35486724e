"""Products that know where Aircall reaches them, or do not, and an Aircall that refuses."""

import pytest

from sandbox.aircall import webhooks as at_aircall
from sandbox.aircall.errors import edge, refusal
from tests.sync.webhook.hookworld import (
    PUBLIC,
    settled,
)


@pytest.fixture
def public(product, monkeypatch):
    """A product that knows where Aircall reaches it, and an Aircall with a stranger's webhook."""
    return settled(product, monkeypatch, PUBLIC)


@pytest.fixture
def private(product, monkeypatch):
    """A product without PUBLIC_URL; the sandbox's own webhook leads to it."""
    return settled(product, monkeypatch, None)


@pytest.fixture
def refusing(monkeypatch):
    """Let Aircall refuse to make and to change webhooks, with this status."""

    def refuse(status: int, *names: str, fewer: bool = False) -> None:
        for name in names or ("create_webhook", "update_webhook"):
            real = getattr(at_aircall, name)

            def answer(webhooks, request, *rest, _real=real):
                if fewer and b"user.created" not in request.body:
                    return _real(webhooks, request, *rest)
                raise edge(403) if status == 403 else refusal(status, "No")

            monkeypatch.setattr(at_aircall, name, answer)

    return refuse
