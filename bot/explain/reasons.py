"""Why a rule chose as it did, in the words of the forms: each reason with the setting behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.labels import KINDS, setting_name
from bot.markup import clean, shortened
from bot.words import Words
from bot.words.retold import PARTS
from rules.kinds import Kind, stage_setting
from rules.settings import Known

LONGEST: Final = 400
SETTINGS: Final[Mapping[str, str]] = {
    "making contacts is off": "create_contacts",
    "unknown phone: a contact is made": "create_contacts",
    "the fallback owner": "fallback_owner",
    "there is no fallback owner": "fallback_owner",
    "the fallback owner is not active": "fallback_owner",
    "no ticket, as no pipeline is chosen": "tickets.pipeline",
}
"""The setting that a reason rests on; of an outcome and a stage it depends on the kind."""
SECTIONS: Final[Mapping[str, str]] = {
    "numbers": "numbers",
    "outcomes": "outcomes",
    "tag_outcomes": "outcomes",
    "tickets": "tickets",
}
_BY_SETTING: Final = "the setting for "
_BY_TAG: Final = "by tag: "
_STAGE: Final = (
    "the kind has a stage",
    "no ticket for this kind",
    "the ticket's pipeline or stage is missing in HubSpot: no ticket",
)
_KIND: Final = re.compile("|".join(KINDS))


def why(said: str, kind: Kind | None, known: Known, words: Words) -> str:
    """Say why a rule chose, part by part, naming the settings."""
    parts = [_part(each, kind, known, words) for each in said.split(PARTS)]
    return shortened(clean(PARTS.join(parts)), LONGEST)


def _part(said: str, kind: Kind | None, known: Known, words: Words) -> str:
    path = setting_of(said, kind)
    if path and said.startswith(_BY_SETTING):
        return words("by the setting “{setting}”", setting=setting_name(path, known, words))
    told = _KIND.sub(lambda found: words(KINDS[found[0]]), words.retell(said))
    if not path:
        return told
    setting = setting_name(path, known, words)
    return words("{reason} (setting “{setting}”)", reason=told, setting=setting)


def setting_of(said: str, kind: Kind | None) -> str:
    """Return the path of the setting that a reason rests on; nothing where it rests on none."""
    if kind is not None and said.startswith(_BY_SETTING):
        return f"outcomes.{kind}"
    if kind is not None and said in _STAGE:
        return f"tickets.stages.{stage_setting(kind)}"
    return "tag_outcomes" if said.startswith(_BY_TAG) else SETTINGS.get(said, "")


def section_of(path: str) -> str:
    """Return the section of the settings, and so the form, that holds a setting."""
    first = path.partition(".")[0]
    return SECTIONS.get(first, "general")
