from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.phones import (
    Phone,
    country_of,
    home_country,
    parse_phone,
    same_phone,
    unusable_because,
)
from rules.records import Line

PARIS = Phone("+33199004567", "199004567", "+33 1 99 00 45 67")


@pytest.mark.parametrize(
    ("raw", "country", "e164", "national"),
    [
        ("+33 1 99 00 45 67", None, "+33199004567", "199004567"),
        ("01 99 00 45 67", "FR", "+33199004567", "199004567"),
        ("+1 202-555-0177", "FR", "+12025550177", "2025550177"),
        ("(202) 555-0177", "US", "+12025550177", "2025550177"),
        ("+44 20 7946 0018", "FR", "+442079460018", "2079460018"),
        ("+33 6 39 98 12 34", "DE", "+33639981234", "639981234"),
        ("0033199004567", "FR", "+33199004567", "199004567"),
        ("+290 22222", None, "+29022222", "22222"),
        ("tel:+33199004567", "US", "+33199004567", "199004567"),
        ("TEL: 0199004567", "FR", "+33199004567", "199004567"),
        ("+33199004567;ext=12", None, "+33199004567", "199004567"),
        ("tel:+33-1-99-00-45-67;isub=9;ext=12", None, "+33199004567", "199004567"),
        ("33199004567", "FR", "+33199004567", "199004567"),
        ("33199004567", "US", "+33199004567", "199004567"),
        ("442079460018", "FR", "+442079460018", "2079460018"),
        ("2025550177", "US", "+12025550177", "2025550177"),
        ("00442079460018", "US", "+442079460018", "2079460018"),
    ],
)
def test_a_phone_is_parsed_by_the_lines_country(raw, country, e164, national):
    phone = parse_phone(raw, country)
    assert (phone.e164, phone.national) == (e164, national)
    assert unusable_because(raw, country) is None


def test_a_phone_has_a_form_for_people():
    assert parse_phone("0199004567", "FR") == PARIS


@pytest.mark.parametrize(
    ("raw", "country", "reason"),
    [
        (None, "FR", "empty"),
        ("  ", "FR", "empty"),
        ("anonymous", "FR", "anonymous"),
        ("Anonymous", None, "anonymous"),
        ("PRIVATE", "US", "anonymous"),
        ("unknown", None, "anonymous"),
        ("+266696687", None, "anonymous"),
        ("112", "FR", "emergency number"),
        ("+33112", None, "emergency number"),
        ("911", "US", "emergency number"),
        ("15", "FR", "emergency number"),
        ("3631", "FR", "short code"),
        ("36000", "FR", "short code"),
        ("+4911833", None, "short code"),
        ("+33 1 99 00 45 67 ext. 12", "FR", "extension"),
        (";ext=12", "FR", "extension"),
        ("tel:;EXT=12", "FR", "extension"),
        ("tel:", "FR", "empty"),
        (";", "FR", "empty"),
        ("tel:anonymous", "FR", "anonymous"),
        ("tel:112;ext=12", "FR", "emergency number"),
        ("hotel:0199004567", "FR", "not a phone number"),
        ("7", "FR", "not a phone number"),
        ("77", "US", "extension"),
        ("Amazon", "FR", "not a phone number"),
        ("1800AMAZON", "US", "not a phone number"),
        ("01 99 00 45 67", None, "not a phone number"),
        ("01 99 00 45 67", "ZZ", "not a phone number"),
        ("555-0123", "US", "not a phone number"),
        ("+33 1 99 00 45 67 89 10 11", "FR", "not a phone number"),
        ("+999 123456789", "FR", "not a phone number"),
        ("999123456789", "FR", "not a phone number"),
        ("441111111111", "US", "not a phone number"),
        ("118712", "FR", "short code"),
        ("29022222", "FR", "not a phone number"),
        ("2025550177", None, "not a phone number"),
    ],
)
def test_what_can_never_be_a_contact_says_why(raw, country, reason):
    assert unusable_because(raw, country) == reason
    assert parse_phone(raw, country) is None


@pytest.mark.parametrize(
    "typed",
    [
        *("+33199004567", "+33 1 99 00 45 67", "0033199004567", "33199004567", "01.99.00.45.67"),
        *("0199004567", "199004567", "+33 (0)1 99 00 45 67", "01 99 00 45 67 ext 12"),
        *("01 99 00 45 67 #12", "tel:+33-1-99-00-45-67", "+33199004567;ext=12"),
        *(
            "+33\u00a01\u00a099\u00a000\u00a045\u00a067",
            "01 99 00 \uff14\uff15 \uff16\uff17",
            "00 33 1 99 00 45 67",
        ),
    ],
)
def test_any_usual_spelling_is_the_same_phone(typed):
    assert same_phone(typed, PARIS, "FR")


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("", "FR"),
        ("call me", "FR"),
        ("01 99 00 45 68", "FR"),
        ("+44 1 99 00 45 67", "FR"),
        ("+1 199004567", "FR"),
        ("0199004567", "DE"),
        ("199004567", "GB"),
        ("0199004567", None),
        ("00 44 199004567", "FR"),
        ("9004567", "FR"),
        ("x", "FR"),
    ],
)
def test_another_phone_is_not_the_same(typed, country):
    assert not same_phone(typed, PARIS, country)


def test_a_number_written_with_its_country_code_is_found_from_a_line_of_another_country():
    assert same_phone("33199004567", PARIS, "US")
    assert same_phone("0033199004567", PARIS, "US")
    assert same_phone("01133199004567", PARIS, "US")


def test_letters_on_the_keys_are_digits_too():
    assert same_phone("1-202-555-FORD", parse_phone("+12025553673", None), "US")


@settings(deadline=None)
@given(
    st.text(max_size=30) | st.from_regex(r"[+0-9 ().x-]{0,20}"), st.sampled_from(["FR", "US", None])
)
def test_a_phone_is_either_usable_or_says_why_not(raw, country):
    phone = parse_phone(raw, country)
    assert (phone is None) == (unusable_because(raw, country) is not None)
    if phone:
        assert same_phone(phone.e164, phone, country)
        assert same_phone(phone.pretty, phone, country)
        assert phone.e164.endswith(phone.national)
    same_phone(raw, PARIS, country)


@pytest.mark.parametrize(
    ("line", "country"),
    [
        (None, None),
        (Line(1), None),
        (Line(1, country="DE", digits="+33199000123"), "DE"),
        (Line(1, digits="+33 1 99 00 01 23"), "FR"),
        (Line(1, digits="3631"), None),
    ],
)
def test_a_line_tells_its_country_or_its_digits_do(line, country):
    assert country_of(line) == country


@pytest.mark.parametrize(
    ("phone", "country"),
    [("+33199004567", "FR"), ("+493023125017", "DE"), ("0199004567", None), ("anonymous", None)],
)
def test_an_international_phone_tells_its_country(phone, country):
    assert home_country(phone) == country
