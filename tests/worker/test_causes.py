"""Failures of one cause are one, whatever ids, phones and values stand in HubSpot's words."""

import pytest

from worker.failures import cause_name, readable

PACKED = (
    'Property values were not valid: [{{"isValid":false,"message":"{value} was not one of the '
    'allowed options: [a, b]","error":"{error}","name":"{name}","portalId":123}}]'
)


def packed(value="x", error="INVALID_OPTION", name="hs_call_disposition"):
    return PACKED.format(value=value, error=error, name=name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Contact 123 is gone", "Contact 9876543 is gone"),
        ("Object call-1 exists", "Object message-0b8f8ca4-7b1e exists"),
        ("Email address ada@b.fr is invalid", "Email address eve+x@c.de is invalid"),
        ("Phone +33 1 99 00 45 67 is bad", "Phone +4930901820 is bad"),
        ('Value "Ada Lovelace" is bad', 'Value "Eve" is bad'),
        ("Value 'Ada Lovelace' is bad", "Value 'Eve' is bad"),
        (
            "Ada was not one of the allowed options: [a]",
            "B c was not one of the allowed options: [a]",
        ),
        ("At 2026-01-02T03:04:05.678Z no", "At 2025-11-12 13:14:15 no"),
        (
            "Id 0b8f8ca4-7b1e-4d8e-9f5e-2f5a7a1b2c3d no",
            "Id 00000000-7b1e-4d8e-9f5e-2f5a7a1b2c3d no",
        ),
        ("See https://a.b/c?d=1 now", "See https://x.y/z now"),
        ("It  is\nso", "it is so"),
        (packed("Ada"), packed('Eve said \\"no\\"')),
        ("Refused: " + "y" * 4_000 + " 1", "Refused: " + "y" * 4_000 + " 2"),
        ("ids 1, 2, 3", "ids 4"),
    ],
)
def test_values_do_not_tell_causes_apart(one, other):
    assert cause_name(one) == cause_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Contact 1 is gone", "Ticket 1 is gone"),
        ('Property "hs_call_body" does not exist', 'Property "hs_call_title" does not exist'),
        (packed(name="hs_call_disposition"), packed(name="hs_pipeline_stage")),
        (packed(error="INVALID_OPTION"), packed(error="INVALID_EMAIL")),
        ("stopped the worker 8 times", "could not be decided (ZeroDivisionError)"),
        ("", "no"),
    ],
)
def test_causes_of_another_kind_stay_apart(one, other):
    assert cause_name(one) != cause_name(other)


def test_a_thousand_values_are_one_cause():
    names = {cause_name(packed(f"Value {n} of {n * 7919:x}@b.fr")) for n in range(1_000)}
    assert len(names) == 1


def test_what_hubspot_packs_is_said_in_words():
    assert readable(packed("Ada")) == (
        "Property values were not valid: Ada was not one of the allowed options: [a, b] "
        "(hs_call_disposition)"
    )


@pytest.mark.parametrize(
    "said", ["", "plain", "[{", "[{" * 5_000, '[{"a": 1}] tail', "a [1, 2]", '[{"message": ""}]']
)
def test_what_is_not_packed_stays_as_it_is(said):
    assert readable(said) == said
    assert cause_name(said)
