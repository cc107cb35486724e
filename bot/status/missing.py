"""What is said of a ticket pipeline or stage that is missing in HubSpot, or is back there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.labels import KINDS
from bot.markup import Markup, clean, date, join, shortened
from bot.words import Words
from store.alerts import Alert

MISSING: Final = ("stage missing ", "pipeline missing ")
"""How the names of these alerts begin."""
LONGEST_NAME: Final = 60
LONGEST_WHO: Final = 80


def missing_sentence(about: Mapping[str, str], words: Words) -> str:
    """Say it in the reader's language, by the names that people know."""
    kinds = ", ".join(words(KINDS[each]) for each in about["kinds"].split(",") if each in KINDS)
    pipeline = _name(about["pipeline"], about.get("pipeline_label", ""))
    if not about.get("stage"):
        if about.get("back"):
            return words(
                "The ticket pipeline “{pipeline}” is back in HubSpot. Still no tickets are opened "
                "for: {kinds}.",
                pipeline=pipeline,
                kinds=kinds,
            )
        return words(
            "The ticket pipeline “{pipeline}” is missing in HubSpot. No tickets are opened any "
            "more for: {kinds}.",
            pipeline=pipeline,
            kinds=kinds,
        )
    stage = _name(about["stage"], about.get("stage_label", ""))
    if about.get("back"):
        return words(
            "The stage “{stage}” of the ticket pipeline “{pipeline}” is back in HubSpot. Still no "
            "tickets are opened for: {kinds}.",
            stage=stage,
            pipeline=pipeline,
            kinds=kinds,
        )
    return words(
        "The stage “{stage}” of the ticket pipeline “{pipeline}” is missing in HubSpot. No "
        "tickets are opened any more for: {kinds}.",
        stage=stage,
        pipeline=pipeline,
        kinds=kinds,
    )


def missing_facts(alert: Alert, words: Words) -> Markup:
    """Say who deleted it and when, which revision followed, and what went without a ticket since.

    Nothing for any other alert.
    """
    about, said = alert.about, []
    if not alert.name.startswith(MISSING):
        return Markup("")
    who = shortened(clean(about.get("who", "")), LONGEST_WHO)
    when = about.get("when", "")
    if who and when.isdigit():
        said.append(words.md("Deleted by {who}, {when}.", who=who, when=date(int(when))))
    elif who:
        said.append(words.md("Deleted by {who}.", who=who))
    elif when.isdigit():
        said.append(words.md("Deleted {when}.", when=date(int(when))))
    if about.get("revision"):
        said.append(
            words.md(
                "Revision {number} of the settings set these kinds to no ticket.",
                number=about["revision"],
            )
        )
    without = int(about.get("without") or 0)
    if without:
        counted = words.count(
            "{count} call or message was logged without its ticket since; it can be made later.",
            "{count} calls or messages were logged without their tickets since; they can be made "
            "later.",
            without,
        )
        said.append(Markup(counted))
    return join(" ", said)


def _name(id_: str, label: str) -> str:
    return shortened(clean(label or id_), LONGEST_NAME)
