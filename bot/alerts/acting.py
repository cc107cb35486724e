"""What admins do about alerts beside mending them: check again, be reminded, ignore, take back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.alerts.buttons import MORE, WAKE, Act, read
from bot.alerts.checking import look_again
from bot.alerts.moments import When, moment
from bot.alerts.substance import id_of, substance
from bot.asking.asked import Asked
from bot.asking.routes import Action
from bot.asking.unknown import UNKNOWN_ACTION
from bot.blocks import Message, section
from bot.markup import Markup, date, escape
from bot.status.home import show_home
from bot.words import N_
from store.alerts import Alert
from store.connection import now_ms
from store.quiet import Quieted
from store.told import Told
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import TELL

OVER: Final = N_("This was resolved meanwhile: there is nothing left to do about it.")
WOKEN: Final = N_("You are warned of it as usual again.")
WHENS: Final[dict[Act, When]] = {"hour": "hour", "tomorrow": "tomorrow", "monday": "monday"}


def more(asked: Asked) -> None:
    """Do what was chosen in an alert's menu. Raises redis-py's errors, Unavailable, Rejected."""
    chosen = read(asked.act.value)
    if chosen is None:
        UNKNOWN_ACTION.run(asked)
        return
    act, id_ = chosen
    alerts = _alerts(asked, id_)
    if not alerts:
        _say(asked, asked.words(OVER))
    elif act == "check":
        _check(asked, alerts)
    elif act == "ignore":
        _ignore(asked, alerts)
    elif act == "wake":
        _wake(asked, alerts)
    else:
        _remind(asked, alerts, WHENS[act])


def wake(asked: Asked) -> None:
    """Take back what quieted an alert, from the Home tab. Raises as `more` does."""
    if alerts := _alerts(asked, asked.act.value):
        Quieted(asked.desk.shop.connection).wake(*(each.name for each in alerts))
        _tell_soon(asked)
    show_home(asked)


def wake_all(asked: Asked) -> None:
    """Take back all that quieted alerts. Raises as `more` does."""
    quieted = Quieted(asked.desk.shop.connection)
    if names := tuple(quieted.all()):
        quieted.wake(*names)
        _tell_soon(asked)
    _say(asked, asked.words("You are warned of every alert as usual again."))


def _alerts(asked: Asked, id_: str) -> tuple[Alert, ...]:
    """Return the open alerts that are meant: the one of this id, or those of the message."""
    shop = asked.desk.shop
    open_ = shop.alerts.open()
    meant = {
        each.name for post in Told(shop.connection).posts() if post.id == id_ for each in post.open
    }
    return tuple(each for each in open_ if each.name in meant or id_of(each.name) == id_)


def _check(asked: Asked, alerts: Sequence[Alert]) -> None:
    whom = {
        "user": asked.act.user,
        "url": asked.act.response_url,
        "language": asked.words.language,
    }
    look_again(asked.desk.shop, alerts, whom)
    _say(asked, asked.words("I am looking again and tell you in a moment."))


def _ignore(asked: Asked, alerts: Sequence[Alert]) -> None:
    by, quieted = asked.act.user, Quieted(asked.desk.shop.connection)
    quieted.ignore({each.name: substance(each) for each in alerts}, by)
    _tell_soon(asked)
    _say(
        asked,
        asked.words(
            "Nobody is reminded of it until it changes. The message says that you chose so, and "
            "there it can be taken back."
        ),
    )


def _remind(asked: Asked, alerts: Sequence[Alert], when: When) -> None:
    connection, account = asked.desk.shop.connection, asked.desk.shop.directory.read().account
    zone = asked.person.time_zone or (account.time_zone if account else "")
    until = moment(when, now_ms(connection), zone)
    Quieted(connection).rest((each.name for each in alerts), asked.act.user, until)
    _tell_soon(asked)
    plain = asked.words("You are reminded then, should it still be so.")
    shown = asked.words.md("You are reminded {when}, should it still be so.", when=date(until))
    asked.tell(Message(plain, (section(shown),)))


def _wake(asked: Asked, alerts: Sequence[Alert]) -> None:
    Quieted(asked.desk.shop.connection).wake(*(each.name for each in alerts))
    _tell_soon(asked)
    _say(asked, asked.words(WOKEN))


def _tell_soon(asked: Asked) -> None:
    enqueue(asked.desk.shop.connection, BACKGROUND, TELL)


def _say(asked: Asked, said: str) -> None:
    asked.tell(Message(said, (section(Markup(escape(said))),)))


ALERTS: Final = (Action(MORE, "admins", more), Action(WAKE, "admins", wake))
