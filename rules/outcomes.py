"""Which HubSpot outcome (disposition) a call gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rules.kinds import Kind
from rules.records import Tag

DEFAULT_OUTCOMES: Final[Mapping[str, str]] = {
    "Busy": "9d9162e7-6cf3-4944-bf63-4dff82258764",
    "Connected": "f240bbac-87c9-4f6e-bf70-924b57d47db7",
    "Left live message": "a4c4c377-d246-4b32-a13b-75a56a4cd0ff",
    "Left voicemail": "b2cf5968-551e-4856-9783-52b3da59a7d0",
    "No answer": "73a0d17f-1163-4015-bdd5-ec830791da20",
    "Wrong number": "17b47fee-58de-441e-a44c-c6300d46f273",
}
"""Label to GUID, the same in every portal.

https://developers.hubspot.com/docs/methods/engagements/get-call-dispositions
"""
_DEFAULT_BY_LABEL: Final = {label.casefold(): guid for label, guid in DEFAULT_OUTCOMES.items()}


@dataclass(frozen=True, slots=True)
class OutcomeChoice:
    """The GUID for `hs_call_disposition`, and why; None writes none."""

    disposition: str | None
    because: str


def find_outcome(wanted: str, portal_outcomes: Mapping[str, str]) -> str | None:
    """Find an outcome's GUID by GUID or label, whatever the case; None if the portal has it not.

    `portal_outcomes` maps GUID to label. While it is empty the portal's are not known: the six
    defaults are found by label then, and a GUID is believed. A default one is found by its English
    label also where the portal shows another.
    """
    folded = wanted.strip().casefold()
    default = _DEFAULT_BY_LABEL.get(folded)
    if not portal_outcomes:
        is_guid = len(folded) == 36 and folded.count("-") == 4
        return default or (folded if is_guid else None)
    for guid, label in portal_outcomes.items():
        if folded in (guid.casefold(), label.strip().casefold()):
            return guid
    return default if default in portal_outcomes else None


def outcome_of(
    kind: Kind,
    tags: Sequence[Tag],
    outcome_settings: Mapping[str, str | None],
    tag_outcomes: Mapping[str, str],
    portal_outcomes: Mapping[str, str],
) -> OutcomeChoice:
    """Choose the one outcome of the call's mapped tags if they agree, else the kind's setting.

    `outcome_settings`: kind to label or None; `tag_outcomes`: a tag's id or name to an outcome's
    GUID or label; `portal_outcomes`: GUID to label. A mapped outcome that the portal lost counts
    as not mapped.
    """
    if kind in (Kind.INBOUND_MESSAGE, Kind.OUTBOUND_MESSAGE):
        return OutcomeChoice(None, "messages have no outcome")
    mapped = _mapped(tags, tag_outcomes)
    found = {name: find_outcome(outcome, portal_outcomes) for name, outcome in mapped.items()}
    guids = {guid for guid in found.values() if guid}
    if len(guids) == 1:
        names = ", ".join(name for name, guid in found.items() if guid)
        return OutcomeChoice(guids.pop(), f"by tag: {names}")
    why = ""
    if guids:
        why = "; the tags disagree"
    elif found:
        why = "; the tag's outcome is gone from HubSpot"
    label = outcome_settings.get(kind)
    if label is None or label.casefold() == "none":
        return OutcomeChoice(None, f"the setting for {kind}: none{why}")
    disposition = find_outcome(label, portal_outcomes)
    if disposition is None:
        why += "; that outcome is gone from HubSpot"
    return OutcomeChoice(disposition, f"the setting for {kind}: {label}{why}")


def _mapped(tags: Sequence[Tag], tag_outcomes: Mapping[str, str]) -> dict[str, str]:
    """Name each mapped tag of the call, with its outcome."""
    if not tag_outcomes or not tags:
        return {}
    by_name = {tag.strip().casefold(): outcome for tag, outcome in tag_outcomes.items()}
    mapped = {}
    for tag in tags:
        outcome = by_name.get(str(tag.id)) or by_name.get(tag.name.casefold())
        if outcome:
            mapped[tag.name or str(tag.id)] = outcome
    return mapped
