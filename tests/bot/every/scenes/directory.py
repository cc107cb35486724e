"""New numbers, what the settings name and is gone, our webhook: offered, said, mended."""

from __future__ import annotations

from bot.alerts.telling import tell
from sync.directory.reading import refresh_part
from sync.foreign import Foreign
from sync.foreign import tell as tell_of_others
from sync.webhook import sentences
from tests.bot.every.playing import Play, scene
from tests.bot.every.scenes.announcements import told_so_far
from tests.bot.team import ADMIN, CALLS, OWNER

URL = "https://phone.example.com/aircall/webhook"
REFUSED = "Method Not Allowed: not now"
OWNER_OF_NONE, TAG, BUSY = "11349275740", 33, "9d9162e7-6cf3-4944-bf63-4dff82258764"


def _offer(play: Play) -> None:
    """Aircall has one more number, and says so."""
    play.team.set(numbers=[1001, 1002])
    told_so_far(play)
    refresh_part("numbers")
    numbers = play.team.product.aircall.office.numbers
    numbers[1004] = {**numbers[1001], "id": 1004, "name": "Paris"}
    refresh_part("numbers")
    play.meanwhile("a number is new at Aircall", tell)


def _connect(play: Play, user: str = ADMIN) -> None:
    where = play.team.slack.messages(CALLS)[-1]
    play.click("number.connect#1", user=user, where=where)


@scene("connect a new number")
def connect(play: Play) -> None:
    _offer(play)
    _connect(play)
    _connect(play, OWNER)
    play.team.set(numbers="all")
    _connect(play)
    play.meanwhile("it is told", tell)


@scene("connect a new number while disabled")
def disabled(play: Play) -> None:
    play.team.set(enabled=False)
    _offer(play)
    _connect(play)


@scene("connect a new number that is gone again")
def gone_again(play: Play) -> None:
    _offer(play)
    del play.team.product.aircall.office.numbers[1004]
    where = play.team.slack.messages(CALLS)[-1]
    refresh_part("numbers")
    play.click("number.connect#1", where=where)
    play.meanwhile("it is told", tell)


@scene("what the settings name is gone")
def gone(play: Play) -> None:
    product = play.team.product
    play.team.set(numbers=[1001, 1002], fallback_owner=OWNER_OF_NONE, tag_outcomes={"33": BUSY})
    told_so_far(play)
    for part in ("numbers", "owners", "tags", "outcomes"):
        refresh_part(part)
    del product.aircall.office.numbers[1002]
    del product.aircall.office.tags[TAG]
    product.hubspot.delete("owners", OWNER_OF_NONE)
    product.hubspot.delete("outcomes", BUSY)
    for part in ("numbers", "owners", "tags", "outcomes"):
        refresh_part(part)
        play.meanwhile(f"something of {part} is gone", tell)
    play.command("status")


@scene("alerts of our webhook")
def webhook(play: Play) -> None:
    told_so_far(play)
    alerts = play.team.product.shop.alerts
    events = "call.ended, message.received"
    for name, said in (
        (sentences.MISSING, sentences.missing_by_hand()),
        (sentences.MISSING, sentences.missing_for_http(URL.replace("https", "http"))),
        (sentences.MISSING, sentences.missing_refused(URL, REFUSED)),
        (sentences.DISABLED, sentences.disabled_by_hand()),
        (sentences.DISABLED, sentences.disabled_refused(REFUSED)),
        (sentences.DISABLED, sentences.disabled_again(URL)),
        (sentences.INCOMPLETE, sentences.incomplete_by_hand(events)),
        (sentences.INCOMPLETE, sentences.incomplete_refused(events, sentences.LEFT_OUT)),
        (sentences.SEVERAL, sentences.several(2, URL, sentences.named_hooks(["Old one"]))),
        (sentences.UNREADABLE, sentences.unreadable(REFUSED)),
    ):
        alerts.raise_(name, said, {"url": URL})
        play.meanwhile("it is told", tell)
        alerts.resolve(name, sentences.WELL)
        play.meanwhile("it is resolved", tell)


@scene("notices of our webhook")
def notices(play: Play) -> None:
    told_so_far(play)
    alerts = play.team.product.shop.alerts
    for name, said in (
        (sentences.REGISTERED, sentences.registered(URL, was_there=False, back=False)),
        (sentences.REGISTERED, sentences.registered(URL, was_there=True, back=True)),
        (sentences.ENABLED, sentences.enabled()),
        (sentences.COMPLETED, sentences.completed("call.tagged", back=True)),
    ):
        alerts.notice(name, said, {"url": URL})
        play.meanwhile("it is told", tell)


@scene("another integration logs as well")
def foreign(play: Play) -> None:
    told_so_far(play)
    alerts = play.team.product.shop.alerts
    tell_of_others(alerts, Foreign(12, "4001"))
    play.meanwhile("another integration logs calls", tell)
    tell_of_others(alerts, Foreign())
    play.meanwhile("it does not any more", tell)
