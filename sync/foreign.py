"""Calls that another integration logged in HubSpot: two of them would double everything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

import redis
import structlog

from clients.aircall import Aircall
from clients.bodies import compact
from clients.errors import NotFound, Rejected
from clients.hubspot import HubSpot
from clients.hubspot.connection import chunks
from clients.hubspot.queries import LONGEST_BODY, PAGE, Filter, Query
from clients.hubspot.records import Record
from store import keys
from store.alerts import Alerts
from store.connection import now_ms
from store.directory import DirectoryStore
from store.records import DamagedError, read_ids
from sync.slices import Slice, in_slices
from worker.fetched import unseen
from worker.setup import UNIQUE
from worker.workshop import Workshop

JOB: Final = "sync.foreign.look"
ALERT: Final = "foreign app"
SPAN: Final = 86_400_000
"""Milliseconds back to which calls count: the other integration still logs."""
EXTERNAL: Final = "hs_call_external_id"
MOST: Final = PAGE
"""Calls that are looked at and counted: the first page of a search tells enough."""
ASKED: Final = 3
"""Calls unknown to us that Aircall is asked about: another telephone system has ids as well."""
_LAST_CURSOR: Final = "9800"
_IS_ID: Final = re.compile(r"[0-9]{1,18}", re.ASCII)

log = structlog.get_logger(__name__)


class Looking(Protocol):
    """What is looked with: a workshop, or the world of the checks."""

    @property
    def connection(self) -> redis.Redis:
        """The store."""

    @property
    def hubspot(self) -> HubSpot:
        """Where the calls are."""

    @property
    def aircall(self) -> Aircall:
        """Whose calls they may be."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """Calls of Aircall that another integration logged."""

    count: int = 0
    """At most `MOST`: there may be more."""
    example: str = ""
    """The Aircall id of the newest one."""


def logged_elsewhere(shop: Looking, call_ids: Sequence[str]) -> frozenset[str]:
    """Return those of these Aircall calls (ids as digits) that a HubSpot call not ours names.

    Costs a search for about 200 ids, and a reading of texts where it is not plain whose a call is.
    Raises VendorErrors and redis-py's errors.
    """
    properties = _properties(shop)
    wanted = [id_ for id_ in dict.fromkeys(call_ids) if _IS_ID.fullmatch(id_)]
    found: set[str] = set()
    for query in _queries(wanted, properties):
        found |= {_external(record) for record in _not_ours(shop, _searched(shop, query))}
    return frozenset(found & set(wanted))


def foreign_between(shop: Looking, start_ms: int, end_ms: int) -> Foreign:
    """Count the calls begun in this time (ms) that are of our Aircall and logged by somebody else.

    Costs one search where there are none. Raises VendorErrors and redis-py's errors.
    """
    properties = _properties(shop)
    begun = (
        Filter("hs_timestamp", "GTE", (str(start_ms),)),
        Filter("hs_timestamp", "LTE", (str(end_ms),)),
        Filter(EXTERNAL, "HAS_PROPERTY"),
    )
    ours = UNIQUE["calls"]
    without = (Filter(ours, "NOT_HAS_PROPERTY"),) if ours in properties else ()
    query = Query(((*begun, *without),), properties, (("hs_timestamp", "DESCENDING"),))
    found = list(_not_ours(shop, shop.hubspot.search("calls", query, MOST)))
    ids = [id_ for record in found if _IS_ID.fullmatch(id_ := _external(record))]
    of_aircall = _of_aircall(shop, ids)
    return Foreign(len(of_aircall), next(iter(of_aircall), ""))


def look() -> None:
    """Background job: see whether another integration still logs calls."""
    in_slices(JOB, _look)


def _look(shop: Workshop, _: Slice) -> bool:
    if not shop.revisions.current().settings.enabled:
        # While we log nothing, whoever else does so doubles nothing.
        shop.alerts.resolve(ALERT)
        return False
    now = now_ms(shop.connection)
    tell(shop.alerts, foreign_between(shop, now - SPAN, now))
    return False


def tell(alerts: Alerts, found: Foreign) -> None:
    """Raise the alert or close it; one that is open keeps its words, for the count never rests."""
    if not found.count:
        alerts.resolve(ALERT)
    elif ALERT not in alerts.names():
        alerts.raise_(ALERT, sentence(found), {"count": _counted(found), "example": found.example})


def sentence(found: Foreign) -> str:
    """Say what another integration logged in the last day."""
    return (
        "Another integration, such as Aircall's own app, logs calls in HubSpot as well: "
        f"{_counted(found)} in the last 24 hours, for example call {found.example}. "
        "Each call may be there twice until the other one is switched off."
    )


def _counted(found: Foreign) -> str:
    return f"{MOST}+" if found.count >= MOST else str(found.count)


def _properties(shop: Looking) -> tuple[str, ...]:
    """Name what is read of a call; our own property only where it exists, for else all fails."""
    unique = DirectoryStore(shop.connection).read().unique or {}
    return (EXTERNAL, UNIQUE["calls"]) if unique.get("calls") else (EXTERNAL,)


def _queries(ids: Iterable[str], properties: tuple[str, ...]) -> Iterator[Query]:
    """Pack the ids into searches of at most 3,000 characters, measured on the JSON sent."""
    room = LONGEST_BODY - len(compact(_query((), properties).body(_LAST_CURSOR)))
    pack: list[str] = []
    used = 0
    for id_ in ids:
        takes = len(id_) + 3  # two quotes and a comma
        if pack and used + takes > room:
            yield _query(tuple(pack), properties)
            pack, used = [], 0
        pack.append(id_)
        used += takes
    if pack:
        yield _query(tuple(pack), properties)


def _query(ids: tuple[str, ...], properties: tuple[str, ...]) -> Query:
    return Query(((Filter(EXTERNAL, "IN", ids),),), properties)


def _searched(shop: Looking, query: Query) -> list[Record]:
    return shop.hubspot.search("calls", query)


def _external(record: Record) -> str:
    return record.properties.get(EXTERNAL) or ""


def _not_ours(shop: Looking, records: Iterable[Record]) -> Iterator[Record]:
    """Leave out what we wrote: by our property, by our map of ids, or by the last line of a text.

    The property is missing on what was written while the portal let us make none.
    """
    unclear = [each for each in records if not each.properties.get(UNIQUE["calls"])]
    mapped = _mapped(shop.connection, unclear)
    unclear = [each for each in unclear if mapped.get(_external(each)) != each.id]
    for some in chunks(unclear, PAGE):
        texts = shop.hubspot.read("calls", [each.id for each in some], ("hs_call_body",))
        for each in some:
            text = texts[each.id].properties.get("hs_call_body") if each.id in texts else None
            if not re.search(rf"\bCall ID: {re.escape(_external(each))}(?![\w-])", text or ""):
                yield each


def _mapped(connection: redis.Redis, records: Sequence[Record]) -> Mapping[str, str | None]:
    """Return the HubSpot call that we made for each Aircall call named."""
    externals = [*dict.fromkeys(map(_external, records))]
    wanted = [keys.ids(f"call-{each}") for each in externals]
    kept: list[Any] = connection.mget(wanted) if wanted else []
    mapped: dict[str, str | None] = {}
    for external, raw in zip(externals, kept, strict=True):
        with suppress(DamagedError):
            ids = read_ids(raw, f"call-{external}")
            mapped[external] = ids.activity if ids else None
    return mapped


def _of_aircall(shop: Looking, ids: Sequence[str]) -> list[str]:
    """Return those that are calls of our Aircall, as far as a few questions tell."""
    new = set(unseen(shop.connection, [f"call-{each}" for each in ids]))
    strange = [each for each in ids if f"call-{each}" in new]
    if any(_aircall_has(shop, each) for each in strange[:ASKED]):
        return list(ids)
    return [each for each in ids if f"call-{each}" not in new]


def _aircall_has(shop: Looking, id_: str) -> bool:
    try:
        shop.aircall.in_background().call(int(id_), fetch_contact=False, fetch_call_timeline=False)
    except (NotFound, Rejected):
        return False
    return True
