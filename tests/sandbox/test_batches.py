import pytest

OBJECTS = "/crm/objects/2026-09"
TIME = "2026-09-21T14:13:20Z"


def call(at, *, trace=True, **more):
    given = {"properties": {"hs_timestamp": TIME, "hs_call_title": f"c{at}", **more}}
    given["associations"] = []
    return {**given, "objectWriteTraceId": f"t{at}"} if trace else given


def batch(ask, kind, name, inputs, **more):
    return ask("POST", f"{OBJECTS}/{kind}/batch/{name}", {"inputs": inputs, **more})


def test_batch_create_gives_each_result_its_trace_id_in_no_order(ask):
    answer = batch(ask, "calls", "create", [call(at) for at in range(50)])
    assert answer.status == 201
    results = answer.json()["results"]
    pairs = {(one["objectWriteTraceId"], one["properties"]["hs_call_title"]) for one in results}
    assert pairs == {(f"t{at}", f"c{at}") for at in range(50)}
    assert [one["objectWriteTraceId"] for one in results] != [f"t{at}" for at in range(50)]


def test_one_bad_input_fails_alone_when_all_carry_their_own_trace_id(ask, hubspot):
    answer = batch(ask, "calls", "create", [call(1), call(2, hubspot_owner_id="1"), call(3)])
    body = answer.json()
    assert answer.status == 207
    assert {one["objectWriteTraceId"] for one in body["results"]} == {"t1", "t3"}
    assert body["numErrors"] == 1
    assert body["errors"][0]["context"] == {"objectWriteTraceId": ["t2"]}
    assert body["errors"][0]["category"] == "VALIDATION_ERROR"
    assert len(hubspot.portal.records["calls"]) == 2


@pytest.mark.parametrize(
    "inputs",
    [
        [call(1), call(2, trace=False, hubspot_owner_id="1")],
        [call(1), {**call(2, hubspot_owner_id="1"), "objectWriteTraceId": "t1"}],
    ],
)
def test_one_bad_input_fails_all_without_unique_trace_ids(ask, hubspot, inputs):
    answer = batch(ask, "calls", "create", inputs)
    assert answer.status == 400
    assert hubspot.portal.records["calls"] == {}


def test_two_inputs_of_one_batch_cannot_take_the_same_unique_value(ask, make_unique):
    make_unique("calls", "aircall_id")
    inputs = [call(1, aircall_id="x"), call(2, aircall_id="x")]
    body = batch(ask, "calls", "create", inputs).json()
    assert [one["objectWriteTraceId"] for one in body["results"]] == ["t1"]
    assert "CONFLICTING_UNIQUE_VALUE" in body["errors"][0]["message"]


def test_taken_email_in_a_batch_names_the_contact(ask):
    given = {
        "properties": {"email": "claire.dubois@example.com"},
        "associations": [],
        "objectWriteTraceId": "a",
    }
    body = batch(ask, "contacts", "create", [given]).json()
    assert body["errors"][0]["category"] == "OBJECT_ALREADY_EXISTS"
    assert body["errors"][0]["message"].endswith("Existing ID: 12345")


@pytest.mark.parametrize("amount", [0, 101])
def test_batch_takes_1_to_100_inputs(ask, amount):
    answer = batch(ask, "calls", "create", [call(at) for at in range(amount)])
    assert answer.status == 400


def test_associations_are_required_in_create_inputs(ask, hubspot):
    assert batch(ask, "calls", "create", [{"properties": {"hs_timestamp": TIME}}]).status == 400
    assert "associations" in hubspot.surprises[0]


def read(ask, kind, ids, **more):
    body = {"properties": ["phone"], "propertiesWithHistory": [], **more}
    return batch(ask, kind, "read", [{"id": id_} for id_ in ids], **body)


def test_batch_read_names_what_is_missing_in_a_207(ask):
    answer = read(ask, "contacts", ["12345", "99999", "88888"])
    body = answer.json()
    assert answer.status == 207
    assert [one["id"] for one in body["results"]] == ["12345"]
    assert body["errors"][0]["category"] == "OBJECT_NOT_FOUND"
    assert body["errors"][0]["context"]["ids"] == ["99999", "88888"]


def test_batch_read_of_all_found_is_a_200_with_each_once(ask):
    answer = read(ask, "contacts", ["12345", "12345", "12346"])
    assert answer.status == 200
    assert sorted(one["id"] for one in answer.json()["results"]) == ["12345", "12346"]


def test_batch_read_by_unique_property(ask, make_unique):
    make_unique("calls", "aircall_id")
    batch(ask, "calls", "create", [call(1, aircall_id="call-1")])
    body = {"properties": ["aircall_id"], "idProperty": "aircall_id"}
    found = read(ask, "calls", ["call-1", "call-2"], **body).json()
    assert found["results"][0]["properties"]["aircall_id"] == "call-1"
    assert found["errors"][0]["context"]["ids"] == ["call-2"]
    assert read(ask, "calls", ["x"], idProperty="hs_call_title").status == 400


def test_batch_read_of_archived_records_finds_only_those(ask, hubspot):
    hubspot.delete("contacts", "12345")
    body = {
        "inputs": [{"id": "12345"}, {"id": "12346"}],
        "properties": [],
        "propertiesWithHistory": [],
    }
    path = f"{OBJECTS}/contacts/batch/read"
    found = ask("POST", path, body, archived="true").json()
    assert [one["id"] for one in found["results"]] == ["12345"]
    assert [one["id"] for one in ask("POST", path, body).json()["results"]] == ["12346"]


def test_batch_update_changes_what_it_can(ask, hubspot):
    inputs = [
        {"id": "12345", "properties": {"firstname": "Clara"}, "objectWriteTraceId": "a"},
        {"id": "12346", "properties": {"hubspot_owner_id": "1"}, "objectWriteTraceId": "b"},
        {"id": "1", "properties": {"firstname": "X"}, "objectWriteTraceId": "c"},
    ]
    answer = batch(ask, "contacts", "update", inputs)
    body = answer.json()
    assert answer.status == 207
    assert [one["objectWriteTraceId"] for one in body["results"]] == ["a"]
    contexts = [one["context"]["objectWriteTraceId"] for one in body["errors"]]
    assert contexts == [["b"], ["c"]]
    assert hubspot.record("contacts", "12345").properties["firstname"] == "Clara"


def test_batch_update_refuses_an_id_given_twice(ask, hubspot):
    given = {"id": "12345", "properties": {"firstname": "A"}}
    assert batch(ask, "contacts", "update", [given, given]).status == 400
    assert hubspot.record("contacts", "12345").properties["firstname"] == "Claire"


def test_batch_upsert_creates_and_overwrites_by_the_property_in_each_input(ask, make_unique):
    make_unique("calls", "aircall_id")

    def upsert(title):
        given = {
            "id": "call-1",
            "idProperty": "aircall_id",
            "properties": {"hs_timestamp": TIME, "hs_call_title": title},
        }
        return batch(ask, "calls", "upsert", [given]).json()["results"][0]

    first, second = upsert("one"), upsert("two")
    assert (first["new"], second["new"]) == (True, False)
    assert first["id"] == second["id"]
    assert second["properties"]["hs_call_title"] == "two"


def test_batch_upsert_inputs_have_no_associations(ask, hubspot, make_unique):
    make_unique("calls", "aircall_id")
    given = {"id": "a", "idProperty": "aircall_id", "properties": {}, "associations": []}
    assert batch(ask, "calls", "upsert", [given]).status == 400
    assert "associations" in hubspot.surprises[0]


def test_batch_archive_is_a_204_also_for_what_is_not_there(ask, hubspot):
    answer = batch(ask, "contacts", "archive", [{"id": "12345"}, {"id": "1"}])
    assert (answer.status, answer.body) == (204, b"")
    assert hubspot.record("contacts", "12345").archived is not None
