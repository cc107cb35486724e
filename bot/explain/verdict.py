"""What became of an interaction, in a sentence or two: logged, ignored, waiting, failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.labels import KINDS
from bot.markup import Markup, bold, clean, date, escape, lines, mention, shortened
from bot.status.sentences import PAUSES, VENDORS
from bot.words import N_, Words
from rules.judge import DISABLED, NOT_CONNECTED, OUTSIDE_HOURS
from worker.cases import Case
from worker.failures import readable

LONGEST: Final = 1000
"""Characters of a vendor's sentence."""
MOST_ERRORS: Final = 3

IGNORED: Final[Mapping[str, tuple[str, str]]] = {
    DISABLED: (
        N_("Ignored, for the integration was disabled when it arrived."),
        N_("The setting *Enabled* decided. It is not logged later by itself."),
    ),
    NOT_CONNECTED: (
        N_("Ignored, for its number was not connected when it arrived."),
        N_("The setting *Connected numbers* decided. It is not logged later by itself."),
    ),
    OUTSIDE_HOURS: (
        N_("Ignored, for it fell outside its number's business hours."),
        N_("The setting *Only within business hours* decided. It is not logged later by itself."),
    ),
}
"""What is said of each reason to ignore, and which setting decided."""
FETCHED: Final[Mapping[str, str]] = {
    DISABLED: N_("Ignored, for the integration was disabled when it ended."),
    NOT_CONNECTED: N_("Ignored, for its number was not connected when it ended."),
}
"""The same of a call that was fetched from Aircall: the moment at which it ended decides."""
DECIDED_BY: Final[Mapping[str, str]] = {
    DISABLED: "enabled",
    NOT_CONNECTED: "numbers",
    OUTSIDE_HOURS: "business_hours_only",
}
"""The setting behind each reason to ignore."""


NOTHING: Final = Markup("")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The sentence in plain words, and what follows it."""

    plain: str
    more: Markup = NOTHING

    @property
    def said(self) -> Markup:
        """All of it, formatted."""
        return lines(bold(self.plain), self.more)


def verdict(case: Case, words: Words, days: int) -> Verdict:
    """Say what became of it; `days` is how long decisions are kept."""
    decision = case.decision
    if decision.dismissed:
        return _dismissed(case, words)
    match decision.result:
        case "ignored":
            return _ignored(case, words, days)
        case "logged":
            return _logged(case, words, days)
        case "failed":
            return _failed(case, words)
        case _:
            return _pending(case, words)


def _ignored(case: Case, words: Words, days: int) -> Verdict:
    if case.record.decision is None:
        return Verdict(words("Ignored."), _forgotten(words, days))
    plain, setting = IGNORED.get(case.decision.reason, ("", ""))
    if not plain:
        return Verdict(words("Ignored: {reason}.", reason=words.retell(case.decision.reason)))
    interaction = case.record.interaction
    if interaction and interaction.accepted and interaction.accepted.source != "webhook":
        plain = FETCHED.get(case.decision.reason, plain)
    return Verdict(words(plain), words.md(setting))


def _logged(case: Case, words: Words, days: int) -> Verdict:
    written, place = case.record.written, case.state.place
    if case.record.decision is None:
        return Verdict(words("Logged in HubSpot."), _forgotten(words, days))
    if written is not None and written.deleted:
        plain = words("Logged, and then deleted in HubSpot by a person.")
        return Verdict(plain, words.md("What a person deleted is never made again."))
    if place == "failed":
        plain = words("Logged in HubSpot, but not all of it could be written.")
        return Verdict(plain, _quotes(case, words))
    kind = case.decision.kind
    plain = words("Logged in HubSpot.")
    if kind:
        plain = words("Logged in HubSpot: {kind}.", kind=words(KINDS[kind]))
    more = lines(_quotes(case, words), _underway(case, words), _left_out(case, words))
    return Verdict(plain, more)


def _left_out(case: Case, words: Words) -> Markup:
    """Say of its ticket that it was left out, and what makes it."""
    match case.ticket:
        case "left out":
            return words.md(
                "Its ticket was left out, for the pipeline or stage was missing in HubSpot. As "
                "soon as its kind has a stage again, admins can make it: *Create the missing "
                "tickets*."
            )
        case "asked for":
            return words.md("Its ticket was left out then; an admin asked for it: it is made now.")
        case _:
            return NOTHING


def _underway(case: Case, words: Words) -> Markup:
    """Say that news of a logged one is on its way."""
    match case.state.place:
        case "hubspot" | "aircall" as vendor:
            return words.md(
                "News of it waits for {vendor}: {reason}.",
                vendor=VENDORS[vendor],
                reason=_pause(case, words),
            )
        case "disabled":
            return words.md("News of it waits until the integration is enabled.")
        case "due" | "worked":
            return words.md("News of it is being worked on.")
        case _:
            return NOTHING


def _failed(case: Case, words: Words) -> Verdict:
    decision = case.decision
    plain = words("Not written to HubSpot: {reason}.", reason=words.retell(decision.reason))
    again = {
        "worked": words.md("It is being tried again right now."),
        "due": words.md("It is tried again in a moment."),
        "hubspot": words.md("It is tried again as soon as HubSpot answers."),
        "aircall": words.md("It is tried again as soon as Aircall answers."),
        "disabled": words.md("It is tried again once the integration is enabled."),
    }.get(case.state.place)
    waits = words.md("It stands among the failures until somebody tries it again or dismisses it.")
    since = case.state.at if case.state.place == "failed" else decision.at
    failed = words.md("Failed {when}.", when=date(since)) if since else NOTHING
    return Verdict(plain, lines(_quotes(case, words), failed, again or waits))


def _dismissed(case: Case, words: Words) -> Verdict:
    gone = case.decision.dismissed
    if gone is None:
        raise ValueError(f"{case.id} was not dismissed")
    who = mention(gone.by) if mention(gone.by) != escape(gone.by) else escape(gone.name or gone.by)
    said = words.md(
        "Dismissed by {who}, {when}: “{reason}”",
        who=who,
        when=date(gone.at),
        reason=shortened(clean(gone.reason), LONGEST),
    )
    back = words.md("It is not tried again, unless a later event tells of it or you try it again.")
    plain = words("Not written to HubSpot, and given up.")
    if case.decision.result == "logged":
        plain = words("Logged in HubSpot, but not all of it; the rest was given up.")
    if case.state.place in {"worked", "due", "hubspot", "aircall", "disabled"}:
        plain = words("It was given up, and is being tried again now.")
        return Verdict(plain, lines(_quotes(case, words), said))
    return Verdict(plain, lines(_quotes(case, words), said, back))


def _pending(case: Case, words: Words) -> Verdict:
    since = date(case.state.at)
    match case.state.place:
        case "hubspot" | "aircall" as vendor:
            name = VENDORS[vendor]
            return Verdict(
                words("Waits for {vendor}: {reason}.", vendor=name, reason=_pause(case, words)),
                words.md(
                    "Since {when}. It goes on by itself as soon as {vendor} answers; nothing of it "
                    "is lost.",
                    when=since,
                    vendor=name,
                ),
            )
        case "disabled":
            return Verdict(
                words("Waits until the integration is enabled."),
                words.md(
                    "Since {when}. It arrived while the integration was enabled, so it is logged "
                    "as soon as it is enabled again.",
                    when=since,
                ),
            )
        case "worked":
            return Verdict(words("Being worked on right now."))
        case "due":
            more = words.md("Due since {when}. Usually that takes a second or two.", when=since)
            return Verdict(words("Its turn comes in a moment."), more)
        case "later" if case.decision.reason == "the call has not ended":
            return Verdict(
                words("The call hung up, and Aircall has not told that it ended."),
                words.md("Aircall is asked for it {when}; then it is decided.", when=since),
            )
        case "later":
            reason = words.retell(case.decision.reason)
            more = words.md("It goes on {when}.", when=since)
            return Verdict(words("Waits a moment: {reason}.", reason=reason), more)
        case "failed":
            return _failed(case, words)
        case _:
            return _open(case, words)


def _open(case: Case, words: Words) -> Verdict:
    if case.record.interaction is None:
        if reason := words.retell(case.decision.reason):
            return Verdict(words("Nothing can be told of it now: {reason}.", reason=reason))
        return Verdict(words("Its events were not looked at yet."))
    return Verdict(
        words("The call has not ended."),
        words.md(
            "What becomes of it is decided when Aircall tells of its end, about 30 seconds after "
            "the hang-up."
        ),
    )


def _quotes(case: Case, words: Words) -> Markup:
    """Give the vendor's own words, as a quotation."""
    shown = case.decision.errors[:MOST_ERRORS]
    said = [words.md("HubSpot says: {words}", words=quote(each, words)) for each in shown]
    if more := len(case.decision.errors) - len(shown):
        said.append(Markup(words.count("and {count} more", "and {count} more", more)))
    return lines(*said)


def quote(said: str, words: Words, most: int = LONGEST) -> Markup:
    """Give a vendor's words on one line, not longer than `most` characters."""
    return words.md("“{said}”", said=shortened(clean(readable(said)), most))


def _pause(case: Case, words: Words) -> str:
    known = PAUSES.get(case.state.reason)
    if known:
        return words(known)
    return words.retell(case.decision.reason) or words("it does not answer")


def _forgotten(words: Words, days: int) -> Markup:
    return words.md(
        "How it was decided is not known any more: decisions are kept for {days} days.", days=days
    )
