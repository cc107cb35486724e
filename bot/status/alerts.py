"""An open alert as a sentence in the reader's language: by what it is about, else as raised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.labels import listed
from bot.markup import Markup, clean, date, mention, shortened
from bot.status.background import job_name
from bot.status.missing import MISSING, missing_sentence
from bot.words import N_, Words
from store.alerts import Alert
from store.quiet import Quiet

LONGEST_ALERT: Final = 400
"""Characters of an alert's sentence, which may quote a vendor."""
UNIQUE: Final = "no unique properties"
TYPES: Final[Mapping[str, str]] = {
    "calls": N_("calls"),
    "communications": N_("messages"),
    "tickets": N_("tickets"),
    "contacts": N_("contacts"),
}
"""HubSpot's kinds of records, by its own names."""


def alert_sentence(alert: Alert, words: Words) -> str:
    """Say an alert in the reader's language, on one line."""
    about = alert.about
    if alert.name.startswith(MISSING) and about.get("kinds"):
        return missing_sentence(about, words)
    if alert.name == UNIQUE and about.get("types"):
        types = [words(TYPES.get(each, each)) for each in about["types"].split(",")]
        return words(
            "HubSpot does not let us make a unique property on {types}: one drain works at a time, "
            "and a process frozen in the middle of a request may double a batch.",
            types=listed(types, words),
        )
    said = alert.sentence
    for job in filter(None, about.get("jobs", "").split(", ")):
        said = said.replace(job, job_name(job, words))
    return clean(words.retell(said))


def alert_line(alert: Alert, words: Words, quiet: Quiet | None = None) -> Markup:
    """Say an alert, since when it is open, and who quieted it where somebody did."""
    said = shortened(alert_sentence(alert, words), LONGEST_ALERT)
    if quiet is None:
        return words.md(
            ":warning: {sentence} _(since {when})_", sentence=said, when=date(alert.since)
        )
    return words.md(
        ":warning: {sentence} _(since {when})_ {quiet}",
        sentence=said,
        when=date(alert.since),
        quiet=quiet_line(quiet, words),
    )


def quiet_line(quiet: Quiet, words: Words) -> Markup:
    """Say who wanted to hear no more of an alert, or later, and until when."""
    if quiet.until is None:
        return words.md("Ignored by {who} until it changes.", who=mention(quiet.by))
    return words.md(
        "{who} is reminded {when}; until then it rests.",
        who=mention(quiet.by),
        when=date(quiet.until),
    )
