"""What arrived in HubSpot's stand-in, as a person likes to read it: one line per activity."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

Values = Mapping[str, Any]
Records = Mapping[str, Mapping[str, Values]]
"""By type and id: `{properties, associations, archived}`, as the HubSpot world dumps them."""

ACTIVITIES = ("calls", "communications")
_LINKED = ("contacts", "companies", "tickets")
_BREAK = re.compile(r"<\s*(?:br|/p|/li|/div)\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id: of outcomes, owners, and stages of tickets."""

    outcomes: Mapping[str, str]
    owners: Mapping[str, str]
    stages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One call or message: `time` in ISO 8601; names joined by commas, "" for none.

    `activity` is its title on one line, `body` its whole text without HTML, `linked` the ids of
    its records by type.
    """

    id: str
    kind: str
    time: str
    activity: str
    outcome: str
    owner: str
    contact: str
    ticket: str
    stage: str
    body: str
    linked: Mapping[str, Sequence[str]]


def arrivals(records: Records, names: Names) -> list[Arrival]:
    """Return the activities of a portal, oldest first, archived ones left out."""
    found = [
        _arrival(kind, id_, record, records, names)
        for kind in ACTIVITIES
        for id_, record in records[kind].items()
        if not record.get("archived")
    ]
    return sorted(found, key=lambda one: (one.time, one.kind, one.id))


def _arrival(kind: str, id_: str, record: Values, records: Records, names: Names) -> Arrival:
    values, links = record["properties"], record["associations"]
    tickets = list(_those(records, links, "tickets"))
    body = values.get("hs_call_body") or values.get("hs_communication_body") or ""
    title = values.get("hs_call_title") or values.get("hs_communication_body") or ""
    return Arrival(
        id=id_,
        kind=kind,
        time=str(values.get("hs_timestamp", "")),
        activity=" ".join(unescape(_TAG.sub(" ", title)).split()),
        outcome=names.outcomes.get(values.get("hs_call_disposition"), ""),
        owner=names.owners.get(values.get("hubspot_owner_id"), ""),
        contact=_listed(_name(one) for one in _those(records, links, "contacts")),
        ticket=_listed(one.get("subject", "") for one in tickets),
        stage=_listed(names.stages.get(str(one.get("hs_pipeline_stage")), "") for one in tickets),
        body=plain(body),
        linked={name: list(links.get(name, ())) for name in _LINKED},
    )


def _those(records: Records, links: Values, kind: str) -> Iterator[Values]:
    for id_ in links.get(kind, ()):
        record = records.get(kind, {}).get(str(id_))
        if record is not None:
            yield record["properties"]


def _listed(names: Iterator[str]) -> str:
    return ", ".join(filter(None, names))


def _name(contact: Values) -> str:
    return " ".join(filter(None, (contact.get("firstname"), contact.get("lastname"))))


def plain(html: str) -> str:
    """Return a text of HubSpot's without HTML, a line per paragraph."""
    text = unescape(_TAG.sub("", _BREAK.sub("\n", html)))
    return "\n".join(line for each in text.split("\n") if (line := " ".join(each.split())))
