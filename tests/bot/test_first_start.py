"""The first start: from the first admin's message to the report of the first logged call."""

import threading

import pytest

import bot.first_start.steps
from bot.first_start.steps import go_on
from bot.first_start.welcome import Logged, Progress, message, report
from bot.words import words_in
from sandbox.aircall.calls import from_event
from sandbox.faults import Fault
from sandbox.slack.blocks import elements_of, problems
from sandbox.slack.markup import marked_up, mistakes
from sandbox.traffic import ended_of
from store import keys
from store.channel import Trouble
from store.connection import now_ms
from store.recent import Ended
from store.welcome import Welcome, Welcomes
from sync.clock import WELCOME, tick
from tests.bot.team import ADMIN, CALLS, GERMAN, GUEST, LEADS, MEMBER, OWNER, RANDOM
from tests.worker.product import call
from worker.fetched import enter
from worker.nudge import BACKGROUND, queue

fresh = pytest.mark.slack(channel="", admins=[MEMBER], workspace_admins=False)


@pytest.fixture
def new(team):
    """A team whose product was just installed: nothing is chosen yet."""
    team.redis.delete(keys.WELCOME)
    team.set(enabled=False, numbers=[])
    return team


def beat(team) -> None:
    """Let the clock beat when the interval is over, and run what it calls."""
    team.redis.hdel(keys.JOBS, WELCOME)
    tick(team.product.shop)
    team.background()


def led(team, user=MEMBER) -> list[str]:
    """What was written to somebody who is led; announcements of changes are left out."""
    ours = ("Welcome to", "first call is in HubSpot")
    return [each for each in team.direct(user) if any(part in each for part in ours)]


def welcome(team, user=MEMBER) -> str:
    """The message with the steps, as it reads now."""
    return led(team, user)[0]


@fresh
def test_an_admin_is_led_to_the_first_logged_call(new):
    beat(new)
    (shown,) = led(new)
    assert "Welcome to Aircall – HubSpot" in shown
    assert "Done" not in shown

    new.choose(MEMBER, "channel.choose", LEADS, where=new.slack.direct_messages(MEMBER)[0])
    new.background()
    assert "1. Done: changes and alerts are announced in #leads." in welcome(new)

    new.click(MEMBER, "Choose numbers")
    assert new.slack.modal(MEMBER) is not None
    new.close(MEMBER)
    new.set(numbers="all")
    beat(new)
    assert "2. Done: all numbers are connected, new ones too." in welcome(new)

    new.click(MEMBER, "Enable", where=new.slack.direct_messages(MEMBER)[0])
    new.background()
    assert "3. Done: the integration is enabled." in welcome(new)
    assert "Call now: " in welcome(new)

    shop, past = new.product.shop, from_event(ended_of(call(id_=3999))["data"])
    enter(shop.due, past, "backfill", shop.revisions.all(), now_ms(new.redis))
    new.product.drain()
    beat(new)
    assert new.product.decision("call-3999").result == "logged"
    assert "Call now: " in welcome(new)

    new.product.log(call(id_=4001))
    beat(new)
    shown, told = led(new)
    assert "4. Done: your first call is in HubSpot: " in shown
    assert "All four steps are done" in shown
    assert "Your first call is in HubSpot: Answered incoming call on " in told
    assert "/aircall-hubspot explain 4001" in told
    activity = new.product.one("calls", "call-4001")["id"]
    address = f"/record/0-48/{activity}"
    sent = [str(each.blocks) for each in new.slack.direct_messages(MEMBER)]
    assert sum(address in each for each in sent) == 2

    new.product.log(call(id_=4002))
    before = led(new)
    beat(new)
    assert led(new) == before
    assert Welcomes(new.redis).is_over()


@fresh
def test_once_it_is_over_the_clock_calls_it_no_more(new):
    Welcomes(new.redis).write(Welcome(over=True))
    new.redis.delete(keys.JOBS)
    tick(new.product.shop)
    assert WELCOME not in [job.func_name for job in queue(new.redis, BACKGROUND).jobs]


@fresh
def test_several_processes_at_once_post_one_message(new):
    threads = [threading.Thread(target=go_on) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    go_on()
    assert len(led(new)) == 1


@fresh
def test_a_restart_goes_on_in_the_same_message(new):
    go_on()
    bot.first_start.steps.desk.cache_clear()
    new.set(numbers="all")
    go_on()
    assert len(led(new)) == 1
    assert "2. Done" in welcome(new)


@fresh
def test_a_message_that_says_the_same_is_not_sent_again(new):
    go_on()
    calls = len(new.slack.calls())
    go_on()
    assert len(new.slack.calls()) == calls


@fresh
def test_a_slack_that_is_down_is_asked_again_with_the_next_beat(new):
    new.slack.faults.add(Fault("503", times=None))
    beat(new)
    assert led(new) == []
    new.slack.faults.clear()
    new.forget_people()
    beat(new)
    assert len(led(new)) == 1


@fresh
def test_a_report_that_could_not_be_posted_comes_later(new):
    Welcomes(new.redis).write(Welcome())
    go_on()
    new.set(numbers="all", enabled=True)
    new.product.log(call(id_=1))
    new.slack.faults.add(Fault("503", path="*chat.postMessage"))
    go_on()
    assert len(led(new)) == 1
    go_on()
    assert "Your first call is in HubSpot" in led(new)[-1]
    assert len(led(new)) == 2


@fresh
def test_a_call_that_was_ignored_is_told_with_its_reason(new):
    go_on()
    new.set(numbers=[77], enabled=True)
    new.product.log(call(id_=1))
    go_on()
    shown = welcome(new)
    assert "was ignored: number not connected." in shown
    assert "/aircall-hubspot explain 1" in shown
    new.set(numbers="all")
    new.product.log(call(id_=2))
    go_on()
    assert "was ignored" not in welcome(new)
    assert "your first call is in HubSpot" in welcome(new)


@fresh
def test_calls_from_before_it_began_are_not_its_first(new):
    new.set(numbers="all", enabled=True)
    new.product.log(call(id_=1))
    new.set(enabled=False)
    go_on()
    assert "4. Done: calls are logged already." in welcome(new)


@pytest.mark.slack(admins=[MEMBER])
def test_nobody_is_led_where_all_runs_already(team):
    team.redis.delete(keys.WELCOME)
    team.product.log(call(id_=1))
    go_on()
    assert team.direct(MEMBER) == []
    assert Welcomes(team.redis).is_over()


@pytest.mark.slack(admins=[MEMBER])
def test_a_channel_of_the_file_is_tested_by_a_post(new):
    go_on()
    assert new.messages(CALLS) == [
        "Changes and alerts of Aircall – HubSpot are announced here from now on."
    ]
    assert "1. Done: changes and alerts are announced in #phone-ops." in welcome(new)
    go_on()
    assert len(new.messages(CALLS)) == 1


@pytest.mark.slack(admins=[MEMBER], channel=RANDOM)
def test_a_channel_of_the_file_without_us_is_said_and_tried_again(new):
    go_on()
    assert "Settings.toml names #random" in welcome(new)
    assert "I am not in that channel. Invite me there" in welcome(new)
    new.slack.invite(RANDOM)
    go_on()
    assert "Settings.toml names #random" in welcome(new)
    new.redis.delete(keys.JOBS)
    go_on()
    assert "1. Done" in welcome(new)


@pytest.mark.slack(admins=[GUEST, "U0NOBODY", MEMBER, OWNER])
def test_the_first_listed_admin_whom_slack_knows_as_one_of_ours_is_led(new):
    go_on()
    assert led(new, GUEST) == []
    assert len(led(new)) == 1
    assert led(new, OWNER) == []


@pytest.mark.slack(admins=[GUEST], channel="")
def test_where_no_listed_one_can_be_led_the_first_admin_who_comes_is(new):
    go_on()
    new.command(MEMBER)
    new.background()
    assert led(new) == []
    new.command(ADMIN)
    new.background()
    assert len(led(new, ADMIN)) == 1


@pytest.mark.slack(channel="")
def test_without_a_list_the_first_admin_to_use_the_command_is_led(new):
    beat(new)
    new.command(MEMBER)
    new.command(ADMIN, "help")
    new.command(OWNER)
    new.background()
    assert len(led(new, ADMIN)) == 1
    assert led(new, OWNER) == led(new) == []


@pytest.mark.slack(channel="")
def test_without_a_list_the_first_admin_to_open_home_is_led(new):
    new.open_home(MEMBER)
    new.open_home(OWNER)
    new.background()
    assert len(led(new, OWNER)) == 1


@pytest.mark.slack(channel="", admins=[MEMBER])
def test_an_admin_of_the_workspace_does_not_take_the_listed_ones_place(new):
    new.command(ADMIN)
    beat(new)
    assert led(new, ADMIN) == []
    assert len(led(new)) == 1


@fresh
def test_a_deleted_message_is_not_posted_again_but_the_first_call_is_told(new):
    go_on()
    kept = Welcomes(new.redis)
    with new.slack.house.lock:
        new.slack.house.board.messages.clear()
    new.set(numbers="all", enabled=True)
    go_on()
    assert led(new) == []
    new.product.log(call(id_=1))
    go_on()
    assert "Your first call is in HubSpot" in led(new)[-1]
    assert kept.read().reported == "call-1"
    new.slack.surprises.clear()


@fresh
def test_settings_that_cannot_be_read_are_waited_for(new):
    new.redis.set(keys.SETTINGS_HEAD, "odd")
    go_on()
    assert led(new) == []


@fresh
def test_only_admins_choose_the_channel(new):
    go_on()
    sent = new.slack.direct_messages(MEMBER)[0]
    new.redis.set(keys.person(MEMBER), b"", ex=5)
    new.slack.person(MEMBER).roles = frozenset({"is_restricted"})
    new.forget_people()
    new.choose(MEMBER, "channel.choose", LEADS, where=sent)
    assert new.desk.channel == ""
    assert new.messages(LEADS) == []


# the message, by itself

ODD = "<!channel> & \u202eevil 😀 " + "ف" * 170
NONE = Progress(slash="/aircall-hubspot", name=ODD[:80])
FULL = Progress(
    slash="/aircall-hubspot",
    name="Phones",
    channel="C0CALLS",
    channel_works=True,
    numbers=tuple(f"{ODD}{n}" for n in range(1000)),
    lines=tuple(f"+3319900{n:04} ({ODD})" for n in range(1000)),
    enabled=True,
    missed=Ended("call-1", 1_790_000_000_000, "failed", ODD),
)
CALL = Logged(
    "call-4001",
    "inbound_missed",
    ODD,
    1_790_000_000_000,
    {
        what: f"https://app.hubspot.com/contacts/1/record/0-48/{what}"
        for what in ("activity", "contact", "company", "ticket")
    },
)
TROUBLE = Trouble("C0CALLS", ODD, "is_archived", 1)
STAGES = [
    NONE,
    Progress("/x", "Phones", channel="C0CALLS", trouble=TROUBLE),
    Progress("/x", "Phones", channel="C0CALLS", channel_in_file=True, trouble=TROUBLE),
    Progress("/x", "Phones", channel="C0CALLS", channel_in_file=True),
    Progress("/x", "Phones", numbers="all", enabled=True),
    FULL,
    Progress("/x", "Phones", "C0CALLS", channel_works=True, numbers="all", enabled=True, call=CALL),
    Progress("/x", "Phones", numbers="all", logged_before=True),
]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("stage", STAGES)
def test_every_message_is_one_that_slack_takes(stage, language):
    words = words_in(language)
    for made in (message(stage, words), report(CALL, stage.slash, words)):
        blocks = list(made.blocks)
        assert problems("message", {"blocks": blocks}) == []
        assert [each for text in marked_up(blocks) for each in mistakes(text)] == []
        assert made.text.endswith(".")
        pressed = [e for b in blocks for _, e in elements_of(b) if e["type"] == "button"]
        assert len(pressed) <= 2
        assert all(each["accessibility_label"] for each in pressed)


def test_the_text_says_how_far_it_is_and_what_comes_next():
    words = words_in("en")
    assert message(STAGES[4], words).text == (
        "Phones: 2 of 4 steps are done. Next: choose the channel for announcements."
    )
    assert message(STAGES[6], words).text == "Phones is set up: all four steps are done."


def test_a_call_whose_record_expired_is_still_reported():
    made = report(Logged("call-1", "", "", 0, {}), "/x", words_in("en"))
    assert "Call on one of your numbers" in made.text


@pytest.mark.slack(channel="", admins=[GERMAN])
def test_a_reader_of_german_is_led_in_german(new, monkeypatch):
    spoken = []
    monkeypatch.setattr(
        bot.first_start.steps,
        "message",
        lambda now, words: (spoken.append(words.language), message(now, words))[1],
    )
    go_on()
    assert spoken == ["de"]
