"""What is kept of Slack: the channel and its trouble, visitors of Home, the first start."""

from store import keys
from store.channel import Channel, Trouble
from store.connection import now_ms
from store.visitors import LATELY, MOST, Visitors
from store.welcome import Welcome, Welcomes


def test_the_channel_is_the_last_one_chosen(redis_client):
    channel = Channel(redis_client)
    assert channel.chosen() == ""
    channel.choose("C1", "U1")
    channel.choose("C2", "U1")
    assert channel.chosen() == "C2"


def test_trouble_counts_for_its_channel_since_its_first_failure_until_a_post_goes_well(
    redis_client,
):
    channel = Channel(redis_client)
    assert channel.trouble("C1") is None
    channel.failed("C1", "Slack did not answer")
    first = channel.trouble("C1")
    channel.failed("C1", "is_archived", "is_archived")
    assert channel.trouble("C1") == Trouble("C1", "is_archived", "is_archived", first.since)
    assert channel.trouble("C2") is None
    channel.posted()
    assert channel.trouble("C1") is None


def test_visitors_are_told_newest_first_few_and_of_the_last_week(redis_client):
    visitors = Visitors(redis_client)
    for number in range(MOST + 5):
        redis_client.zadd(keys.VISITORS, {f"U{number}": now_ms(redis_client) - 1_000_000 + number})
    redis_client.zadd(keys.VISITORS, {"U50": now_ms(redis_client) - LATELY - 1})
    visitors.note("UNEW")
    told = visitors.lately()
    assert told[0] == "UNEW"
    assert len(told) == MOST
    assert "U50" not in told
    visitors.forget("UNEW")
    assert "UNEW" not in visitors.lately()


def test_one_process_at_a_time_goes_on_with_the_first_start(redis_client):
    ours, theirs = Welcomes(redis_client), Welcomes(redis_client)
    with ours.held() as mine:
        assert mine
        with theirs.held() as second:
            assert not second
        assert 0 < redis_client.ttl(keys.WELCOMING) <= 60
    with theirs.held() as mine:
        assert mine


def test_a_lock_that_ran_out_is_left_to_whoever_took_it(redis_client):
    ours, theirs = Welcomes(redis_client), Welcomes(redis_client)
    with ours.held():
        redis_client.delete(keys.WELCOMING)
        with theirs.held() as mine:
            assert mine


def test_how_far_the_first_start_is_reads_back_as_written(redis_client):
    welcomes = Welcomes(redis_client)
    assert welcomes.read() is None
    assert not welcomes.is_over()
    state = Welcome("U1", 5, logged_before=True, refused=("U2",), over=True)
    welcomes.write(state)
    assert welcomes.read() == state
    assert welcomes.is_over()
