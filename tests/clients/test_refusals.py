import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.refusals import aircall_refusal, blamed_properties, hubspot_refusal, is_temporary

SAMPLES = Path(__file__).parents[1] / "samples" / "hubspot"

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
error_like = st.fixed_dictionaries(
    {},
    optional={
        "message": json_values | st.text(alphabet='[]{}":,nameab\\ '),
        "category": json_values,
        "errors": json_values | st.lists(st.fixed_dictionaries({"context": json_values})),
        "context": json_values,
        "status": json_values,
    },
)


def sample(name: str) -> dict:
    return json.loads((SAMPLES / f"{name}.json").read_text())


@pytest.mark.parametrize(
    ("name", "blamed"),
    [
        ("error_400_invalid_owner", ("hubspot_owner_id",)),
        ("error_400_invalid_pipeline_GUESSED", ("hs_pipeline",)),
        ("error_400_invalid_stage_GUESSED", ("hs_pipeline_stage",)),
        ("error_400_property_does_not_exist", ("aircall_call_id",)),
        ("error_400_required_missing_ticket", ("hs_pipeline_stage",)),
        ("error_400_validation_official", ()),
        ("error_409_contact_exists", ()),
    ],
)
def test_the_property_that_hubspot_blames_is_found(name, blamed):
    refusal = hubspot_refusal(sample(name), 400)
    assert refusal.properties == blamed
    assert refusal.message == sample(name)["message"]


def test_several_packed_properties_are_all_found():
    packed = [{"name": "phone", "message": "x [1, 2]"}, {"name": "email"}, {"name": "phone"}]
    message = f"Property values were not valid: {json.dumps(packed)}"
    assert blamed_properties({"message": message}) == ("phone", "email")


def test_a_list_of_options_before_the_packed_list_is_passed_over():
    message = 'was not one of [0] or [broken: [{"name": "hs_pipeline"}]'
    assert blamed_properties({"message": message}) == ("hs_pipeline",)


def test_a_packed_list_that_is_cut_still_names_its_properties():
    packed = json.dumps([{"message": "m", "name": "hs_pipeline_stage"}, {"name": "subject"}])
    message = f"Property values were not valid: {packed[:-2]}"
    assert blamed_properties({"message": message}) == ("hs_pipeline_stage", "subject")


@pytest.mark.parametrize(
    ("message", "blamed"),
    [
        ("999 is not a valid pipeline stage ID", ("hs_pipeline_stage",)),
        ("Pipeline 555 does not exist", ("hs_pipeline",)),
        ('Property "aircall_id" does not exist', ("aircall_id",)),
        ("Invalid input", ()),
    ],
)
def test_words_without_a_list_blame_as_well(message, blamed):
    assert blamed_properties({"message": message}) == blamed


def test_context_names_one_property_or_many():
    errors = [
        {"context": {"propertyName": ["email"]}},
        {"context": {"propertyName": "phone", "properties": ["email", "lastname"]}},
        {"context": None},
        "nonsense",
    ]
    assert blamed_properties({"errors": errors}) == ("email", "phone", "lastname")


def test_missing_scopes_are_told():
    refusal = hubspot_refusal(sample("error_403_missing_scopes"), 403)
    assert refusal.scopes == ("crm.objects.contacts.write",)
    assert (refusal.status, refusal.category) == (403, "MISSING_SCOPES")


def test_the_contact_that_exists_already_is_told():
    assert hubspot_refusal(sample("error_409_contact_exists"), 409).existing == "12345"


@pytest.mark.parametrize(
    ("category", "status"),
    [
        ("VALIDATION_ERROR", 400),
        ("OBJECT_NOT_FOUND", 404),
        ("OBJECT_ALREADY_EXISTS", 409),
        ("", 400),
    ],
)
def test_the_status_of_one_input_follows_from_its_category(category, status):
    assert hubspot_refusal({"category": category}).status == status


@pytest.mark.parametrize(
    ("error", "temporary"),
    [
        ({"category": "RATE_LIMITS"}, True),
        ({"errorType": "RATE_LIMIT"}, True),
        ({"category": "INTERNAL_ERROR"}, True),
        ({"category": "SERVICE_UNAVAILABLE"}, True),
        ({"status": 503}, True),
        ({"status": "429"}, True),
        ({"status": "error", "category": "VALIDATION_ERROR"}, False),
        ({"category": "CONFLICT"}, False),
        ({"status": 400}, False),
        ({}, False),
        (None, False),
    ],
)
def test_what_passes_by_itself_is_told_from_what_does_not(error, temporary):
    assert is_temporary(error) is temporary


@given(json_values | error_like)
def test_no_body_whatever_breaks_the_reading(body):
    refusal = hubspot_refusal(body, 400)
    assert all(isinstance(name, str) for name in refusal.properties)
    assert str(refusal)
    is_temporary(body)
    assert str(aircall_refusal(body, 400))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": "Bad Request", "troubleshoot": "no phone"}, "Bad Request: no phone"),
        ({"message": "Not Found"}, "Not Found"),
        (None, ""),
    ],
)
def test_both_shapes_of_aircalls_errors_are_read(body, message):
    assert aircall_refusal(body, 400).message == message
