"""The overview of all settings: what each section says, and a button that opens its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import structlog

from bot.asking.asked import Asked
from bot.blocks import Block, Element, actions, button, divider, modal, section
from bot.integration.buttons import disable_button, enable_button
from bot.integration.switch import switched
from bot.labels import author_name
from bot.markup import Markup, bold, date, lines
from bot.modals import summaries
from bot.modals.opening import GONE, OVERVIEW
from bot.words import N_, Words
from clients.errors import Rejected, Unavailable
from rules.settings import Known, Settings
from store.directory import known_of
from store.settings import Revision

Summary = Callable[[Settings, Known, Words], Markup]
SECTIONS: Final[Mapping[str, tuple[str, str, Summary]]] = {
    "numbers": (N_("Connected numbers"), N_("Edit the connected numbers"), summaries.numbers),
    "outcomes": (N_("Outcomes"), N_("Edit the outcomes by kind and by tag"), summaries.outcomes),
    "tickets": (N_("Tickets"), N_("Edit the ticket pipeline and its stages"), summaries.tickets),
    "general": (
        N_("General"),
        N_("Edit name, business hours, contacts and owner"),
        summaries.general,
    ),
}
"""Each section's title, the full sentence of its button, and its summary."""

_log = structlog.get_logger(__name__)


def open_overview(asked: Asked) -> None:
    """Open the overview. Raises redis-py's errors, Unavailable, Rejected and those of settings."""
    asked.open(overview(asked))


def refresh_overview(asked: Asked, view_id: str, hash_: str = "", *notices: Block) -> None:
    """Show an open overview as the settings are now; one that was closed meanwhile is left."""
    try:
        asked.update(view_id, hash_, overview(asked, notices))
    except Rejected as error:
        if error.category not in GONE:
            raise
    except Unavailable as error:
        # What it shows is a moment old; nothing is lost by that.
        _log.warning("overview not shown anew", because=error.sentence)


def overview(asked: Asked, notices: Sequence[Block] = ()) -> Block:
    """Build the overview from the store, no vendor is asked."""
    shop = asked.desk.shop
    revisions = shop.revisions.changing("enabled")
    current = shop.revisions.current()
    return view_of(current, revisions, known_of(shop.directory.read()), asked.words, notices)


def view_of(
    current: Revision,
    revisions: Sequence[Revision],
    known: Known,
    words: Words,
    notices: Sequence[Block] = (),
) -> Block:
    """Build the overview of a revision; `revisions` tell since when it is enabled or not."""
    settings = current.settings
    return modal(
        words("Settings"),
        [
            *notices,
            section(_state(current, revisions, words), switch_button(settings, words)),
            divider(),
            *(
                section(
                    lines(bold(words(title)), summary(settings, known, words)),
                    button(words("Edit"), f"edit.{name}", label=words(label)),
                )
                for name, (title, label, summary) in SECTIONS.items()
            ),
            divider(),
            actions(_delete(words)),
        ],
        callback=OVERVIEW,
        close=words("Close"),
    )


def _state(current: Revision, revisions: Sequence[Revision], words: Words) -> Markup:
    switch = switched(revisions, current)
    since = {"when": date(switch.at), "who": author_name(switch.author, words)}
    if switch.enabled:
        return words.md("*Enabled* since {when}, by {who}.", **since)
    return words.md("*Disabled* since {when}, by {who}.", **since)


def switch_button(settings: Settings, words: Words) -> Element:
    """Build the button that enables or disables."""
    return disable_button(words) if settings.enabled else enable_button(words)


def _delete(words: Words) -> Element:
    return button(
        words("Delete the integration …"),
        "delete",
        label=words("Open the form that deletes the integration and its settings"),
        style="danger",
    )
