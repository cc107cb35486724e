"""What is known of one HubSpot contact on its way to Aircall, and how it is kept in Redis."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from rules.aircall_contacts import TEXTS
from rules.aircall_steps import Held, Kept


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one HubSpot contact on its way to Aircall."""

    aircall: int | None = None
    """Its contact there; None if it has none."""
    ours: bool = False
    """We made that contact, so we may remove it."""
    digest: str = ""
    """Of what was wanted when it was last carried: the same again asks Aircall nothing."""
    held: Held = field(default_factory=Held)
    theirs: str = ""
    """What people had written about it in Aircall before us."""
    doubt: bool = False
    """A request was sent whose answer is not noted: look before the next one."""
    shared: tuple[str, ...] = ()
    """Its phones (E.164) that another HubSpot contact has in Aircall."""
    reason: str = ""
    """Why it, or some of it, is not in Aircall."""
    refused: bool = False
    """The reason is a refusal of Aircall's."""

    @property
    def phones(self) -> tuple[str, ...]:
        """The phones of its contact in Aircall: E.164 but for what people added there."""
        return tuple(each.value for each in self.held.phones)


def packed(entry: Entry) -> str:
    """Give an entry as it is kept: short names and nothing empty, for there may be 100,000s."""
    held = entry.held
    all_: dict[str, Any] = {
        "a": entry.aircall,
        "o": int(entry.ours),
        "d": entry.digest,
        "t": [held.texts.get(name, "") for name in TEXTS] if held.texts else None,
        "p": [_packed_detail(each) for each in held.phones],
        "e": [_packed_detail(each) for each in held.emails],
        "i": entry.theirs,
        "q": int(entry.doubt),
        "s": entry.shared,
        "r": entry.reason,
        "x": int(entry.refused),
    }
    given = {name: value for name, value in all_.items() if value}
    return json.dumps(given, separators=(",", ":"), ensure_ascii=False)


def _packed_detail(kept: Kept) -> list[str | int | None]:
    return [kept.label, kept.value, kept.id, int(kept.ours)]


def parsed(raw: bytes | str) -> Entry:
    """Read an entry as it was kept."""
    kept = json.loads(raw)
    marks = zip(TEXTS, kept.get("t", ()), strict=False)
    texts = MappingProxyType({name: mark for name, mark in marks if mark})
    phones, emails = (
        tuple(Kept(label, value, id_, bool(ours)) for label, value, id_, ours in kept.get(name, ()))
        for name in ("p", "e")
    )
    return Entry(
        aircall=kept.get("a"),
        ours=bool(kept.get("o")),
        digest=kept.get("d", ""),
        held=Held(texts, phones, emails),
        theirs=kept.get("i", ""),
        doubt=bool(kept.get("q")),
        shared=tuple(kept.get("s", ())),
        reason=kept.get("r", ""),
        refused=bool(kept.get("x")),
    )
