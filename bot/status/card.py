"""The status as a card: pure, from the facts, for a message; its parts serve the Home tab too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.alerts.buttons import ACTS, WAKE_ALL, wake_button
from bot.alerts.substance import id_of
from bot.asking.standing import Rank, Standing
from bot.blocks import (
    Block,
    Element,
    Message,
    Option,
    actions,
    button,
    context,
    divider,
    header,
    overflow,
    section,
)
from bot.integration.buttons import enable_button
from bot.markup import Markup, lines
from bot.status import sentences
from bot.status.alerts import alert_line
from bot.status.background import background
from bot.status.facts import Facts
from bot.status.fixes import FAILURES, NUMBERS, SETTINGS, Fix, fixes_of, shared_fix
from bot.words import N_, Words
from store.alerts import Alert

REFRESH: Final = "status.refresh"
SHOW: Final = "status.show"
"""Shows the status to whoever clicks, beside the message that has the button."""
MORE: Final = "status.more"
"""Runs the sub-command that is the button's value or the chosen option."""
MOST_ALERTS: Final = 8
"""Alerts of a message; Home shows as many."""
MOST_BUTTONS: Final = 2
MOST_OPTIONS: Final = 5
OPTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("status", N_("Refresh")),
    ("settings", N_("All settings")),
    ("failures", N_("Failures")),
    ("history", N_("History of the settings")),
    ("check", N_("Check the settings now")),
)
"""What an admin may want next, by sub-command; at most as many as a menu holds are offered."""


def card(facts: Facts, words: Words, standing: Standing) -> Message:
    """Build the card of these facts for somebody of this standing."""
    admin = standing.rank >= Rank.ADMIN
    blocks = [
        header(facts.name),
        *body(facts, words),
        *alerts(facts, words),
        *(remarks(facts, words) if admin else ()),
        context(sentences.footer(facts, words)),
        actions(*(_for_admins(facts, words) if admin else [refresh_button(words)])),
    ]
    return Message(sentences.headline(facts, words), tuple(blocks))


def body(facts: Facts, words: Words) -> list[Block]:
    """Build the three paragraphs: whether it is on, what it did, whom it reaches."""
    return [
        section(sentences.state(facts, words)),
        section(sentences.work(facts, words)),
        section(sentences.health(facts, words)),
    ]


def alerts(facts: Facts, words: Words, *, fixes: bool = False) -> list[Block]:
    """Build a paragraph for each open alert, oldest first; with its fix beside it where asked."""
    if not facts.alerts:
        return []
    shown = facts.alerts[:MOST_ALERTS]
    blocks: list[Block] = [divider()]
    for number, alert in enumerate(shown, 1):
        quiet = facts.quiets.get(alert.name)
        beside = _beside(alert, number, words, quiet=quiet is not None) if fixes else None
        blocks.append(section(alert_line(alert, words, quiet), beside))
    if more := len(facts.alerts) - len(shown):
        said = words.count("and {count} more alert", "and {count} more alerts", more)
        blocks.append(context(Markup(said)))
    return blocks


def _beside(alert: Alert, number: int, words: Words, *, quiet: bool) -> Element | None:
    """Build what stands beside an alert: what mends it, or what has it told as usual again."""
    if quiet:
        return wake_button(id_of(alert.name), number, words)
    best = fixes_of(alert)[:1]
    return best[0].button_beside(number, words) if best else None


def remarks(facts: Facts, words: Words) -> list[Block]:
    """Build the small print for whoever runs the integration."""
    said = [*sentences.remarks(facts, words), *background(facts, words)]
    return [context(lines(*said))] if said else []


def refresh_button(words: Words) -> Element:
    """Build the button that shows all anew."""
    return button(words("Refresh"), REFRESH, label=words("Show the status as it is now"))


def switch_button(facts: Facts, words: Words) -> Element | None:
    """Build what leads to being enabled; nothing where it is."""
    if facts.switch.enabled:
        return None
    if not facts.numbers:
        return {**NUMBERS.button(words), "style": "primary"}
    return enable_button(words)


def _for_admins(facts: Facts, words: Words) -> Sequence[Element]:
    """Choose two buttons, the most pressing first, and put what else there is into the menu."""
    fixes = _best(facts)
    if facts.failures and FAILURES not in fixes:
        fixes.append(FAILURES)
    if not facts.numbers and NUMBERS in fixes:
        fixes.remove(NUMBERS)  # the switch is this button already
    switch = switch_button(facts, words)
    room = MOST_BUTTONS - (switch is not None)
    # Numbered, for two fixes may be one action.
    buttons = [fix.button(words, number) for number, fix in enumerate(fixes[:room], 1)]
    buttons = [*([switch] if switch else []), *buttons]
    if len(buttons) < MOST_BUTTONS and SETTINGS not in fixes:
        buttons.append(SETTINGS.button(words))
    if len(buttons) < MOST_BUTTONS:
        buttons.append(refresh_button(words))
    there = {fix.command for fix in fixes[:room]}
    return [*buttons, _menu(buttons, fixes[room:], there, words, quiet=bool(facts.quiets))]


def _best(facts: Facts) -> list[Fix]:
    """Return the best fix of each open alert, every action once.

    One that mends a single alert, as *Connect* does, names none here where several have it: then
    it is the form in which all of them are mended.
    """
    same: dict[tuple[str, str], list[Alert]] = {}
    for alert in sorted(facts.alerts, key=lambda each: each.name in facts.quiets):
        for fix in fixes_of(alert)[:1]:
            same.setdefault((fix.action, fix.command), []).append(alert)
    best: dict[tuple[str, str], Fix] = {}
    for (_, command), alerts in same.items():
        several = len(alerts) > 1 and not command
        fix = (shared_fix(alerts) if several else None) or fixes_of(alerts[0])[0]
        best.setdefault((fix.action, fix.command), fix)
    return [*best.values()]


def _menu(
    buttons: Sequence[Element],
    asides: Sequence[Fix],
    there: set[str],
    words: Words,
    *,
    quiet: bool,
) -> Element:
    """Build the menu of what is not `there` already, by sub-command."""
    there = {"", *there, *(str(each.get("value", "")) for each in buttons)}
    if any(each["action_id"] == REFRESH for each in buttons):
        there.add("status")
    options = {WAKE_ALL: words(ACTS["wake"])} if quiet else {}
    options |= {fix.command: words(fix.text) for fix in asides if fix.command not in there}
    for command, text in OPTIONS:
        if command not in there:
            options.setdefault(command, words(text))
    chosen = [Option(text, command) for command, text in [*options.items()][:MOST_OPTIONS]]
    return overflow(f"{MORE}#menu", chosen)
