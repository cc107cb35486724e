"""*Put the old choice back*: stages that were taken out are chosen again, now they are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.asking.asked import Asked
from bot.asking.errors import later, notice
from bot.asking.routes import Action
from bot.blocks import Message, actions, section
from bot.channel.announcements import announce_soon
from bot.history.undo_button import undo_button
from bot.labels import KINDS, diff_lines, listed
from bot.markup import Markup, bold, escape, lines
from bot.modals.saving import author
from bot.words import N_
from rules.missing import Missing
from rules.settings import new_problems, with_values
from store.alerts import Alert
from store.directory import known_of
from store.settings import Revision, StaleSettings
from sync.pipelines.following import BACK_IN_USE, taken_out
from worker.missing import ALERTS, look, missing_in

RESTORE: Final = "tickets.restore"
"""Puts back what was taken out because of the alert whose name is the button's value."""
NOTE: Final = N_("The old choice was put back: it is there again in HubSpot.")
OVER: Final = N_("This is over already: somebody has chosen anew, or put the old choice back.")
TRIES: Final = 5
"""Saves by others in between that are reckoned with, one after the other."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What can be put back now: of which kinds, or in a sentence why nothing."""

    current: Revision
    stages: Mapping[str, str]
    refusal: str = ""


def restore(asked: Asked) -> None:
    """Ask HubSpot first, beside everything else; then put back what is there again."""
    later(asked, lambda: _restore(asked))


def _restore(asked: Asked) -> None:
    shop = asked.desk.shop
    try:
        failed = look(shop)
    finally:
        shop.counts.flush()
    for error in failed.values():
        raise error
    for tried in range(TRIES):
        alert = next((each for each in shop.alerts.open() if each.name == asked.act.value), None)
        if alert is None or not alert.name.startswith(ALERTS):
            _say(asked, asked.words(OVER))
            return
        found = _found(asked, alert)
        if found.refusal:
            _say(asked, found.refusal)
            return
        chosen = {f"tickets.stages.{kind}": stage for kind, stage in found.stages.items()}
        wanted = with_values(found.current.settings, chosen)
        problems = new_problems(found.current.settings, wanted, known_of(shop.directory.read()))
        if problems:
            _say(asked, " ".join(asked.words.retell(each.sentence) for each in problems))
            return
        try:
            saved = shop.revisions.save(wanted, author(asked), found.current.number, NOTE)
        except StaleSettings:
            if tried == TRIES - 1:
                raise
            continue
        shop.alerts.resolve(alert.name, BACK_IN_USE)
        announce_soon(asked.desk)
        asked.tell(_done(asked, alert, saved))
        return


def _found(asked: Asked, alert: Alert) -> _Found:
    """Look at what was taken out and nobody has set since, and at what of it is there again."""
    shop, words = asked.desk.shop, asked.words
    revisions = shop.revisions.all()
    taken, missing = taken_out(alert, revisions), missing_in(alert)
    there = {each.id: each.stages for each in shop.directory.read().pipelines or ()}
    stages = {
        kind: stage for kind, stage in taken.items() if stage in there.get(missing.pipeline, {})
    }
    refusal = ""
    if not taken:
        refusal = words(
            "Nothing was put back: somebody has chosen anew since for all that was taken out."
        )
    elif not stages:
        refusal = _still_missing(missing, asked)
    return _Found(revisions[-1], stages, refusal)


def _still_missing(missing: Missing, asked: Asked) -> str:
    if missing.stage is None:
        return asked.words(
            "Nothing was put back: the pipeline, or every stage of it that was used, is missing in "
            "HubSpot again."
        )
    return asked.words("Nothing was put back: the stage is missing in HubSpot again.")


def _done(asked: Asked, alert: Alert, saved: Revision) -> Message:
    words, shop = asked.words, asked.desk.shop
    known = known_of(shop.directory.read())
    said = words("The old choice was put back, as revision {number}.", number=saved.number)
    changed = {each.path.rpartition(".")[2] for each in saved.changes}
    rows = diff_lines(saved.changes, known, words, pipeline=saved.settings.tickets.pipeline)
    left = [each for each in alert.about["kinds"].split(",") if each not in changed]
    if left:
        names = listed([words(KINDS[each]) for each in left if each in KINDS], words)
        rows.append(
            words.md(
                "Left alone, as chosen anew or with a stage that is still missing: {kinds}.",
                kinds=names,
            )
        )
    told = section(lines(Markup(f":white_check_mark: {said}"), *rows))
    return Message(said, (told, actions(undo_button(words, saved.number))))


def _say(asked: Asked, said: str) -> None:
    view = asked.act.view
    if view is not None and view.type == "modal":
        asked.open(notice(asked.words, said))
    else:
        asked.tell(Message(said, (section(bold(escape(said))),)))


RESTORING: Final = Action(RESTORE, "admins", restore)
