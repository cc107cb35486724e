"""What a process made that stood still before it asked, while another one took over, goes again."""

from dataclasses import replace

import pytest

from sandbox.aircall import webhooks as at_aircall
from sync.webhook import surplus
from sync.webhook.events import EVENTS
from sync.webhook.ours import Memory, Remembered, our_webhooks
from sync.webhook.watch import look
from tests.sync.webhook.hookworld import NAME, URL, add, asked, hooks, notices, repairs

OLD, NEW = "2026-09-01T09:00:00.000Z", "2036-09-01T09:00:00.000Z"


@pytest.fixture
def frozen(public, monkeypatch):
    """Let something happen between our last look before it is made and Aircall's making it."""

    def meanwhile(does) -> None:
        real = at_aircall.create_webhook

        def late(webhooks, request):
            monkeypatch.setattr(at_aircall, "create_webhook", real)
            does()
            return real(webhooks, request)

        monkeypatch.setattr(at_aircall, "create_webhook", late)

    return meanwhile


def test_one_that_was_made_beside_an_elder_twin_is_taken_away_by_its_maker(public, frozen):
    twin = {}

    def another() -> None:
        twin.update(add(public, created_at=OLD))
        Remembered(public.redis).keep(Memory(twin["webhook_id"], NAME, URL))

    frozen(another)
    look()
    assert list(hooks(public)) == [twin["webhook_id"]]
    # The other process has said so, and had calls fetched.
    assert notices(public) == {}
    assert repairs(public) == 0
    look()
    assert public.alerts() == {}


def test_where_the_other_process_died_before_it_said_so_the_maker_of_the_younger_does(
    public, frozen
):
    frozen(lambda: add(public, created_at=OLD))
    look()
    assert len(hooks(public)) == 1
    assert "was made at Aircall" in notices(public)["webhook registered"]
    assert Remembered(public.redis).last().id in hooks(public)


def test_the_elder_of_two_leaves_the_younger_to_its_maker(public, frozen):
    frozen(lambda: add(public, created_at=NEW))
    look()
    assert "DELETE" not in asked(public)
    assert Remembered(public.redis).last().id in hooks(public)
    look()
    assert "2 webhooks" in public.alerts()["webhook several"]


@pytest.mark.parametrize(
    "differing",
    [
        {"name": "Somebody else's"},
        {"active": False},
        {"events": ["call.ended"]},
        {"url": "https://other.example.com/aircall/webhook"},
    ],
    ids=["name", "off", "fewer events", "elsewhere"],
)
def test_beside_one_that_is_not_its_twin_ours_stays(public, frozen, differing):
    frozen(lambda: add(public, created_at=OLD, **differing))
    look()
    assert "DELETE" not in asked(public)
    made = Remembered(public.redis).last().id
    assert sorted(public.aircall.office.webhooks[made]["events"]) == sorted(EVENTS)


@pytest.mark.parametrize(("method", "path", "nth"), [("GET", "", 3), ("DELETE", "/*", 1)])
def test_where_that_cannot_be_seen_or_done_both_stay_and_the_next_look_says_so(
    public, frozen, method, path, nth
):
    frozen(lambda: add(public, created_at=OLD))
    public.aircall.fault("503", method=method, path=f"/v1/webhooks{path}", nth=nth, times=2)
    look()
    assert len(hooks(public)) == 2
    assert "webhook registered" in notices(public)
    public.pass_time(120)
    look()
    assert "2 webhooks" in public.alerts()["webhook several"]


@pytest.mark.parametrize(("twin", "goes"), [("0", True), ("z", False)])
def test_of_two_that_were_made_at_one_moment_the_same_one_goes_for_both_makers(
    public, frozen, monkeypatch, twin, goes
):
    def another() -> None:
        hook = add(public, created_at=OLD)
        every = public.aircall.office.webhooks
        del every[hook["webhook_id"]]
        hook["webhook_id"] = twin
        every[twin] = hook

    def at_one_moment(environment, listed):
        return [replace(each, created=OLD) for each in our_webhooks(environment, listed)]

    monkeypatch.setattr(surplus, "our_webhooks", at_one_moment)
    frozen(another)
    look()
    assert twin in hooks(public)
    assert len(hooks(public)) == (1 if goes else 2)


def test_where_aircall_lists_none_of_the_two_yet_none_is_taken_away(public, frozen, monkeypatch):
    frozen(lambda: add(public, created_at=OLD))
    monkeypatch.setattr(surplus, "our_webhooks", lambda *_: [])
    look()
    assert len(hooks(public)) == 2
    assert "DELETE" not in asked(public)
