"""Our webhook is switched on, completed and named again, and that is said."""

import pytest

from sandbox.aircall import webhooks as at_aircall
from sandbox.aircall.events import EVENTS as PUBLISHED
from store import keys
from store.outages import Outages
from sync.webhook.events import EVENTS
from sync.webhook.watch import look
from tests.sync.webhook.hookworld import URL, add, asked, hooks, notices, ours, repairs


def test_one_that_aircall_switched_off_is_on_again_with_all_events_and_calls_are_fetched(public):
    hook = add(public, active=False)
    look()
    assert hook["active"]
    assert sorted(hook["events"]) == sorted(EVENTS)
    assert "switched our webhook off: it is on again" in notices(public)["webhook enabled"]
    assert repairs(public) == 1
    assert public.alerts() == {}


def test_one_that_does_not_stay_on_is_switched_on_each_time_and_said_once(public):
    hook = add(public, active=False)
    look()
    for _ in range(3):
        hook["active"] = False
        look()
        assert hook["active"]
    assert "again and again" in public.alerts()["webhook disabled"]
    assert URL in public.alerts()["webhook disabled"]
    assert len(notices(public)) == 1
    look()
    assert "webhook disabled" in public.alerts()
    public.redis.delete(keys.WEBHOOK_TRIED)
    look()
    assert public.alerts() == {}


def test_one_that_does_not_stay_on_is_one_outage_and_not_one_with_each_look(public):
    """A certificate that runs out overnight would else be a hundred messages by the morning."""
    hook = add(public)
    look()
    for _ in range(4):
        hook["active"] = False
        look()
    assert [each.cause for each in Outages(public.redis).pending()] == ["webhook"]
    assert repairs(public) == 1


@pytest.mark.parametrize("status", [403, 405, 422])
def test_a_refusal_to_switch_it_on_is_said_and_resolved_by_whoever_does(public, refusing, status):
    hook = add(public, active=False)
    refusing(status)
    look()
    said = public.alerts()["webhook disabled"]
    assert "refused to switch it on again" in said
    assert "Integrations & API, Webhooks" in said
    since = len(public.aircall.requests)
    public.pass_time(120)
    look()
    assert asked(public, since) == ["GET"]
    hook["active"] = True
    look()
    assert public.alerts() == {}
    assert repairs(public) == 1


@pytest.mark.parametrize("fault", ["429", "500", "timeout"])
def test_a_repair_that_was_not_answered_is_tried_again(public, fault):
    hook = add(public, active=False)
    public.aircall.fault(
        fault, method="PUT", path="/v1/webhooks/*", times=1 if fault == "429" else 2
    )
    look()
    assert not hook["active"]
    public.pass_time(120)
    look()
    assert hook["active"]
    assert public.alerts() == {}


def test_events_that_a_person_took_away_come_back_and_are_named(public):
    hook = add(public, events=[each for each in EVENTS if not each.startswith("message.")])
    look()
    assert sorted(hook["events"]) == sorted(EVENTS)
    said = notices(public)["webhook completed"]
    assert "it tells of message.received, message.sent, message.status_updated again" in said
    assert repairs(public) == 1


def test_a_lost_hint_comes_back_without_fetching_calls(public):
    hook = add(public, events=[each for each in EVENTS if each != "user.deleted.v2"])
    look()
    assert "user.deleted.v2" in hook["events"]
    assert "fetched" not in notices(public)["webhook completed"]
    assert repairs(public) == 0


def test_more_events_than_needed_do_no_harm(public):
    hook = add(public, events=list(PUBLISHED))
    look()
    assert hook["events"] == list(PUBLISHED)
    assert asked(public) == ["GET"]


def test_events_that_do_not_come_back_although_they_were_sent_are_said_once(public, monkeypatch):
    hook = add(public, events=["call.ended"])

    def deaf(webhooks, request, id_):
        real(webhooks, request, id_)
        hook["events"] = ["call.ended"]
        return at_aircall.json_answer(200, {"webhook": hook})

    real = at_aircall.update_webhook
    monkeypatch.setattr(at_aircall, "update_webhook", deaf)
    for _ in range(3):
        look()
    assert asked(public).count("PUT") == 1
    assert "leaves them out though they were sent" in public.alerts()["webhook incomplete"]


def test_events_that_aircall_refuses_to_add_are_said(public, refusing):
    add(public, events=["call.ended"])
    refusing(405)
    look()
    assert "Aircall refused to add them" in public.alerts()["webhook incomplete"]


def test_a_new_name_of_the_integration_becomes_the_webhooks_with_all_its_events(public):
    look()
    public.set(name="Phone desk")
    since = len(public.aircall.requests)
    look()
    look()
    assert asked(public, since) == ["GET", "PUT", "GET"]
    assert ours(public)["custom_name"] == "Phone desk"
    assert sorted(ours(public)["events"]) == sorted(EVENTS)


def test_a_name_that_a_person_or_aircall_gave_it_stays(public):
    look()
    ours(public)["custom_name"] = "Do not touch"
    since = len(public.aircall.requests)
    look()
    assert ours(public)["custom_name"] == "Do not touch"
    assert asked(public, since) == ["GET"]


def test_a_name_that_aircall_refuses_is_not_tried_again(public, refusing):
    look()
    public.set(name="Phone desk")
    refusing(422)
    look()
    tried = asked(public).count("PUT")
    look()
    assert asked(public).count("PUT") == tried
    assert public.alerts() == {}


def test_one_that_is_gone_before_it_could_be_mended_is_made_anew(public, monkeypatch):
    hook = add(public, active=False)

    def gone(webhooks, request, id_):
        webhooks.pop(id_, None)
        return real(webhooks, request, id_)

    real = at_aircall.update_webhook
    monkeypatch.setattr(at_aircall, "update_webhook", gone)
    look()
    assert hook["webhook_id"] not in public.aircall.office.webhooks
    assert public.alerts() == {}
    look()
    assert len(hooks(public)) == 1
    assert public.alerts() == {}
