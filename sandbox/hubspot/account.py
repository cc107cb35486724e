"""Pipelines, owners and what the account says of itself."""

from collections.abc import Iterable

from sandbox.answer import Answer, Json, Request, json_answer
from sandbox.hubspot.errors import PORTAL_ID, invalid, missing_scopes, not_found
from sandbox.hubspot.people import delete_pipeline
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Owner, Pipeline, Stage
from sandbox.moments import iso_millis
from sandbox.shapes import check_query

NOTHING: frozenset[str] = frozenset()


def show_stage(stage: Stage, *, archived: bool = False) -> Json:
    """Return a stage as the API shows it."""
    return {
        "id": stage.id,
        "label": stage.label,
        "displayOrder": stage.order,
        "metadata": {
            "ticketState": stage.state,
            "isClosed": "true" if stage.state == "CLOSED" else "false",
        },
        "createdAt": stage.created,
        "updatedAt": stage.updated,
        "archived": archived,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }


def show_pipeline(pipeline: Pipeline) -> Json:
    """Return a pipeline as the API shows it."""
    return {
        "id": pipeline.id,
        "label": pipeline.label,
        "displayOrder": pipeline.order,
        "createdAt": pipeline.created,
        "updatedAt": pipeline.updated,
        "archived": False,
        "stages": [show_stage(stage) for stage in pipeline.stages],
    }


def pipelines(portal: Portal, request: Request, rest: tuple[str, ...]) -> Answer:
    """Answer `GET /crm/pipelines/{v}/tickets` and all below it, and the deletion of one."""
    if request.method == "DELETE" and len(rest) == 1:
        return _delete(portal, request, rest[0])
    check_query(request.query, NOTHING)
    match rest:
        case ():
            return json_answer(200, {"results": _listed(portal)})
        case (identifier, "audit"):
            return _audit(portal, identifier)
        case (_, "stages", stage_id, "audit"):
            return _audit(portal, stage_id)
    pipeline = portal.pipelines.get(rest[0])
    if pipeline is None:
        raise not_found(f"Pipeline {rest[0]} does not exist")
    match rest[1:]:
        case ():
            return json_answer(200, show_pipeline(pipeline))
        case ("stages",):
            stages = [show_stage(stage) for stage in pipeline.stages]
            return json_answer(200, {"results": stages})
        case ("stages", stage_id):
            found = [stage for stage in pipeline.stages if stage.id == stage_id]
            if found:
                return json_answer(200, show_stage(found[0]))
    raise not_found()


def _listed(portal: Portal) -> list[Json]:
    """Return the list of pipelines, with the gaps and the deleted ones that a test chose."""
    hidden = portal.switches.unlisted
    shown = [show_pipeline(one) for key, one in portal.pipelines.items() if key not in hidden]
    for one in shown:
        one["stages"] = [
            each for each in one["stages"] if f"{one['id']}/{each['id']}" not in hidden
        ]
    if portal.switches.archived_listed:
        for one in shown:
            one["stages"] += [
                show_stage(stage, archived=True)
                for (pipeline, _), stage in portal.removed_stages.items()
                if pipeline == one["id"]
            ]
        shown += [{**show_pipeline(one), "archived": True} for one in portal.removed.values()]
    return shown


def _delete(portal: Portal, request: Request, pipeline_id: str) -> Answer:
    """Answer `DELETE /crm/pipelines/{v}/tickets/{id}`, which may first look for what uses it."""
    check_query(
        request.query,
        frozenset({"validateReferencesBeforeDelete", "validateDealStageUsagesBeforeDelete"}),
    )
    if pipeline_id not in portal.pipelines:
        raise not_found(f"Pipeline {pipeline_id} does not exist")
    used = any(
        record.properties.get("hs_pipeline") == pipeline_id and record.archived is None
        for record in portal.records["tickets"].values()
    )
    if used and request.query.get("validateReferencesBeforeDelete") == "true":
        raise invalid(f"Pipeline {pipeline_id} is still used by tickets")
    delete_pipeline(portal, pipeline_id, request.time)
    return Answer(204)


def _audit(portal: Portal, identifier: str) -> Answer:
    if portal.switches.no_audit:
        raise missing_scopes(["crm.pipelines.audit"])
    entries = portal.audits.get(identifier, ())
    results = [
        {
            "portalId": PORTAL_ID,
            "identifier": subject,
            "action": action,
            "timestamp": at,
            "message": sentence,
            "rawObject": {},
            "fromUserId": by,
        }
        for subject, action, sentence, at, by in reversed(entries)
    ]
    return json_answer(200, {"results": results})


def show_owner(owner: Owner) -> Json:
    """Return an owner as the API shows it."""
    return {
        "id": owner.id,
        "email": owner.email,
        "type": "PERSON",
        "firstName": owner.first,
        "lastName": owner.last,
        "userId": None if owner.archived else owner.user,
        "userIdIncludingInactive": owner.user,
        "createdAt": "2025-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
        "archived": owner.archived,
        "teams": [{"id": "368389", "name": "Sales", "primary": True}],
    }


def list_owners(portal: Portal, request: Request) -> Answer:
    """Answer `GET /crm/owners/{v}` with its paging."""
    query = request.query
    check_query(query, frozenset({"limit", "after", "archived", "email"}))
    limit, after = query.get("limit", "100"), query.get("after", "0")
    if not limit.isdigit() or not 1 <= int(limit) <= 500 or not after.isdigit():
        raise invalid("limit must lie between 1 and 500, after must be a cursor")
    wanted = [
        owner
        for owner in sorted(portal.owners.values(), key=lambda one: int(one.id))
        if owner.archived == (query.get("archived", "false") == "true")
        and query.get("email", owner.email).lower() == owner.email.lower()
        and int(owner.id) > int(after)
    ]
    page = wanted[: int(limit)]
    payload: Json = {"results": [show_owner(owner) for owner in page]}
    if len(wanted) > len(page):
        payload["paging"] = {"next": {"after": page[-1].id, "link": f"?after={page[-1].id}"}}
    return json_answer(200, payload)


def read_owner(portal: Portal, request: Request, owner_id: str) -> Answer:
    """Answer `GET /crm/owners/{v}/{id}`, by owner id or (`idProperty=userId`) by user id."""
    query = request.query
    check_query(query, frozenset({"idProperty", "archived"}))
    by_user = query.get("idProperty", "id") == "userId"
    archived = query.get("archived", "false") == "true"
    for owner in portal.owners.values():
        key = str(owner.user) if by_user else owner.id
        if key == owner_id and owner.archived == archived:
            return json_answer(200, show_owner(owner))
    raise not_found()


def details(request: Request) -> Answer:
    """Answer `GET /account-info/{v}/details`."""
    check_query(request.query, NOTHING)
    return json_answer(
        200,
        {
            "portalId": PORTAL_ID,
            "accountType": "STANDARD",
            "timeZone": "Europe/Paris",
            "companyCurrency": "EUR",
            "additionalCurrencies": ["USD"],
            "utcOffset": "+02:00",
            "utcOffsetMilliseconds": 7_200_000,
            "uiDomain": "app-eu1.hubspot.com",
            "dataHostingLocation": "eu1",
        },
    )


def usage(request: Request, limit: int, used: int) -> Answer:
    """Answer `GET /account-info/{v}/api-usage/daily/private-apps`."""
    check_query(request.query, NOTHING)
    millis = int(request.time * 1000)
    midnight = (millis // 86_400_000 + 1) * 86_400_000
    one = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": limit,
        "currentUsage": used,
        "collectedAt": iso_millis(millis),
        "fetchStatus": "SUCCESS",
        "resetsAt": iso_millis(midnight),
    }
    return json_answer(200, {"results": [one]})


def owner_names(owners: Iterable[Owner]) -> dict[str, str]:
    """Return owner ids with full names, for people who look at the sandbox."""
    return {owner.id: f"{owner.first} {owner.last}" for owner in owners}
