"""The first start: its message in every state, and the report of the first call."""

from __future__ import annotations

from bot.first_start.steps import go_on
from bot.first_start.welcome import Logged, Progress, message, report
from sandbox.faults import Fault
from store import keys
from store.channel import Trouble
from store.recent import Ended
from tests.bot.every.playing import Play, scene
from tests.bot.team import CALLS, LEADS, MEMBER, RANDOM
from tests.worker.product import call

AT = 1_790_000_000_000
LINKS = {
    what: f"https://app.hubspot.com/contacts/1/record/0-48/{what}"
    for what in ("activity", "contact", "company", "ticket")
}


def _new(play: Play) -> None:
    play.team.redis.delete(keys.WELCOME)
    play.team.set(enabled=False, numbers=[])


@scene("first start", channel="", admins=[MEMBER], workspace_admins=False)
def first_start(play: Play) -> None:
    team = play.team
    _new(play)
    play.meanwhile("it begins", go_on)
    led = team.slack.direct_messages(MEMBER)[0]
    play.choose("channel.choose", RANDOM, MEMBER, where=led)
    play.choose("channel.choose", LEADS, MEMBER, where=led)
    play.background()
    play.click("edit.numbers", user=MEMBER, where=led)
    play.choose("numbers", ["all"], MEMBER)
    play.submit(MEMBER)
    play.close(MEMBER)
    play.background()
    play.click("enable", user=MEMBER, where=led)
    play.background()
    team.product.log(call(id_=4001))
    play.meanwhile("the first call is logged", go_on)


@scene("first start with a call that is ignored", channel="", admins=[MEMBER])
def ignored(play: Play) -> None:
    _new(play)
    go_on()
    play.team.set(numbers=[77], enabled=True)
    play.team.product.log(call(id_=1))
    play.recording.take()
    play.meanwhile("a call was ignored", go_on)


@scene("first start with a channel of settings.toml", admins=[MEMBER])
def of_the_file(play: Play) -> None:
    _new(play)
    play.team.slack.faults.add(Fault("500", path="*chat.update"))
    play.meanwhile("it begins", go_on)


@scene("first start in each state")
def each_state(play: Play) -> None:
    trouble = Trouble(CALLS, "x", "is_archived", 1)
    slash, name = "/aircall-hubspot", "Phones"
    lines = ("+33199000123 (Sales France)", "+12025550142 (Support US)")
    logged = Logged("call-4001", "inbound_missed", "Sales France", AT, LINKS)
    working = {"channel": CALLS, "channel_works": True}
    states = {
        "nothing is done": Progress(slash, name),
        "the channel is archived": Progress(slash, name, channel=CALLS, trouble=trouble),
        "settings.toml names it": Progress(slash, name, channel=CALLS, channel_in_file=True),
        "that one is archived": Progress(
            slash, name, channel=CALLS, channel_in_file=True, trouble=trouble
        ),
        "the channel works": Progress(slash, name, **working),
        "some numbers": Progress(slash, name, numbers=tuple(f"Line {n}" for n in range(8))),
        "enabled": Progress(slash, name, numbers="all", enabled=True, lines=lines),
        "enabled, no digits known": Progress(slash, name, numbers="all", enabled=True),
        "a call was ignored": Progress(
            slash, name, numbers="all", enabled=True, lines=lines,
            missed=Ended("call-7", AT, "ignored", "outside business hours"),
        ),
        "a call failed": Progress(
            slash, name, numbers="all", enabled=True, lines=lines,
            missed=Ended("call-7", AT, "failed", "HubSpot refused it"),
        ),
        "calls are logged already": Progress(slash, name, numbers="all", logged_before=True),
        "all is done": Progress(
            slash, name, numbers="all", enabled=True, call=logged, **working,
        ),
    }  # fmt: skip
    for what, state in states.items():
        play.built(what, message(state, play.words))
    play.built("the report", report(logged, slash, play.words))
    forgotten = Logged("call-1", "", "", AT, {})
    play.built("the report of one that is forgotten", report(forgotten, slash, play.words))
