"""Our webhook at Aircall: made, found again, switched on, completed, named, and said so."""

import asyncio
import threading

import pytest
from pydantic import SecretStr

from clients.errors import Unavailable
from rules.events import KNOWN_EVENTS
from rules.settings import Settings
from sandbox.aircall import webhooks as at_aircall
from sandbox.aircall.errors import edge, refusal
from sandbox.aircall.events import EVENTS as PUBLISHED
from settings.environment import load_environment
from store import keys
from store.outages import Outages
from store.tombstone import DELETED
from sync import slices
from sync.webhook import watch as room
from sync.webhook.events import CORE, EVENTS, NUMBERS, USERS, named
from sync.webhook.mending import REPAIR
from sync.webhook.watch import look
from tests.worker.product import ADMIN, Product
from worker.intake.names import use_of
from worker.intake.tokens import Tokens
from worker.nudge import BACKGROUND, queue
from worker.workshop import build_workshop

PUBLIC = "https://phone.example.com"
URL = f"{PUBLIC}/aircall/webhook"
NAME = "Aircall – HubSpot"


def settled(product: Product, monkeypatch, public_url: str | None) -> Product:
    """Let the product's jobs know this PUBLIC_URL."""
    variables = {**product.variables, **({"PUBLIC_URL": public_url} if public_url else {})}
    variables.pop("AIRCALL_WEBHOOK_TOKEN")
    product.environment = load_environment(variables, dotenv="")
    product.shop = build_workshop(product.environment, product.file)
    monkeypatch.setattr(slices, "workshop", lambda: product.shop)
    return product


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


def hooks(product) -> dict:
    """The webhooks with our address, by id."""
    every = product.aircall.office.webhooks
    return {id_: hook for id_, hook in every.items() if hook["url"] == URL}


def ours(product) -> dict:
    (hook,) = hooks(product).values()
    return hook


def add(product, url: str = URL, name: str = NAME, **values) -> dict:
    """Make a webhook as a person does."""
    every = product.aircall.office.webhooks
    id_ = f"{len(every):08}-0000-4000-8000-000000000000"
    at = "2026-09-01T09:00:00.000Z"
    every[id_] = at_aircall.webhook(id_, url, name, EVENTS, f"token-{id_}", at)
    every[id_].update(values)
    return every[id_]


def asked(product, since: int = 0) -> list[str]:
    return [each.method for each in product.aircall.requests[since:] if "/webhooks" in each.path]


def notices(product) -> dict[str, str]:
    return {each.name: each.sentence for each in product.shop.alerts.notices()}


def repairs(product) -> int:
    jobs = queue(product.redis, BACKGROUND)
    names = [jobs.fetch_job(id_).func_name for id_ in jobs.job_ids]
    return names.count(REPAIR)


# what it is to tell of


def test_every_event_that_our_code_reads_is_asked_for_and_no_other():
    read = {name for name in PUBLISHED if use_of(name) in {"interaction", "hint"}}
    # Aircall sends `integration.deleted` to integrations of its marketplace only.
    assert set(EVENTS) == read - {"integration.deleted"}
    assert len(set(EVENTS)) == len(EVENTS)


def test_calls_and_messages_are_the_core_and_all_is_published_by_aircall():
    assert set(CORE) == KNOWN_EVENTS | set(NUMBERS)
    assert set(EVENTS) == {*CORE, *USERS}
    assert set(EVENTS) <= set(PUBLISHED)


def test_many_events_are_named_by_a_few():
    assert named(["a", "b"]) == "a, b"
    assert named(list("abcdefg")) == "a, b, c, d, e, …"


# made and found again


def test_a_missing_webhook_is_made_with_exactly_the_needed_events_and_said(public):
    look()
    hook = ours(public)
    assert sorted(hook["events"]) == sorted(EVENTS)
    assert (hook["custom_name"], hook["active"]) == (NAME, True)
    assert "was made at Aircall" in notices(public)["webhook registered"]
    assert public.alerts() == {}
    assert repairs(public) == 1


def test_it_is_found_again_after_a_restart_and_nothing_is_written(public, monkeypatch):
    look()
    settled(public, monkeypatch, PUBLIC + "/")
    since = len(public.aircall.requests)
    look()
    assert asked(public, since) == ["GET"]
    assert len(hooks(public)) == 1


def test_one_that_is_gone_is_made_again_and_said_so(public):
    look()
    public.aircall.office.webhooks.clear()
    for notice in public.shop.alerts.notices():
        public.shop.alerts.said(notice)
    look()
    assert "was gone from Aircall: it was made again" in notices(public)["webhook registered"]
    assert len(hooks(public)) == 1


def test_it_is_found_among_a_hundred_strangers(public):
    public.aircall.office.webhooks.clear()
    for number in range(99):
        add(public, f"https://other{number}.example.com/aircall/webhook")
    add(public)
    look()
    assert len(hooks(public)) == 1
    assert asked(public) == ["GET", "GET"]


def test_a_company_that_is_full_of_strangers_webhooks_is_told_so_and_none_is_touched(public):
    public.aircall.office.webhooks.clear()
    for number in range(100):
        add(public, f"https://other{number}.example.com/aircall/webhook")
    before = dict(public.aircall.office.webhooks)
    look()
    assert "at most 100 webhooks" in public.alerts()["webhook missing"]
    assert f"its address is {URL}" in public.alerts()["webhook missing"]
    assert public.aircall.office.webhooks == before


@pytest.mark.parametrize("fault", ["500_after", "timeout_after", "reset_after", "empty_200_after"])
def test_a_create_whose_answer_is_lost_is_found_by_its_address(public, fault):
    public.aircall.fault(fault, method="POST", path="/v1/webhooks")
    look()
    look()
    assert len(hooks(public)) == 1
    assert asked(public).count("POST") == 1
    assert "webhook registered" in notices(public)


@pytest.mark.parametrize("fault", ["500", "503", "reset", "429"])
def test_a_create_that_never_arrived_is_tried_again_with_the_next_look(public, fault):
    public.aircall.fault(fault, method="POST", path="/v1/webhooks")
    look()
    assert hooks(public) == {}
    assert "webhook missing" not in public.alerts()
    public.pass_time(120)
    look()
    assert len(hooks(public)) == 1


def test_two_processes_at_once_make_one_webhook(public):
    public.aircall.ready_delay = 0.05
    lookers = [threading.Thread(target=look) for _ in range(4)]
    for each in lookers:
        each.start()
    for each in lookers:
        each.join()
    assert len(hooks(public)) == 1


def test_one_that_another_process_made_while_we_looked_is_not_made_twice(public, monkeypatch):
    real = room.register

    def late(shop, piece):
        add(public)
        real(shop, piece)

    monkeypatch.setattr(room, "register", late)
    look()
    assert len(hooks(public)) == 1


# refused


@pytest.mark.parametrize("status", [400, 403, 405, 422])
def test_a_refusal_to_make_it_is_said_with_the_way_by_hand_and_not_repeated(
    public, refusing, status
):
    refusing(status)
    look()
    said = public.alerts()["webhook missing"]
    assert "refused to make one" in said
    assert f"its address is {URL}" in said
    made = asked(public).count("POST")
    for _ in range(3):
        public.pass_time(120)
        look()
    assert asked(public).count("POST") == made
    assert public.alerts()["webhook missing"] == said


def test_it_is_tried_again_after_an_hour_and_the_alert_closes(public, refusing, monkeypatch):
    refusing(405)
    look()
    monkeypatch.undo()
    settled(public, monkeypatch, PUBLIC)
    public.redis.delete(keys.WEBHOOK_TRIED)
    look()
    assert len(hooks(public)) == 1
    assert public.alerts() == {}


def test_an_address_without_https_is_said_and_never_sent(public, monkeypatch):
    settled(public, monkeypatch, "http://phone.example.com")
    look()
    assert "PUBLIC_URL makes ours http://phone.example.com" in public.alerts()["webhook missing"]
    assert asked(public) == ["GET"]


def test_events_that_aircall_does_not_take_any_more_do_not_keep_the_others_away(public, refusing):
    refusing(400, fewer=True)
    look()
    assert sorted(ours(public)["events"]) == sorted(CORE)
    since = len(public.aircall.requests)
    look()
    assert asked(public, since) == ["GET"]
    assert public.alerts() == {}


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


# switched off, incomplete, renamed


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


# several


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


# deleted and begun anew


def delete(product) -> None:
    revisions = product.shop.revisions
    number = revisions.current().number
    revisions.save(Settings(), ADMIN, number, DELETED, even_unchanged=True)


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


# without PUBLIC_URL


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


# the door


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
