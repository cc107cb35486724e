"""The Home tab: how it goes, and what this person may do about it."""

from __future__ import annotations

from typing import Final

import structlog

from bot.asking.asked import Asked
from bot.asking.desk import Desk, desk
from bot.asking.standing import Rank, Standing
from bot.blocks import (
    Block,
    actions,
    button,
    channel_select,
    context,
    header,
    home_tab,
    section,
)
from bot.integration.buttons import disable_button
from bot.markup import escape
from bot.status import sentences
from bot.status.card import MORE, alerts, body, refresh_button, remarks, switch_button
from bot.status.facts import Facts, gather
from bot.status.fixes import FAILURES, GENERAL, NUMBERS, OUTCOMES, SETTINGS, TICKETS, Fix
from bot.words import N_, Words, language_of, words_in
from clients.errors import Rejected, Unavailable, VendorError
from store.settings import DamagedSettingsError, NoSettingsError
from store.visitors import Visitors

CHOOSE_CHANNEL: Final = "channel.choose"
FORMS: Final[tuple[tuple[Fix, str], ...]] = (
    (SETTINGS, N_("All settings")),
    (NUMBERS, N_("Numbers")),
    (OUTCOMES, N_("Outcomes")),
    (TICKETS, N_("Tickets")),
    (GENERAL, N_("General")),
)
LISTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("failures", N_("Failures"), FAILURES.label),
    ("history", N_("History"), N_("Show the last changes of the settings, with undo")),
    ("check", N_("Check now"), N_("Compare the settings with Aircall and HubSpot now")),
    ("admins", N_("Admins"), N_("Show who may change the settings, and why")),
)
"""Sub-commands that answer in a message, by their word."""

_log = structlog.get_logger(__name__)


def show_home(asked: Asked) -> None:
    """Publish the Home tab of whoever opened it, or refreshed it there.

    Raises redis-py's errors, Unavailable, Rejected, and those of settings that cannot be read.
    """
    if asked.standing.rank > Rank.STRANGER:
        Visitors(asked.desk.shop.connection).note(asked.act.user)
    view = view_for(asked.desk, asked.standing, asked.words, asked.person.time_zone)
    _publish(asked.desk, asked.act.user, view, asked.act.view.hash if asked.act.view else "")


def say_at_home(asked: Asked, said: str) -> None:
    """Show one sentence in the place of all that could not be shown."""
    try:
        _publish(asked.desk, asked.act.user, home_tab([section(escape(said))]))
    except VendorError as error:
        _log.warning("home not shown", user=asked.act.user, because=error.sentence)


def refresh() -> None:
    """RQ job: show the Home tab anew to those who opened it lately."""
    ours = desk()
    for user in Visitors(ours.shop.connection).lately():
        try:
            _show_anew(ours, user)
        except Rejected as error:
            _log.warning("home not shown", user=user, because=error.sentence)
        except Unavailable as error:
            # Whoever opens it meanwhile sees it as it is then; the others with the next change.
            _log.warning("home not shown", because=error.sentence)
            return
        except (DamagedSettingsError, NoSettingsError) as error:
            _log.warning("home not shown", because=str(error))
            return


def _show_anew(ours: Desk, user: str) -> None:
    person = ours.people.find(user)
    judged = ours.judge(user, person)
    if judged.rank is Rank.STRANGER:
        # Deactivated, perhaps: there is no tab any more to show anything on.
        Visitors(ours.shop.connection).forget(user)
        return
    words = words_in(language_of(person.locale if person else ""))
    _publish(ours, user, view_for(ours, judged, words, person.time_zone if person else ""))


def _publish(ours: Desk, user: str, view: Block, hash_: str = "") -> None:
    """Publish, unless a newer view of ours took the place of the one that `hash_` names."""
    known = {"hash": hash_} if hash_ else {}
    try:
        ours.slack.tell("views.publish", quick=True, user_id=user, view=view, **known)
    except Rejected as error:
        if error.category != "hash_conflict":
            raise
        _log.info("home was shown anew meanwhile", user=user)


def view_for(ours: Desk, standing: Standing, words: Words, time_zone: str) -> Block:
    """Build the Home tab for somebody; raises as `gather` does."""
    if standing.rank is Rank.STRANGER:
        said = words("Only people of this workspace may use this integration.")
        return home_tab([section(escape(said))])
    return view_of(gather(ours.shop, time_zone), words, standing)


def view_of(facts: Facts, words: Words, standing: Standing) -> Block:
    """Build the Home tab of these facts."""
    admin = standing.rank is Rank.ADMIN
    return home_tab(
        [
            header(facts.name),
            *body(facts, words),
            *alerts(facts, words, fixes=admin),
            *(_for_admins(facts, words) if admin else [actions(refresh_button(words))]),
            context(sentences.footer(facts, words)),
        ]
    )


def _for_admins(facts: Facts, words: Words) -> list[Block]:
    switch = switch_button(facts, words) or disable_button(words, "danger")
    forms = [
        fix.button(words, number, text)
        for number, (fix, text) in enumerate(FORMS, 1)
        if fix.action != switch["action_id"]
    ]
    lists = [
        button(words(text), f"{MORE}#{word}", label=words(label), value=word)
        for word, text, label in LISTS
    ]
    return [
        *remarks(facts, words),
        header(words("Settings")),
        actions(switch, *forms, id_="forms"),
        *_channel(facts, words),
        header(words("Look closer")),
        actions(*lists, refresh_button(words), id_="lists"),
    ]


def _channel(facts: Facts, words: Words) -> list[Block]:
    if facts.channel_in_file:
        return []
    said = words.md(
        "*Channel for announcements and alerts*: I post a test message in the one you choose. "
        "Invite me there first."
    )
    return [section(said, channel_select(CHOOSE_CHANNEL, words("Choose a channel"), facts.channel))]
