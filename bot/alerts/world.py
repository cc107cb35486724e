"""What there is to tell of alerts, as it is at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.asking.desk import Desk
from store.alerts import Alert, Closed, Notice
from store.channel import Channel
from store.connection import now_ms
from store.quiet import Quiet, Quieted
from store.told import Member, Post, Told


@dataclass(frozen=True, slots=True)
class World:
    """Alerts, notices and our messages; times in ms."""

    now: int
    channel: str
    """Where to tell; empty while none is chosen."""
    in_trouble: bool
    """We could not post in the channel when we last tried."""
    open: Mapping[str, Alert]
    closed: Mapping[str, Closed]
    """Those whose end was not said yet."""
    notices: tuple[Notice, ...]
    posts: tuple[Post, ...]
    """As they should be now: with their alerts' sentences and ends of this moment."""
    quiets: Mapping[str, Quiet]
    reminder: int
    """Milliseconds between two reminders."""


def read(desk: Desk) -> World:
    """Read it all; raises redis-py's errors."""
    connection, alerts = desk.shop.connection, desk.shop.alerts
    channel, now = desk.channel, now_ms(connection)
    opened, ended = alerts.all()
    open_ = {each.name: each for each in opened}
    closed = {each.alert.name: each for each in ended}
    posts = Told(connection).posts()
    return World(
        now=now,
        channel=channel,
        in_trouble=Channel(connection).trouble(channel) is not None,
        open=open_,
        closed=closed,
        notices=alerts.notices(),
        posts=tuple(_as_now(each, open_, closed, now) for each in posts),
        quiets=Quieted(connection).all(),
        reminder=desk.shop.file.intervals.reminder * 1000,
    )


def _as_now(post: Post, open_: Mapping[str, Alert], closed: Mapping[str, Closed], now: int) -> Post:
    members = tuple(_member(each, open_, closed, now) for each in post.members)
    return replace(post, members=members)


def _member(
    member: Member, open_: Mapping[str, Alert], closed: Mapping[str, Closed], now: int
) -> Member:
    """Say of an alert that was open in our message how it is now."""
    name = member.alert.name
    if member.ended is not None:
        return member
    if name in open_:
        return Member(open_[name])
    end = closed.get(name)
    # Without its end somebody emptied the store: open it is not.
    return Member(end.alert, end.at, end.because) if end else Member(member.alert, now)
