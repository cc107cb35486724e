"""Explain: every result, what it waits for, several, none, and the forms that decided."""

from __future__ import annotations

from clients.hubspot.records import New
from rules.plan import Decision, Record
from sandbox.hubspot.people import archive_owner
from sandbox.story import Story
from sandbox.traffic import CALL_KINDS, call_events, ended_of, group_events, message_events
from store import keys
from store.connection import now_ms
from store.records import record_json
from tests.bot.every.playing import Play, scene
from tests.bot.team import ADMIN, MEMBER
from tests.bot.test_explain import moved, refuse
from tests.worker.product import KNOWN, START, UNKNOWN, Product, call, split
from worker.fetched import enter

PORTAL = "https://app.hubspot.com/contacts/123456"


@scene("explain what was logged")
def logged(play: Play) -> None:
    team = play.team
    team.set(
        tickets__pipeline="0",
        tickets__stages__inbound_missed="1",
        tag_outcomes={"33": "Left live message"},
    )
    for n, kind in enumerate(CALL_KINDS, 1):
        team.product.log(call_events(n, kind, start=START, phone=UNKNOWN if n % 2 else KNOWN))
        play.command(f"explain {n}")
    play.click("explain.settings", "edit.outcomes outcomes.inbound_voicemail")
    play.close()
    play.command("explain 6", MEMBER)
    team.product.log(call(Story(tags=(33,)), id_=20))
    team.product.log(call(id_=21, phone="anonymous"))
    team.product.log(message_events("m-1", "inbound", start=START, phone=UNKNOWN))
    team.product.log(message_events("m-2", "outbound", start=START, phone=KNOWN))
    team.product.log(group_events("g-1", "inbound", start=START, phones=[KNOWN, UNKNOWN]))
    for id_ in ("20", "21", "m-1", "m-2", "group-g-1"):
        play.command(f"explain {id_}")


@scene("explain what was logged by other settings")
def other_settings(play: Play) -> None:
    team = play.team
    team.set(create_contacts=False, fallback_owner="11349275740", business_hours_only=True,
             outcomes__inbound_missed=None, tickets__pipeline="0")  # fmt: skip
    events = call_events(1, "inbound_missed", start=START, phone="+33199887700")
    for event in events:
        event["data"]["user"] = None
    team.product.log(events)
    play.command("explain 1")
    team.set(tickets__pipeline=None, fallback_owner=None)
    team.product.log(call_events(2, "inbound_missed", start=START, phone="+33199887700"))
    play.command("explain 2")


@scene("explain what Aircall's list told of")
def found_in_the_list(play: Play) -> None:
    product = play.team.product
    _found(product, 1)
    play.command("explain 1")
    play.team.set(numbers=[1002])
    _found(product, 2)
    play.command("explain 2")
    play.team.set(enabled=False)
    _found(product, 3)
    play.command("explain 3", MEMBER)


def _found(product: Product, id_: int) -> None:
    """Let a call that never reached us be found by comparing with Aircall's list."""
    told = ended_of(call_events(id_, "inbound_missed", start=START, phone=KNOWN))["data"]
    # As if the newest settings had been in force when it ended.
    newest = product.shop.revisions.current()
    enter(product.shop.due, told, "gap", [newest], now_ms(product.redis))
    product.drain()


@scene("explain what was ignored")
def ignored(play: Play) -> None:
    team = play.team
    team.set(numbers=[1002])
    team.product.log(call(id_=1))
    play.command("explain call-1")
    play.click("edit.numbers")
    play.close()
    team.set(numbers="all", business_hours_only=True)
    team.product.log(call(Story(missed_reason="out_of_opening_hours"), id_=2))
    events = call_events(3, "inbound_missed", start=START, phone=KNOWN)
    for event in events:
        event["data"]["missed_call_reason"] = "out_of_opening_hours"
    team.product.log(events)
    play.command("explain 3")
    play.click("edit.general")
    play.close()
    team.set(enabled=False)
    team.product.log(call(id_=4))
    play.command("explain 4")
    play.click("enable")
    play.command("explain 4")
    team.redis.delete(keys.record("call-4"))
    play.command("explain 4")


@scene("explain what waits")
def waiting(play: Play) -> None:
    team = play.team
    team.product.deliver(call(id_=1))
    play.command("explain 1")
    team.product.drain()
    team.product.log(call(id_=2)[:2])
    play.command("explain 2")
    team.product.log(split(call(id_=3), "call.ended")[0])
    play.command("explain 3")
    team.product.deliver(call(id_=4))
    team.set(enabled=False)
    team.product.drain()
    play.command("explain 4")
    team.set(enabled=True)
    for n, reason in enumerate(("down", "credentials", "rate limit", "our own limit"), 5):
        team.product.shop.limits.pause("hubspot", 3600, reason)
        team.product.log(call(id_=n))
        play.command(f"explain {n}")
        team.redis.delete(keys.pause("hubspot"))


@scene("explain what is odd")
def odd(play: Play) -> None:
    team = play.team
    ignored = "older than what we remember: it may have been logged before"
    _keep(play, "call-1", Decision("ignored", ignored, at=1))
    play.command("explain 1")
    _keep(play, "call-2", Decision("pending", "HubSpot is asked soon"))
    team.redis.zadd(keys.DUE, {"call-2": 4_000_000_000_000})
    play.command("explain 2")
    team.product.deliver(call(id_=3))
    team.redis.hset(keys.OWNER, "call-3", "token")
    play.command("explain 3")
    team.redis.rpush(keys.new("call-4"), "{}")
    play.command("explain 4")
    team.redis.set(keys.record("call-5"), "{broken")
    play.command("explain 5")
    play.command("explain group-g-9")


def _keep(play: Play, id_: str, decision: Decision) -> None:
    play.team.redis.set(keys.record(id_), record_json(Record(decision=decision)))


@scene("explain what went differently")
def differently(play: Play) -> None:
    team = play.team
    archive_owner(team.product.hubspot.portal, "11349275740")
    team.product.log(call(id_=1))
    play.command("explain 1")
    notes = tuple(f"call: {each}" for each in ("HubSpot refused the owner, written without",) * 7)
    _keep(play, "call-2", Decision("logged", notes=notes))
    play.command("explain 2")
    team.product.hubspot.edit("companies", "8004", {"phone": "+33199887711"})
    team.product.log(call(id_=3, phone="+33199887711"))
    play.command("explain 3")


@scene("explain what waits with news")
def news(play: Play) -> None:
    team = play.team
    for n, why in enumerate(("hubspot", "due", "disabled"), 1):
        events = call(Story(later_tags=(33,)), id_=n)
        before, after = split(events, "call.tagged")
        team.product.log(before)
        if why == "hubspot":
            team.product.shop.limits.pause("hubspot", 3600, "down")
        team.product.deliver(after)
        if why == "disabled":
            team.set(enabled=False)
        if why != "due":
            team.product.drain()
        play.command(f"explain {n}")
        team.redis.delete(keys.pause("hubspot"))


@scene("explain what failed")
def failed(play: Play) -> None:
    team = play.team
    refuse(team)
    team.product.log(call(id_=1))
    team.product.log(call(id_=2))
    play.command("explain 1", MEMBER)
    play.command("explain 1")
    play.click("failures.retry")
    play.command("explain 1")
    team.set(enabled=False)
    team.product.drain()
    play.command("explain 1")
    team.set(enabled=True)
    team.product.shop.limits.pause("hubspot", 3600, "down")
    team.product.drain()
    play.command("explain 2")
    play.click("failures.retry")
    team.product.drain()
    play.command("explain 2")


@scene("explain what was given up")
def given_up(play: Play) -> None:
    team = play.team
    refuse(team)
    team.product.log(call(id_=1))
    play.command("explain 1")
    play.click("failures.dismiss")
    play.type("reason", "A test call")
    play.submit()
    play.close()
    play.command("explain 1")
    play.click("failures.retry")
    play.command("explain 1")


@scene("explain a refused ticket")
def refused_ticket(play: Play) -> None:
    team = play.team
    team.set(tickets__pipeline="0", tickets__stages__inbound_missed="1")
    refuse(team, "tickets")
    team.product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    play.command("explain 1")
    play.click("failures.dismiss")
    play.type("reason", "No tickets here")
    play.submit()
    play.close()
    play.command("explain 1")


@scene("explain what people changed")
def changed(play: Play) -> None:
    team = play.team
    team.product.log(call(id_=1))
    team.product.hubspot.edit(
        "calls", team.product.one("calls", "call-1")["id"],
        {"hs_call_title": "Mine", "hubspot_owner_id": "", "hs_call_body": "Mine"},
    )  # fmt: skip
    team.product.log(call(Story(later_tags=(33,), later_comments=("Bonjour",)), id_=1))
    play.command("explain 1")
    team.product.log(call(id_=2))
    team.product.hubspot.delete("calls", team.product.one("calls", "call-2")["id"])
    team.product.log(call(Story(later_tags=(33,)), id_=2))
    play.command("explain 2")
    team.product.log(call(id_=3))
    team.redis.delete(keys.record("call-3"))
    play.command("explain 3")


@scene("explain several")
def several(play: Play) -> None:
    team = play.team
    team.product.log(call(id_=1))
    for n in range(2, 13):
        team.product.log(moved(n))
    team.set(enabled=False)
    team.product.log(moved(13))
    team.product.log(moved(14)[:2])
    _keep(play, "call-12", Decision("failed", "HubSpot refused it"))
    play.command(f"explain {KNOWN}")
    message = team.last_private(ADMIN)
    assert message is not None
    play.choose("explain.pick", "call-8", where=message)
    team.redis.delete(keys.record("call-9"), keys.ids("call-9"))
    play.choose("explain.pick", "call-9", where=message)


@scene("explain what is not known")
def not_known(play: Play) -> None:
    team = play.team
    play.command("explain")
    made = team.product.shop.hubspot.create(
        "calls", [New("k", {"hs_timestamp": "2026-01-01T00:00:00Z", "hs_call_title": "By hand"})]
    )
    by_hand = next(iter(made.done.values())).id
    for asked in (
        "999999",
        "+33 1 23 45 67 89",
        "https://app.hubspot.com/contacts/999/record/0-48/1",
        f"{PORTAL}/record/0-48/77",
        f"{PORTAL}/record/0-48/{by_hand}",
    ):
        play.command(f"explain {asked}")
    team.product.log(call(id_=1))
    activity = team.product.one("calls", "call-1")["id"]
    team.redis.delete(keys.record("call-1"), keys.ids("call-1"))
    play.command(f"explain {PORTAL}/record/0-48/{activity}")
    team.product.hubspot.fault("503", times=None)
    play.command("explain 888888")


@scene("explain on top of a list")
def on_top(play: Play) -> None:
    team = play.team
    refuse(team)
    team.product.log(call(id_=1))
    play.command("failures")
    team.redis.delete(keys.record("call-1"), keys.FAILURES)
    play.click("explain#1.0")
