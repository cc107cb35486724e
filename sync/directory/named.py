"""What the settings name, held against what was just read of it: gone, archived, or back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from clients.errors import NotFound, VendorError
from clients.hubspot import HubSpot
from rules.outcomes import find_outcome
from rules.owners import Owner
from rules.settings import Settings
from store import keys
from store.connection import text
from store.directory import Directory, Part
from store.tombstone import is_deleted
from sync.directory.numbers import NEW, Late, is_new_to, never
from worker.directory import READERS
from worker.workshop import Workshop

NUMBER: Final = "number gone "
OWNER: Final = "owner archived "
TAG: Final = "tag gone "
OUTCOME: Final = "outcome gone "
MOST_ASKED: Final = 10
"""Numbers that one look asks Aircall for by id, because its list left them out."""
KINDS: Final[Mapping[str, str]] = {
    "outbound_answered": "Answered outgoing call",
    "outbound_unanswered": "Unanswered outgoing call",
    "outbound_busy": "Outgoing call to a busy line",
    "outbound_wrong_number": "Outgoing call to a wrong number",
    "inbound_answered": "Answered incoming call",
    "inbound_missed": "Missed incoming call without voicemail",
    "inbound_voicemail": "Missed incoming call with voicemail",
}
"""Kinds of calls as the forms call them: a test holds both together."""
BACK: Final = "It is there again."
UNNAMED: Final = "The settings do not name it any more."


def look_at(shop: Workshop, part: Part, before: Directory, late: Late = never) -> None:
    """Hold the settings against a part that was just read; `before` knows the names of old.

    Absence from a list alone proves nothing. Who is asked by id one after the other is asked until
    it is `late`. Raises redis-py's errors and those of settings.
    """
    current = shop.revisions.current()
    if is_deleted(current):
        return
    if part == "numbers":
        _numbers(shop, current.settings, late)
    elif part in LOOKS:
        LOOKS[part](shop, current.settings, before)


def mended(shop: Workshop) -> None:
    """Close the alerts of what the settings do not name any more, without asking anybody."""
    current = shop.revisions.current()
    gone, directory = is_deleted(current), shop.directory.read()
    for name in shop.alerts.names():
        if gone and name.startswith((NUMBER, OWNER, TAG, OUTCOME, NEW)):
            shop.alerts.resolve(name)
        elif not _is_named(name, current.settings, directory):
            shop.alerts.resolve(name, UNNAMED)
        elif name.startswith(NEW) and not is_new_to(current.settings, _id_in(name, NEW)):
            shop.alerts.resolve(name)


def _is_named(alert: str, settings: Settings, directory: Directory) -> bool:
    """Tell whether the settings still name what an alert is about; True of other alerts."""
    if alert.startswith(NUMBER):
        return settings.numbers != "all" and _id_in(alert, NUMBER) in settings.numbers
    if alert.startswith(OWNER):
        return settings.fallback_owner == alert.removeprefix(OWNER)
    if alert.startswith(TAG):
        return alert.removeprefix(TAG) in _tags(settings, directory)
    if alert.startswith(OUTCOME):
        return alert.removeprefix(OUTCOME) in chosen_outcomes(settings)
    return True


def _id_in(alert: str, start: str) -> int:
    typed = alert.removeprefix(start)
    return int(typed) if typed.isdigit() else -1


def _numbers(shop: Workshop, settings: Settings, late: Late) -> None:
    listed = {each.id for each in shop.directory.read().numbers or ()}
    open_ = {each for each in shop.alerts.names() if each.startswith(NUMBER)}
    for alert in open_:
        if _id_in(alert, NUMBER) in listed:
            shop.alerts.resolve(alert, BACK)
    if settings.numbers == "all":
        return
    absent = sorted(settings.numbers - listed, key=lambda id_: (f"{NUMBER}{id_}" in open_, id_))
    for id_ in absent[:MOST_ASKED]:
        _ask_for_number(shop, id_)
        if late():
            return


def _ask_for_number(shop: Workshop, id_: int) -> None:
    try:
        shop.aircall.in_background().number(id_)
    except NotFound:
        name = text(shop.connection.hget(keys.NUMBERS_SEEN, str(id_)) or b"")
        said = (
            f"The connected number “{name or id_}” is gone from Aircall: no call and no "
            "message of it comes any more. It stays connected until you take it out."
        )
        shop.alerts.raise_(f"{NUMBER}{id_}", said, {"number": str(id_), "name": name})
    except VendorError:
        return  # nobody can tell now
    else:
        shop.alerts.resolve(f"{NUMBER}{id_}", BACK)


def _owners(shop: Workshop, settings: Settings, before: Directory) -> None:
    id_ = settings.fallback_owner
    if id_ is None:
        return
    found = {each.id: each for each in shop.directory.read().owners or ()}
    try:
        chosen = found.get(id_) or owner_by_id(shop.hubspot, id_)
    except VendorError:
        return  # nobody can tell now
    alert = f"{OWNER}{id_}"
    if chosen is not None and chosen.active:
        shop.alerts.resolve(alert, BACK)
        return
    known = chosen or next((each for each in before.owners or () if each.id == id_), None)
    told = next(
        (each.about.get("name", "") for each in shop.alerts.open() if each.name == alert), ""
    )
    name = (known.name or known.email) if known else told
    said = (
        f"The owner “{name or id_}”, chosen where none is found, is archived in HubSpot."
        if chosen
        else f"The owner “{name or id_}”, chosen where none is found, is gone from HubSpot."
    )
    until = "Until you choose another one, what has no owner of its own is logged without."
    shop.alerts.raise_(alert, f"{said} {until}", {"owner": id_, "name": name})


def owner_by_id(hubspot: HubSpot, id_: str) -> Owner | None:
    """Ask for an owner that the lists left out; None if HubSpot has it no more.

    Raises VendorError where HubSpot does not tell.
    """
    try:
        found = hubspot.owner(id_)
    except NotFound:
        return None
    return Owner(found.id, found.email, found.name, active=not found.archived)


def _tags(settings: Settings, directory: Directory) -> Mapping[str, str]:
    """Return the mapped tags by id, and what each is called in the settings."""
    ids = {name.casefold(): str(id_) for id_, name in (directory.tags or {}).items()}
    there = {str(id_) for id_ in directory.tags or ()}
    return {
        tag if tag in there else ids.get(tag.casefold(), tag): tag for tag in settings.tag_outcomes
    }


def _look_at_tags(shop: Workshop, settings: Settings, before: Directory) -> None:
    now = shop.directory.read()
    there = {str(id_) for id_ in now.tags or ()}
    mapped = _tags(settings, now)
    for tag in mapped.keys() & there:
        shop.alerts.resolve(f"{TAG}{tag}", BACK)
    absent = mapped.keys() - there
    if not there or not absent:
        return
    # A tag that is deleted while pages are read moves another one past them: read once more.
    try:
        shop.directory.write("tags", READERS["tags"](shop.hubspot, shop.aircall.in_background()))
    except VendorError:
        return
    again = {str(id_) for id_ in shop.directory.read().tags or ()}
    known = {each.name: each.about.get("name", "") for each in shop.alerts.open()}
    for tag in sorted(absent - again if again else ()):
        old = (before.tags or {}).get(int(tag), "") if tag.isdigit() else mapped[tag]
        name = old or known.get(f"{TAG}{tag}", "")
        said = (
            f"The tag “{name or tag}” is gone from Aircall: it gives no call its outcome any "
            "more. It stays among the settings until you take it out."
        )
        shop.alerts.raise_(f"{TAG}{tag}", said, {"tag": tag, "name": name})


def chosen_outcomes(settings: Settings) -> dict[str, list[str]]:
    """Return every outcome that is chosen, and the settings that chose it."""
    used: dict[str, list[str]] = {}
    for tag, outcome in settings.tag_outcomes.items():
        used.setdefault(outcome, []).append(f"tag_outcomes.{tag}")
    for kind, label in settings.outcomes:
        if label is not None:
            used.setdefault(label, []).append(f"outcomes.{kind}")
    return used


def _look_at_outcomes(shop: Workshop, settings: Settings, before: Directory) -> None:
    now = shop.directory.read()
    chosen = chosen_outcomes(settings)
    absent = [each for each in chosen if not find_outcome(each, now.outcomes or {})]
    for outcome in chosen.keys() - set(absent):
        shop.alerts.resolve(f"{OUTCOME}{outcome}", BACK)
    if not absent or not now.outcomes:
        return
    try:
        options = outcome_options(shop.hubspot)
    except VendorError:
        return  # nobody can tell now
    if not options:
        return
    known = {each.name: each.about.get("name", "") for each in shop.alerts.open()}
    for outcome in absent:
        if find_outcome(outcome, options):
            continue
        name = (before.outcomes or {}).get(outcome, "") or known.get(f"{OUTCOME}{outcome}", "")
        said = f"The call outcome “{name or outcome}” is gone from HubSpot. "
        said += _lost(chosen[outcome], now)
        about = {"outcome": outcome, "name": name or outcome, "used": ",".join(chosen[outcome])}
        shop.alerts.raise_(f"{OUTCOME}{outcome}", said, about)


def outcome_options(hubspot: HubSpot) -> Mapping[str, str]:
    """Ask HubSpot plainly: where its list is refused, the directory holds the six default ones.

    Raises VendorError where HubSpot does not tell.
    """
    there = hubspot.properties("calls").get("hs_call_disposition")
    return dict(there.options) if there else {}


def _lost(paths: Iterable[str], directory: Directory) -> str:
    """Say what has no outcome any more until another one is chosen."""
    rests = [path.partition(".") for path in paths]
    tags = directory.tags or {}
    names = [
        tags.get(int(tag), tag) if tag.isdigit() else tag
        for section, _, tag in rests
        if section == "tag_outcomes"
    ]
    said = [f"These tags give none until you choose another: {', '.join(names)}."] if names else []
    said += [
        f"It is not written any more for: {KINDS[kind]}."
        for section, _, kind in rests
        if section == "outcomes"
    ]
    return " ".join(said)


LOOKS: Final[Mapping[Part, Callable[[Workshop, Settings, Directory], None]]] = {
    "owners": _owners,
    "tags": _look_at_tags,
    "outcomes": _look_at_outcomes,
}
