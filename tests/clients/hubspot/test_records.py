import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.errors import Misunderstood, Rejected, Unavailable
from clients.hubspot.records import (
    Change,
    New,
    Record,
    batch_of,
    check_nothing_unread,
    key_by_id,
    key_by_unique,
    record_of,
)

SAMPLES = Path(__file__).parents[2] / "samples" / "hubspot"


def sample(name: str) -> dict:
    return json.loads((SAMPLES / f"{name}.json").read_text())


def nobody(_record: Record) -> None:
    return None


def test_a_batch_is_sorted_into_done_and_refused_by_trace_id():
    keys = ["aircall-call-4010", "aircall-call-4001", "aircall-call-4099"]
    batch = batch_of(sample("calls_batch_create_response_207"), keys, nobody)
    assert batch.done["aircall-call-4001"].id == "71000000001"
    assert list(batch.done) == ["aircall-call-4001"]
    refusal = batch.refused["aircall-call-4010"]
    assert refusal.properties == ("hubspot_owner_id",)
    assert list(batch.refused) == ["aircall-call-4010"]
    assert batch.unanswered == ("aircall-call-4099",)
    assert (batch.whole, batch.trouble) == (None, None)


def test_results_without_trace_ids_are_found_by_the_unique_property_in_any_order():
    inputs = [New(f"k{n}", {"aircall_id": f"call-{n}"}) for n in (1, 2)]
    inputs.append(New("k3", {"aircall_phone": "+33199"}))
    results = [
        {"id": "3", "properties": {"aircall_phone": "+33199"}},
        {"id": "2", "properties": {"aircall_id": "call-2"}},
        {"id": "1", "properties": {"aircall_id": "call-1"}},
        {"id": "9", "properties": {"aircall_id": None}},
    ]
    batch = batch_of({"results": results}, ["k1", "k2", "k3"], key_by_unique(inputs))
    assert {key: record.id for key, record in batch.done.items()} == {
        "k1": "1",
        "k2": "2",
        "k3": "3",
    }


def test_changed_records_without_trace_ids_are_found_by_id():
    key_of = key_by_id([Change("7", {}, "seven"), Change("8", {}, "eight")])
    body = {
        "results": [{"id": 8, "properties": {}}],
        "errors": [{"category": "OBJECT_NOT_FOUND", "context": {"ids": ["7"]}}],
    }
    batch = batch_of(body, ["seven", "eight"], key_of)
    assert list(batch.done) == ["eight"]
    assert list(batch.refused) == ["seven"]
    assert batch.refused["seven"].status == 404


def test_an_error_that_passes_by_itself_leaves_its_input_unanswered():
    errors = [
        {"category": "RATE_LIMITS", "context": {"objectWriteTraceId": ["a"]}},
        {"category": "VALIDATION_ERROR", "context": {"objectWriteTraceId": "b"}},
    ]
    batch = batch_of({"results": [], "errors": errors}, ["a", "b", "c"], nobody)
    assert list(batch.refused) == ["b"]
    assert batch.unanswered == ("a", "c")


def test_an_error_that_names_no_input_is_that_of_the_only_one():
    errors = [{"category": "VALIDATION_ERROR", "message": "no"}]
    alone = batch_of({"results": [], "errors": errors}, ["a"], nobody)
    assert isinstance(alone.refused["a"], Rejected)
    two = batch_of({"results": [], "errors": errors}, ["a", "b"], nobody)
    assert two.refused == {}
    assert two.unanswered == ("a", "b")


@pytest.mark.parametrize(
    "body", [None, [], {}, {"results": None}, {"results": [{"id": ""}]}, {"results": [3]}]
)
def test_a_yes_that_cannot_be_read_is_said_so(body):
    with pytest.raises(Misunderstood):
        batch_of(body, ["a"], nobody)


def test_values_are_texts_or_none():
    record = record_of({"id": 5, "properties": {"a": 1, "b": None, "c": "x"}, "archived": True})
    assert record == Record("5", {"a": "1", "b": None, "c": "x"}, archived=True)


def test_what_could_not_be_read_is_not_taken_for_absent():
    check_nothing_unread(sample("contacts_batch_read_response_207"))
    check_nothing_unread({"results": []})
    with pytest.raises(Unavailable):
        check_nothing_unread({"errors": [{"category": "INTERNAL_ERROR"}]})
    with pytest.raises(Unavailable):
        check_nothing_unread({"numErrors": 1})
    with pytest.raises(Rejected):
        check_nothing_unread({"errors": [{"category": "VALIDATION_ERROR"}]})


ids = st.sampled_from(["a", "b", "c", "d", "zz"])
error = st.fixed_dictionaries(
    {"category": st.sampled_from(["RATE_LIMITS", "VALIDATION_ERROR", "CONFLICT"])},
    optional={"context": st.fixed_dictionaries({"objectWriteTraceId": st.lists(ids)})},
)
result = st.fixed_dictionaries(
    {"id": st.integers(1, 9).map(str), "properties": st.just({})},
    optional={"objectWriteTraceId": ids},
)


@given(st.lists(result), st.lists(error), st.sets(ids))
def test_every_key_is_in_exactly_one_place(results, errors, keys):
    batch = batch_of({"results": results, "errors": errors}, sorted(keys), nobody)
    places = [*batch.done, *batch.refused, *batch.unanswered]
    assert sorted(places) == sorted(keys)
