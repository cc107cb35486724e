"""Of several webhooks ours is told by its address; nobody else's is ever touched."""

import pytest
from pydantic import SecretStr

from sandbox.aircall import webhooks as at_aircall
from sync.webhook.watch import look
from tests.sync.webhook.hookworld import PUBLIC, URL, add, asked, hooks, settled


def test_of_two_of_ours_one_is_kept_the_others_are_named_and_none_is_deleted(public):
    add(public, name="Old one", active=True, events=["call.ended"])
    add(public)
    look()
    said = public.alerts()["webhook several"]
    assert "2 webhooks" in said
    assert ": Old one." in said
    assert len(hooks(public)) == 2
    assert asked(public) == ["GET"]
    for id_, hook in list(hooks(public).items()):
        if hook["custom_name"] == "Old one":
            del public.aircall.office.webhooks[id_]
    look()
    assert public.alerts() == {}


def test_another_one_of_our_address_is_named_although_a_token_was_given(public, monkeypatch):
    add(public, name="Old one", token="given")
    add(public)
    given = SecretStr("given")
    monkeypatch.setitem(vars(public.environment.aircall), "webhook_token", given)
    look()
    assert "2 webhooks" in public.alerts()["webhook several"]


@pytest.mark.parametrize("written", [URL.upper().replace("/AIRCALL/WEBHOOK", ""), f"{PUBLIC}:443"])
def test_an_address_that_is_written_otherwise_is_ours(product, monkeypatch, written):
    settled(product, monkeypatch, written.replace("HTTPS", "https"))
    add(product, f"{URL}/")
    look()
    assert asked(product) == ["GET"]


def test_one_whose_address_aircall_wrote_in_its_own_way_is_not_made_again_and_again(
    public, monkeypatch
):
    def rewriting(webhooks, request):
        answer = real(webhooks, request)
        for hook in hooks(public).values():
            hook["url"] = "https://xn--phone.example.com/aircall/webhook"
        return answer

    real = at_aircall.create_webhook
    monkeypatch.setattr(at_aircall, "create_webhook", rewriting)
    for _ in range(3):
        look()
    assert asked(public).count("POST") == 1


def test_with_another_address_another_one_is_made_and_the_former_left_and_not_called_gone(
    public, monkeypatch
):
    look()
    settled(public, monkeypatch, "https://moved.example.com")
    look()
    said = [each.sentence for each in public.shop.alerts.notices()]
    assert any("Our webhook was made at Aircall, for https://moved.example.com" in s for s in said)
    assert not any("gone" in each for each in said)
    assert len(hooks(public)) == 1


def test_one_that_is_switched_off_beside_a_good_one_is_left_alone(public):
    add(public, name="Old one", active=False)
    add(public)
    look()
    assert public.alerts() == {}
    assert asked(public) == ["GET"]
