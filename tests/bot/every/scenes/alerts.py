"""Alerts in the channel: told, quieted, reminded, resolved, moved; alone, many at once, notices."""

from __future__ import annotations

from bot.alerts.buttons import ACTS
from bot.alerts.message import left_behind, message
from bot.alerts.substance import id_of
from bot.alerts.telling import tell
from bot.status.card import card
from bot.status.home import view_of
from store import keys
from store.alerts import Alert
from store.quiet import Quiet
from store.told import Left, Member, Post, Spot
from sync.watches.untold import watch_untold
from tests.bot.every.playing import Play, scene
from tests.bot.every.scenes.announcements import told_so_far
from tests.bot.every.scenes.status import ADMINS, MISSING, NOW, WELL, _with
from tests.bot.passing import DAY, HOUR, pass_time
from tests.bot.team import ADMIN, CALLS, LEADS, MEMBER, OLD, OWNER

REFUSES = (
    "HubSpot refuses our token. Put a valid one into the environment and restart; what waits "
    "follows."
)
ABSENT = {**MISSING, "stage": "9", "pipeline_label": "Support", "stage_label": "New"}


@scene("alerts")
def alerts(play: Play) -> None:
    told_so_far(play)
    ours = play.team.product.shop.alerts
    ours.raise_("hubspot unavailable", REFUSES)
    play.meanwhile("HubSpot refuses us", tell)
    for act in ACTS:
        if act not in {"wake", "check"}:
            choose(play, act)
            play.meanwhile("it is told", tell)
            choose(play, "wake")
            play.meanwhile("it is told", tell)
    choose(play, "hour")
    play.meanwhile("an hour passes", lambda: later(play, HOUR + 1000))
    play.meanwhile("a day passes", lambda: later(play, DAY))
    choose(play, "check")
    play.background()
    choose(play, "ignore")
    play.command("status")
    play.click("status.more#menu", "alerts.wake")
    choose(play, "ignore")
    play.home(OWNER)
    play.click("alert.wake#1", user=OWNER, where="home")
    choose(play, "check")
    ours.resolve("hubspot unavailable")
    play.background()
    play.meanwhile("it is resolved", tell)


@scene("an alert that is over")
def over(play: Play) -> None:
    ours = play.team.product.shop.alerts
    told_so_far(play)
    ours.raise_("hubspot unavailable", REFUSES)
    play.meanwhile("HubSpot refuses us", tell)
    ours.resolve("hubspot unavailable")
    choose(play, "ignore")
    choose(play, "ignore", user=MEMBER)


@scene("many alerts at once")
def many(play: Play) -> None:
    ours = play.team.product.shop.alerts
    told_so_far(play)
    for number in range(14):
        ours.raise_(f"hubspot unavailable {number:02}", REFUSES)
    play.meanwhile("fourteen things are wrong", tell)
    play.click("status.show", where=play.team.slack.messages(CALLS)[-1])
    post = next(iter(play.team.redis.hkeys(keys.ALERT_POSTS))).decode()
    play.meanwhile("all of it is looked at", lambda: check_all(play, post))
    play.background()
    for number in range(14):
        ours.resolve(f"hubspot unavailable {number:02}")
        if number in {0, 12, 13}:
            play.meanwhile("some of it is resolved", tell)


@scene("the alerts of everything", admins=[MEMBER])
def everything(play: Play) -> None:
    missing = Alert("stage missing 0/9", "", NOW, ABSENT)
    one = Post("1", (Member(missing),), (), CALLS, NOW, NOW, NOW)
    play.built("a stage is missing", message(one, {}, play.words))
    ignored = {missing.name: Quiet(ADMIN, NOW)}
    resting = {missing.name: Quiet(ADMIN, NOW, NOW + DAY)}
    play.built("it is ignored", message(one, ignored, play.words))
    play.built("somebody is reminded", message(one, resting, play.words))
    again = Post("1", (Member(missing),), (), CALLS, NOW - DAY, NOW, NOW, asked_by=ADMIN)
    play.built("somebody asked for it", message(again, {}, play.words))
    for because in ("", "The settings do not name it any more."):
        ended = Post("1", (Member(missing, NOW + HOUR, because),), (), CALLS, NOW, NOW, NOW)
        play.built("it is resolved", message(ended, {}, play.words))
    both = (Member(missing), Member(Alert("hubspot unavailable", REFUSES, NOW, {}), NOW + HOUR))
    listed = Post("1", both, (), CALLS, NOW, NOW, NOW)
    play.built("a list", message(listed, {}, play.words))
    play.built("a list that is ignored", message(listed, ignored, play.words))
    spot = Spot(CALLS, "1.1")
    for home in (CALLS, LEADS, ""):
        post = Post("1", (Member(missing),), (), home, NOW, NOW, NOW)
        play.built(f"it went to {home}", left_behind(Left(spot, "moved", NOW), post, play.words))
    quieted = _with(WELL, alerts=(missing,), quiets=ignored)
    play.built("the status of a quieted one", card(quieted, play.words, ADMINS))
    play.built("Home with a quieted one", view_of(quieted, play.words, ADMINS))


@scene("notices")
def notices(play: Play) -> None:
    told_so_far(play)
    ours = play.team.product.shop.alerts
    ours.notice("a", REFUSES)
    play.meanwhile("something happened", tell)
    for number in range(12):
        ours.notice(f"a {number:02}", REFUSES)
    play.meanwhile("much happened", tell)


@scene("alerts go to the admins directly", channel=OLD, admins=[MEMBER])
def directly(play: Play) -> None:
    told_so_far(play)
    ours = play.team.product.shop.alerts
    ours.raise_("hubspot unavailable", REFUSES)
    play.meanwhile("HubSpot refuses us", tell)
    play.team.slack.channel(OLD).is_archived = False
    play.team.slack.invite(OLD)
    play.meanwhile("the channel works again", lambda: later(play, HOUR))


def choose(play: Play, act: str, user: str = ADMIN) -> None:
    """Choose in the menu of the newest message."""
    where = play.team.slack.messages(CALLS)[-1]
    play.click("alert.more", f"{act}:{id_of('hubspot unavailable')}", user, where=where)


def check_all(play: Play, post: str) -> None:
    where = play.team.slack.messages(CALLS)[-1]
    play.team.click(ADMIN, "alert.more", f"check:{post}", where=where)


def later(play: Play, milliseconds: int) -> None:
    """Let time pass, and the clock look."""
    pass_time(play.team, milliseconds)
    watch_untold(play.team.product.shop)
    play.team.background()
