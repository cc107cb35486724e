"""A ticket stage is gone and comes back: the warning, the old choice, the tickets left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from bot.alerts.telling import tell
from bot.modals.tickets import TICKETS
from bot.status.alerts import alert_sentence
from bot.status.missing import missing_facts
from bot.tickets.telling import message
from sandbox.slack.messages import Message
from sandbox.traffic import call_events
from store.alerts import Alert
from sync.pipelines.watch import look
from tests.bot.every.playing import Play, scene
from tests.bot.every.rendering import undated
from tests.bot.every.scenes.announcements import told_so_far
from tests.bot.modals.drafts import directory, draft
from tests.bot.team import ADMIN, CALLS, MEMBER, OWNER
from tests.worker.product import KNOWN, START

OMAR = 113493


def _gone(play: Play, kind: str = "stages") -> None:
    """Two kinds open their tickets in a stage; somebody deletes it, or the whole pipeline."""
    play.team.set(
        tickets__pipeline="81234567",
        tickets__stages__inbound_missed="158001",
        tickets__stages__outbound_unanswered="158001",
    )
    told_so_far(play)
    _delete(play, kind)
    play.meanwhile("somebody deletes it", look)
    play.meanwhile("it is told", tell)


def _delete(play: Play, kind: str = "stages") -> None:
    id_, inside = ("158001", "81234567") if kind == "stages" else ("81234567", "")
    play.team.product.hubspot.delete(kind, id_, inside, by=OMAR)


def _back(play: Play, kind: str = "stages") -> None:
    id_, inside = ("158001", "81234567") if kind == "stages" else ("81234567", "")
    play.team.product.hubspot.restore(kind, id_, inside)
    play.meanwhile("somebody restores it", look)
    play.meanwhile("it is told", tell)


def _with(play: Play, action: str) -> Message:
    """The newest message of the channel that has this button."""
    return next(
        each for each in reversed(play.team.slack.messages(CALLS)) if action in str(each.blocks)
    )


def _restore(play: Play, user: str = ADMIN) -> None:
    where = _with(play, "tickets.restore")
    play.click("tickets.restore#1", user=user, where=where)


def _missed(play: Play, *ids: int) -> None:
    for id_ in ids:
        play.team.product.log(call_events(id_, "inbound_missed", start=START, phone=KNOWN))


@scene("a stage that is gone and comes back")
def stage(play: Play) -> None:
    _gone(play)
    play.command("tickets")
    play.close()
    _back(play)
    play.command("tickets")
    play.close()
    where = _with(play, "tickets.restore")
    _restore(play, MEMBER)
    _delete(play)
    _restore(play)
    play.team.product.hubspot.restore("stages", "158001", "81234567")
    play.team.set(tickets__stages__outbound_unanswered="158002")
    _restore(play)
    play.click("tickets.restore#1", user=OWNER, where=where)
    play.background()


@scene("a pipeline that is gone and comes back")
def pipeline(play: Play) -> None:
    _gone(play, "pipelines")
    play.command("status")
    _back(play, "pipelines")
    play.command("status")
    where = _with(play, "tickets.restore")
    _delete(play, "pipelines")
    _restore(play)
    play.team.product.hubspot.restore("pipelines", "81234567")
    play.team.set(tickets__pipeline="0")
    play.click("tickets.restore#1", where=where)


@scene("a pipeline deleted while its form is open")
def meanwhile(play: Play) -> None:
    play.team.set(tickets__pipeline="81234567", tickets__stages__inbound_missed="158001")
    told_so_far(play)
    play.command("tickets")
    play.choose("tickets.stages.inbound_message", "158002")
    _delete(play, "pipelines")
    play.submit()
    play.close()


@scene("a stage that HubSpot did not tell of")
def unknown(play: Play) -> None:
    base = {"tickets.pipeline": "p1", "tickets.stages.inbound_missed": "p1s9"}
    made = draft(directory(pipelines=1, stages=2, label=str), base)
    play.built("a stage is not among those known", TICKETS.view(replace(made, words=play.words)))


@scene("tickets that were left out")
def left_out(play: Play) -> None:
    _gone(play)
    _missed(play, 1, 2)
    play.command("explain 1")
    play.click("tickets.create")
    play.team.set(tickets__stages__inbound_missed="158002")
    play.meanwhile("somebody chooses another stage", look)
    play.meanwhile("it is told", tell)
    where = _with(play, "tickets.create")
    play.click("tickets.create#1", user=MEMBER, where=where)
    play.click("tickets.create#1", where=where)
    play.command("explain 1")
    play.meanwhile("they are made", play.team.product.drain)
    play.click("tickets.create#1", user=OWNER, where=where)
    play.background()
    play.command("explain 1")
    play.team.set(enabled=False)
    _missed(play, 3)


@scene("tickets asked for while disabled, and in a form")
def disabled(play: Play) -> None:
    _gone(play)
    _missed(play, 1)
    play.command("failures")
    play.team.set(tickets__stages__inbound_missed="158002", enabled=False)
    play.command("explain 1")
    play.click("tickets.create")


@scene("what came of tickets that were left out")
def told(play: Play) -> None:
    every = Counter({"made": 2, "failed": 1, "gone": 1, "left": 1})
    more = Counter({"made": 1, "failed": 2, "gone": 2, "left": 2})
    for each in (Counter({"made": 1}), every, more):
        play.built("somebody is told", message(each, play.words))
    about = {
        "pipeline": "0", "stage": "9", "kinds": "inbound_missed", "revision": "7", "without": "1",
    }  # fmt: skip
    for who, when in (("Omar Haddad", ""), ("", "1790000000000"), ("Omar", "1790000000000")):
        alert = Alert("stage missing 0/9", "", START, {**about, "who": who, "when": when})
        play.lines += [alert_sentence(alert, play.words), undated(missing_facts(alert, play.words))]
