"""Whatever happens in whatever order, in the end exactly what is open stands in the channel."""

import random

import pytest

from bot.alerts.substance import substance
from bot.alerts.telling import tell
from store import keys
from store.alerts import Alerts
from store.quiet import Quieted
from store.told import Told
from tests.bot.passing import DAY, HOUR, open_in, pass_time
from tests.bot.team import ADMIN, CALLS, MEMBER
from worker.workshop import TELL

NAMES = tuple(f"line {chr(97 + number) * 3}" for number in range(8))


class Crash(BaseException):
    """The process is killed."""


@pytest.fixture
def quiet_alerts(team):
    """Alerts of which nobody is told before the test says so."""
    team.redis.set(keys.ANNOUNCED, team.product.shop.revisions.current().number)
    return Alerts(team.redis)


def sentence(name):
    return f"The {name} is gone."


def run(team):
    """Tell once, however it ends."""
    try:
        tell()
    except Crash:
        team.redis.delete(keys.working(TELL))
    team.redis.delete("rq:queue:background")


def settle(team):
    """Tell until nothing is left to tell."""
    for _ in range(60):
        run(team)
    assert not Told(team.redis).is_due(team.desk.channel)


def happen(team, alerts, dice, what):  # noqa: C901, PLR0912 - a table of what may happen
    name = dice.choice(NAMES)
    match what:
        case "raise":
            alerts.raise_(name, sentence(name))
        case "burst":
            for each in dice.sample(NAMES, 6):
                alerts.raise_(each, sentence(each))
        case "resolve":
            alerts.resolve(name)
        case "ignore":
            for each in alerts.open():
                if each.name == name:
                    Quieted(team.redis).ignore({name: substance(each)}, ADMIN)
        case "remind":
            if name in alerts.names():
                Quieted(team.redis).rest([name], ADMIN, alerts.open()[0].since + HOUR)
        case "wake":
            Quieted(team.redis).wake(name)
        case "down":
            team.slack.fault("503", path="/api/chat.*", times=dice.randint(1, 4))
        case "slow":
            team.slack.fault("429", path="/api/chat.*", retry_after=dice.randint(1, 60))
        case "delete":
            found = [m for m in team.slack.messages(CALLS) if ":warning:" in str(m.blocks)]
            # Nobody deletes what nothing will change any more: a change is how we notice it.
            if found:
                team.slack.house.board.drop(dice.choice(found))
                for each in alerts.open():
                    alerts.raise_(each.name, each.sentence, {"seen": dice.choice("abcdefgh")})
        case "archive":
            team.slack.channel(CALLS).is_archived = not team.slack.channel(CALLS).is_archived
        case "time":
            pass_time(team, dice.choice((5_000, 40_000, HOUR, DAY)))
        case "step":
            pass_time(team, dice.choice((-5_000, -HOUR, -3 * DAY)))
        case _:
            run(team)


@pytest.mark.slack(admins=[MEMBER])
@pytest.mark.parametrize("seed", range(12))
def test_in_the_end_exactly_the_open_ones_stand_there(team, quiet_alerts, seed):
    dice, alerts = random.Random(seed), quiet_alerts
    acts = ("raise", "raise", "raise", "resolve", "burst", "ignore", "remind", "wake", "tell")
    acts += ("tell", "tell", "down", "slow", "delete", "archive", "time", "time", "step")
    for _ in range(70):
        happen(team, alerts, dice, dice.choice(acts))
    team.slack.faults.clear()
    team.slack.channel(CALLS).is_archived = False
    for _ in range(3):
        pass_time(team, HOUR)
        settle(team)
    for each in alerts.open():
        # A message that was deleted is found to be missing when something changes.
        alerts.raise_(each.name, each.sentence, {"seen": "in the end"})
    settle(team)
    said = open_in(team)
    lines = [line for text in said for line in text.split("\n") if ":warning: The line" in line]
    found = sorted(name for line in lines for name in NAMES if sentence(name) in line)
    assert found == sorted(alerts.names())
    direct = [each for each in team.direct(MEMBER) if ":warning:" in each]
    assert direct == []


@pytest.mark.parametrize("seed", range(6))
def test_whoever_is_killed_leaves_none_untold(team, quiet_alerts, seed, monkeypatch):
    dice, alerts = random.Random(seed), quiet_alerts

    def killed(real):
        def maybe(*args, **values):
            if dice.random() < 0.2:
                raise Crash
            done = real(*args, **values)
            if dice.random() < 0.1:
                raise Crash
            return done

        return maybe

    with monkeypatch.context() as patched:
        for owner, name in (
            (Told, "keep"), (Told, "replace"), (Told, "drop"), (Told, "all_said"),
            (Alerts, "end_said"), (Alerts, "said"), (Quieted, "wake"),
        ):  # fmt: skip
            patched.setattr(owner, name, killed(getattr(owner, name)))
        for number in range(50):
            acts = (
                "raise",
                "raise",
                "burst",
                "resolve",
                "ignore",
                "remind",
                "tell",
                "tell",
                "time",
            )
            happen(team, alerts, dice, dice.choice(acts))
            if number % 10 == 0:
                alerts.notice(f"n {number}", f"Thing {number} happened.")
    for _ in range(3):
        pass_time(team, HOUR)
        settle(team)
    text = "\n".join(open_in(team))
    assert {name for name in alerts.names() if sentence(name) not in text} == set()
    everything = "\n".join(team.messages(CALLS))
    assert all(f"Thing {number} happened." in everything for number in range(0, 50, 10))
    assert not team.redis.exists(keys.ALERTS_CLOSED)
    posts = Told(team.redis).posts()
    assert sorted(each.name for post in posts for each in post.open) == sorted(alerts.names())
