"""The job that keeps Slack in step with the alerts: whatever changed, one step after the other.

What was said is noted after it was said: whoever dies in between makes it come twice, never not.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, assert_never

import structlog

from bot.alerts.message import left_behind, message, told_once
from bot.alerts.planning import GIVE_UP, digest, next_step, next_time, state
from bot.alerts.spots import GONE, Spots
from bot.alerts.steps import Forget, Join, Leave, Repeat, Return, Rewrite, Say, Step, Tell, names
from bot.alerts.world import World, read
from bot.asking.desk import Desk, desk
from bot.blocks import Message
from bot.channel.delivery import reach
from bot.channel.posting import post as post_in_channel
from bot.words import Words
from clients.errors import Rejected, Unavailable
from store.alerts import Notice
from store.quiet import Quieted
from store.told import Left, Member, Post, Spot, Told, Why
from sync.slices import Slice, in_slices
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import TELL, Workshop

HOME: Final = "bot.status.home.refresh"
"""What shows alerts besides."""
SHORTEST_WAIT: Final = 5.0
"""Seconds that Slack is left alone after it did not answer."""

_log = structlog.get_logger(__name__)


def tell() -> None:
    """RQ job: say in Slack what is new of alerts and notices."""
    in_slices(TELL, _slice)


def _slice(_: Workshop, piece: Slice) -> bool:
    return Teller(desk(), piece.keep).run(piece.over)


class Teller:
    """Tells, for one process at a time; `keep` makes sure of that before each request."""

    def __init__(self, ours: Desk, keep: Callable[[], None]) -> None:
        self._desk = ours
        self._keep = keep
        self._spots = Spots(ours, keep)
        self._told = Told(ours.shop.connection)
        self._failed: set[str] = set()
        self._said = False

    def run(self, over: Callable[[], bool]) -> bool:
        """Tell until all is said or it is `over`; True if there is more to say.

        Raises Unavailable after noting how long Slack is to be left alone, and redis-py's errors.
        """
        world = read(self._desk)
        if self._told.seen().waits(world.now):
            return False
        before = self._told.state(world.channel)
        try:
            while step := next_step(world, self._render(world), self._failed):
                self._try(step, world)
                if over():
                    return True
                world = read(self._desk)
        except Unavailable as error:
            self._told.wait(int(max(error.wait, SHORTEST_WAIT) * 1000))
            raise
        finally:
            if self._said:
                enqueue(self._desk.shop.connection, BACKGROUND, HOME)
        self._told.all_said(before, next_time(world, self._render(world), self._failed))
        return self._told.state(self._desk.channel) != before

    def _render(self, world: World) -> Callable[[Post], Message]:
        """Return what builds messages in the channel's language, by which changes are noticed."""
        return lambda post: message(post, world.quiets, self._desk.channel_words)

    def _try(self, step: Step, world: World) -> None:
        """Do a step; one that Slack refuses keeps no other from being done."""
        try:
            self._do(step, world)
        except Rejected as error:
            _log.warning("not told", because=error.sentence)
            self._failed |= names(step)

    def _do(self, step: Step, world: World) -> None:
        match step:
            case Tell():
                self._tell(step, world)
            case Join(post, alerts):
                members = (*post.members, *(Member(each) for each in alerts))
                self._told.keep(replace(post, members=members))
            case Rewrite(post):
                self._rewrite(post, world)
            case Repeat():
                self._repeat(step, world)
            case Return(post):
                self._return(post, world)
            case Leave(post, left):
                self._leave(post, left, world)
            case Say(notices):
                self._say(notices, step)
            case Forget():
                self._forget(step)
            case _:
                assert_never(step)

    def _say(self, notices: tuple[Notice, ...], step: Step) -> None:
        if self._reach(lambda words: told_once(notices, words), step):
            for notice in notices:
                self._desk.shop.alerts.said(notice)

    def _tell(self, step: Tell, world: World) -> None:
        members = [each for post in step.joined for each in post.members]
        members += [Member(each) for each in step.alerts]
        members.sort(key=lambda each: each.alert.since)
        id_ = uuid.uuid4().hex[:16]
        fresh = Post(id_, tuple(members), (), "", world.now, world.now, world.now)
        self._post(step, fresh, step.joined, "joined", world)

    def _repeat(self, step: Repeat, world: World) -> None:
        """Post anew, with what is open alone: in the place of one message, or of several."""
        members = tuple(each for post in step.posts for each in post.members if each.ended is None)
        first = step.posts[0]
        anew = replace(
            first,
            id=first.id if len(step.posts) == 1 else uuid.uuid4().hex[:16],
            members=members,
            spots=(),
            first=min(each.first for each in step.posts),
            posted=world.now,
            updated=world.now,
            asked_by=step.asked_by,
            left=(),
            tried=0,
        )
        loud = {n: quiet for n, quiet in world.quiets.items() if n not in step.waking}
        self._post(step, anew, step.posts, step.why, replace(world, quiets=loud))
        if step.waking:
            Quieted(self._desk.shop.connection).wake(*step.waking)

    def _post(
        self, step: Step, anew: Post, former: tuple[Post, ...], why: Why, world: World
    ) -> None:
        """Post a message that takes the place of former ones, and note it."""
        spots = self._reach(partial(message, anew, world.quiets), step)
        if spots:
            self._note(anew, spots, former, why, world)

    def _reach(self, write: Callable[[Words], Message], step: Step) -> tuple[Spot, ...]:
        """Post where admins read; nothing where nobody can be reached, which is tried again."""
        places = reach(self._desk, write, self._keep)
        if not places:
            _log.warning("nobody to be told")
            self._failed |= names(step)
        self._said = True
        return tuple(Spot(each.channel, each.ts, each.reader) for each in places)

    def _note(
        self,
        anew: Post,
        spots: tuple[Spot, ...],
        former: tuple[Post, ...],
        why: Why,
        world: World,
    ) -> None:
        home = "" if spots[0].reader else spots[0].channel
        # A channel that takes posts again lets what was left there be changed, too.
        left = [
            replace(each, tried=0) if each.spot.channel == home else each
            for post in former
            for each in post.left
        ]
        left += [Left(spot, why, world.now) for post in former for spot in post.spots]
        kept = replace(anew, spots=spots, home=home, left=tuple(left))
        self._told.replace(former, self._as_said(kept, world))

    def _as_said(self, post: Post, world: World) -> Post:
        shown = digest(message(post, world.quiets, self._desk.channel_words))
        return replace(post, state=state(post, world), shown=shown)

    def _return(self, post: Post, world: World) -> None:
        """Post in the channel what the admins read directly, if it takes it."""
        anew = replace(post, posted=world.now, updated=world.now, tried=0)
        self._keep()
        try:
            ts = post_in_channel(self._desk, message(anew, world.quiets, self._desk.channel_words))
        except Rejected as error:
            _log.info("the channel does not take it yet", because=error.sentence)
            self._told.keep(replace(post, tried=world.now))
            return
        self._said = True
        self._note(anew, (Spot(world.channel, ts),), (post,), "moved", world)

    def _rewrite(self, post: Post, world: World) -> None:
        """Put what a message should say in its place; one that somebody deleted is posted anew."""
        good: list[Spot] = []
        refused: list[Spot] = []
        for spot in post.spots:
            said = message(post, world.quiets, self._spots.words(spot))
            code = self._spots.update(spot, said)
            if not code:
                good.append(spot)
            elif code != GONE:
                refused.append(spot)
        changed = state(post, world) != post.state
        left = replace(post, spots=(*good, *refused), updated=world.now)
        if good or not post.open:
            self._said |= changed
            told = self._as_said(replace(left, tried=0), world)
            self._told.keep(told if good or not refused else replace(left, tried=world.now))
        elif changed or not refused:
            self._repeat(Repeat((replace(post, spots=tuple(refused)),), "moved"), world)
        else:
            # A mere count is worth no message anew, each half minute.
            self._told.keep(left)

    def _leave(self, post: Post, left: Left, world: World) -> None:
        """Say in a message where its alert stands now; one that is part of a list now goes."""
        code = self._spots.delete(left.spot) if left.why == "joined" else "kept"
        if code not in {"", GONE}:
            code = self._spots.update(
                left.spot, left_behind(left, post, self._spots.words(left.spot))
            )
        others = tuple(each for each in post.left if each != left)
        if code not in {"", GONE} and world.now - left.since < GIVE_UP:
            others = (*others, replace(left, tried=world.now))
        self._told.keep(replace(post, left=others))

    def _forget(self, step: Forget) -> None:
        alerts = self._desk.shop.alerts
        for name in step.ends:
            alerts.end_said(name)
        for post in step.posts:
            self._told.drop(post)
        if step.quiets:
            Quieted(self._desk.shop.connection).wake(*step.quiets)
