"""A look at our webhook: silence proves nothing, and nothing is done for a deleted one."""

import asyncio

import pytest

from clients.errors import Unavailable
from sandbox.aircall import webhooks as at_aircall
from sandbox.aircall.errors import refusal
from store import keys
from store.outages import Outages
from sync import slices
from sync.webhook.watch import look
from tests.sync.webhook.hookworld import (
    PUBLIC,
    add,
    asked,
    delete,
    hooks,
    notices,
    ours,
    repairs,
    settled,
)
from worker.intake.tokens import Tokens


def test_a_list_that_aircall_refuses_is_said_and_resolved(public, monkeypatch):
    def no(webhooks, request):
        raise refusal(405, "Not now")

    monkeypatch.setattr(at_aircall, "list_webhooks", no)
    look()
    assert (
        "does not let us read its webhooks: Method Not Allowed: Not now."
        in (public.alerts()["webhook unreadable"])
    )
    monkeypatch.undo()
    settled(public, monkeypatch, PUBLIC)
    look()
    assert "webhook unreadable" not in public.alerts()


@pytest.mark.parametrize("fault", ["429", "503", "timeout", "reset", "cut", "empty_200"])
def test_an_aircall_that_does_not_answer_proves_nothing(public, fault):
    public.aircall.fault(fault, path="/v1/webhooks", times=None)
    look()
    assert public.alerts() == {}
    assert notices(public) == {}
    assert "POST" not in asked(public)
    with pytest.raises(Unavailable):
        public.shop.aircall.webhooks()


def test_nothing_is_made_while_the_integration_is_deleted_and_again_when_it_is_begun_anew(public):
    delete(public)
    look()
    assert asked(public) == []
    public.set(numbers="all", enabled=True)
    look()
    assert len(hooks(public)) == 1


def test_the_time_in_which_the_integration_was_deleted_is_no_outage(public):
    public.set(numbers="all", enabled=True)
    look()
    delete(public)
    look()
    public.aircall.office.webhooks.clear()
    public.set(numbers="all", enabled=True)
    look()
    assert len(hooks(public)) == 1
    assert Outages(public.redis).pending() == ()


def test_alerts_of_the_webhook_end_with_the_integration(public, refusing):
    refusing(405)
    look()
    delete(public)
    look()
    assert public.alerts() == {}
    assert public.redis.exists(keys.WEBHOOK, keys.WEBHOOK_TRIED, keys.WEBHOOK_WITHOUT) == 0


def test_one_that_was_made_while_somebody_deleted_the_integration_is_taken_away(
    public, monkeypatch
):
    def deleting(webhooks, request):
        answer = real(webhooks, request)
        delete(public)
        return answer

    real = at_aircall.create_webhook
    monkeypatch.setattr(at_aircall, "create_webhook", deleting)
    look()
    assert hooks(public) == {}
    assert notices(public) == {}


def test_without_a_public_url_it_is_only_looked_at(private):
    look()
    assert private.alerts() == {}
    assert asked(private) == ["GET"]


def test_without_a_public_url_a_missing_one_is_explained(private):
    private.aircall.office.webhooks.clear()
    look()
    said = private.alerts()["webhook missing"]
    assert "Set PUBLIC_URL" in said
    assert "Integrations & API, Webhooks" in said
    assert asked(private) == ["GET"]
    add(private)
    look()
    assert private.alerts() == {}
    assert repairs(private) == 1


def test_without_a_public_url_one_that_is_off_or_incomplete_is_explained(private):
    (hook,) = private.aircall.office.webhooks.values()
    hook["active"] = False
    look()
    assert "With PUBLIC_URL set, this is done by itself." in private.alerts()["webhook disabled"]
    hook.update(active=True, events=["call.ended"])
    look()
    assert list(private.alerts()) == ["webhook incomplete"]
    private.aircall.office.webhooks.clear()
    look()
    assert list(private.alerts()) == ["webhook missing"]
    assert asked(private) == ["GET", "GET", "GET"]


def test_without_a_public_url_ours_is_told_by_its_token_where_that_is_given(product, monkeypatch):
    monkeypatch.setattr(slices, "workshop", lambda: product.shop)
    add(product, "https://staging.example.com/aircall/webhook")
    (hook,) = [
        each
        for each in product.aircall.office.webhooks.values()
        if each["token"] == "sandbox-webhook-token"
    ]
    hook["active"] = False
    look()
    assert "webhook disabled" in product.alerts()


def test_the_door_takes_the_token_of_a_new_webhook_at_once_and_of_one_made_anew(public):
    minutes = iter(range(0, 600, 60))
    tokens = Tokens(None, PUBLIC, public.shop.aircall.webhooks, clock=lambda: next(minutes))
    assert not tokens.known
    look()
    first = ours(public)["token"]
    asyncio.run(tokens.reread())
    assert tokens.match(first)
    public.aircall.office.webhooks.clear()
    look()
    second = ours(public)["token"]
    assert second != first
    assert not tokens.match(second)
    asyncio.run(tokens.reread())
    assert tokens.match(second)
    assert not tokens.match(first)
