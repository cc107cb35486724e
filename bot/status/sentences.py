"""The status in sentences: each line of the card and of the Home tab, from the facts alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.channel.posting import trouble_in_words
from bot.labels import author_name, first_names, listed
from bot.markup import Markup, channel, clean, date, join, lines, shortened
from bot.status.alerts import TYPES
from bot.status.facts import Facts
from bot.words import N_, Words

MOST_CAUSES: Final = 5
MOST_REASONS: Final = 6
VENDORS: Final[Mapping[str, str]] = {"aircall": "Aircall", "hubspot": "HubSpot"}
PAUSES: Final[Mapping[str, str]] = {
    "rate limit": N_("it asked us to wait"),
    "daily limit": N_("the requests it allows in a day are used up"),
    "down": N_("it does not answer"),
    "credentials": N_("it refuses our credentials"),
    "locked": N_("it is locked for a while"),
    "moving": N_("it is moving our account to another data centre"),
    "refused": N_("it refuses our requests"),
    "our own limit": N_("our own limit of requests is reached"),
}
"""Why a vendor is not asked, by the word kept with the pause."""


def headline(facts: Facts, words: Words) -> str:
    """Say the whole in one plain sentence or two, for notifications and screen readers."""
    tally = facts.today
    if facts.deleted:
        said = words("{name} was deleted.", name=facts.name)
    elif facts.switch.enabled:
        said = words("{name} is enabled.", name=facts.name)
    else:
        said = words("{name} is disabled.", name=facts.name)
    counts = words(
        "Today: {logged} logged, {ignored} ignored, {failed} failed. Waiting: {waiting}. "
        "Open alerts: {alerts}.",
        logged=words.number(tally.logged),
        ignored=words.number(tally.all_ignored),
        failed=words.number(tally.failed),
        waiting=words.number(facts.waiting),
        alerts=words.number(len(facts.alerts)),
    )
    return f"{said} {counts}"


def state(facts: Facts, words: Words) -> Markup:
    """Say whether it is enabled, since when and by whom, and what that means."""
    switch = facts.switch
    when, who = date(switch.at), author_name(switch.author, words)
    if facts.deleted:
        return lines(
            words.md("*Deleted* {when}, by {who}.", when=when, who=who),
            words.md(
                "What is in HubSpot stays. To begin anew, choose numbers and enable the "
                "integration."
            ),
        )
    if not switch.enabled:
        return lines(
            words.md("*Disabled* since {when}, by {who}.", when=when, who=who),
            words.md(
                "Nothing is written to HubSpot. Calls and messages that come in now are not "
                "logged later by themselves."
            ),
            numbers(facts, words),
        )
    return lines(
        words.md("*Enabled* since {when}, by {who}.", when=when, who=who), numbers(facts, words)
    )


def numbers(facts: Facts, words: Words) -> Markup:
    """Name the connected numbers."""
    if facts.numbers == "all":
        return words.md("*Connected numbers*: all, new ones too")
    if not facts.numbers:
        return words.md("*Connected numbers*: none yet, so nothing can be logged")
    return words.md("*Connected numbers*: {names}", names=first_names(facts.numbers, words))


def work(facts: Facts, words: Words) -> Markup:
    """Say what became of today's interactions, what waits, what failed, what came last."""
    return lines(
        today(facts, words),
        *_hours_unknown(facts, words),
        waiting(facts, words),
        words.md(
            "*Failures to look at*: {count}",
            count=words.number(facts.failures) if facts.failures else words("none"),
        ),
        words.md("*Last event from Aircall*: {when}", when=date(facts.last_event))
        if facts.last_event is not None
        else words.md("*Last event from Aircall*: none yet"),
    )


def today(facts: Facts, words: Words) -> Markup:
    """Count the reader's day, what was ignored by reason."""
    tally = facts.today
    reasons = [
        words.md("{count} {reason}", count=words.number(count), reason=clean(words.retell(reason)))
        for reason, count in [*tally.ignored.items()][:MOST_REASONS]
    ]
    counted = words.md(
        "*Today*: {logged} logged, {ignored} ignored, {failed} failed",
        logged=words.number(tally.logged),
        ignored=words.number(tally.all_ignored),
        failed=words.number(tally.failed),
    )
    if not reasons:
        return counted
    return words.md("{counted} (ignored: {reasons})", counted=counted, reasons=join(", ", reasons))


def _hours_unknown(facts: Facts, words: Words) -> Iterator[Markup]:
    if facts.hours_count and facts.today.hours_unknown:
        said = words.count(
            "Of {count} logged today nothing told whether it came within business hours.",
            "Of {count} logged today nothing told whether they came within business hours.",
            facts.today.hours_unknown,
        )
        yield Markup(said)


def waiting(facts: Facts, words: Words) -> Markup:
    """Say how many wait, for what, and how long the oldest does."""
    if not facts.waiting:
        return words.md("*Waiting*: none")
    count = words.number(facts.waiting)
    said = words.md("*Waiting*: {count}", count=count)
    if facts.waits.oldest is not None:
        said = words.md(
            "*Waiting*: {count}, the oldest for {time}",
            count=count,
            time=words.duration((facts.now - facts.waits.oldest) / 1000),
        )
    reasons = [_wait(why, number, words) for why, number in facts.waits.by_reason.items()]
    if not reasons:
        return said
    return words.md("{said} ({reasons})", said=said, reasons=join(", ", reasons))


def _wait(why: str, number: int, words: Words) -> Markup:
    count = words.number(number)
    if why == "disabled":
        return words.md("{count} until the integration is enabled", count=count)
    return words.md("{count} for {vendor}", count=count, vendor=VENDORS[why])


def health(facts: Facts, words: Words) -> Markup:
    """Say how we stand with Slack, Aircall and HubSpot."""
    return lines(
        slack(facts, words),
        *(_vendor(facts, vendor, name, words) for vendor, name in VENDORS.items()),
    )


def slack(facts: Facts, words: Words) -> Markup:
    """Say where announcements go, or why they do not."""
    if not facts.channel:
        return words.md("*Slack*: no channel is chosen for announcements and alerts")
    if facts.trouble is None:
        return words.md("*Slack*: announcements go to {channel}", channel=channel(facts.channel))
    return words.md(
        "*Slack*: since {when} nothing reaches {channel}. {why}",
        when=date(facts.trouble.since),
        channel=channel(facts.channel),
        why=trouble_in_words(facts.trouble, words),
    )


def _vendor(facts: Facts, vendor: str, name: str, words: Words) -> Markup:
    pause = facts.paused.get(vendor)
    if pause is None:
        return words.md("*{vendor}*: no trouble", vendor=name)
    return words.md(
        "*{vendor}*: not asked since {when}: {why}",
        vendor=name,
        when=date(pause.since),
        why=words(PAUSES.get(pause.reason, pause.reason)),
    )


def remarks(facts: Facts, words: Words) -> Iterator[Markup]:
    """Yield what whoever runs the integration should know besides the alerts."""
    if facts.beat is None:
        yield words.md("The process that wakes what waits (clock) was never seen. Is it running?")
    elif facts.clock_stands:
        yield words.md(
            "The process that wakes what waits (clock) was last seen {when}. Is it running?",
            when=date(facts.beat),
        )
    for sentence in facts.redis:
        yield words.md("{sentence}", sentence=words.retell(sentence))
    if facts.not_unique:
        yield words.md(
            "HubSpot lets us make no unique property on {types}: one batch is written at a time.",
            types=listed([words(TYPES.get(each, each)) for each in facts.not_unique], words),
        )
    yield from _oddities(facts, words)


def _oddities(facts: Facts, words: Words) -> Iterator[Markup]:
    if facts.without_ticket:
        said = words.count(
            "{count} interaction has no ticket, because its stage was missing.",
            "{count} interactions have no ticket, because their stage was missing.",
            facts.without_ticket,
        )
        yield Markup(said)
    if facts.unreadable:
        said = words.count(
            "{count} delivery of Aircall could not be read and was put aside.",
            "{count} deliveries of Aircall could not be read and were put aside.",
            facts.unreadable,
        )
        yield Markup(said)
    if facts.causes:
        named = [
            words("{cause} ({count} times)", cause=shortened(clean(cause), 40), count=count)
            for cause, count in sorted(facts.causes.items(), key=lambda each: -each[1])
        ]
        shown = ", ".join(named[:MOST_CAUSES])
        yield words.md(
            "Hangup causes that settings.toml does not know yet, counted as unanswered: {causes}",
            causes=f"{shown} …" if len(named) > MOST_CAUSES else shown,
        )


def footer(facts: Facts, words: Words) -> Markup:
    """Say by which revision all this is so, and when we last looked at Aircall and HubSpot."""
    said = words.md("Settings: revision {number}.", number=facts.revision)
    if facts.looked is None:
        return said
    looked = words.md("Aircall and HubSpot were last read {when}.", when=date(facts.looked))
    return Markup(f"{said} {looked}")
