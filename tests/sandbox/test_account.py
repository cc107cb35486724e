import pytest

from sandbox.hubspot.definitions import make_unique

PROPERTIES = "/crm/properties/2026-09"
PIPELINES = "/crm/pipelines/2026-09/tickets"
OWNERS = "/crm/owners/2026-09"
UNIQUE = {
    "name": "aircall_id",
    "label": "Aircall ID",
    "type": "string",
    "fieldType": "text",
    "groupName": "call",
    "hasUniqueValue": True,
}


def test_outcomes_are_options_of_the_disposition_in_both_lists(ask):
    options = ask("GET", f"{PROPERTIES}/calls/hs_call_disposition").json()["options"]
    old = ask("GET", "/calling/v1/dispositions").json()
    assert [(one["label"], one["value"]) for one in options] == [
        (one["label"], one["id"]) for one in old
    ]
    assert options[-1]["label"] == "Demo booked"


def test_definitions_tell_calculated_phones_of_contacts_and_companies(ask):
    for kind in ("contacts", "companies"):
        names = {one["name"] for one in ask("GET", f"{PROPERTIES}/{kind}").json()["results"]}
        assert "hs_searchable_calculated_phone_number" in names


def test_dropped_definition_is_gone_everywhere(ask, hubspot):
    hubspot.delete("properties", "hs_searchable_calculated_phone_number", "companies")
    path = f"{PROPERTIES}/companies/hs_searchable_calculated_phone_number"
    assert ask("GET", path).status == 404
    hubspot.edit("companies", "8004", {"phone": "01 99 00 77 01"})
    values = hubspot.record("companies", "8004").properties
    assert "hs_searchable_calculated_phone_number" not in values


def test_unique_property_is_created_once(ask):
    assert ask("GET", f"{PROPERTIES}/calls/aircall_id").status == 404
    made = ask("POST", f"{PROPERTIES}/calls", UNIQUE)
    assert (made.status, made.json()["hasUniqueValue"]) == (201, True)
    assert ask("POST", f"{PROPERTIES}/calls", UNIQUE).status == 409
    assert ask("GET", f"{PROPERTIES}/calls/aircall_id").json()["label"] == "Aircall ID"


def test_group_of_a_new_property_must_exist(ask):
    groups = ask("GET", f"{PROPERTIES}/calls/groups").json()["results"]
    assert groups[0]["name"] == "call"
    elsewhere = {**UNIQUE, "groupName": "ticketinformation"}
    assert ask("POST", f"{PROPERTIES}/calls", elsewhere).status == 400
    assert ask("POST", f"{PROPERTIES}/tickets", elsewhere).status == 201


def test_portal_may_refuse_unique_properties_on_a_type(ask, hubspot):
    hubspot.switches.no_unique_on = frozenset({"calls"})
    assert ask("POST", f"{PROPERTIES}/calls", UNIQUE).status == 400
    assert ask("POST", f"{PROPERTIES}/calls", {**UNIQUE, "hasUniqueValue": False}).status == 201
    assert hubspot.surprises == []


def test_eleventh_unique_property_is_refused(ask, hubspot):
    make_unique(hubspot.portal, "calls", "full", 9)
    assert ask("POST", f"{PROPERTIES}/calls", UNIQUE).status == 201
    assert ask("POST", f"{PROPERTIES}/calls", {**UNIQUE, "name": "eleventh"}).status == 400


@pytest.mark.parametrize(
    "change", [{"type": "string", "fieldType": "select"}, {"unique": True}, {"label": 5}]
)
def test_misshapen_definition_is_a_surprise(ask, hubspot, change):
    assert ask("POST", f"{PROPERTIES}/calls", {**UNIQUE, **change}).status == 400
    assert len(hubspot.surprises) == 1


def test_pipelines_have_the_shape_of_the_vendor(ask):
    first = ask("GET", PIPELINES).json()["results"][0]
    assert (first["id"], first["label"]) == ("0", "Support Pipeline")
    stage = first["stages"][3]
    assert (stage["id"], stage["metadata"]["isClosed"]) == ("4", "true")
    assert stage["writePermissions"] == "CRM_PERMISSIONS_ENFORCEMENT"
    assert ask("GET", f"{PIPELINES}/0").json() == first
    assert ask("GET", f"{PIPELINES}/0/stages/4").json() == stage
    assert len(ask("GET", f"{PIPELINES}/0/stages").json()["results"]) == 4


def test_deleted_pipeline_leaves_the_list_and_an_audit(ask, hubspot):
    hubspot.delete("pipelines", "81234567")
    assert [one["id"] for one in ask("GET", PIPELINES).json()["results"]] == ["0"]
    assert ask("GET", f"{PIPELINES}/81234567").status == 404
    audit = ask("GET", f"{PIPELINES}/81234567/audit").json()["results"][0]
    assert (audit["action"], audit["identifier"], audit["fromUserId"]) == (
        "DELETE",
        "81234567",
        24681,
    )


def test_deleted_stage_is_no_longer_allowed(ask, hubspot):
    hubspot.delete("stages", "158001", inside="81234567")
    assert ask("GET", f"{PIPELINES}/81234567/stages/158001").status == 404
    values = {"subject": "x", "hs_pipeline": "81234567", "hs_pipeline_stage": "158001"}
    body = {"properties": values, "associations": []}
    answer = ask("POST", "/crm/objects/2026-09/tickets", body)
    assert answer.status == 400
    assert "hs_pipeline_stage" in answer.json()["message"]


def test_owners_come_in_pages_without_the_archived(ask):
    first = ask("GET", OWNERS, limit="2").json()
    after = first["paging"]["next"]["after"]
    rest = ask("GET", OWNERS, limit="2", after=after).json()
    assert [one["firstName"] for one in first["results"] + rest["results"]] == [
        "Jeanne",
        "Omar",
        "Sofia",
    ]
    archived = ask("GET", OWNERS, archived="true").json()["results"]
    assert [(one["id"], one["userId"]) for one in archived] == [("11349275750", None)]


def test_archived_owner_is_found_only_as_such(ask, hubspot):
    assert ask("GET", f"{OWNERS}/11349275740").json()["email"] == "jeanne.martin@example.com"
    hubspot.delete("owners", "11349275740")
    assert ask("GET", f"{OWNERS}/11349275740").status == 404
    assert ask("GET", f"{OWNERS}/11349275740", archived="true").status == 200
    assert ask("GET", f"{OWNERS}/113493", idProperty="userId").json()["firstName"] == "Omar"


def test_account_tells_portal_and_usage(ask):
    details = ask("GET", "/account-info/2026-09/details").json()
    assert (details["portalId"], details["uiDomain"]) == (123456, "app-eu1.hubspot.com")
    usage = ask("GET", "/account-info/2026-09/api-usage/daily/private-apps").json()["results"][0]
    assert (usage["currentUsage"], usage["fetchStatus"]) == (1, "SUCCESS")


def test_removed_outcome_leaves_both_lists(ask, hubspot):
    hubspot.delete("outcomes", "0f0e0d0c-0000-4000-8000-00000000c0de")
    labels = [one["label"] for one in ask("GET", "/calling/v1/dispositions").json()]
    assert "Demo booked" not in labels


def test_deleted_pipeline_that_a_ticket_uses_can_be_refused_on_wish(ask, hubspot):
    hubspot.add("tickets", {"subject": "Old", "hs_pipeline": "0", "hs_pipeline_stage": "1"})
    path = "/crm/pipelines/2026-09/tickets/0"
    refused = ask("DELETE", path, validateReferencesBeforeDelete="true")
    assert refused.status == 400
    assert ask("DELETE", path).status == 204
    assert ask("GET", path).status == 404
    assert ask("DELETE", path).status == 404


def test_list_can_have_gaps_or_show_what_is_archived(ask, hubspot):
    path = "/crm/pipelines/2026-09/tickets"
    hubspot.switches.unlisted = frozenset({"81234567", "0/2"})
    (only,) = ask("GET", path).json()["results"]
    assert [each["id"] for each in only["stages"]] == ["1", "3", "4"]
    assert len(ask("GET", f"{path}/0").json()["stages"]) == 4
    hubspot.switches.unlisted = frozenset()
    hubspot.switches.archived_listed = True
    hubspot.delete("stages", "2", "0")
    hubspot.delete("pipelines", "81234567")
    told = ask("GET", path).json()["results"]
    assert [(each["id"], each["archived"]) for each in told] == [("0", False), ("81234567", True)]
    assert [each["id"] for each in told[0]["stages"] if each["archived"]] == ["2"]


def test_audit_names_who_deleted_and_can_be_refused(ask, hubspot):
    hubspot.delete("stages", "2", "0", by=113492)
    path = "/crm/pipelines/2026-09/tickets/0/stages/2/audit"
    (entry,) = ask("GET", path).json()["results"]
    assert (entry["action"], entry["fromUserId"]) == ("DELETE", 113492)
    hubspot.switches.no_audit = True
    assert ask("GET", path).status == 403


def test_restored_stage_is_back_in_its_place(ask, hubspot):
    hubspot.delete("stages", "2", "0")
    hubspot.restore("stages", "2", "0")
    told = ask("GET", "/crm/pipelines/2026-09/tickets/0").json()
    assert [each["id"] for each in told["stages"]] == ["1", "2", "3", "4"]
