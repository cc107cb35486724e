"""Numbers that Aircall has since a short while and that are not connected: offered once each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from clients.errors import NotFound, VendorError
from rules.settings import Settings
from store import keys
from store.connection import text
from store.directory import Number
from store.tombstone import is_deleted
from worker.workshop import Workshop

NEW: Final = "number new "
MOST_ASKED: Final = 5
"""Offered numbers that one look asks Aircall for by id, because its list left them out: each takes
a second of the slice's."""
GONE: Final = "The number is gone from Aircall again."
CONNECTED: Final = "The number is connected."
Late = Callable[[], bool]
"""Tells whether a slice's time is used up: a slow Aircall is asked for the others next time."""


def never() -> bool:
    """Say that there is time, where no slice is cut."""
    return False


def look_for_new(shop: Workshop, late: Late = never) -> None:
    """Offer every number that was never seen before, after the list was read.

    The first reading of all only notes what there is. Raises redis-py's errors and those of
    settings.
    """
    listed = {each.id: each for each in shop.directory.read().numbers or ()}
    seen = {int(id_): text(name) for id_, name in _seen(shop).items()}
    current = shop.revisions.current()
    deleted = is_deleted(current)
    for number in listed.values() if seen and not deleted else ():
        if number.id not in seen and is_new_to(current.settings, number.id):
            _offer(shop, number)
    _note(shop, listed.values(), seen)
    absent = []
    for alert in sorted(each for each in shop.alerts.names() if each.startswith(NEW)):
        id_ = int(alert.removeprefix(NEW))
        if not is_new_to(current.settings, id_):
            shop.alerts.resolve(alert, CONNECTED if current.settings.connects(id_) else "")
        elif id_ in listed:
            _offer(shop, listed[id_])  # it may have been renamed
        else:
            absent.append(id_)
    for id_ in absent[:MOST_ASKED]:
        _ask_for(shop, id_)
        if late():
            return


def is_new_to(settings: Settings, number: int) -> bool:
    """Tell whether a number is worth an offer: some are chosen one by one, and it is not."""
    return settings.numbers != "all" and bool(settings.numbers) and number not in settings.numbers


def _offer(shop: Workshop, number: Number) -> None:
    name = number.name or number.digits
    said = (
        f"Aircall has a new number, “{name}”, which is not connected: its calls and messages are "
        "not logged."
    )
    shop.alerts.raise_(f"{NEW}{number.id}", said, {"number": str(number.id), "name": name})


def _ask_for(shop: Workshop, id_: int) -> None:
    """Close the offer of a number that the list left out, if it is gone indeed."""
    try:
        shop.aircall.in_background().number(id_)
    except NotFound:
        shop.alerts.resolve(f"{NEW}{id_}", GONE)
    except VendorError:
        return  # nobody can tell now


def _seen(shop: Workshop) -> Mapping[bytes, bytes]:
    kept: Mapping[bytes, bytes] = shop.connection.hgetall(keys.NUMBERS_SEEN)  # type: ignore[assignment]  # bytes: nothing is decoded
    return kept


def _note(shop: Workshop, listed: Iterable[Number], seen: Mapping[int, str]) -> None:
    """Note after the offers: who dies in between offers once more, which changes nothing."""
    names = {each.id: each.name or each.digits for each in listed}
    changed = {id_: name for id_, name in names.items() if seen.get(id_) != name}
    if changed:
        flat = [part for pair in changed.items() for part in pair]
        shop.connection.hset(keys.NUMBERS_SEEN, items=flat)
