import pytest

from clients.errors import NotFound, Rejected, Unavailable
from clients.hubspot import HubSpot, hubspot_http
from clients.hubspot.queries import Filter, Query, Wanted, searches_for
from clients.hubspot.records import Batch, Change, Link, New

CONTACT = "12345"
COMPANY = "8001"
CREATE = "*/calls/batch/create"


def call(number: int, *links: Link, **more: str) -> New:
    key = f"call-{number}"
    values = {"hs_timestamp": "2026-09-21T14:13:20Z", "aircall_id": key, "hs_call_title": "Call"}
    return New(key, values | more, links)


@pytest.fixture
def unique(hubspot):
    for kind in ("calls", "tickets", "communications", "contacts"):
        name = "aircall_phone" if kind == "contacts" else "aircall_id"
        group = hubspot.property_groups(kind)[0]
        assert hubspot.create_property(kind, name, label="Aircall", group=group, unique=True)


@pytest.fixture
def plain_property(hubspot):
    group = hubspot.property_groups("calls")[0]
    assert hubspot.create_property("calls", "aircall_id", label="Aircall", group=group)


def calls_in(portal) -> dict[str, dict]:
    return portal.dump()["calls"]


def test_calls_are_created_with_their_links_and_found_again_by_key(hubspot, portal, unique):
    links = (Link("contacts", CONTACT), Link("companies", COMPANY))
    inputs = [call(n, *links) for n in range(100)]
    batch = hubspot.create("calls", inputs)
    assert set(batch.done) == {each.key for each in inputs}
    assert (batch.refused, batch.unanswered, batch.whole, batch.trouble) == ({}, (), None, None)
    for key, record in batch.done.items():
        held = calls_in(portal)[record.id]
        assert held["properties"]["aircall_id"] == key
        assert held["associations"] == {"contacts": [CONTACT], "companies": [COMPANY]}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("tickets", {"subject": "s", "hs_pipeline_stage": "1"}),
        (
            "communications",
            {
                "hs_communication_channel_type": "SMS",
                "hs_communication_logged_from": "CRM",
                "hs_timestamp": "2026-09-21T14:13:20Z",
            },
        ),
    ],
)
def test_tickets_and_communications_are_linked_with_contact_and_company(
    hubspot, portal, kind, values
):
    links = (Link("contacts", CONTACT), Link("companies", COMPANY))
    record = hubspot.create(kind, [New("a", values, links)]).done["a"]
    held = portal.dump()[kind][record.id]
    assert held["associations"] == {"contacts": [CONTACT], "companies": [COMPANY]}


def test_a_ticket_is_linked_with_its_call(hubspot, portal, unique):
    called = hubspot.create("calls", [call(1)]).done["call-1"]
    values = {"subject": "s", "hs_pipeline_stage": "1"}
    ticket = hubspot.create("tickets", [New("t", values, (Link("calls", called.id),))]).done["t"]
    assert portal.dump()["tickets"][ticket.id]["associations"] == {"calls": [called.id]}


def test_bad_inputs_are_refused_alone_and_the_others_are_created(hubspot, portal, unique):
    inputs = [
        call(1),
        call(2, hubspot_owner_id="abc"),
        call(3, Link("contacts", "999999")),
        call(4, no_such_property="x"),
        call(5),
    ]
    batch = hubspot.create("calls", inputs)
    assert set(batch.done) == {"call-1", "call-5"}
    assert set(batch.refused) == {"call-2", "call-3", "call-4"}
    assert batch.refused["call-2"].properties == ("hubspot_owner_id",)
    assert batch.refused["call-4"].properties == ("no_such_property",)
    assert batch.unanswered == ()
    assert len(calls_in(portal)) == 2


def test_the_second_record_with_a_unique_value_is_refused(hubspot, portal, unique):
    first = hubspot.create("calls", [call(1)]).done["call-1"]
    again = hubspot.create("calls", [call(1), call(2)])
    assert set(again.done) == {"call-2"}
    assert set(again.refused) == {"call-1"}
    assert hubspot.read("calls", ["call-1"], [], id_property="aircall_id")["call-1"].id == first.id


def test_a_contact_whose_email_is_taken_names_the_one_that_exists(hubspot):
    email = hubspot.read("contacts", [CONTACT], ["email"])[CONTACT].properties["email"]
    batch = hubspot.create("contacts", [New("c", {"email": email or ""})])
    assert batch.refused["c"].existing == CONTACT
    assert batch.refused["c"].status == 409


def test_a_missing_pipeline_is_blamed_by_name(hubspot):
    values = {"subject": "s", "hs_pipeline": "555", "hs_pipeline_stage": "1"}
    refused = hubspot.create("tickets", [New("t", values)]).refused["t"]
    assert set(refused.properties) & {"hs_pipeline", "hs_pipeline_stage"}


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("reset", False),
        ("reset_after", True),
        ("500", False),
        ("500_after", True),
        ("502", False),
        ("503", False),
        ("cut", True),
        ("empty_200", False),
        ("empty_200_after", True),
    ],
)
def test_a_create_of_unknown_outcome_leaves_every_key_unanswered(  # noqa: PLR0917 - a table
    hubspot, portal, gate, unique, kind, written
):
    portal.fault(kind, path=CREATE)
    batch = hubspot.create("calls", [call(1), call(2)])
    assert batch.unanswered == ("call-1", "call-2")
    assert (batch.done, batch.refused, batch.whole) == ({}, {}, None)
    assert isinstance(batch.trouble, Unavailable)
    assert len(calls_in(portal)) == (2 if written else 0)
    assert portal.count("POST", "/crm/objects/2026-09/calls/batch/create") == 1
    assert gate.pauses == []


@pytest.mark.parametrize("kind", ["429", "423", "477"])
def test_a_create_that_was_turned_away_is_parked(hubspot, portal, gate, unique, kind):
    portal.fault(kind, path=CREATE)
    with pytest.raises(Unavailable) as caught:
        hubspot.create("calls", [call(1)])
    assert not caught.value.maybe_written
    assert calls_in(portal) == {}
    assert len(gate.pauses) == 1


def test_inputs_that_fail_for_now_are_unanswered(hubspot, portal, unique):
    portal.fault("partial", path=CREATE, which="last")
    batch = hubspot.create("calls", [call(1), call(2), call(3)])
    assert set(batch.done) == {"call-1", "call-2"}
    assert batch.unanswered == ("call-3",)
    assert batch.refused == {}


def test_a_refusal_of_the_whole_batch_names_no_input(hubspot, portal, unique):
    portal.switches.missing_scopes = frozenset({"crm.objects.contacts.write"})
    batch = hubspot.create("calls", [call(1), call(2)])
    assert isinstance(batch.whole, Rejected)
    assert batch.whole.scopes == ("crm.objects.contacts.write",)
    assert (batch.done, batch.refused, batch.unanswered) == ({}, {}, ())


def test_a_404_for_the_whole_batch_is_a_refusal_of_it(raw_vendor, http_to):
    body = b'{"status":"error","message":"no contact","category":"OBJECT_NOT_FOUND"}'
    head = f"HTTP/1.1 404 Not Found\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    batch = HubSpot(http_to(raw_vendor(head + body).url)).create("calls", [call(1)])
    assert batch.whole is not None
    assert (batch.whole.status, batch.whole.message) == (404, "no contact")


def test_a_batch_is_at_most_a_hundred_inputs_with_keys_of_their_own(hubspot, portal):
    assert hubspot.create("calls", []).done == {}
    with pytest.raises(ValueError, match="100"):
        hubspot.create("calls", [call(n) for n in range(101)])
    with pytest.raises(ValueError, match="key"):
        hubspot.create("calls", [call(1), call(1)])
    assert portal.requests == []


def test_records_are_changed_one_by_one(hubspot, portal, plain_property):
    made = hubspot.create("calls", [call(n) for n in range(4)]).done
    portal.delete("calls", made["call-2"].id)
    changes = [
        Change(record.id, {"hs_call_title": f"New {key}"}, key) for key, record in made.items()
    ]
    changes[3] = Change(changes[3].id, {"hubspot_owner_id": "abc"}, changes[3].key)
    batch = hubspot.update("calls", changes)
    refused = {"call-2", changes[3].key}
    assert set(batch.refused) == refused
    assert set(batch.done) == set(made) - refused
    for key in batch.done:
        assert calls_in(portal)[made[key].id]["properties"]["hs_call_title"] == f"New {key}"


def test_a_change_of_unknown_outcome_leaves_every_key_unanswered(hubspot, portal):
    portal.fault("reset_after", path="*/batch/update")
    batch = hubspot.update("contacts", [Change(CONTACT, {"firstname": "Clara"}, "a")])
    assert batch.unanswered == ("a",)
    found = hubspot.read("contacts", [CONTACT], ["firstname"])
    assert found[CONTACT].properties["firstname"] == "Clara"
    portal.fault("partial", path="*/batch/update", which="every")
    assert hubspot.update("contacts", [Change(CONTACT, {"firstname": "C"}, "a")]).unanswered == (
        "a",
    )
    portal.fault("429", path="*/batch/update")
    with pytest.raises(Unavailable):
        hubspot.update("contacts", [Change(CONTACT, {"firstname": "C"}, "a")])


def test_records_are_read_by_id_and_those_that_do_not_exist_are_absent(hubspot, portal):
    found = hubspot.read("contacts", ["12346", CONTACT, "999999"], ["email", "mobilephone"])
    assert set(found) == {"12346", CONTACT}
    assert found[CONTACT].properties["email"] == "claire.dubois@example.com"
    assert found[CONTACT].properties["mobilephone"] is None


def test_more_than_a_hundred_are_read_in_several_requests(hubspot, portal, unique):
    for start in (0, 100, 200):
        hubspot.create("calls", [call(n) for n in range(start, start + 100)])
    keys = [f"call-{n}" for n in range(300)]
    found = hubspot.read("calls", keys, ["hs_call_title"], id_property="aircall_id")
    assert set(found) == set(keys)
    assert all(found[key].properties["aircall_id"] == key for key in keys)
    assert portal.count("POST", "/crm/objects/2026-09/calls/batch/read") == 3


def test_a_unique_value_that_hubspot_stores_in_lower_case_is_found(hubspot):
    found = hubspot.read("contacts", ["Claire.Dubois@Example.com"], [], id_property="email")
    assert found["Claire.Dubois@Example.com"].id == CONTACT


def test_a_merged_contact_is_found_under_its_old_id(hubspot, portal):
    portal.merge("contacts", "12346", CONTACT)
    found = hubspot.read("contacts", [CONTACT, "12346", "12347", "999999"], ["email"])
    assert {asked: record.id for asked, record in found.items()} == {
        CONTACT: "12346",
        "12346": "12346",
        "12347": "12347",
    }


def test_a_contact_merged_twice_is_found_under_its_oldest_id(hubspot, portal):
    portal.merge("contacts", "12346", CONTACT)
    portal.merge("contacts", "12347", "12346")
    found = hubspot.read("contacts", [CONTACT, "12348"], ["email"])
    assert {asked: record.id for asked, record in found.items()} == {
        CONTACT: "12347",
        "12348": "12348",
    }


def test_archived_records_are_found_only_when_asked_for(hubspot, portal):
    portal.delete("contacts", CONTACT)
    assert hubspot.read("contacts", [CONTACT], []) == {}
    found = hubspot.read("contacts", [CONTACT, "12346"], [], archived=True)
    assert list(found) == [CONTACT]
    assert found[CONTACT].archived


def test_an_input_that_could_not_be_read_is_read_again_and_never_taken_for_absent(hubspot, portal):
    portal.fault("partial", path="*/batch/read", which="first")
    assert set(hubspot.read("contacts", [CONTACT, "12346"], [])) == {CONTACT, "12346"}
    portal.fault("partial", path="*/batch/read", which="first", times=2)
    with pytest.raises(Unavailable):
        hubspot.read("contacts", [CONTACT, "12346"], [])


@pytest.mark.parametrize("kind", ["reset", "500", "502", "cut", "empty_200", "reset_after"])
def test_a_read_survives_one_failure_and_two_pause(hubspot, portal, gate, kind):
    portal.fault(kind, path="*/batch/read")
    assert set(hubspot.read("contacts", [CONTACT], [])) == {CONTACT}
    portal.fault(kind, path="*/batch/read", times=2)
    with pytest.raises(Unavailable):
        hubspot.read("contacts", [CONTACT], [])
    assert gate.pauses == [("hubspot", 5, "down")]


def test_nothing_is_absent_only_if_hubspot_says_so_of_records(raw_vendor, http_to):
    body = b'{"message":"none of them","category":"OBJECT_NOT_FOUND"}'
    head = f"HTTP/1.1 404 Not Found\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    assert HubSpot(http_to(raw_vendor(head + body).url)).read("calls", ["1"], []) == {}


def test_an_unknown_unique_property_is_refused(hubspot):
    with pytest.raises(Rejected):
        hubspot.read("calls", ["call-1"], [], id_property="aircall_id")


def test_an_unknown_object_type_is_not_taken_for_absence(raw_vendor, http_to):
    body = b'{"message":"Unable to infer object type"}'
    head = f"HTTP/1.1 404 Not Found\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with pytest.raises(NotFound):
        HubSpot(http_to(raw_vendor(head + body).url)).read("kalls", ["1"], [])


def test_a_contact_is_found_by_phone_in_other_spellings_and_by_email(hubspot, gate):
    wanted = [
        Wanted("199004567", "+33199004567"),
        Wanted("199004570", "+33199004570"),
        Wanted("", "", "NINA.mail@example.com"),
    ]
    searchable = set(hubspot.properties("contacts"))
    (query,) = searches_for(wanted, searchable, ["phone", "email"])
    found = {record.id for record in hubspot.search("contacts", query)}
    assert found == {CONTACT, "12348", "12360"}
    assert gate.entered[-1] == ("hubspot", ("hubspot_burst", "hubspot_search"))
    assert gate.entered[0] == ("hubspot", ("hubspot_burst",))


def test_a_company_is_found_by_phone(hubspot, portal):
    id_ = portal.add("companies", {"name": "X", "phone": "+33 1 99 00 77 77"})
    searchable = set(hubspot.properties("companies"))
    (query,) = searches_for([Wanted("199007777", "+33199007777")], searchable, ["phone"])
    assert id_ in {record.id for record in hubspot.search("companies", query)}


def test_a_search_reads_all_its_pages_once(hubspot, portal):
    made = {portal.add("contacts", {"lastname": "Many"}) for _ in range(450)}
    query = Query(((Filter("lastname", "EQ", ("Many",)),),), ("lastname",))
    found = hubspot.search("contacts", query)
    assert {record.id for record in found} == made
    assert len(found) == 450
    assert portal.count("POST", "/crm/objects/2026-09/contacts/search") == 3
    assert len(hubspot.search("contacts", query, most=250)) == 250
    assert portal.count("POST", "/crm/objects/2026-09/contacts/search") == 5


def test_a_sorted_search_keeps_its_order(hubspot, portal):
    query = Query(
        ((Filter("lastname", "EQ", ("Shared",)),),),
        ("lastmodifieddate",),
        (("lastmodifieddate", "DESCENDING"),),
    )
    assert [record.id for record in hubspot.search("contacts", query)] == ["12352", "12351"]


def test_a_search_for_an_unknown_property_is_refused(hubspot):
    query = Query(((Filter("no_such_thing", "EQ", ("x",)),),), ("email",))
    with pytest.raises(Rejected):
        hubspot.search("contacts", query)


def test_a_wrong_token_parks(sandbox, gate):
    stranger = HubSpot(hubspot_http(sandbox.hubspot.url, "wrong", gate))
    with pytest.raises(Unavailable) as caught:
        stranger.create("contacts", [New("a", {"lastname": "x"})])
    assert caught.value.reason == "credentials"
    assert gate.pauses == [("hubspot", 60, "credentials")]


def held_in(portal) -> set[str]:
    return {one["properties"]["aircall_id"] for one in calls_in(portal).values()}


def create_or_park(hubspot, inputs) -> Batch | None:
    try:
        return hubspot.create("calls", inputs)
    except Unavailable:
        return None


def test_whatever_fails_every_key_is_in_one_place_and_what_is_done_is_written(
    hubspot, portal, unique
):
    portal.chaos(0.5, seed=11, hold=0.001)
    for round_ in range(60):
        inputs = [call(round_ * 10 + n) for n in range(3)]
        keys = {each.key for each in inputs}
        batch = create_or_park(hubspot, inputs)
        if batch is None:
            assert not keys & held_in(portal)
            continue
        places = [*batch.done, *batch.refused, *batch.unanswered]
        assert sorted(places) == sorted(keys if batch.whole is None else [])
        held = held_in(portal)
        assert set(batch.done) <= held
        assert not (keys - set(batch.done) - set(batch.unanswered)) & held
    assert portal.faults.struck
    assert portal.count() <= 60 * 5, "nobody asks on and on"
