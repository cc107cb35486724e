"""The next thing to do in Slack about alerts: pure, from how it is now and what we know we said.

After each step it is asked again, so a step that was begun and not noted is done once more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable
from typing import Final, TypeAlias

from bot.alerts.steps import Forget, Join, Leave, Repeat, Return, Rewrite, Say, Step, Tell
from bot.alerts.substance import substance
from bot.alerts.world import World
from bot.blocks import Message
from store.alerts import Alert
from store.told import LONGEST_REST, Post

MOST_ALONE: Final = 3
"""Problems that are told one by one when they open together; more are one list."""
TOGETHER: Final = 10_000
"""Milliseconds within which problems open together."""
JUST_TOLD: Final = 60_000
"""Milliseconds in which a message may still become part of a list that its problem belongs to."""
CALM: Final = 30_000
"""Milliseconds between two updates of a message in which only a count changed."""
IN_VAIN: Final = 600_000
"""Milliseconds until what Slack refused to have changed, or to be posted, is tried again."""
SOON: Final = 60_000
"""Milliseconds until a change of what the admins read directly is tried in the channel again."""
GIVE_UP: Final = 7 * 86_400_000
"""Milliseconds after which a message that cannot be changed is left as it is."""


Render: TypeAlias = Callable[[Post], Message]


def next_step(world: World, render: Render, failed: Collection[str] = ()) -> Step | None:
    """Return what to do now, the most urgent first; nothing if all is said.

    `failed` names what was tried in vain in this run, as `steps.names` does.
    """
    posts = [each for each in world.posts if each.id not in failed]
    candidates: Iterable[Step | None] = (
        _fresh(world, failed),
        _news(world, failed),
        *(_woken(each, world) for each in posts),
        *(_changed(each, world, render) for each in posts),
        *(_moved(each, world) for each in posts),
        _reminded(posts, world),
        *(_leaving(each, world) for each in posts),
        _forgotten(world, render),
    )
    return next((each for each in candidates if each is not None), None)


def next_time(world: World, render: Render, failed: Collection[str] = ()) -> int | None:
    """Return when (ms) there is something to do though nothing changes; None for never."""
    soonest = world.now + (SOON if failed else 1000)
    times = [soonest] if failed else []
    times += [each.until for each in world.quiets.values() if each.until is not None]
    for post in world.posts:
        if _loud(post, world):
            times.append(post.posted + world.reminder)
        if digest(render(post)) != post.shown:
            in_vain = post.tried and not post.open
            times.append(post.tried + IN_VAIN if in_vain else post.updated + CALM)
        if not post.home and world.channel and post.open:
            times.append(max(post.tried, post.posted) + IN_VAIN)
        times += [each.tried + IN_VAIN for each in post.left]
    return min(max(min(times), soonest), world.now + LONGEST_REST) if times else None


def digest(message: Message) -> str:
    """Return a short word that changes with anything in a message."""
    raw = json.dumps([message.text, message.blocks], sort_keys=True)
    return hashlib.sha256(raw.encode()).hexdigest()[:16]


def state(post: Post, world: World) -> str:
    """Return a short word that changes with what matters in a message: no mere count."""
    told = [
        [
            each.alert.name,
            each.ended is not None or substance(each.alert),
            repr(world.quiets.get(each.alert.name)),
        ]
        for each in post.members
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def passed(moment: int, world: World) -> int:
    """Return the milliseconds since a moment; of one ahead of a clock that stepped back, until it.

    So a small step delays little, and after a large one nothing waits until time has caught up.
    """
    return abs(world.now - moment)


def _fresh(world: World, failed: Collection[str]) -> Step | None:
    """Tell what nobody was told of: alone, or with all that opened at once as one list."""
    told = {each.name for post in world.posts for each in post.open}
    # Also what somebody quieted already: in a message that we know nothing of, for we died then.
    fresh = tuple(each for each in world.open.values() if each.name not in {*told, *failed})
    if not fresh:
        return None
    first, last = fresh[0].since, fresh[-1].since
    lately = [each for each in world.posts if each.open and passed(each.posted, world) <= JUST_TOLD]
    lists = [each for each in lately if each.is_list and _newest(each) + TOGETHER >= first]
    if lists:
        return Join(lists[-1], fresh)
    alone = tuple(
        each
        for each in lately
        if not each.is_list
        and each.first == each.posted
        and last - each.open[0].since <= TOGETHER
        and first - each.open[0].since <= TOGETHER
    )
    if len(fresh) + len(alone) > MOST_ALONE:
        return Tell(fresh, alone)
    return Tell(fresh[:1])


def _newest(post: Post) -> int:
    return max(each.alert.since for each in post.members)


def _is_quiet(alert: Alert, world: World) -> bool:
    quiet = world.quiets.get(alert.name)
    return quiet is not None and not _is_over(alert.name, world)


def _is_over(name: str, world: World) -> bool:
    """Tell whether an alert is to be heard of again: its time has come, or it changed."""
    quiet = world.quiets[name]
    if quiet.until is not None:
        return quiet.until <= world.now
    return name in world.open and substance(world.open[name]) != quiet.substance


def _news(world: World, failed: Collection[str]) -> Step | None:
    news = tuple(each for each in world.notices if each.id not in failed)
    if not news:
        return None
    return Say(news[:1] if len(news) <= MOST_ALONE else news)


def _woken(post: Post, world: World) -> Step | None:
    over = [
        each.name for each in post.open if each.name in world.quiets and _is_over(each.name, world)
    ]
    if not over:
        return None
    quiet = world.quiets[over[0]]
    return Repeat((post,), "again", tuple(over), quiet.by if quiet.until is not None else "")


def _changed(post: Post, world: World, render: Render) -> Step | None:
    if digest(render(post)) == post.shown:
        return None
    if not post.open and post.tried and passed(post.tried, world) < IN_VAIN:
        return None  # Slack does not let us say so where it stands
    if state(post, world) == post.state and passed(post.updated, world) < CALM:
        return None
    if post.open and not post.home and world.channel and passed(post.tried, world) >= SOON:
        return Return(post)
    return Rewrite(post)


def _moved(post: Post, world: World) -> Step | None:
    """Tell in the channel what was told elsewhere."""
    if not post.open or not world.channel or post.home == world.channel:
        return None
    if post.home:
        return Repeat((post,), "moved")
    since = passed(max(post.tried, post.posted), world)
    return Return(post) if not world.in_trouble or since >= IN_VAIN else None


def _reminded(posts: Iterable[Post], world: World) -> Step | None:
    due = tuple(
        each
        for each in posts
        if _loud(each, world) and passed(each.posted, world) >= world.reminder
    )
    if not due:
        return None
    return Repeat(due if len(due) > MOST_ALONE else due[:1], "again")


def _loud(post: Post, world: World) -> bool:
    return any(not _is_quiet(each, world) for each in post.open)


def _leaving(post: Post, world: World) -> Step | None:
    for left in post.left:
        if not left.tried or passed(left.tried, world) >= IN_VAIN:
            return Leave(post, left)
    return None


def _forgotten(world: World, render: Render) -> Step | None:
    told = {each.name for post in world.posts for each in post.open}
    # A message that was not marked yet still needs the word on how its alert ended.
    unmarked = [each for each in world.posts if digest(render(each)) != each.shown]
    needed = {each.alert.name for post in unmarked for each in post.members}
    ends = tuple(name for name in world.closed if name not in told and name not in needed)
    done = tuple(
        each
        for each in world.posts
        if not each.open and not each.left and (each not in unmarked or _too_old(each, world))
    )
    quiets = tuple(name for name in world.quiets if name not in world.open)
    return Forget(ends, done, quiets) if ends or done or quiets else None


def _too_old(post: Post, world: World) -> bool:
    ended = max((each.ended or 0 for each in post.members), default=0)
    return bool(post.tried) and world.now - ended > GIVE_UP
