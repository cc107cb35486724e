import pytest

OBJECTS = "/crm/objects/2026-09"
LINKS = "/crm/associations/2026-09"


def link(to, type_id):
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    return {"to": {"id": to}, "types": [kind]}


def create_call(ask, *links):
    body = {"properties": {"hs_timestamp": "1790000000000"}, "associations": list(links)}
    return ask("POST", f"{OBJECTS}/calls", body)


def read(ask, kind, to, *ids):
    body = {"inputs": [{"id": id_} for id_ in ids]}
    return ask("POST", f"{LINKS}/{kind}/{to}/batch/read", body)


def test_inline_link_is_seen_from_both_sides_with_its_own_type(ask):
    call = create_call(ask, link("12345", 194), link("8001", 182)).json()["id"]
    there = read(ask, "calls", "contacts", call).json()["results"][0]
    back = read(ask, "contacts", "calls", "12345").json()["results"][0]
    assert there["to"][0]["toObjectId"] == "12345"
    assert there["to"][0]["associationTypes"][0]["typeId"] == 194
    assert back["to"][0]["toObjectId"] == call
    assert back["to"][0]["associationTypes"][0]["typeId"] == 193


@pytest.mark.parametrize(
    ("to", "type_id", "status", "surprises"),
    [("99999", 194, 404, 0), ("12345", 16, 400, 1), ("12345", 194, 201, 0)],
)
def test_inline_links_are_checked_against_the_table(
    ask, hubspot, *, to, type_id, status, surprises
):
    assert create_call(ask, link(to, type_id)).status == status
    assert len(hubspot.surprises) == surprises
    assert len(hubspot.portal.records["calls"]) == (status == 201)


def test_inline_link_to_an_archived_or_merged_contact_fails_the_create(ask, hubspot):
    hubspot.delete("contacts", "12345")
    hubspot.merge("contacts", "12347", "12346")
    for id_ in ("12345", "12346"):
        assert create_call(ask, link(id_, 194)).status == 400
    assert hubspot.portal.records["calls"] == {}


def test_logging_a_call_moves_the_contacts_last_change(ask, hubspot, hands):
    hands.turn(60)
    create_call(ask, link("12345", 194))
    modified = hubspot.record("contacts", "12345").properties["lastmodifieddate"]
    assert modified == "2026-09-21T14:14:20.000Z"


def test_repeated_default_link_changes_nothing(ask, hubspot, hands):
    call = hubspot.add("calls", {"hs_timestamp": "1"}, {"contacts": ["12345"]})
    before = hubspot.dump()
    hands.turn(60)
    path = f"{OBJECTS}/calls/{call}/associations/default/contacts/12345"
    assert ask("PUT", path).status == 200
    assert hubspot.dump() == before


def test_default_links_can_be_repeated(ask, hubspot):
    call = create_call(ask).json()["id"]
    body = {"inputs": [{"from": {"id": call}, "to": {"id": "12345"}}]}
    for _ in range(2):
        answer = ask("POST", f"{LINKS}/calls/contacts/batch/associate/default", body)
        assert answer.status == 200
    assert hubspot.dump()["calls"][call]["associations"] == {"contacts": ["12345"]}
    path = f"{OBJECTS}/calls/{call}/associations/default/companies/8001"
    assert ask("PUT", path).status == 200
    assert hubspot.dump()["companies"]["8001"]["associations"]["calls"] == [call]


def test_default_link_to_nobody_is_an_error_of_that_input_alone(ask):
    call = create_call(ask).json()["id"]
    inputs = [{"from": {"id": call}, "to": {"id": id_}} for id_ in ("12345", "99999")]
    answer = ask("POST", f"{LINKS}/calls/contacts/batch/associate/default", {"inputs": inputs})
    assert answer.status == 207
    assert answer.json()["errors"][0]["context"]["toObjectId"] == ["99999"]
    assert ask("PUT", f"{OBJECTS}/calls/{call}/associations/default/contacts/9").status == 404


def test_first_company_of_a_contact_becomes_its_primary_one(ask, hubspot):
    for company in ("8002", "8003"):
        ask("PUT", f"{OBJECTS}/contacts/12346/associations/default/companies/{company}")
    assert hubspot.record("contacts", "12346").properties["associatedcompanyid"] == "8002"
    found = read(ask, "contacts", "companies", "12346").json()["results"][0]["to"]
    types = {one["toObjectId"]: len(one["associationTypes"]) for one in found}
    assert types == {"8002": 2, "8003": 1}


def test_new_primary_company_takes_the_mark_from_the_old_one(ask, hubspot):
    kinds = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}]
    path = f"{OBJECTS}/contacts/12345/associations/companies/8002"
    assert ask("PUT", path, kinds).status == 201
    assert hubspot.record("contacts", "12345").properties["associatedcompanyid"] == "8002"
    found = read(ask, "contacts", "companies", "12345").json()["results"][0]["to"]
    labels = {
        one["toObjectId"]: [kind["label"] for kind in one["associationTypes"]] for one in found
    }
    assert labels == {"8001": [None], "8002": ["Primary", None]}


def test_nothing_linked_is_an_error_entry_in_a_207(ask):
    answer = read(ask, "contacts", "calls", "12345", "12346")
    assert answer.status == 207
    assert answer.json()["results"] == []
    assert answer.json()["errors"][0]["subCategory"].endswith("NO_ASSOCIATIONS_FOUND")


def test_links_to_archived_records_are_not_shown(ask, hubspot):
    call = create_call(ask, link("12345", 194)).json()["id"]
    hubspot.delete("contacts", "12345")
    assert read(ask, "calls", "contacts", call).json()["results"] == []
    assert hubspot.dump()["calls"][call]["associations"] == {}


def test_link_can_be_removed(ask, hubspot):
    call = create_call(ask, link("12345", 194)).json()["id"]
    path = f"{OBJECTS}/calls/{call}/associations/contacts/12345"
    assert ask("DELETE", path).status == 204
    assert hubspot.dump()["calls"][call]["associations"] == {}
