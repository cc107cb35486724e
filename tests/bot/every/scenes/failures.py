"""Failures: none, by cause, tried again, given up, and buttons that are older than the world."""

from __future__ import annotations

from store import keys
from tests.bot.every.playing import Play, scene
from tests.bot.team import ADMIN, OWNER
from tests.bot.test_explain import moved, refuse
from tests.bot.test_failures import fail
from tests.worker.product import call
from worker.failures import failures as now


@scene("failures")
def failures(play: Play) -> None:
    team = play.team
    play.command("failures")
    refuse(team)
    team.product.log([*call(), *moved(2)])
    fail(team, 3, "Une autre cause", start=50)
    play.command("failures")
    first = now(team.redis).causes[0]
    play.click("explain#1.0")
    play.click("failures.retry")
    team.slack.close_modal(ADMIN)
    play.click("failures.retry#1", f"cause:{first.name}")
    play.click("failures.retry", "all")
    play.click("failures.dismiss#1")
    play.type("reason", "Test calls")
    play.submit()
    team.slack.close_modal(ADMIN)
    play.close()
    play.command("failures")


@scene("failures given up")
def given_up(play: Play) -> None:
    team = play.team
    fail(team, 1, "Une cause")
    play.command("failures")
    play.click("failures.dismiss#1")
    play.type("reason", "   ")
    play.submit()
    play.type("reason", "A test call")
    play.submit()
    team.slack.close_modal(ADMIN)
    play.close()
    play.command("failures")
    play.command("explain call-1")


@scene("failures that two admins give up")
def twice(play: Play) -> None:
    fail(play.team, 2, "Une cause")
    for user in (ADMIN, OWNER):
        play.command("failures", user)
        play.click("failures.dismiss#1", user=user)
        play.type("reason", "One reason", user)
    play.submit(ADMIN)
    play.submit(OWNER)
    play.close(OWNER)
    fail(play.team, 1, "Une cause", start=9)
    play.close()
    play.command("failures")
    play.team.redis.delete(keys.FAILURES)
    play.click("failures.retry#1")
    fail(play.team, 1, "Une cause", start=9)
    play.close()
    play.command("failures")
    play.team.redis.delete(keys.FAILURES)
    play.click("failures.dismiss#1")


@scene("many failures")
def many(play: Play) -> None:
    for n in range(40):
        fail(play.team, 1, f"Cause {'x' * n}y", start=n + 1)
    play.command("failures")
    play.close()
    fail(play.team, 2_003, "Une cause", start=100)
    play.command("failures")


@scene("failures of ours")
def ours(play: Play) -> None:
    from rules.plan import Decision, Record  # noqa: PLC0415 - only here
    from store.records import record_json  # noqa: PLC0415 - the same

    reasons = ("stopped the worker 5 times", "could not be understood (KeyError)")
    for n, reason in enumerate(reasons, 1):
        kept = Record(decision=Decision("failed", reason, at=n))
        play.team.redis.set(keys.record(f"call-{n}"), record_json(kept))
        play.team.redis.zadd(keys.FAILURES, {f"call-{n}": n})
    play.team.redis.zadd(keys.FAILURES, {"call-9": 9})
    play.command("failures")
