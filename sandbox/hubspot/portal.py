"""All that a HubSpot portal holds, and how a record comes, changes and goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.hubspot.phones import calculated
from sandbox.hubspot.records import Key, Owner, Pipeline, Record, Stage, Switches
from sandbox.hubspot.schema import CREATED, GROUPS, TYPES, Property, modified_name, seeded
from sandbox.moments import iso_millis

INDEXED = frozenset(
    {"phone", "mobilephone", "email", "domain", "hs_call_external_id"}
    | {f"hs_searchable_calculated_{family}_number" for family in ("phone", "mobile")}
    | {f"hs_calculated_{family}_number" for family in ("phone", "mobile")}
)
FIRST_IDS = {
    "contacts": 20001,
    "companies": 9001,
    "tickets": 73000000001,
    "calls": 71000000001,
    "communications": 72000000001,
}


@dataclass(slots=True)
class Portal:
    """The whole content of a portal, copied quickly."""

    records: dict[str, dict[str, Record]] = field(
        default_factory=lambda: {kind: {} for kind in TYPES}
    )
    links: dict[Key, dict[Key, frozenset[int]]] = field(default_factory=dict)
    properties: dict[str, dict[str, Property]] = field(
        default_factory=lambda: {kind: {one.name: one for one in seeded(kind)} for kind in TYPES}
    )
    groups: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=lambda: dict(GROUPS))
    pipelines: dict[str, Pipeline] = field(default_factory=dict)
    owners: dict[str, Owner] = field(default_factory=dict)
    unique: dict[tuple[str, str, str], str] = field(default_factory=dict)
    ever: dict[tuple[str, str, str], frozenset[str]] = field(default_factory=dict)
    merged: dict[Key, str] = field(default_factory=dict)
    next_ids: dict[str, int] = field(default_factory=lambda: dict(FIRST_IDS))
    audits: dict[str, tuple[tuple[str, str, str, str, int], ...]] = field(default_factory=dict)
    """Pipeline or stage id -> its changes: subject, action, sentence, when, by which user."""
    removed: dict[str, Pipeline] = field(default_factory=dict)
    """Deleted pipelines, as they were."""
    removed_stages: dict[tuple[str, str], Stage] = field(default_factory=dict)
    """Deleted stages by their pipeline's id and their own."""
    switches: Switches = field(default_factory=Switches)

    def copy(self) -> "Portal":
        """Return a copy that may change without changing this one; switches start anew."""
        return Portal(
            {
                kind: {key: record.copy() for key, record in records.items()}
                for kind, records in self.records.items()
            },
            {key: dict(targets) for key, targets in self.links.items()},
            {kind: dict(one) for kind, one in self.properties.items()},
            dict(self.groups),
            dict(self.pipelines),
            dict(self.owners),
            dict(self.unique),
            dict(self.ever),
            dict(self.merged),
            dict(self.next_ids),
            dict(self.audits),
            dict(self.removed),
            dict(self.removed_stages),
        )

    def add(self, kind: str, values: Mapping[str, str], now: float, id_: str = "") -> Record:
        """Create a record from checked values at `now` (seconds) and return it."""
        if not id_:
            id_ = str(self.next_ids[kind])
            self.next_ids[kind] += 1
        millis = int(now * 1000)
        record = Record(id_, kind, {}, millis, millis)
        record.properties["hs_object_id"] = id_
        record.properties[CREATED[kind]] = iso_millis(millis)
        record.properties["hs_object_source"] = "INTEGRATION"
        self.records[kind][id_] = record
        if kind == "tickets" and "hs_pipeline" not in values:
            values = {**values, "hs_pipeline": "0"}
        self.write(record, values, now)
        return record

    def write(self, record: Record, values: Mapping[str, str], now: float) -> None:
        """Store checked values, calculate what follows from them, note the change."""
        kind = record.kind
        self._remember(record)
        self._release(record, values)
        record.properties.update(values)
        derived = calculated(kind, record.properties)
        for name, value in derived.items():
            if name in self.properties[kind] and (value or name in record.properties):
                record.properties[name] = value
        for name, value in {**values, **derived}.items():
            self._index(kind, name, value, record.id)
        record.history += ((now, dict(values)),)
        self._stamp(record, now)

    def touch(self, record: Record, now: float) -> None:
        """Move the record's time of last change to `now` (seconds)."""
        self._remember(record)
        self._stamp(record, now)

    def _remember(self, record: Record) -> None:
        is_indexed_live = not record.versions and record.history
        if self.switches.search_lag and is_indexed_live:
            record.versions = ((0.0, dict(record.properties)),)

    def _stamp(self, record: Record, now: float) -> None:
        record.updated = int(now * 1000)
        record.properties[modified_name(record.kind)] = iso_millis(record.updated)
        if self.switches.search_lag or record.versions:
            ripe = [one for one in record.versions if one[0] + self.switches.search_lag <= now]
            waiting = record.versions[len(ripe) :]
            record.versions = (*ripe[-1:], *waiting, (now, dict(record.properties)))

    def _release(self, record: Record, values: Mapping[str, str]) -> None:
        for name in values:
            key = (record.kind, name, record.properties.get(name, "").lower())
            if self.unique.get(key) == record.id:
                del self.unique[key]

    def _index(self, kind: str, name: str, value: str, id_: str) -> None:
        if not value:
            return
        key = (kind, name, value.lower())
        is_unique = self.is_unique(kind, name)
        if is_unique:
            self.unique[key] = id_
        if is_unique or name in INDEXED:
            known = self.ever.get(key, frozenset())
            self.ever[key] = known | {id_}

    def is_unique(self, kind: str, name: str) -> bool:
        """Tell whether a property's value finds at most one record."""
        if kind == "contacts" and name == "email":
            return True
        definition = self.properties[kind].get(name)
        return definition is not None and definition.unique

    def holder(self, kind: str, name: str, value: str) -> Record | None:
        """Return the record (archived too) that holds a unique value."""
        id_ = self.unique.get((kind, name, value.lower()))
        return self.records[kind].get(id_) if id_ else None

    def find(self, kind: str, id_: str, *, archived: bool = False) -> Record | None:
        """Return a record by id, following merges; None when absent or not (un)archived."""
        seen = 0
        while (kind, id_) in self.merged and seen < 50:
            id_ = self.merged[kind, id_]
            seen += 1
        record = self.records[kind].get(id_)
        if record is None or (record.archived is not None) != archived:
            return None
        return record

    def find_by(
        self, kind: str, name: str | None, value: str, *, archived: bool = False
    ) -> Record | None:
        """Return a record by id (`name` None or hs_object_id) or by a unique property."""
        if name in (None, "", "hs_object_id"):
            return self.find(kind, value, archived=archived)
        record = self.holder(kind, str(name), value)
        if record is None or (record.archived is not None) != archived:
            return None
        return record

    def archive(self, record: Record, now: float) -> None:
        """Put a record into the recycle bin."""
        if record.archived is None:
            record.archived = int(now * 1000)
            if record.kind == "contacts":
                # HubSpot frees the e-mail of a contact in the recycle bin
                key = ("contacts", "email", record.properties.get("email", "").lower())
                if self.unique.get(key) == record.id:
                    del self.unique[key]

    def seen_by_search(self, record: Record, now: float) -> Mapping[str, str] | None:
        """Return the values that searches see at `now` (seconds); None when not yet indexed."""
        if record.archived is not None:
            return None
        if not record.versions:
            return record.properties
        ripe = [values for at, values in record.versions if at + self.switches.search_lag <= now]
        return ripe[-1] if ripe else None
