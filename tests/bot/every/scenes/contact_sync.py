"""Contact sync: looked at, switched off, copied, stopped, refused by Aircall, removed at delete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from bot.contact_sync.facts import Facts, Refused
from bot.contact_sync.view import loading, view
from bot.modals.deletion import deleted
from bot.operations.view import report
from rules.settings import Settings
from store.connection import now_ms
from store.operations import Operations
from store.runs import Run
from store.settings import Author, Revision
from sync.contacts.copy import SKIPPED
from sync.contacts.trip import SHARED
from sync.contacts.wanted import Backlog
from tests.bot.every.playing import Play, scene
from tests.bot.every.scenes.operations import MINUTE, made
from tests.bot.every.scenes.status import NOW
from tests.bot.team import ADMIN, MEMBER, OWNER
from tests.sync.contacts.people import add, carried

NAME = "Aircall – HubSpot"
STANDING = Facts(now=NOW, enabled=True, on=True, per_minute=30, in_step=1200)


@contextmanager
def _still(play: Play) -> Iterator[None]:
    """Let time stand still within, and one thing happen after the other.

    How long a scene takes, and which of two threads is quicker, must not change what it says.
    """
    at = now_ms(play.team.redis)
    with (
        patch("store.operations.now_ms", lambda _: at),
        patch("bot.operations.telling.now_ms", lambda _: at),
        patch("bot.contact_sync.facts.now_ms", lambda _: at),
        patch("bot.operations.telling.later", lambda _, work: work()),
    ):
        yield


@scene("contact sync")
def contact_sync(play: Play) -> None:
    play.command("sync", MEMBER)
    play.command("sync")
    play.click("edit.general")
    play.close()
    play.team.set(sync_contacts=True)
    play.command("sync")
    play.click("sync.refresh")
    play.close()
    play.command("sync next week")
    play.command("sync stop")


@scene("contact sync is asked for in vain")
def in_vain(play: Play) -> None:
    team = play.team
    play.command("sync start")
    team.set(sync_contacts=True, enabled=False)
    play.command("sync start")
    play.command("sync")
    play.close()
    team.set(enabled=True)
    operations = Operations(team.redis)
    with _still(play):
        removal = operations.start("removal", OWNER, "olivia", {}, 10)
    play.command("sync start")
    play.command("sync")
    play.close()
    operations.end(removal, "done")
    contacts = team.product.hubspot.portal.records["contacts"]
    kept = dict(contacts)
    contacts.clear()
    play.command("sync start")
    contacts.update(kept)
    team.product.hubspot.fault("500", times=None)
    play.command("sync")
    play.close()
    team.product.hubspot.faults.clear()


@scene("contact sync copies all contacts")
def copy(play: Play) -> None:
    team = play.team
    team.set(sync_contacts=True)
    with _still(play):
        play.command("sync")
        play.click("sync.copy")
        play.click("sync.refresh")
        play.command("sync start", OWNER)
        play.click("sync.stop")
        play.close()
        play.command("sync stop", OWNER)


@scene("contact sync as it stands")
def standing(play: Play) -> None:
    words = play.words
    play.built("HubSpot is asked", loading(words))
    play.built("all is well", view(STANDING, words, 1))
    many = replace(
        STANDING,
        in_step=1,
        backlog=Backlog(1, 0, None, 2),
        followed=Run(NOW - 60_000, NOW - 59_000, well=NOW - 59_000),
    )
    play.built("one waits", view(many, words, 10_000))
    late = replace(
        many,
        backlog=Backlog(10, 20, NOW - 60_000, 60),
        followed=Run(NOW - 60_000, NOW - 59_000, trouble="HubSpot did not answer in time"),
        refusals=1,
        refused=(Refused("7", "no valid phone", "Ada Lovelace", "https://app.hubspot.com/7"),),
    )
    play.built("one was refused", view(late, words, 10_000))
    refused = replace(late, refusals=9, refused=(*late.refused, Refused("8", "Not allowed: x")))
    play.built("many were refused", view(refused, words, 10_000))
    copying = made("contacts")
    samples = replace(STANDING, copy=copying, samples=MINUTE)
    play.built("all are copied", view(samples, words, None))
    stopping = replace(samples, copy=replace(copying, state="stopping"))
    play.built("it is to stop", view(stopping, words, None))
    ended = made("contacts", state="done", ended=NOW)
    counts = {
        **ended.counts, "refused": 2, "later": 1, f"{SKIPPED}no valid phone": 5,
        f"{SKIPPED}{SHARED}": 2,
    }  # fmt: skip
    done = replace(ended, counts=counts)
    play.built("all were copied", view(replace(STANDING, copy=done), words, 10_000))
    play.built("the report", report(done, words))
    removal = made("removal", state="done", ended=NOW)
    removed = replace(removal, counts={"done": 9, "removed": 4, "gone": 3, "refused": 2}, total=9)
    play.built("the report of a removal", report(removed, words))


@scene("contacts that Aircall refused")
def refused(play: Play) -> None:
    team = play.team
    team.set(sync_contacts=True)
    team.product.aircall.fault("422", method="POST", path="/v1/contacts")
    carried(team.product, add(team.product, firstname="Ada", phone="+33199887701"))
    team.product.aircall.faults.clear()
    play.command("sync")
    play.click("sync.again")
    play.close()


@scene("delete with contacts that were made in Aircall")
def removed(play: Play) -> None:
    team = play.team
    team.set(sync_contacts=True)
    carried(team.product, add(team.product, firstname="Ada", phone="+33199887701"))
    with _still(play):
        Operations(team.redis).start("contacts", ADMIN, "adam", {}, 10)
        play.command("delete")
        play.type("name", NAME)
        play.choose("contacts", ["1"])
        play.submit()
        play.close()
    for count in (1, 2):
        revision = Revision(7, 6, NOW, Author("admin", ADMIN, "adam"), Settings(), ())
        play.built(f"{count} are removed", deleted(NAME, revision, play.words, count))
