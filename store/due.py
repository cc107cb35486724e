"""The due set: which interactions have work, who holds them, and how their work is settled.

A score is the time before which nobody touches an interaction, so a lease is a score too: a worker
that dies leaves nothing to clean up, its interactions become due again by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import redis

from store import keys
from store.connection import text
from store.scripts import Scripts
from store.wanted_contacts import LEASE_MS as CONTACT_LEASE_MS

LEASE_MS: Final = 20_000
"""Longer than the deadline of any one vendor request, renewed before each of them."""
CALLED_MS: Final = 10_000
BATCH: Final = 100
"""As many as HubSpot takes in one request."""
TRIES_BEFORE_ALONE: Final = 3
TRIES_BEFORE_FAILING: Final = TRIES_BEFORE_ALONE + 5

Source = Literal["webhook", "gap", "backfill", "api"]


class LeaseLostError(Exception):
    """Somebody else holds the batch now: it is theirs, drop it without another write."""

    def __init__(self, interaction: str) -> None:
        super().__init__(f"{interaction} was taken over by another worker")
        self.interaction = interaction


@dataclass(frozen=True, slots=True)
class Claim:
    """What one drain run holds: `ids` to work on, `poisoned` to park among the failures."""

    token: str
    now: int
    """Milliseconds, by the store's clock."""
    ids: tuple[str, ...]
    poisoned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """An interaction as the store has it: raw JSON, parsed by whoever knows its shape."""

    id: str
    events: tuple[bytes, ...]
    record: bytes | None
    ids: bytes | None
    mark: bytes | None
    tries: int
    wanted: bool = False
    """An admin asks for the ticket that was left out of it."""
    damage: str = ""
    """Why it cannot be read: a key of it is of another type. The other fields are empty then."""


@dataclass(frozen=True, slots=True)
class ByPhone:
    """How an interaction is found by the other party's phones (E.164), and for how long."""

    phones: tuple[str, ...] = ()
    began: int = 0
    """Milliseconds since 1970: the newest are kept."""
    seconds: int = 0


NO_PHONE: Final = ByPhone()


@dataclass(frozen=True, slots=True)
class Settled:
    """How one interaction leaves a batch.

    `next_`: `out` (nothing to do), `again`, `in:<ms>`, `park:<why>`, or `stay` (events kept, out).
    """

    id: str
    next_: str
    eaten: int = 0
    record: str = ""
    record_seconds: int = 0
    ids: str = ""
    ids_seconds: int = 0
    keep_mark: bool = False
    counter: str = ""
    failure: Literal["", "add", "drop"] = ""
    unended: bool = False
    missing_ticket: Literal["", "add", "drop", "stay"] = ""
    """Whether its ticket counts as left out from now on; all but nothing answer who asked for it.

    `stay` leaves it as it is."""
    by_phone: ByPhone = NO_PHONE
    hours_unknown: bool = False
    """Nothing told surely whether it fell into its number's business hours."""
    contacts: tuple[str, ...] = ()
    """HubSpot contacts that are to be in Aircall, too, from now on."""


class Due:
    """The due set of one Redis."""

    def __init__(self, connection: redis.Redis) -> None:
        self.connection = connection
        self._scripts = Scripts(connection)

    def enter(  # noqa: PLR0913  an event's circumstances, each told by name
        self,
        interaction: str,
        event: str,
        *,
        source: Source = "webhook",
        ending: bool,
        arrived: int | None = None,
        revision: int | None = None,
    ) -> bool:
        """Take one event in as the door does; True if a drain must be called."""
        return bool(
            self._scripts.run(
                "door", *door_args(interaction, event, source, ending, arrived, revision)
            )
        )

    def claim(self, token: str, *, exclusive: bool = False, limit: int = BATCH) -> Claim:
        """Take what is due, at most `limit`, for `LEASE_MS`."""
        now, claimed, poisoned = self._scripts.run(
            "claim", token, LEASE_MS, limit, CALLED_MS,
            TRIES_BEFORE_ALONE, TRIES_BEFORE_FAILING, int(exclusive),
        )  # fmt: skip
        return Claim(token, int(now), _texts(claimed), _texts(poisoned))

    def load(self, ids: Sequence[str]) -> list[Loaded]:
        """Read all that is kept of these interactions, in one round trip.

        One whose keys are damaged keeps no other from being read. Raises redis-py's errors.
        """
        if not ids:
            return []
        pipeline = self.connection.pipeline(transaction=False)
        pipeline.smismember(keys.WANTED_TICKETS, list(ids))
        for each in ids:
            pipeline.lrange(keys.new(each), 0, -1)
            pipeline.get(keys.record(each))
            pipeline.get(keys.ids(each))
            pipeline.get(keys.mark(each))
            pipeline.hget(keys.TRIES, each)
        wanted, *kept = pipeline.execute(raise_on_error=False)
        if isinstance(wanted, Exception):
            raise wanted
        answers = zip(ids, zip(*[iter(kept)] * 5, strict=True), wanted, strict=True)
        return [_loaded(each, kept, bool(asked)) for each, kept, asked in answers]

    def mark(self, token: str, plans: Mapping[str, str]) -> None:
        """Note what is about to be written, all or none; raises `LeaseLostError`."""
        flat = [part for pair in plans.items() for part in pair]
        lost = self._scripts.run("mark", token, *flat)
        if lost:
            raise LeaseLostError(lost.decode())

    def commit(self, token: str, settled: Sequence[Settled]) -> tuple[str, ...]:
        """Settle each interaction that is still ours; returns the others."""
        flat: list[str | int] = []
        for each in settled:
            flat += [
                each.id, each.record, each.record_seconds, each.ids, each.ids_seconds, each.eaten,
                each.next_, "keep" if each.keep_mark else "drop", each.counter, each.failure,
                int(each.unended), each.missing_ticket, int(each.hours_unknown),
                " ".join(each.by_phone.phones), each.by_phone.began, each.by_phone.seconds,
                " ".join(each.contacts),
            ]  # fmt: skip
        return _texts(self._scripts.run("commit", token, *flat))

    def sweep(self) -> tuple[bool, int]:
        """Look for idle work; (a drain must be called, ms that the wall clock stepped back)."""
        call, step = self._scripts.run("sweep", CALLED_MS, LEASE_MS, CONTACT_LEASE_MS)
        return bool(call), int(step)

    def resume(self, why: str) -> int:
        """Make all that were parked for `why` due at once; returns how many."""
        return int(self._scripts.run("resume", why))

    def failures(self) -> tuple[str, ...]:
        """Return the interactions that could not be written, oldest first."""
        return tuple(text(each) for each in self.connection.zrange(keys.FAILURES, 0, -1))  # type: ignore[arg-type]  # without scores it answers members only

    def retry(self, ids: Sequence[str]) -> tuple[int, bool]:
        """Make failed interactions due again; (how many there were, a drain must be called)."""
        found, call = self._scripts.run("retry", CALLED_MS, *ids)
        return int(found), bool(call)

    def want_tickets(self, ids: Sequence[str]) -> tuple[int, bool]:
        """Ask for the tickets that were left out of these; what has none left out is passed over.

        Returns how many were not asked for already, and whether a drain must be called.
        """
        asked, call = self._scripts.run("want_tickets", CALLED_MS, *ids)
        return int(asked), bool(call)

    def waiting(self) -> int:
        """Count interactions that are not yet logged, ignored or failed, parked ones included."""
        pipeline = self.connection.pipeline(transaction=True)
        pipeline.zcard(keys.DUE)
        for why in keys.WAITS_FOR:
            pipeline.zcard(keys.parked(why))
        pipeline.scard(keys.UNENDED)
        held = [int(count) for count in pipeline.execute()]
        return sum(held[:-1]) - held[-1]


def door_args(  # noqa: PLR0913, PLR0917  positional like the script's own
    interaction: str,
    event: str,
    source: Source,
    ending: bool,  # noqa: FBT001  the same
    arrived: int | None = None,
    revision: int | None = None,
) -> list[str | int]:
    """Arguments of the door's script, shared with the asynchronous door."""
    return [
        interaction,
        event,
        source,
        int(ending),
        CALLED_MS,
        "" if arrived is None else arrived,
        "" if revision is None else revision,
    ]


def _loaded(interaction: str, kept: Sequence[Any], wanted: bool) -> Loaded:  # noqa: FBT001
    """Put together what is kept: events, record, ids, mark and tries, any of them an error."""
    for each in kept:
        if isinstance(each, Exception) and not str(each).startswith("WRONGTYPE"):
            raise each
    events, record, known, mark, tries = kept
    if any(isinstance(each, Exception) for each in kept):
        damage = "a key of it is of another type"
        return Loaded(interaction, (), None, None, None, int(tries or 0), wanted, damage)
    return Loaded(interaction, tuple(events), record, known, mark, int(tries or 0), wanted)


def _texts(raw: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(each.decode() for each in raw)
