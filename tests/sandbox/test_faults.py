import pytest

from sandbox.faults import BEFORE, KINDS

OBJECTS = "/crm/objects/2026-09"
CREATE = f"{OBJECTS}/calls/batch/create"


def call(at):
    given = {"properties": {"hs_timestamp": "1790000000000"}, "associations": []}
    return {**given, "objectWriteTraceId": f"t{at}"}


def create(ask, amount=1):
    return ask("POST", CREATE, {"inputs": [call(at) for at in range(amount)]})


@pytest.mark.parametrize("kind", KINDS)
def test_fault_strikes_before_or_after_the_write_as_its_name_says(ask, hubspot, kind):
    hubspot.fault(kind, method="POST", path="*/calls/batch/create")
    create(ask)
    written = len(hubspot.portal.records["calls"])
    assert written == (kind not in BEFORE and kind != "partial")
    assert hubspot.faults.struck == [("POST", CREATE, kind)]
    create(ask)
    assert len(hubspot.portal.records["calls"]) == written + 1


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("429", 429),
        ("500", 500),
        ("502", 502),
        ("503", 503),
        ("423", 423),
        ("477", 477),
        ("500_after", 500),
        ("empty_200", 200),
        ("empty_200_after", 200),
    ],
)
def test_fault_answers_with_its_status(ask, hubspot, kind, status):
    hubspot.fault(kind)
    answer = create(ask)
    assert answer.status == status
    assert (answer.body == b"") == kind.startswith("empty")


@pytest.mark.parametrize("kind", ["reset", "reset_after", "timeout", "timeout_after"])
def test_fault_without_answer_is_logged_as_status_0(ask, hubspot, kind):
    hubspot.fault(kind, hold=3.0)
    answer = create(ask)
    assert answer.wire.reset
    assert answer.wire.hold == (3.0 if kind.startswith("timeout") else 0.0)
    assert (hubspot.requests[0].status, hubspot.requests[0].fault) == (0, kind)


def test_429_carries_retry_after_and_policy_as_wanted(ask, hubspot):
    hubspot.fault("429", policy="DAILY", retry_after=7)
    hubspot.fault("429", policy="SECONDLY")
    first, second = create(ask), create(ask)
    assert (first.headers["Retry-After"], first.json()["policyName"]) == ("7", "DAILY")
    assert "Retry-After" not in second.headers
    assert second.json()["policyName"] == "SECONDLY"
    assert hubspot.too_many == 0


def test_502_is_a_page_in_html(ask, hubspot):
    hubspot.fault("502")
    answer = create(ask)
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.body.startswith(b"<html>")


@pytest.mark.parametrize(
    ("which", "failed"), [("first", ["t0"]), ("last", ["t2"]), ("every", ["t0", "t1", "t2"])]
)
@pytest.mark.parametrize("permanent", [True, False])
def test_partial_fails_some_inputs_and_writes_the_others(ask, hubspot, which, failed, permanent):
    hubspot.fault("partial", which=which, permanent=permanent)
    answer = create(ask, 3)
    body = answer.json()
    assert answer.status == 207
    assert [one["context"]["objectWriteTraceId"][0] for one in body["errors"]] == failed
    category = "VALIDATION_ERROR" if permanent else "INTERNAL_ERROR"
    assert {one["category"] for one in body["errors"]} == {category}
    assert len(hubspot.portal.records["calls"]) == 3 - len(failed)


@pytest.mark.parametrize("name", ["update", "read", "upsert"])
def test_partial_strikes_the_other_batches_too(ask, hubspot, make_unique, name):
    make_unique("contacts", "aircall_phone")
    given = {
        "update": {"inputs": [{"id": "12345", "properties": {"firstname": "X"}}]},
        "read": {"inputs": [{"id": "12345"}], "properties": [], "propertiesWithHistory": []},
        "upsert": {
            "inputs": [{"id": "+331", "idProperty": "aircall_phone", "properties": {"phone": "1"}}]
        },
    }[name]
    hubspot.fault("partial")
    answer = ask("POST", f"{OBJECTS}/contacts/batch/{name}", given)
    assert (answer.status, answer.json()["results"]) == (207, [])
    assert len(answer.json()["errors"]) == 1
    assert hubspot.record("contacts", "12345").properties["firstname"] == "Claire"


def test_partial_passes_over_what_is_no_batch(ask, hubspot):
    hubspot.fault("partial")
    assert ask("GET", f"{OBJECTS}/contacts/12345").status == 200
    assert create(ask).status == 207


def test_fault_strikes_from_the_nth_match_on_so_many_times(ask, hubspot):
    hubspot.fault("503", path="*/batch/create", nth=2, times=2)
    ask("GET", f"{OBJECTS}/contacts/12345")
    assert [create(ask).status for _ in range(4)] == [201, 503, 503, 201]


def test_fault_strikes_only_its_method(ask, hubspot):
    hubspot.fault("503", method="GET", times=None)
    assert create(ask).status == 201
    assert ask("GET", f"{OBJECTS}/contacts/12345").status == 503


def test_chance_of_a_fault_follows_its_seed(ask, hubspot):
    def statuses(seed):
        hubspot.reset()
        hubspot.fault("503", times=None, rate=0.5, seed=seed)
        return [create(ask).status for _ in range(40)]

    first = statuses(1)
    assert 5 < first.count(503) < 35
    assert statuses(1) == first
    assert statuses(2) != first


def test_chaos_draws_from_all_kinds_and_can_be_repeated(ask, hubspot):
    def struck(seed):
        hubspot.reset()
        hubspot.chaos(0.5, seed)
        for _ in range(400):
            create(ask)
        return hubspot.faults.struck

    first = struck(3)
    assert {kind for _, _, kind in first} == set(KINDS)
    assert 150 < len(first) < 250
    assert struck(3) == first
    hubspot.chaos(0)
    before = len(hubspot.faults.struck)
    create(ask)
    assert len(hubspot.faults.struck) == before


def test_unknown_kind_or_field_of_a_fault_is_refused(hubspot):
    with pytest.raises(ValueError, match="unknown kind"):
        hubspot.fault("earthquake")
    with pytest.raises(TypeError):
        hubspot.fault("500", where="here")


def test_aircall_has_the_same_faults_in_its_own_words(ask_aircall, aircall):
    aircall.fault("429", retry_after=3)
    aircall.fault("500")
    aircall.fault("423")
    answers = [ask_aircall("GET", "/v1/ping") for _ in range(4)]
    assert [one.status for one in answers] == [429, 500, 503, 200]
    assert answers[0].headers["Retry-After"] == "3"
    assert answers[0].json()["error"] == "Too Many Requests"


def test_ready_delay_holds_every_answer(ask, hubspot):
    hubspot.ready_delay = 5.0
    assert create(ask).wire.hold == 5.0
    assert len(hubspot.portal.records["calls"]) == 1
