"""Of several clocks one leads; another when it beats no more, whatever the wall clock does."""

import threading

import pytest

from store import keys
from store.connection import now_ms
from store.leader import PATIENCE, STOOD, Leader, lead_now


@pytest.fixture
def clocks(redis_client):
    return Leader(redis_client, "one"), Leader(redis_client, "two")


def age(client, ms: int) -> None:
    """Let so much time pass since the last beat; a negative one steps the wall clock back."""
    for field in ("at", "since"):
        client.hincrby(keys.LEADER, field, -ms)


def test_the_first_leads_and_goes_on_leading(clocks):
    one, two = clocks
    assert one.lead()
    assert not two.lead()
    assert one.lead()


def test_of_many_at_once_one_leads(redis_client):
    leading = []
    clocks = [Leader(redis_client, str(n)) for n in range(12)]
    threads = [threading.Thread(target=lambda c=c: leading.append(c.lead())) for c in clocks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(leading) == 1


def test_another_leads_when_it_has_not_beaten_and_not_before(redis_client, clocks):
    one, two = clocks
    one.lead()
    age(redis_client, PATIENCE - 1_000)
    assert not two.lead()
    age(redis_client, 1_000)
    assert two.lead()
    assert not one.lead(), "it learns so with its next beat"


def test_it_is_handed_over_within_20_seconds_with_a_beat_every_five():
    assert PATIENCE + 5_000 < 20_000


def test_whoever_ends_in_order_lets_the_next_lead_at_once(clocks):
    one, two = clocks
    one.lead()
    one.resign()
    assert two.lead()


def test_whoever_does_not_lead_gives_nothing_up(clocks):
    one, two = clocks
    one.lead()
    two.resign()
    assert not two.lead()


def test_a_wall_clock_that_stepped_back_an_hour_lets_another_lead(redis_client, clocks):
    one, two = clocks
    one.lead()
    age(redis_client, -3_600_000)
    assert two.lead()


def test_since_when_clocks_beat_outlives_who_leads(redis_client, clocks):
    one, two = clocks
    one.lead()
    age(redis_client, 2_000)
    since = lead_now(redis_client).since
    one.resign()
    two.lead()
    assert lead_now(redis_client).since == since
    assert lead_now(redis_client).token == "two"


@pytest.mark.parametrize("stood", [STOOD + 1_000, -3_600_000])
def test_clocks_that_stood_still_beat_only_since_they_do_again(redis_client, clocks, stood):
    clocks[0].lead()
    age(redis_client, stood)
    before = now_ms(redis_client)
    clocks[0].lead()
    assert before <= lead_now(redis_client).since <= now_ms(redis_client)


def test_nobody_leads_before_a_clock_beats_and_after_it_is_gone(redis_client, clocks):
    assert not lead_now(redis_client).held
    clocks[0].lead()
    assert lead_now(redis_client).held
    age(redis_client, PATIENCE)
    assert not lead_now(redis_client).held
