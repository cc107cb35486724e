OBJECTS = "/crm/objects/2026-09"


def read(ask, *ids):
    body = {"inputs": [{"id": id_} for id_ in ids], "properties": ["email"]}
    return ask("POST", f"{OBJECTS}/contacts/batch/read", {**body, "propertiesWithHistory": []})


def test_merged_id_leads_to_the_winner_in_reads(ask, hubspot):
    hubspot.merge("contacts", "12346", "12345")
    assert ask("GET", f"{OBJECTS}/contacts/12345").json()["id"] == "12346"
    assert [one["id"] for one in read(ask, "12345", "12346").json()["results"]] == ["12346"]


def test_merge_moves_links_and_missing_values(ask, hubspot):
    call = hubspot.add("calls", {"hs_timestamp": "1"}, {"contacts": ["12345"]})
    body = {"primaryObjectId": "12348", "objectIdToMerge": "12345"}
    assert ask("POST", f"{OBJECTS}/contacts/merge", body).status == 200
    winner = hubspot.dump()["contacts"]["12348"]
    assert winner["properties"]["email"] == "claire.dubois@example.com"
    assert winner["properties"]["firstname"] == "Hugo"
    assert winner["properties"]["hs_merged_object_ids"] == "12345"
    assert winner["associations"] == {"companies": ["8001"], "calls": [call]}
    assert "12345" not in hubspot.dump()["contacts"]


def test_restored_record_is_as_before(ask, hubspot):
    hubspot.delete("contacts", "12345")
    hubspot.restore("contacts", "12345")
    assert ask("GET", f"{OBJECTS}/contacts/12345").status == 200
    body = {"properties": {"email": "claire.dubois@example.com"}, "associations": []}
    assert ask("POST", f"{OBJECTS}/contacts", body).status == 409


def test_history_tells_every_change_in_order(ask, hubspot, hands):
    call = hubspot.add("calls", {"hs_timestamp": "1", "hs_call_title": "a"})
    hands.turn(5)
    ask("PATCH", f"{OBJECTS}/calls/{call}", {"properties": {"hs_call_title": "b"}})
    hubspot.edit("calls", call, {"hs_call_title": "c"})
    start = hands.now - 5
    assert hubspot.history["calls"][call] == [
        (start, {"hs_timestamp": "1", "hs_call_title": "a"}),
        (start + 5, {"hs_call_title": "b"}),
        (start + 5, {"hs_call_title": "c"}),
    ]


def test_reset_brings_back_the_seeded_portal(ask, hubspot):
    before = hubspot.dump()
    hubspot.add("calls", {"hs_timestamp": "1"}, {"contacts": ["12345"]})
    hubspot.merge("contacts", "12346", "12345")
    hubspot.delete("pipelines", "0")
    hubspot.delete("properties", "phone", "contacts")
    hubspot.switches.search_lag = 5.0
    hubspot.limits(burst=1)
    hubspot.fault("500", times=None)
    hubspot.reset()
    assert hubspot.dump() == before
    assert hubspot.switches.search_lag == 0
    assert hubspot.requests == []
    for _ in range(3):
        assert ask("GET", "/crm/pipelines/2026-09/tickets/0").status == 200
    assert ask("GET", "/crm/properties/2026-09/contacts/phone").status == 200
