"""What a portal is made of: records, pipelines, owners, and switches for what differs."""

from collections.abc import Mapping
from dataclasses import dataclass

Values = dict[str, str]
Key = tuple[str, str]


@dataclass(slots=True)
class Record:
    """One record; times are UNIX milliseconds, `history` holds (seconds, changed values).

    `versions` holds (seconds, all values) after each write, as far as search may still lag.
    """

    id: str
    kind: str
    properties: Values
    created: int
    updated: int
    archived: int | None = None
    history: tuple[tuple[float, Mapping[str, str]], ...] = ()
    versions: tuple[tuple[float, Mapping[str, str]], ...] = ()

    def copy(self) -> "Record":
        """Return a copy that may change without changing this one."""
        return Record(
            self.id,
            self.kind,
            dict(self.properties),
            self.created,
            self.updated,
            self.archived,
            self.history,
            self.versions,
        )


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a pipeline; times are ISO texts."""

    id: str
    label: str
    order: int
    state: str = "OPEN"
    created: str = "2025-01-01T00:00:00.000Z"
    updated: str = "2025-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One ticket pipeline with its stages in order."""

    id: str
    label: str
    order: int
    stages: tuple[Stage, ...]
    created: str = "2025-01-01T00:00:00.000Z"
    updated: str = "2025-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True)
class Owner:
    """One HubSpot owner; `user` is the user id, lost when archived."""

    id: str
    email: str
    first: str
    last: str
    user: int
    archived: bool = False


@dataclass(slots=True)
class Switches:
    """Where portals differ or nobody knows: a test chooses.

    `search_lag` seconds until a write shows in searches; `unique_over_archived`: archived records
    keep their unique values; `any_outcome`: unknown outcomes are stored as they are;
    `no_unique_on`: types that refuse unique properties; `conflict_status` of a taken unique value;
    `rewrites_bodies`: rich text comes back tidied; `missing_scopes` the token lacks; `unlisted`:
    pipelines, and stages as `pipeline/stage`, that the list leaves out though they are there;
    `archived_listed`: deleted ones stay in the list, as archived; `no_audit`: who changed pipelines
    is not told.
    """

    token: str = "sandbox-hubspot-token"  # noqa: S105 - fixed on purpose, opens nothing
    missing_scopes: frozenset[str] = frozenset()
    search_lag: float = 0.0
    unique_over_archived: bool = True
    any_outcome: bool = True
    no_unique_on: frozenset[str] = frozenset()
    conflict_status: int = 400
    rewrites_bodies: bool = False
    unlisted: frozenset[str] = frozenset()
    archived_listed: bool = False
    no_audit: bool = False
