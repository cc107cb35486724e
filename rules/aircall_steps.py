"""The fewest requests that make Aircall's contact as it is wanted, and what is there after each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from rules.aircall_contacts import PARTS, AircallContact, Detail, Part, Wanted, key_of
from rules.plan import digest

CLEARED: Final = "–"
"""Written over a text of ours that was cleared in HubSpot: Aircall takes no blank one."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A phone (E.164) or e-mail that an Aircall contact has, as far as we know."""

    label: str
    value: str
    id: int | None = None
    ours: bool = True
    """We wrote it: what a person added in Aircall is left alone."""


@dataclass(frozen=True, slots=True)
class Held:
    """What an Aircall contact holds by our hand, and beside it."""

    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Digest of each text as we last wrote it."""
    phones: tuple[Kept, ...] = ()
    emails: tuple[Kept, ...] = ()

    def details(self, part: Part) -> tuple[Kept, ...]:
        """Its phones, or its e-mails."""
        return self.phones if part == "phone" else self.emails

    def with_details(self, part: Part, details: Iterable[Kept]) -> Held:
        """The same with these phones, or e-mails."""
        if part == "phone":
            return replace(self, phones=tuple(details))
        return replace(self, emails=tuple(details))

    def all_ours(self) -> Held:
        """The same of a contact that we made: nobody else can have written it yet."""
        held = self
        for part in PARTS:
            held = held.with_details(part, (replace(one, ours=True) for one in held.details(part)))
        return held

    @property
    def nameless(self) -> bool:
        """Whether Aircall did not tell the id of something we wrote: it cannot be changed so."""
        return any(one.ours and one.id is None for part in PARTS for one in self.details(part))


@dataclass(frozen=True, slots=True)
class WriteTexts:
    """Write these texts, none of them blank."""

    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Add:
    """Add a phone or an e-mail."""

    part: Part
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Put:
    """Put a phone or an e-mail in the place of one that we wrote."""

    part: Part
    old: Kept
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Take away a phone or an e-mail that we wrote."""

    part: Part
    old: Kept


Step = WriteTexts | Add | Put | Remove
"""One request."""


def made_of(wanted: Wanted, told: AircallContact | None) -> Held:
    """Return what a contact holds that we make as it is wanted; `told` is Aircall's answer."""
    texts = {name: digest(text) for name, text in wanted.texts.items()}
    held = Held(MappingProxyType(texts))
    for part in PARTS:
        made = (
            Kept(one.label, one.value, _id_in(told, part, one.value))
            for one in wanted.details(part)
        )
        held = held.with_details(part, made)
    return held


def reconciled(held: Held, there: AircallContact, wanted: Wanted) -> Held:
    """Tell anew what is there: what we wrote is ours while it is there, all else is not.

    A text that a person made as it is wanted counts as written.
    """
    texts = {name: mark for name, mark in held.texts.items() if there.texts.get(name)}
    for name, text in wanted.texts.items():
        if there.texts.get(name) == text:
            texts[name] = digest(text)
    found = Held(MappingProxyType(texts))
    for part in PARTS:
        ours = [one for one in held.details(part) if one.ours]
        ours_by_key = {key_of(part, one.value) for one in ours}
        ours_by_id = {one.id for one in ours} - {None}
        known: tuple[Kept | Detail, ...] = (*held.details(part), *wanted.details(part))
        values = {key_of(part, one.value): one.value for one in known}
        kept: dict[str, Kept] = {}
        for one in there.details(part):
            key = key_of(part, one.value)
            is_ours = key in ours_by_key or one.id in ours_by_id
            kept.setdefault(key, Kept(one.label, values.get(key, one.value), one.id, ours=is_ours))
        found = found.with_details(part, kept.values())
    return found


def steps(held: Held, wanted: Wanted) -> tuple[Step, ...]:
    """Return the requests that lead from what is there to what is wanted, none if it is there.

    One for all texts that changed, one for each phone or e-mail. What people wrote in Aircall is
    not taken away; the last phone neither, for Aircall holds no contact without one.
    """
    texts = _changed_texts(held, wanted)
    first: tuple[Step, ...] = (WriteTexts(MappingProxyType(texts)),) if texts else ()
    return (*first, *_detail_steps("phone", held, wanted), *_detail_steps("email", held, wanted))


def after(held: Held, step: Step, told: AircallContact | None) -> Held:
    """Return what is there after a step; `told` is the contact, if Aircall answered with it."""
    match step:
        case WriteTexts(texts):
            marks = {name: digest(text) for name, text in texts.items()}
            return replace(held, texts=MappingProxyType({**held.texts, **marks}))
        case Add(part, label, value):
            made = Kept(label, value, _id_in(told, part, value))
            return held.with_details(part, (*held.details(part), made))
        case Put(part, old, label, value):
            made = Kept(label, value, old.id)
            return held.with_details(
                part, (made if one == old else one for one in held.details(part))
            )
        case _:
            kept = (one for one in held.details(step.part) if one != step.old)
            return held.with_details(step.part, kept)


def doubled(told: AircallContact | None, part: Part, value: str) -> tuple[int, int] | None:
    """Return the ids of one that a person had added before and of ours, if both are there now."""
    ids = sorted(_ids_in(told, part, value))
    return (ids[0], ids[-1]) if len(ids) > 1 else None


def _changed_texts(held: Held, wanted: Wanted) -> dict[str, str]:
    changed = {
        name: text for name, text in wanted.texts.items() if held.texts.get(name) != digest(text)
    }
    cleared = [name for name in held.texts if name not in wanted.texts]
    return changed | {name: CLEARED for name in cleared if held.texts[name] != digest(CLEARED)}


def _detail_steps(part: Part, held: Held, wanted: Wanted) -> list[Step]:
    there = {key_of(part, one.value): one for one in held.details(part)}
    wishes = {key_of(part, one.value): one for one in wanted.details(part)}
    found: list[Step] = [
        Put(part, there[key], one.label, one.value)
        for key, one in wishes.items()
        if key in there and there[key].ours and there[key].label != one.label
    ]
    new = [one for key, one in wishes.items() if key not in there]
    old = [one for key, one in there.items() if one.ours and key not in wishes]
    for one in _by_label(new, old):
        place = next((each for each in old if each.label == one.label), old[0] if old else None)
        if place is None:
            found.append(Add(part, one.label, one.value))
        else:
            old.remove(place)
            found.append(Put(part, place, one.label, one.value))
    if part == "phone" and not wishes:
        return found
    return found + [Remove(part, one) for one in old]


def _by_label(new: Sequence[Detail], old: Sequence[Kept]) -> list[Detail]:
    """Those first that take the place of one with their label."""
    labels = {one.label for one in old}
    return sorted(new, key=lambda one: one.label not in labels)


def _ids_in(told: AircallContact | None, part: Part, value: str) -> list[int]:
    details = told.details(part) if told else ()
    wanted = key_of(part, value)
    return [one.id for one in details if one.id is not None and key_of(part, one.value) == wanted]


def _id_in(told: AircallContact | None, part: Part, value: str) -> int | None:
    return max(_ids_in(told, part, value), default=None)
