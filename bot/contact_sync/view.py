"""Contact sync as a form: how it stands, what Aircall refused, and the copy of all contacts."""

from __future__ import annotations

from typing import Final

from bot.blocks import Block, Element, actions, button, confirm, context, divider, modal, section
from bot.contact_sync.facts import Facts, Refused
from bot.integration.buttons import enable_button
from bot.markup import Markup, bold, clean, date, escape, join, lines, link, shortened
from bot.operations.view import progress, report
from bot.words import Words

CALLBACK: Final = "contact_sync"
COPY: Final = "sync.copy"
STOP: Final = "sync.stop"
REFRESH: Final = "sync.refresh"
AGAIN: Final = "sync.again"
CHANGE: Final = "edit.general"
LONGEST_NAME: Final = 60
LONGEST_REASON: Final = 200


def loading(words: Words) -> Block:
    """Build what is seen while HubSpot is asked how many contacts it has."""
    said = words("Asking HubSpot how many contacts it has …")
    return modal(
        words("Contact sync"),
        [context(Markup(said))],
        close=words("Close"),
        callback=CALLBACK,
    )


def view(facts: Facts, words: Words, total: int | None, *notices: Markup) -> Block:
    """Build the form; `total` is how many contacts HubSpot has, None where it could not tell."""
    return modal(
        words("Contact sync"),
        [
            *(section(each) for each in notices),
            *_switches(facts, words),
            section(lines(_in_step(facts, words), _waiting(facts, words), _looked(facts, words))),
            *_refused(facts, words),
            divider(),
            *_copy(facts, words),
            actions(*_buttons(facts, words, total)),
        ],
        close=words("Close"),
        callback=CALLBACK,
    )


def change_button(words: Words) -> Element:
    """Build the button that opens the form with the switch."""
    label = words("Open the form that switches copying contacts on and off")
    return button(words("Change"), CHANGE, label=label, value="sync_contacts")


def sync_button(words: Words) -> Element:
    """Build the button that opens this form, wherever it stands."""
    label = words("Look again how contact sync stands")
    return button(words("Contact sync"), REFRESH, label=label)


def switched_on(words: Words) -> Markup:
    """Say what it means that contacts are copied."""
    return words.md(
        "Copying contacts to Aircall is *on*: contacts of logged calls and messages are kept "
        "in Aircall, and follow their changes in HubSpot."
    )


def _switches(facts: Facts, words: Words) -> list[Block]:
    said = (
        switched_on(words)
        if facts.on
        else words.md(
            "Copying contacts to Aircall is *off*: nothing new is written to Aircall, and nothing "
            "is removed there."
        )
    )
    blocks = [section(said, change_button(words))]
    if not facts.enabled:
        off = words.md("The integration is *disabled*: until it is enabled, nothing is copied.")
        blocks.append(section(off, enable_button(words, style=None)))
    return blocks


def _in_step(facts: Facts, words: Words) -> Markup:
    return escape(
        words.count(
            "{count} contact is in step with HubSpot.",
            "{count} contacts are in step with HubSpot.",
            facts.in_step,
        )
    )


def _waiting(facts: Facts, words: Words) -> Markup:
    backlog = facts.backlog
    count = backlog.logged + backlog.changed
    if not count:
        return words.md("No contact waits to be copied.")
    said = words.count(
        "{count} contact waits to be copied, which takes about {time}.",
        "{count} contacts wait to be copied, which takes about {time}.",
        count,
        time=words.duration(backlog.seconds),
    )
    if backlog.since is None or backlog.since >= facts.now:
        return escape(said)
    return join(" ", (said, words.md("The oldest waits since {when}.", when=date(backlog.since))))


def _looked(facts: Facts, words: Words) -> Markup:
    run = facts.followed
    if run is None:
        return words.md("There was no look for changes in HubSpot yet.")
    said = words.md("Last look for changes in HubSpot: {when}.", when=date(run.began))
    if run.trouble:
        why = shortened(clean(words.retell(run.trouble)), LONGEST_REASON).rstrip(".")
        return join(" ", (said, words.md("It was not possible: {because}.", because=why)))
    return said


def _refused(facts: Facts, words: Words) -> list[Block]:
    if not facts.refusals:
        return []
    said = words.count(
        "Aircall refused {count} contact, or a part of it:",
        "Aircall refused {count} contacts, or a part of them:",
        facts.refusals,
    )
    rows = [_row(each, words) for each in facts.refused]
    if more := facts.refusals - len(rows):
        rows.append(escape(words.count("and {count} more", "and {count} more", more)))
    return [section(lines(bold(said), *rows), again_button(words))]


def again_button(words: Words) -> Element:
    """Build the button that tries again what Aircall refused."""
    label = words("Try again to write what Aircall refused")
    return button(words("Try again"), AGAIN, label=label)


def _row(refused: Refused, words: Words) -> Markup:
    name = shortened(clean(refused.name), LONGEST_NAME) or words("Contact {id}", id=refused.id)
    why = shortened(clean(words.retell(refused.reason)), LONGEST_REASON)
    return words.md(
        "• {contact}: {reason}",
        contact=link(refused.link, name) if refused.link else name,
        reason=why,
    )


def _copy(facts: Facts, words: Words) -> list[Block]:
    """Show how far a copy is, or how the last one ended."""
    copy = facts.copy
    if copy is None:
        return [
            section(
                words.md(
                    "There was no copy of all contacts yet. Without one, a contact comes to "
                    "Aircall with its first logged call or message."
                )
            )
        ]
    told = progress(copy, facts.samples, facts.now, words) if copy.active else report(copy, words)
    # Its own button stands below, with the others.
    return [each for each in told.blocks if each["type"] != "actions"]


def _buttons(facts: Facts, words: Words, total: int | None) -> list[Element]:
    refresh = button(words("Refresh"), REFRESH, label=words("Look again how contact sync stands"))
    if facts.copying:
        stopping = facts.copy is not None and facts.copy.state == "stopping"
        return [refresh] if stopping else [_stop(words, facts), refresh]
    if total is None or not total or not facts.on or not facts.enabled or facts.removing:
        return [refresh]
    return [_start(facts, words, total), refresh]


def _start(facts: Facts, words: Words, total: int) -> Element:
    return button(
        words("Copy all contacts"),
        COPY,
        label=words("Copy all contacts of HubSpot to Aircall"),
        style="primary",
        ask=confirm(
            words("Copy all contacts?"), asked(facts, words, total), words("Copy"), words("Not now")
        ),
    )


def asked(facts: Facts, words: Words, total: int) -> Markup:
    """Say what a copy means, in 300 characters: how many, how long, and which are left out."""
    count = words.count("{count} contact", "{count} contacts", total)
    return words.md(
        "HubSpot has {contacts}: up to about {time}, at {rate} requests a minute. Those without a "
        "phone are left out. Where Aircall has one of the same phone, that one is used, so nobody "
        "is there twice.",
        contacts=count,
        time=words.duration(total * 60 / facts.per_minute),
        rate=words.number(facts.per_minute),
    )


def _stop(words: Words, facts: Facts) -> Element:
    return button(
        words("Stop"),
        STOP,
        label=words("Stop the copy after its present contact"),
        value=facts.copy.id if facts.copy else "",
        ask=confirm(
            words("Stop the copy?"),
            words.md("What was copied stays in Aircall. To go on later, start the copy again."),
            words("Stop"),
            words("Let it go on"),
            style="danger",
        ),
    )
