"""The tickets that were left out, made by a click, and explained."""

from bot.tickets.telling import JOB
from store.left_out import asked, left_out
from sync.clock import tick
from sync.pipelines.watch import look
from tests.bot.team import ADMIN, MEMBER, OWNER
from tests.bot.tickets.gone_stage import CREATE, left, missed, text, tickets


def test_after_mending_the_missing_tickets_are_offered_and_made(mended):
    assert "2. Their tickets can be made now" in text(mended, left(mended))
    mended.click(ADMIN, CREATE, where=left(mended))
    assert "2 tickets that were left out are being made" in mended.shown(ADMIN)
    mended.product.drain()
    assert JOB in mended.background()
    assert tickets(mended) == ["call-1", "call-2"]
    assert "2 tickets that were left out were made" in mended.direct(ADMIN)[-1]
    assert mended.product.alerts() == {}
    assert asked(mended.redis) == ()


def test_two_admins_who_click_make_each_ticket_once(mended):
    message = left(mended)
    mended.click(ADMIN, CREATE, where=message)
    mended.click(OWNER, CREATE, where=message)
    mended.product.drain()
    mended.background()
    assert tickets(mended) == ["call-1", "call-2"]
    for user in (ADMIN, OWNER):
        assert "2 tickets that were left out were made" in mended.direct(user)[-1]


def test_a_click_after_all_were_made_says_so(mended):
    message = left(mended)
    mended.click(ADMIN, CREATE, where=message)
    mended.product.drain()
    mended.click(OWNER, CREATE, where=message)
    assert "all were made" in mended.shown(OWNER)
    assert tickets(mended) == ["call-1", "call-2"]


def test_what_came_of_each_is_told(mended):
    mended.product.log([*missed(3), *missed(4)])
    for id_ in ("call-3", "call-4"):
        assert id_ not in left_out(mended.redis)
    mended.product.hubspot.delete("calls", mended.product.one("calls", "call-1")["id"])
    mended.product.hubspot.fault("partial", path="*/tickets/batch/create", permanent=True)
    mended.click(ADMIN, CREATE, where=left(mended))
    mended.product.drain()
    mended.background()
    said = mended.direct(ADMIN)[-1]
    assert "0 tickets that were left out were made" in said
    assert "1 was refused by HubSpot and stands among the failures" in said
    assert "1 gets none" in said


def test_who_asked_is_told_also_after_the_nudge_was_lost(mended):
    mended.click(ADMIN, CREATE, where=left(mended))
    mended.product.drain()
    mended.redis.delete("rq:queue:background")
    look()
    mended.background()
    assert "2 tickets that were left out were made" in mended.direct(ADMIN)[-1]


def test_whoever_slack_does_not_take_a_word_for_is_told_later(mended):
    mended.click(ADMIN, CREATE, where=left(mended))
    mended.product.drain()
    mended.slack.fault("503", path="/api/chat.postMessage", times=2)
    mended.background()
    mended.slack.faults.clear()
    look()
    mended.background()
    assert "2 tickets that were left out were made" in mended.direct(ADMIN)[-1]


def test_while_disabled_it_is_said_that_they_wait(mended):
    mended.set(enabled=False)
    mended.click(ADMIN, CREATE, where=left(mended))
    assert "this goes on once it is enabled" in mended.shown(ADMIN)
    mended.product.drain()
    assert tickets(mended) == []
    mended.set(enabled=True)
    tick(mended.product.shop)
    mended.product.drain()
    mended.background()
    assert tickets(mended) == ["call-1", "call-2"]
    assert "2 tickets that were left out were made" in mended.direct(ADMIN)[-1]


def test_a_member_may_not_create_them(mended):
    mended.click(MEMBER, CREATE, where=left(mended))
    mended.product.drain()
    assert tickets(mended) == []


def test_explain_tells_that_the_ticket_was_left_out_and_makes_it(mended):
    mended.command(ADMIN, "explain 1")
    said = mended.shown(ADMIN)
    assert "Its ticket was left out" in said
    assert "the ticket's pipeline or stage is missing in HubSpot" in said
    mended.click(ADMIN, CREATE)
    mended.product.drain()
    assert tickets(mended) == ["call-1"]
    mended.command(ADMIN, "explain 1")
    assert "made when an admin asked for it" in mended.shown(ADMIN)
    assert left_out(mended.redis) == ("call-2",)


def test_explain_of_one_that_has_no_stage_yet_says_what_to_do(gone):
    gone.product.log(missed(1))
    gone.command(ADMIN, "explain 1")
    gone.click(ADMIN, CREATE)
    assert "its kind has no stage now" in gone.shown(ADMIN)
