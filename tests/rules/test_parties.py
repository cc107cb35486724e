import pytest

from rules.parties import MOST_PHONES, parties_of, phones_of
from rules.records import Call, Line, Message, Person

LINE = Line(1001, digits="+33199000123", country="FR")
CLAIRE = Person(1, "Claire", "Dubois", emails=("c@example.com", "d@example.com", "c@example.com"))


def only(interaction, lines=()):
    (party,) = parties_of(interaction, lines)
    return party


def test_the_other_party_of_a_call_has_a_phone_a_country_and_its_mails_once():
    party = only(Call("call-1", phone="01 99 00 45 67", line=LINE, person=CLAIRE))
    assert party.phone.e164 == "+33199004567"
    assert party.country == "FR"
    assert party.emails == ("c@example.com", "d@example.com")
    assert party.never == ""


def test_a_call_without_a_line_or_a_phone_has_a_party_of_whom_nobody_is_made():
    party = only(Call("call-1"))
    assert (party.raw, party.phone, party.country, party.emails) == ("", None, None, ())
    assert party.never == "empty"


@pytest.mark.parametrize(
    ("phone", "never"),
    [
        ("anonymous", "anonymous"),
        ("112", "emergency number"),
        ("+33199000123", "one of our own numbers"),
        ("+493023125000", "one of our own numbers"),
    ],
)
def test_some_never_become_a_contact_and_it_is_said_why(phone, never):
    assert only(Call("call-1", phone=phone, line=LINE), ["+493023125000"]).never == never


def test_a_line_without_digits_excludes_nobody():
    party = only(Call("call-1", phone="+33199000123", line=Line(1001)))
    assert party.never == ""


def test_a_message_to_one_has_one_party():
    message = Message("message-1", phone="+33199004567", line=LINE, person=CLAIRE)
    assert only(message).emails == ("c@example.com", "d@example.com")


@pytest.mark.parametrize("digits", ["+33 1 99 00 01 23", "33199000123", "+33199000123"])
def test_our_own_line_takes_no_part_in_a_group_however_its_digits_are_written(digits):
    phones = ("+33199004567", "+33199000123", "112")
    line = Line(1001, digits=digits, country="FR")
    group = Message("group-1", group=True, participants=phones, line=line)
    assert [party.raw for party in parties_of(group, ())] == ["+33199004567", "112"]


def test_a_line_without_a_country_is_of_the_country_of_its_digits():
    party = only(Call("call-1", phone="01 99 00 45 67", line=Line(1001, digits="+33199000123")))
    assert (party.phone.e164, party.country, party.never) == ("+33199004567", "FR", "")
    unknown = only(Call("call-1", phone="01 99 00 45 67", line=Line(1001, digits="3631")))
    assert (unknown.phone, unknown.country) == (None, None)


def test_a_group_has_each_outside_participant_once_and_none_of_our_lines():
    phones = ("+33199004567", "+33199000123", "anonymous", "+33199004567", "+493023125000")
    group = Message("group-1", group=True, participants=phones, line=LINE, person=CLAIRE)
    parties = parties_of(group, ["+493023125000"])
    assert [party.raw for party in parties] == ["+33199004567", "anonymous"]
    assert all(party.emails == () for party in parties)


@pytest.mark.parametrize(
    ("phone", "found"),
    [
        ("01 99 00 45 67", ("+33199004567",)),
        ("+44 20 7946 0018", ("+442079460018",)),
        ("anonymous", ()),
        ("112", ()),
        (None, ()),
    ],
)
def test_a_call_or_message_is_found_by_the_phone_of_its_party(phone, found):
    assert phones_of(Call("call-1", phone=phone, line=LINE)) == found
    assert phones_of(Message("message-1", phone=phone, line=LINE)) == found


def test_a_group_is_found_by_each_of_its_first_participants_once():
    phones = ("0199004567", "+33199004567", "anonymous", "+442079460018")
    group = Message("group-1", group=True, phone="+33199004568", participants=phones, line=LINE)
    assert phones_of(group) == ("+33199004567", "+442079460018")
    many = tuple(f"+331990045{number}" for number in range(10, 10 + MOST_PHONES + 5))
    large = Message("group-1", group=True, participants=many)
    assert phones_of(large) == many[:MOST_PHONES]
