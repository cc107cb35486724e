"""The status as card and as Home tab: for every rank, well and unwell."""

from __future__ import annotations

from dataclasses import replace

from bot.asking.acts import Act
from bot.asking.standing import Rank, Standing
from bot.integration.switch import Switch
from bot.serving import visit
from bot.status.alerts import UNIQUE
from bot.status.card import card
from bot.status.facts import Facts, Paused
from bot.status.fixes import BY_NAME
from bot.status.home import refresh, view_of
from bot.status.sentences import PAUSES
from bot.transport.presence import REFUSES, SILENT
from bot.transport.sockets import BUSY
from sandbox.faults import Fault
from store import keys
from store.alerts import Alert
from store.channel import Trouble
from store.settings import Author
from store.tally import Tally
from store.waiting import Waits
from sync.watches.pauses import _SENTENCES
from tests.bot.every.playing import Play, scene
from tests.bot.team import ADMIN, CALLS, GUEST, LEADS, MEMBER, RANDOM, STRANGER
from tests.worker.product import call

NOW = 1_790_000_000_000
HOUR = 3_600_000
ADMINS = Standing(Rank.ADMIN, "listed")
WELL = Facts(
    now=NOW,
    name="Aircall – HubSpot",
    revision=7,
    switch=Switch(enabled=True, at=NOW - HOUR, author=Author("admin", ADMIN, "adam")),
    numbers=("Berlin", "Sales France"),
    hours_count=False,
    channel=CALLS,
    last_event=NOW - 60_000,
    beat=NOW - 1000,
    looked=NOW - 300_000,
)
UNWELL = Facts(
    now=NOW,
    name="Aircall – HubSpot",
    revision=7,
    switch=Switch(enabled=False, at=NOW - HOUR, author=Author("system")),
    numbers=tuple(f"Line {n}" for n in range(9)),
    hours_count=True,
    channel=CALLS,
    today=Tally(
        1234,
        {"disabled": 7, "number not connected": 2, "outside business hours": 1},
        failed=3,
        hours_unknown=2,
    ),
    waiting=1012,
    waits=Waits({"hubspot": 1000, "aircall": 7, "disabled": 3}, NOW - 3 * HOUR),
    failures=3,
    unreadable=2,
    without_ticket=2,
    trouble=Trouble(CALLS, "Slack refused it", "not_in_channel", NOW),
    causes={f"cause_{n}": n for n in range(1, 8)},
    beat=NOW - 5 * HOUR,
    not_unique=("calls", "communications", "contacts", "tickets"),
    redis=(
        "Redis has appendfsync everysec: up to one second of accepted events may be lost. "
        "Set appendfsync always.",
        "Redis has maxmemory-policy allkeys-lru: it may drop events when it is full. "
        "Set noeviction.",
    ),
)


@scene("status")
def status(play: Play) -> None:
    for user in (ADMIN, MEMBER, GUEST):
        play.command("", user)
    play.click("status.refresh")
    for choice in ("status", "check", "history", "settings", "failures"):
        play.command("status")
        if choice in _choices(play):
            play.click("status.more#menu", choice)
        play.close()
    play.command("status")
    play.click("open.settings")


def _choices(play: Play) -> list[str]:
    """What the menu of the last card offers."""
    message = play.team.last_private(ADMIN)
    assert message is not None
    menu = message.blocks[-1]["elements"][-1]
    return [each["value"] for each in menu["options"]]


@scene("status after a day")
def after_a_day(play: Play) -> None:
    team = play.team
    team.product.log(call(id_=1))
    team.set(enabled=False)
    team.product.log(call(id_=2))
    play.command("status")
    team.set(numbers=[])
    play.command("status")


@scene("status at its worst")
def at_its_worst(play: Play) -> None:
    play.built("the card of a bad day", card(UNWELL, play.words, ADMINS))
    play.built("Home on a bad day", view_of(UNWELL, play.words, ADMINS))
    play.built("the card of a good day", card(WELL, play.words, ADMINS))
    for number, (vendor, reason) in enumerate(_pauses()):
        facts = _with(WELL, paused={vendor: Paused(NOW, reason)}, revision=number)
        play.built(f"{vendor} is paused: {reason}", card(facts, play.words, ADMINS))
    for trouble in ("channel_not_found", "is_archived", "missing_scope", "odd_code", ""):
        facts = _with(WELL, trouble=Trouble(CALLS, "x", trouble, NOW))
        play.built(f"the channel: {trouble}", card(facts, play.words, ADMINS))
    play.built("no channel", card(_with(WELL, channel="", beat=None), play.words, ADMINS))


def _pauses() -> list[tuple[str, str]]:
    return [(v, reason) for reason in PAUSES for v in ("hubspot", "aircall")][::2]


def _with(facts: Facts, **changed: object) -> Facts:
    return replace(facts, **changed)


@scene("alerts in the status")
def alerts(play: Play) -> None:
    for number, (start, _) in enumerate(BY_NAME):
        facts = _with(WELL, alerts=(_alert(start),), revision=number)
        play.built(f"alert: {start}", card(facts, play.words, ADMINS))
    for start in SAID:
        if start.startswith("slack"):
            play.built(
                f"alert: {start}", card(_with(WELL, alerts=(_alert(start),)), play.words, ADMINS)
            )
    many = tuple(_alert(start) for start, _ in BY_NAME)
    play.built("all of them", card(_with(WELL, alerts=many), play.words, ADMINS))
    play.built("all of them at Home", view_of(_with(WELL, alerts=many), play.words, ADMINS))
    for sentence in _SENTENCES.values():
        said = Alert("hubspot unavailable", sentence.format(vendor="HubSpot"), NOW, {})
        play.built("a vendor is away", card(_with(WELL, alerts=(said,)), play.words, ADMINS))


MISSING = {"pipeline": "0", "kinds": "inbound_missed,inbound_voicemail"}
SAID = {
    "slack refuses": REFUSES,
    "slack away": SILENT,
    "slack waits": BUSY,
    "store emptied": "The store was found empty although it was set up before: the integration "
    "starts disabled. Check the settings, then enable it.",
    "poisoned ": "call-1 stopped the worker 5 times and was put among the failures. "
    "See python -m worker explain call-1.",
    "damaged ": "What was stored of call-1 is damaged, as by a fault of the disk. Nothing of that "
    "is written to HubSpot, and it was put among the failures. "
    "Tried again, it is read from Aircall anew.",
    "tickets scope missing": "HubSpot refuses our tickets: the token lacks the scopes tickets. "
    "Calls and messages are logged without; once that is mended, retry the failures.",
    "hubspot refuses": "HubSpot refuses our token. Put a valid one into the environment and "
    "restart; what waits follows.",
    "aircall refuses": "Aircall refuses our token. Put a valid one into the environment and "
    "restart; what waits follows.",
    "no unique properties": "HubSpot does not let us make a unique property on calls: one drain "
    "works at a time, and a process frozen in the middle of a request may double a batch.",
}
"""What the product says in its alerts, by how their names begin."""


def _alert(start: str) -> Alert:
    if start == "stage missing ":
        return Alert(f"{start}0/9", "", NOW, {**MISSING, "stage": "9"})
    if start == "pipeline missing ":
        return Alert(f"{start}0", "", NOW, MISSING)
    if start == UNIQUE:
        return Alert(start, SAID[start], NOW, {"types": "calls,communications"})
    return Alert(f"{start}x", SAID.get(start, "⟨…⟩."), NOW, {})


@scene("home")
def home(play: Play) -> None:
    for user in (ADMIN, MEMBER, GUEST):
        play.home(user)
    play.click("status.refresh", user=MEMBER, where="home")
    for word in ("failures", "history", "check", "admins"):
        play.click(f"status.more#{word}", where="home")
        play.close()
    for action in ("open.settings#1", "edit.numbers#2", "edit.outcomes#3", "edit.general#5"):
        play.click(action, where="home")
        play.close()
    play.click("disable", where="home")
    play.meanwhile("Home is shown anew to all who were there", refresh)
    act = Act("home", STRANGER, team="T0FOREIGN", value="home")
    play.meanwhile("a stranger opens Home", lambda: visit(play.team.desk, act))
    play.team.redis.set(keys.SETTINGS_HEAD, "7")
    play.home(MEMBER)


@scene("home with a channel to choose", channel="")
def choosing(play: Play) -> None:
    team = play.team
    play.home()
    play.choose("channel.choose", LEADS, where="home")
    play.choose("channel.choose", RANDOM, where="home")
    team.slack.faults.add(Fault("429", path="/api/chat.postMessage", retry_after=9))
    play.choose("channel.choose", CALLS, where="home")
    play.home()


@scene("the channel is in settings.toml")
def in_the_file(play: Play) -> None:
    from bot.blocks import Message, actions, channel_select  # noqa: PLC0415 - only here
    from bot.channel.posting import post  # noqa: PLC0415 - the same

    row = actions(channel_select("channel.choose", "x"))
    post(play.team.desk, Message("Choose one.", (row,)))
    play.recording.take()
    (message,) = play.team.slack.messages(CALLS)
    play.choose("channel.choose", LEADS, where=message)
