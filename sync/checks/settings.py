"""Checks of the settings against what Aircall and HubSpot have now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import redis

from clients.errors import VendorError
from rules.settings import Known, Settings, problems
from store.alerts import Alerts
from store.directory import Directory, DirectoryStore, Part, Pipeline, known_of
from sync.checks.finding import Finding, broken, ended, ok, unknown, warning
from sync.checks.unlisted import with_unlisted
from sync.checks.world import World
from sync.directory.numbers import NEW
from worker.directory import READERS

SECTIONS: Final[Mapping[str, str]] = {
    "numbers": "numbers",
    "enabled": "numbers",
    "outcomes": "outcomes",
    "tag_outcomes": "outcomes",
    "tickets": "tickets",
    "fallback_owner": "general",
}
"""The beginning of a setting's path -> the section whose form it is in."""

PARTS: Final[tuple[Part, ...]] = ("numbers", "tags", "owners", "outcomes", "pipelines")
"""What of the directory the settings may name."""


def check_settings(world: World) -> Iterator[Finding]:
    """Hold the settings in force against what there is."""
    settings = world.settings()
    if settings is None:
        yield unknown("settings", "The settings cannot be read now.")
        return
    if not settings.enabled:
        yield warning(
            "settings.enabled",
            "The integration is disabled: no call and no message is logged.",
            "Enable it when numbers are chosen.",
            "numbers" if not settings.numbers else "",
        )
    known, unread = known_now(world, settings)
    for sentence in unread:
        yield unknown("settings", sentence, "Try again in a minute.")
    found = problems(settings, known)
    for each in found:
        section = SECTIONS.get(each.path.partition(".")[0], "")
        yield broken("settings", each.sentence, "Choose anew in its form.", section)
    yield from _custom_outcomes(settings, known)
    yield from _new_numbers(world, known)
    if not found and not unread:
        yield ok("settings", "All that the settings name is there, in Aircall and in HubSpot.")


def _new_numbers(world: World, known: Known) -> Iterator[Finding]:
    """Numbers that were offered and neither connected nor dismissed: a hint."""
    offered = [int(each.removeprefix(NEW)) for each in _offers(world)]
    there = known.numbers or {}
    names = [there[id_] for id_ in sorted(offered) if id_ in there]
    if names:
        yield warning(
            "settings.numbers",
            f"These numbers are new and not connected: {', '.join(names)}.",
            "Connect them, if their calls and messages are to be logged.",
            "numbers",
        )


def _offers(world: World) -> list[str]:
    try:
        return [each for each in Alerts(world.connection).names() if each.startswith(NEW)]
    except redis.RedisError:
        return []  # said by the check of the store


def _custom_outcomes(settings: Settings, known: Known) -> Iterator[Finding]:
    """An admin of the portal may delete HubSpot's own outcomes, which settings name by label."""
    if known.outcomes is None:
        return
    labels = {label.casefold() for label in known.outcomes.values()}
    gone = {
        outcome
        for _, outcome in settings.outcomes
        if outcome is not None and outcome.casefold() not in labels
    }
    for outcome in sorted(gone):
        yield warning(
            "settings.outcomes",
            f"HubSpot has no call outcome “{outcome}” any more.",
            "Choose another one, or none.",
            "outcomes",
        )


def known_now(world: World, settings: Settings) -> tuple[Known, list[str]]:
    """Read what Aircall and HubSpot have; with a sentence for each that could not be asked."""
    told: dict[str, Any] = {}
    unread: dict[str, None] = {}
    for part in PARTS:
        try:
            listed = READERS[part](world.hubspot, world.aircall)
            told[part] = with_unlisted(part, listed, world, settings)
        except VendorError as error:
            unread[ended(error.sentence)] = None
    return known_of(Directory(**told, former=_former(world))), list(unread)


def _former(world: World) -> tuple[Pipeline, ...]:
    """Return the pipelines and stages that were ever there: by their names people know them."""
    try:
        return DirectoryStore(world.connection).read().former
    except redis.RedisError:
        return ()  # said by the check of the store
