"""Every view and message at the extremes keeps Slack's limits and calls nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.alerts.telling import tell
from bot.channel.announcements import announce
from bot.contact_sync.facts import Refused
from bot.contact_sync.view import view
from bot.first_start.steps import go_on
from bot.first_start.welcome import Logged, Progress, message, report
from bot.labels import KINDS as KINDS_OF_CALLS
from bot.markup import Markup
from bot.operations.view import progress
from bot.operations.view import report as ended_report
from bot.status.home import refresh
from store import keys
from store.channel import Trouble
from store.operations import KINDS
from store.recent import Ended
from sync.contacts.copy import SKIPPED
from tests.bot.every.playing import Play, Scene
from tests.bot.every.scenes.contact_sync import STANDING
from tests.bot.every.scenes.operations import COUNTS, MINUTE, made
from tests.bot.every.scenes.status import NOW
from tests.bot.every.stage import played, setting
from tests.bot.every.wild import NAME, SIZES, Size, give_up_all, make_wild
from tests.bot.modals.drafts import WILD, wild
from tests.bot.team import ADMIN, CALLS, GUEST, MEMBER, OTHER_MEMBER, OWNER
from tests.worker.product import KNOWN, UNKNOWN

SECTIONS = ("numbers", "outcomes", "tickets", "general")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("part", ["looked at", "changed", "explained", "decided", "in step"])
def test_whatever_is_said_keeps_slacks_limits(  # noqa: PLR0917 - fixtures are asked for by name
    part, size, stand_ins, line, redis_server, tmp_path
):
    def run(play: Play) -> None:
        make_wild(play.team, SIZES[size])
        PARTS[part](play, SIZES[size])

    it = Scene(f"{size} {part}", run, wild=True)
    with setting(it, "de", redis_server.url, stand_ins, line, tmp_path) as play:
        assert list(played(it, play).broken) == []
        assert len(play.said) > 7


def looked_at(play: Play, size: Size) -> None:
    for user in (ADMIN, MEMBER, GUEST):
        play.command("status", user)
        play.command("help", user)
        play.home(user)
    play.command(f"{WILD} {WILD}")
    play.command("failures")
    play.close()
    play.command("history")
    play.click("history.page#older") if size.revisions > 10 else None
    play.close()
    play.command("admins")
    play.close()
    play.command("check")
    play.command("settings")
    play.close()
    play.command("delete")
    play.type("name", "x")
    play.submit()
    play.close()
    for section in SECTIONS:
        play.command(section)
        for typed in ("", "1", "<!channel>", "שירות", "no such thing"):
            _search(play, typed)
        play.close()
    play.meanwhile("Home is shown anew", refresh)


def _search(play: Play, typed: str) -> None:
    """Type into every long list of the open form."""
    modal = play.team.slack.modal(ADMIN)
    for block in modal.blocks if modal else ():
        if block.get("element", {}).get("type", "").endswith("external_select"):
            play.search(block["block_id"], typed)


def changed(play: Play, size: Size) -> None:
    team = play.team
    team.redis.set(keys.ANNOUNCED, max(team.product.shop.revisions.current().number - 3, 0))
    play.meanwhile("all is announced", lambda: announce(team.desk))
    play.click("undo#announced", user=OWNER, where=team.slack.messages(CALLS)[-1])
    play.meanwhile("the undo is announced", lambda: announce(team.desk))
    play.command("disable")
    play.command("enable")
    play.command("settings")
    play.click("disable")
    play.close()
    for section in SECTIONS:
        play.command(section)
        play.submit()
        play.close()
    play.command("general")
    play.command("general", OWNER)
    for user in (ADMIN, OWNER):
        play.type("name", f"{user} {NAME}"[:80].strip(), user)
        play.submit(user)
    play.submit(OWNER)
    play.close()
    play.close(OWNER)
    _let_all_be_gone(play)
    for section in SECTIONS:
        play.command(section)
        play.submit()
        play.close()
    play.command("settings")
    play.close()
    play.command("history")
    number = team.product.shop.revisions.current().number
    play.click(f"undo#{number - 1}") if number > 2 else None
    play.close()
    play.command("check")


def _let_all_be_gone(play: Play) -> None:
    team = play.team
    team.product.aircall.office.numbers.clear()
    team.product.aircall.office.tags.clear()
    team.product.hubspot.portal.pipelines.clear()
    team.product.hubspot.portal.owners.clear()
    team.product.read_directory()


def explained(play: Play, size: Size) -> None:
    team = play.team
    give_up_all(team)
    for asked in ("90001", "90002", "m-9", "group-g-9", "1", "80001", WILD, "x" * 3000, "9" * 20):
        play.command(f"explain {asked}")
        play.command(f"explain {asked}", MEMBER)
    for phone in (KNOWN, UNKNOWN):
        play.command(f"explain {phone}")
    if not size.failures:
        return
    play.command("failures")
    play.click("explain#1.0")
    team.slack.close_modal(ADMIN)
    play.click("failures.dismiss#1")
    play.type("reason", WILD)
    play.submit()
    team.slack.close_modal(ADMIN)
    play.click("failures.retry", "all") if size.failures > 10 else None
    play.close()
    play.command("failures")


def decided(play: Play, size: Size) -> None:
    del size
    team = play.team
    team.redis.delete(keys.GRANTS)
    for user, action in ((MEMBER, "access.grant"), (OTHER_MEMBER, "access.refuse")):
        play.command("general", user)
        play.click("access.ask", user=user)
        play.click(action, user, where=team.slack.messages(CALLS)[-1])
    play.command("general", OTHER_MEMBER)
    play.click("access.ask", user=OTHER_MEMBER)
    play.command("admins")
    team.redis.delete(keys.WELCOME)
    play.meanwhile("the first start begins", go_on)
    links = {
        what: f"https://app.hubspot.com/contacts/1/record/0-48/{what}"
        for what in ("activity", "contact", "company", "ticket")
    }
    call = Logged("call-4001", "inbound_missed", WILD, 1, links)
    many = tuple(wild(n) for n in range(1000))
    missed = Ended("call-1", 1, "failed", WILD)
    trouble = Trouble(CALLS, WILD, "is_archived", 1)
    for state in (
        Progress("/x", WILD),
        Progress("/x", NAME, channel=CALLS, channel_in_file=True, trouble=trouble),
        Progress("/x", NAME, numbers=many, lines=many, enabled=True, missed=missed),
        Progress("/x", NAME, CALLS, channel_works=True, numbers=many, enabled=True, call=call),
    ):
        play.built("a message of the first start", message(state, play.words))
    play.built("the report of the first call", report(call, "/x", play.words))
    play.close()


def in_step(play: Play, size: Size) -> None:
    """Say of contacts, of long work and of what is missing whatever vendors may call things."""
    team, words = play.team, play.words
    contacts = tuple(Refused(str(n), wild(n), wild(n), f"https://x/{n}") for n in range(5))
    reasons = {f"{SKIPPED}{wild(n)}": n for n in range(1, size.failures + 20)}
    counts = {**COUNTS, **reasons, **{f"ignored|{wild(n)}": n for n in range(1, 40)}}
    for kind in KINDS:
        going = replace(made(kind), counts=counts, trouble=WILD)
        ended = replace(going, state="failed", ended=NOW, stopped_by=OWNER)
        play.built(f"{kind} waits", progress(going, MINUTE, NOW, words))
        play.built(f"{kind} failed", ended_report(ended, words))
    standing = replace(STANDING, refusals=10**6, refused=contacts)
    for copy in (None, replace(made("contacts"), counts=counts, trouble=WILD)):
        play.built("contacts", view(replace(standing, copy=copy), words, 10**7, Markup("x")))
    about = {
        "pipeline": WILD, "stage": WILD, "pipeline_label": WILD, "stage_label": WILD, "who": WILD,
        "kinds": ",".join(KINDS_OF_CALLS), "revision": "7", "when": str(NOW), "without": "9",
    }  # fmt: skip
    team.product.shop.alerts.raise_(f"stage missing {WILD}/{WILD}", WILD, about)
    play.meanwhile("it is told", tell)
    play.command("status")
    play.command("tickets")
    play.close()


PARTS = {
    "looked at": looked_at,
    "changed": changed,
    "explained": explained,
    "decided": decided,
    "in step": in_step,
}
