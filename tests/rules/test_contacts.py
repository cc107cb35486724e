from __future__ import annotations

from dataclasses import replace

import pytest

from rules.contacts import (
    Candidate,
    ContactChoice,
    choose_contact,
    new_contact,
    no_contact_because,
    reduced_contact,
)
from rules.phones import parse_phone
from rules.records import Person

PHONE = parse_phone("+33199004567", None)
CLAIRE = Person(710, "Claire", "Dubois", "Atelier", ("claire@example.com",))
BY_PHONE = Candidate("12", ("01 99 00 45 67",), modified="2026-09-20T10:00:00.000Z")
BY_EMAIL = Candidate("13", ("+33 6 39 98 00 00",), "Claire@Example.com")


def test_a_contact_is_found_by_any_of_its_phones():
    one = Candidate("12", ("", "+44 20 7946 0018", "199004567"), owner="7", company="70")
    choice = choose_contact(PHONE, (), [one], "FR")
    assert choice == ContactChoice("12", "phone", (), "7", "70")
    assert choice.because == "found by phone"


def test_a_hit_that_is_not_the_phone_is_dropped():
    wrong = Candidate("12", ("+44 1 99 00 45 67", ""))
    assert choose_contact(PHONE, (), [wrong], "FR") == ContactChoice()
    assert choose_contact(PHONE, (), [], "FR").because == "none found"
    assert ContactChoice("13").because == "linked before; how it was found is not kept"
    assert choose_contact(PHONE, (), [BY_PHONE], "DE").id is None


def test_a_contact_is_found_by_email_where_no_phone_matches():
    choice = choose_contact(PHONE, (" claire@example.com",), [BY_EMAIL], "FR")
    assert (choice.id, choice.by, choice.because) == ("13", "email", "found by e-mail")
    assert choose_contact(None, ("claire@example.com",), [BY_EMAIL], None).id == "13"


def test_the_phone_outranks_the_email():
    newer = replace(BY_EMAIL, modified="2026-10-01T00:00:00Z")
    choice = choose_contact(PHONE, ("claire@example.com",), [newer, BY_PHONE], "FR")
    assert (choice.id, choice.by, choice.others) == ("12", "phone", ())


def test_an_empty_email_matches_nobody():
    nameless = [Candidate("1", (), None), Candidate("2", (), ""), Candidate("3", (), " ")]
    assert choose_contact(None, ("", " "), nameless, None) == ContactChoice()


def test_of_several_the_most_recently_modified_counts_and_the_others_are_told():
    old = replace(BY_PHONE, id="1", modified="2026-09-20T10:00:00Z")
    new = replace(BY_PHONE, id="30", modified="2026-09-20T10:00:00.500Z", owner="", company="")
    broken = replace(BY_PHONE, id="2", modified="yesterday")
    naive = replace(BY_PHONE, id="4", modified="2026-09-20T10:00:00")
    choice = choose_contact(PHONE, (), [naive, broken, old, new, new], "FR")
    assert (choice.id, choice.others) == ("30", ("1", "4", "2"))
    assert (choice.owner, choice.company) == (None, None)
    assert choice.because == "found by phone; the most recently modified, others are 1, 4, 2"


def test_moments_of_other_time_zones_are_compared_as_moments():
    earlier = replace(BY_PHONE, id="1", modified="2026-09-20T12:00:00+05:00")
    later = replace(BY_PHONE, id="2", modified="2026-09-20T08:00:00Z")
    assert choose_contact(PHONE, (), [earlier, later], "FR").id == "2"


def test_of_equally_recent_ones_the_lowest_id_as_a_number_counts():
    several = [replace(BY_PHONE, id=number) for number in ("100", "99", "1000")]
    assert choose_contact(PHONE, (), several, "FR").id == "99"
    odd = [replace(BY_PHONE, id=number) for number in ("b", "a")]
    assert choose_contact(PHONE, (), odd, "FR").id == "a"


def test_a_company_is_found_by_phone_alone():
    company = Candidate("90", ("+33 1 99 00 45 67",), modified="2026-09-20T10:00:00Z")
    assert choose_contact(PHONE, (), [company], "FR").id == "90"
    assert choose_contact(None, (), [company], "FR").id is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("anonymous", "anonymous"),
        ("112", "emergency number"),
        ("3631", "short code"),
        ("", "empty"),
        ("+33 1 99 00 01 23", "one of our own numbers"),
        ("0199000124", "one of our own numbers"),
        ("+33 1 99 00 45 67", None),
    ],
)
def test_hidden_short_emergency_and_own_numbers_never_become_contacts(raw, reason):
    ours = ["+33199000123", "+33 1 99 00 01 24"]
    assert no_contact_because(raw, parse_phone(raw, "FR"), ours, "FR") == reason


def test_a_phone_that_was_not_parsed_is_refused_even_if_it_could_be():
    assert no_contact_because("+33199004567", None, (), "FR") == "not a phone number"


def test_a_new_contact_takes_names_and_email_from_aircall():
    assert new_contact(CLAIRE, PHONE, "7", "Aircall new contact") == {
        "phone": "+33199004567",
        "aircall_phone": "+33199004567",
        "firstname": "Claire",
        "lastname": "Dubois",
        "email": "claire@example.com",
        "hubspot_owner_id": "7",
    }


@pytest.mark.parametrize("person", [None, Person(710), Person(710, company="Atelier")])
def test_a_nameless_contact_is_called_by_its_number(person):
    assert new_contact(person, PHONE, None, "Aircall new contact") == {
        "phone": "+33199004567",
        "aircall_phone": "+33199004567",
        "firstname": "+33199004567",
        "lastname": "Aircall new contact",
    }


def test_half_a_name_is_not_filled_up_and_a_doubtful_email_is_left_out():
    half = Person(first_name="", last_name="Dubois", emails=("nonsense@", "a@b", "a@b.example"))
    properties = new_contact(half, PHONE, None, "Aircall new contact")
    assert "firstname" not in properties
    assert (properties["lastname"], properties["email"]) == ("Dubois", "a@b.example")


def test_the_second_try_has_phone_and_names_only():
    full = new_contact(CLAIRE, PHONE, "7", "x")
    assert reduced_contact(full) == {
        "phone": "+33199004567",
        "aircall_phone": "+33199004567",
        "firstname": "Claire",
        "lastname": "Dubois",
    }
    assert "firstname" not in reduced_contact({"phone": "1", "lastname": "D"})
