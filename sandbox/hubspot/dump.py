"""The portal as plain data, for oracles and for people who look at the sandbox."""

from sandbox.answer import Json
from sandbox.hubspot.account import owner_names, show_pipeline
from sandbox.hubspot.associations import linked
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Record
from sandbox.hubspot.schema import TYPES
from sandbox.moments import iso_millis


def history(portal: Portal) -> dict[str, dict[str, list[tuple[float, Json]]]]:
    """Return {type: {id: [(seconds, changed values), ...]}}, oldest change first."""
    return {
        kind: {
            id_: [(at, dict(values)) for at, values in record.history]
            for id_, record in records.items()
        }
        for kind, records in portal.records.items()
    }


def dump(portal: Portal) -> dict[str, dict[str, Json]]:
    """Return {type: {id: {properties, associations, archived, createdAt}}}, archived ones too.

    Links to archived records are left out, as the API leaves them out.
    """
    return {
        kind: {id_: _shown(portal, record) for id_, record in records.items()}
        for kind, records in portal.records.items()
    }


def _shown(portal: Portal, record: Record) -> Json:
    links = {
        kind: [id_ for id_, _ in found] for kind in TYPES if (found := linked(portal, record, kind))
    }
    return {
        "properties": dict(record.properties),
        "associations": links,
        "archived": record.archived is not None,
        "createdAt": iso_millis(record.created),
    }


def account_of(portal: Portal) -> Json:
    """Return pipelines, owner names by id and outcome labels by GUID."""
    outcomes = portal.properties["calls"]["hs_call_disposition"].options
    return {
        "pipelines": [show_pipeline(one) for one in portal.pipelines.values()],
        "owners": owner_names(portal.owners.values()),
        "outcomes": {value: label for label, value in outcomes},
    }
