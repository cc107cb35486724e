import json

import pytest

OBJECTS = "/crm/objects/2026-09"
CALL = {"hs_timestamp": "1790000000000", "hs_call_direction": "INBOUND"}
TO_CLAIRE = [
    {
        "to": {"id": "12345"},
        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}],
    }
]


def packed(answer):
    message = answer.json()["message"]
    return json.loads(message[message.index("[") :])


def create(ask, kind, properties, associations=()):
    body = {"properties": properties, "associations": list(associations)}
    return ask("POST", f"{OBJECTS}/{kind}", body)


def test_created_call_is_answered_as_strings_with_an_iso_timestamp(ask):
    answer = create(ask, "calls", CALL, TO_CLAIRE)
    assert answer.status == 201
    made = answer.json()
    assert made["properties"]["hs_timestamp"] == "2026-09-21T14:13:20Z"
    assert made["properties"]["hs_object_id"] == made["id"] == "71000000001"
    assert made["createdAt"] == "2026-09-21T14:13:20.000Z"
    assert made["archived"] is False


def test_reading_shows_asked_properties_null_where_never_set(ask):
    shown = ask("GET", f"{OBJECTS}/contacts/12345", properties="phone,mobilephone").json()
    assert shown["properties"]["phone"] == "01 99 00 45 67"
    assert shown["properties"]["mobilephone"] is None
    assert "email" not in shown["properties"]


def test_reading_shows_associations_when_asked(ask):
    made = create(ask, "calls", CALL, TO_CLAIRE).json()
    shown = ask("GET", f"{OBJECTS}/calls/{made['id']}", associations="contacts").json()
    assert shown["associations"]["contacts"]["results"][0]["id"] == "12345"


@pytest.mark.parametrize(
    ("kind", "properties", "name", "code"),
    [
        ("calls", {**CALL, "nobody_knows": "x"}, "nobody_knows", "PROPERTY_DOESNT_EXIST"),
        ("calls", {**CALL, "hs_call_direction": "SIDEWAYS"}, "hs_call_direction", "INVALID_OPTION"),
        ("calls", {**CALL, "hs_createdate": "1"}, "hs_createdate", "READ_ONLY_VALUE"),
        ("calls", {**CALL, "hubspot_owner_id": "abc"}, "hubspot_owner_id", "INVALID_INTEGER"),
        ("calls", {**CALL, "hubspot_owner_id": "1"}, "hubspot_owner_id", "INVALID_OWNER_ID"),
        (
            "calls",
            {**CALL, "hubspot_owner_id": "11349275750"},
            "hubspot_owner_id",
            "INVALID_OWNER_ID",
        ),
        ("calls", {**CALL, "hs_call_duration": "long"}, "hs_call_duration", "INVALID_LONG"),
        ("calls", {"hs_timestamp": "yesterday"}, "hs_timestamp", "INVALID_DATE"),
        (
            "calls",
            {**CALL, "hs_call_recording_url": "https://assets.aircall.io/calls/1"},
            "hs_call_recording_url",
            "INVALID_URL",
        ),
        ("calls", {**CALL, "hs_call_body": "x" * 65_537}, "hs_call_body", "INVALID_LENGTH"),
        ("contacts", {"email": "no mail"}, "email", "INVALID_EMAIL"),
        (
            "contacts",
            {"hs_searchable_calculated_phone_number": "1"},
            "hs_searchable_calculated_phone_number",
            "READ_ONLY_VALUE",
        ),
        (
            "tickets",
            {"subject": "x", "hs_pipeline": "555", "hs_pipeline_stage": "1"},
            "hs_pipeline",
            "INVALID_OPTION",
        ),
        (
            "tickets",
            {"subject": "x", "hs_pipeline_stage": "158001"},
            "hs_pipeline_stage",
            "INVALID_OPTION",
        ),
        (
            "communications",
            {
                "hs_timestamp": "1790000000000",
                "hs_communication_channel_type": "MMS",
                "hs_communication_logged_from": "CRM",
            },
            "hs_communication_channel_type",
            "INVALID_OPTION",
        ),
    ],
)
def test_wrong_value_is_refused_with_its_property_packed_in_the_message(
    ask, hubspot, *, kind, properties, name, code
):
    answer = create(ask, kind, properties)
    assert answer.status == 400
    assert answer.json()["category"] == "VALIDATION_ERROR"
    assert [(one["name"], one["error"]) for one in packed(answer)] == [(name, code)]
    assert not hubspot.portal.records[kind].keys() - {"12345"} - seeded(kind)
    assert hubspot.surprises == []


def seeded(kind):
    return {str(id_) for id_ in range(12345, 12365)} if kind == "contacts" else set()


@pytest.mark.parametrize(
    ("kind", "properties", "missing"),
    [
        ("calls", {"hs_call_title": "x"}, ["hs_timestamp"]),
        ("tickets", {"hs_pipeline": "0"}, ["subject", "hs_pipeline_stage"]),
        (
            "communications",
            {"hs_communication_channel_type": "SMS"},
            ["hs_communication_logged_from", "hs_timestamp"],
        ),
    ],
)
def test_missing_required_properties_are_named(ask, kind, properties, missing):
    answer = create(ask, kind, properties)
    assert answer.status == 400
    named = [one["context"]["properties"][0] for one in answer.json()["errors"]]
    assert named == missing


def test_ticket_without_pipeline_goes_into_the_default_one(ask, hubspot):
    made = create(ask, "tickets", {"subject": "x", "hs_pipeline_stage": "2"}).json()
    assert hubspot.record("tickets", made["id"]).properties["hs_pipeline"] == "0"


def test_stage_is_checked_against_the_tickets_own_pipeline_on_update(ask):
    values = {"subject": "x", "hs_pipeline": "81234567", "hs_pipeline_stage": "158001"}
    made = create(ask, "tickets", values).json()
    path = f"{OBJECTS}/tickets/{made['id']}"
    assert ask("PATCH", path, {"properties": {"hs_pipeline_stage": "158002"}}).status == 200
    assert ask("PATCH", path, {"properties": {"hs_pipeline_stage": "1"}}).status == 400


def test_unknown_outcome_is_stored_unless_the_portal_is_strict(ask, hubspot):
    values = {**CALL, "hs_call_disposition": "11111111-0000-4000-8000-000000000000"}
    assert create(ask, "calls", values).status == 201
    hubspot.switches.any_outcome = False
    assert create(ask, "calls", values).status == 400
    demo = {**CALL, "hs_call_disposition": "0f0e0d0c-0000-4000-8000-00000000c0de"}
    assert create(ask, "calls", demo).status == 201


def test_taken_email_is_a_conflict_naming_the_contact(ask):
    answer = create(ask, "contacts", {"email": "Claire.Dubois@example.com"})
    assert answer.status == 409
    assert answer.json()["message"] == "Contact already exists. Existing ID: 12345"
    assert answer.json()["category"] == "CONFLICT"


def test_email_of_an_archived_contact_is_free_again(ask, hubspot):
    hubspot.delete("contacts", "12345")
    assert create(ask, "contacts", {"email": "claire.dubois@example.com"}).status == 201


def test_phones_are_calculated_from_any_spelling(hubspot):
    def calculated(id_, name):
        return hubspot.record("contacts", id_).properties.get(name)

    assert calculated("12345", "hs_searchable_calculated_phone_number") == "199004567"
    assert calculated("12345", "hs_calculated_phone_number") == "+33199004567"
    assert calculated("12348", "hs_calculated_phone_number") == "+33199004570"
    assert calculated("12350", "hs_calculated_phone_number") == "+33199004572"
    assert calculated("12353", "hs_calculated_phone_number") == "+12025550177"
    assert calculated("12355", "hs_searchable_calculated_phone_number") == "2025550179"
    assert calculated("12357", "hs_calculated_mobile_number") == "+491713920019"
    assert calculated("12361", "hs_searchable_calculated_phone_number") == "4"
    assert calculated("12361", "hs_calculated_phone_number") is None


def test_phones_are_calculated_again_on_write_and_emptied_with_the_phone(ask, hubspot):
    path = f"{OBJECTS}/contacts/12345"
    ask("PATCH", path, {"properties": {"phone": "+4930 23125099"}})
    values = hubspot.record("contacts", "12345").properties
    assert values["hs_calculated_phone_number"] == "+493023125099"
    ask("PATCH", path, {"properties": {"phone": ""}})
    assert values["hs_calculated_phone_number"] == ""
    assert values["hs_searchable_calculated_phone_number"] == ""


def test_archived_records_are_read_only_when_asked_for(ask):
    made = create(ask, "calls", CALL).json()
    path = f"{OBJECTS}/calls/{made['id']}"
    assert ask("DELETE", path).status == 204
    assert ask("GET", path).status == 404
    shown = ask("GET", path, archived="true").json()
    assert shown["archived"] is True
    assert "archivedAt" in shown


def test_record_is_read_and_updated_by_a_unique_property(ask, make_unique):
    make_unique("calls", "aircall_id")
    made = create(ask, "calls", {**CALL, "aircall_id": "call-1"}).json()
    path = f"{OBJECTS}/calls/call-1"
    assert ask("GET", path, idProperty="aircall_id").json()["id"] == made["id"]
    changed = ask("PATCH", path, {"properties": {"hs_call_title": "T"}}, idProperty="aircall_id")
    assert changed.json()["properties"]["hs_call_title"] == "T"
    assert ask("GET", path, idProperty="hs_call_title").status == 400


def test_taken_unique_value_is_refused_also_when_its_holder_is_archived(ask, hubspot, make_unique):
    make_unique("calls", "aircall_id")
    made = create(ask, "calls", {**CALL, "aircall_id": "call-1"}).json()
    again = create(ask, "calls", {**CALL, "aircall_id": "CALL-1"})
    assert (again.status, packed(again)[0]["error"]) == (400, "CONFLICTING_UNIQUE_VALUE")
    hubspot.delete("calls", made["id"])
    assert create(ask, "calls", {**CALL, "aircall_id": "call-1"}).status == 400
    hubspot.switches.conflict_status = 409
    assert create(ask, "calls", {**CALL, "aircall_id": "call-1"}).status == 409
    hubspot.switches.unique_over_archived = False
    assert create(ask, "calls", {**CALL, "aircall_id": "call-1"}).status == 201


def test_record_may_keep_its_own_unique_value_and_frees_it_by_clearing(ask, make_unique):
    make_unique("contacts", "aircall_phone")
    path = f"{OBJECTS}/contacts/12345"
    for value in ("+33199004567", "+33199004567", ""):
        assert ask("PATCH", path, {"properties": {"aircall_phone": value}}).status == 200
    assert create(ask, "contacts", {"aircall_phone": "+33199004567"}).status == 201


def test_bodies_may_come_back_rewritten(ask, hubspot):
    hubspot.switches.rewrites_bodies = True
    made = create(ask, "calls", {**CALL, "hs_call_body": "a<br>b "}).json()
    assert made["properties"]["hs_call_body"] == "a<br/>b"


def test_listing_pages_by_id(ask):
    first = ask("GET", f"{OBJECTS}/contacts", limit="15").json()
    after = first["paging"]["next"]["after"]
    rest = ask("GET", f"{OBJECTS}/contacts", limit="15", after=after).json()
    ids = [one["id"] for one in first["results"] + rest["results"]]
    assert ids == [str(id_) for id_ in range(12345, 12365)]
    assert "paging" not in rest


@pytest.mark.parametrize(
    "body",
    [
        {"properties": {}},
        {"properties": {}, "associations": [], "extra": 1},
        {"properties": [], "associations": []},
        {"properties": {"firstname": 5}, "associations": []},
        {"properties": {}, "associations": [{"to": {"id": 5}, "types": []}]},
        [],
    ],
)
def test_misshapen_body_is_refused_and_kept_as_a_surprise(ask, hubspot, body):
    answer = ask("POST", f"{OBJECTS}/contacts", body)
    assert answer.status == 400
    assert answer.json()["category"] == "VALIDATION_ERROR"
    assert len(hubspot.surprises) == 1
    assert hubspot.surprises[0].startswith("POST /crm/objects/2026-09/contacts: ")


@pytest.mark.parametrize(
    "path",
    [
        "/crm/v3/objects/contacts",
        "/crm/objects/2026-09/deals",
        "/crm/objects/2026-03/contacts",
        "/",
    ],
)
def test_unknown_path_is_a_404_and_a_surprise(ask, hubspot, path):
    assert ask("GET", path).status == 404
    assert len(hubspot.surprises) == 1


def test_unknown_query_parameter_is_a_surprise(ask, hubspot):
    assert ask("GET", f"{OBJECTS}/contacts/12345", propertys="phone").status == 400
    assert "propertys" in hubspot.surprises[0]


def test_wrong_token_is_a_401(hubspot):
    for headers in ({}, {"Authorization": "Bearer other"}):
        answer = hubspot.handle("GET", f"{OBJECTS}/contacts/12345", {}, headers)
        assert answer.status == 401
        assert answer.json()["category"] == "INVALID_AUTHENTICATION"


def test_missing_scope_is_a_403_naming_it(ask, hubspot):
    hubspot.switches.missing_scopes = frozenset({"crm.objects.contacts.write"})
    answer = create(ask, "calls", CALL)
    assert answer.status == 403
    context = answer.json()["errors"][0]["context"]
    assert context["requiredGranularScopes"] == ["crm.objects.contacts.write"]
    assert ask("GET", f"{OBJECTS}/contacts/12345").status == 200


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", f"{OBJECTS}/contacts/12345", "crm.objects.contacts.read"),
        ("POST", f"{OBJECTS}/calls/search", "crm.objects.contacts.read"),
        ("POST", f"{OBJECTS}/calls/batch/read", "crm.objects.contacts.read"),
        ("POST", f"{OBJECTS}/calls/batch/create", "crm.objects.contacts.write"),
        ("POST", f"{OBJECTS}/communications/batch/update", "crm.objects.contacts.write"),
        ("POST", f"{OBJECTS}/companies/search", "crm.objects.companies.read"),
        ("POST", f"{OBJECTS}/tickets/batch/create", "tickets"),
        ("PUT", f"{OBJECTS}/calls/1/associations/default/contacts/1", "crm.objects.contacts.write"),
        (
            "POST",
            "/crm/associations/2026-09/contacts/calls/batch/read",
            "crm.objects.contacts.read",
        ),
        ("GET", "/crm/pipelines/2026-09/tickets", "tickets"),
        ("GET", "/crm/owners/2026-09", "crm.objects.owners.read"),
        ("GET", "/crm/properties/2026-09/calls", "crm.objects.contacts.read"),
        ("POST", "/crm/properties/2026-09/calls", "crm.schemas.calls.write"),
        ("POST", "/crm/properties/2026-09/contacts", "crm.schemas.contacts.write"),
        ("GET", "/calling/v1/dispositions", "crm.objects.contacts.read"),
    ],
)
def test_each_room_needs_its_scope(ask, hubspot, *, method, path, scope):
    hubspot.switches.missing_scopes = frozenset({scope})
    assert ask(method, path, {}).status == 403
    hubspot.switches.missing_scopes = frozenset()
    assert ask(method, path, {}).status != 403


def test_type_ids_work_as_names(ask):
    assert ask("GET", f"{OBJECTS}/0-1/12345").json()["id"] == "12345"
