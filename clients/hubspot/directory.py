"""What a portal has: pipelines, owners, outcomes, properties, and the portal itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.errors import Misunderstood, NotFound, Rejected
from clients.hubspot.connection import BURST, VERSION, Connected
from clients.hubspot.portal import (
    Account,
    Audit,
    HubSpotOwner,
    Pipeline,
    Property,
    Stage,
    account_of,
    audit_of,
    owner_of,
    pipeline_of,
    property_of,
    stage_of,
)
from clients.hubspot.records import next_cursor, results_of
from clients.refusals import items, mapping, text
from rules.outcomes import DEFAULT_OUTCOMES


class Directory(Connected):
    """What the portal has to choose from."""

    def pipelines(self) -> tuple[Pipeline, ...]:
        """List the ticket pipelines; deleted ones are not among them.

        https://developers.hubspot.com/docs/api-reference/latest/crm/pipelines/guide
        """
        return tuple(pipeline_of(row) for row in self._rows(f"/crm/pipelines/{VERSION}/tickets"))

    def pipeline(self, pipeline_id: str) -> Pipeline:
        """Read one ticket pipeline; NotFound if it is deleted.

        https://developers.hubspot.com/docs/api-reference/latest/crm/pipelines/guide
        """
        path = f"/crm/pipelines/{VERSION}/tickets/{{pipeline}}"
        return pipeline_of(self._object(path, {"pipeline": pipeline_id}))

    def stage(self, pipeline_id: str, stage_id: str) -> Stage:
        """Read one stage of a ticket pipeline; NotFound if it, or the pipeline, is deleted.

        https://developers.hubspot.com/docs/api-reference/latest/crm/pipelines/guide
        """
        path = f"/crm/pipelines/{VERSION}/tickets/{{pipeline}}/stages/{{stage}}"
        found = stage_of(self._object(path, {"pipeline": pipeline_id, "stage": stage_id}))
        if found.id != stage_id:
            raise Misunderstood("hubspot", "HubSpot told of another stage", maybe_written=False)
        return found

    def pipeline_audit(self, pipeline_id: str) -> tuple[Audit, ...]:
        """Read who changed a ticket pipeline, as HubSpot orders it; a deleted one has one as well.

        https://developers.hubspot.com/docs/api-reference/latest/crm/pipelines/guide
        """
        path = f"/crm/pipelines/{VERSION}/tickets/{{pipeline}}/audit"
        rows = self._rows(path, {"pipeline": pipeline_id})
        return tuple(audit_of(row) for row in rows)

    def stage_audit(self, pipeline_id: str, stage_id: str) -> tuple[Audit, ...]:
        """Read who changed a stage of a ticket pipeline; a deleted one has an audit as well.

        https://developers.hubspot.com/docs/api-reference/latest/crm/pipelines/guide
        """
        path = f"/crm/pipelines/{VERSION}/tickets/{{pipeline}}/stages/{{stage}}/audit"
        rows = self._rows(path, {"pipeline": pipeline_id, "stage": stage_id})
        return tuple(audit_of(row) for row in rows)

    def owner(self, owner_id: str) -> HubSpotOwner:
        """Read one owner, active or archived; NotFound if there is none, neither so nor so.

        https://developers.hubspot.com/docs/api-reference/latest/crm/owners/guide
        """
        try:
            found = self._owner(owner_id, archived=False)
        except NotFound:
            found = self._owner(owner_id, archived=True)
        if found.id != owner_id:
            raise Misunderstood("hubspot", "HubSpot told of another owner", maybe_written=False)
        return found

    def owner_of_user(self, user_id: str, *, archived: bool = False) -> HubSpotOwner:
        """Read the owner that a user is, active or archived; NotFound if there is none.

        https://developers.hubspot.com/docs/api-reference/latest/crm/owners/guide
        """
        return self._owner(user_id, archived=archived, by={"idProperty": "userId"})

    def _owner(
        self, id_: str, *, archived: bool, by: Mapping[str, str] | None = None
    ) -> HubSpotOwner:
        path = f"/crm/owners/{VERSION}/{{owner}}"
        params = {**(by or {}), "archived": str(archived).lower()}
        answer = self._http.request("GET", path, at={"owner": id_}, params=params, limits=BURST)
        return owner_of(mapping(answer.json))

    def owners(self, *, archived: bool = False) -> tuple[HubSpotOwner, ...]:
        """List all active owners, or all archived ones.

        https://developers.hubspot.com/docs/api-reference/latest/crm/owners/guide
        """
        found: dict[str, HubSpotOwner] = {}
        after = ""
        while True:
            params = {"limit": "100", "archived": str(archived).lower()}
            path = f"/crm/owners/{VERSION}"
            answer = self._http.request(
                "GET", path, params=params | ({"after": after} if after else {}), limits=BURST
            )
            found |= {
                owner.id: owner for owner in map(owner_of, results_of(answer.json)) if owner.id
            }
            cursor = next_cursor(answer.json)
            if not cursor or cursor == after:
                return tuple(found.values())
            after = cursor

    def outcomes(self) -> Mapping[str, str]:
        """Give the portal's call outcomes, label by GUID, custom ones too and deleted ones not.

        Asked of the property's options first; v1 ends in September 2027.
        https://developers.hubspot.com/docs/methods/engagements/get-call-dispositions
        """
        return (
            self._outcome_options()
            or self._dispositions()
            or {guid: label for label, guid in DEFAULT_OUTCOMES.items()}
        )

    def _outcome_options(self) -> Mapping[str, str]:
        path = f"/crm/properties/{VERSION}/calls/hs_call_disposition"
        try:
            return dict(property_of(self._object(path)).options)
        except (NotFound, Rejected):
            return {}

    def _dispositions(self) -> Mapping[str, str]:
        try:
            answer = self._http.request("GET", "/calling/v1/dispositions", limits=BURST)
        except (NotFound, Rejected):
            return {}
        rows = [mapping(row) for row in items(answer.json)]
        return {
            text(row.get("id")): text(row.get("label"))
            for row in rows
            if text(row.get("id")) and row.get("deleted") is not True
        }

    def properties(self, object_type: str) -> Mapping[str, Property]:
        """List an object type's properties by name.

        https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
        """
        found = map(property_of, self._rows(f"/crm/properties/{VERSION}/{object_type}"))
        return {each.name: each for each in found}

    def property_groups(self, object_type: str) -> tuple[str, ...]:
        """List the names of an object type's property groups, as HubSpot orders them.

        https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
        """
        rows = self._rows(f"/crm/properties/{VERSION}/{object_type}/groups")
        return tuple(filter(None, (text(row.get("name")) for row in rows)))

    def create_property(  # noqa: PLR0913 - the fields of a property, each told by name
        self,
        object_type: str,
        name: str,
        *,
        label: str,
        group: str,
        description: str = "",
        unique: bool = False,
    ) -> bool:
        """Create a text property; False if one of that name exists already, unique or not.

        `unique` cannot be changed later, and a type has at most ten such properties. Raises
        Rejected where the portal or the token does not allow it.
        https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
        """
        wanted = {
            "name": name,
            "label": label,
            "groupName": group,
            "description": description,
            "type": "string",
            "fieldType": "text",
            "hasUniqueValue": unique,
        }
        path = f"/crm/properties/{VERSION}/{object_type}"
        try:
            self._http.request("POST", path, json=wanted, limits=BURST, safe=True)
        except Rejected as error:
            if error.status == 409:
                return False
            raise
        return True

    def account(self) -> Account:
        """Tell which portal the token belongs to; needs no scope.

        https://developers.hubspot.com/docs/api-reference/latest/account/account-information/guide
        """
        return account_of(self._object(f"/account-info/{VERSION}/details"))

    def _object(self, path: str, at: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        answer = self._http.request("GET", path, at=at or {}, limits=BURST)
        if not isinstance(answer.json, dict):
            raise Misunderstood(
                "hubspot", "HubSpot answered without an object", maybe_written=False
            )
        return answer.json

    def _rows(self, path: str, at: Mapping[str, str] | None = None) -> list[Mapping[str, Any]]:
        return results_of(self._object(path, at))
