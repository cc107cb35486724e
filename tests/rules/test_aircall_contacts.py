"""What Aircall should hold of a HubSpot contact, and the fewest requests that make it so."""

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.aircall_contacts import (
    MOST,
    TEXTS,
    AircallContact,
    Detail,
    Wanted,
    digits_of,
    key_of,
    links_to,
    theirs_of,
    wanted_of,
)
from rules.aircall_steps import (
    CLEARED,
    Add,
    Held,
    Kept,
    Put,
    Remove,
    WriteTexts,
    after,
    doubled,
    made_of,
    reconciled,
    steps,
)
from rules.plan import digest

LINK = "https://app.hubspot.com/contacts/1/record/0-1/12345"
ONE, TWO, THREE = "+33199880001", "+33199880002", "+33199880003"
ADA = {
    "firstname": "Ada",
    "lastname": "Byron",
    "company": "Engines",
    "phone": ONE,
    "email": "ada@example.com",
}


def wanted(**changed):
    return wanted_of(ADA | changed, LINK, "FR")


def there(id_=7, phones=(), emails=(), **texts):
    told = {name: texts.get(name, "") for name in TEXTS}
    return AircallContact(id_, MappingProxyType(told), tuple(phones), tuple(emails))


def phones_of(typed, country="FR", **more):
    found = wanted_of({"phone": typed} | more, LINK, country).phones
    return [(each.label, each.value) for each in found]


def test_a_contact_has_names_company_link_phone_and_email():
    found = wanted(jobtitle="Countess")
    assert dict(found.texts) == {
        "first_name": "Ada",
        "last_name": "Byron",
        "company_name": "Engines",
        "information": f"{LINK} Countess",
    }
    assert found.phones == (Detail("Work", ONE),)
    assert found.emails == (Detail("Work", "ada@example.com"),)


def test_what_is_blank_is_not_wanted():
    found = wanted_of({"firstname": "🚀", "lastname": " \u200e ", "company": None}, LINK, None)
    assert set(found.texts) == {"information"}
    assert found.phones == found.emails == ()


@pytest.mark.parametrize(
    ("typed", "country", "found"),
    [
        ("+33 1 99 88 00 01", None, [ONE]),
        ("0033199880001", None, [ONE]),
        ("01 99 88 00 01", "FR", [ONE]),
        ("01 99 88 00 01", None, []),
        ("030/23125017", "DE", ["+493023125017"]),
        ("+33 1 99 88 00 01 / +33 1 99 88 00 02", None, [ONE, TWO]),
        (f"{ONE}; {TWO}, {ONE}", None, [ONE, TWO]),
        (f"{ONE} or call me", None, [ONE]),
        ("call me; ring me", None, []),
        ("call me", "FR", []),
        ("12", "FR", []),
        ("112", "FR", []),
        ("+33 1", "FR", []),
        ("", "FR", []),
    ],
)
def test_phones_are_read_as_people_type_them(typed, country, found):
    assert [value for _, value in phones_of(typed, country)] == found


def test_hubspots_own_reading_of_a_phone_counts_where_the_country_is_not_typed():
    calculated = {"hs_calculated_phone_number": "+493023125017"}
    assert phones_of("030 23125017", None, **calculated) == [("Work", "+493023125017")]
    assert phones_of(ONE, None, **calculated) == [("Work", ONE)]
    assert phones_of("+33 1", None, **calculated) == [("Work", "+493023125017")]
    assert phones_of("01 99 88 00 01; +33 1", "FR", hs_calculated_phone_number=TWO) == [
        ("Work", ONE)
    ]
    assert phones_of("a; b", "FR", hs_calculated_phone_number=TWO) == [("Work", TWO)]


def test_each_phone_comes_once_under_the_label_of_its_first_place():
    found = phones_of(ONE, mobilephone="01 99 88 00 01", hs_whatsapp_phone_number=TWO)
    assert found == [("Work", ONE), ("WhatsApp", TWO)]


def test_at_most_twenty_phones_and_emails_are_wanted():
    found = wanted_of(
        {
            "phone": "; ".join(f"+3319988{n:04}" for n in range(30)),
            "email": "a@example.com",
            "hs_additional_emails": ";".join(f"a{n}@example.com" for n in range(30)),
        },
        LINK,
        None,
    )
    assert len(found.phones) == len(found.emails) == MOST
    assert found.emails[1].label == "Other"


@pytest.mark.parametrize(
    "email", ["nobody", "a@b", "a b@example.com", "🚀@example.com", "a@" + "b" * 260 + ".com", ""]
)
def test_invalid_emails_are_left_out(email):
    assert wanted(email=email).emails == ()


def test_emails_come_once_whatever_their_case():
    found = wanted(hs_additional_emails="ADA@example.com; other@example.com ;")
    assert [each.value for each in found.emails] == ["ada@example.com", "other@example.com"]


def test_the_company_is_the_contacts_own_word_or_its_companys_name():
    assert wanted(associatedcompanyid="8").company == ""
    nameless = wanted(company="", associatedcompanyid="8")
    assert nameless.company == "8"
    assert nameless.of_company("Works 🚀").texts["company_name"] == "Works"
    assert nameless.of_company(None) == nameless
    assert wanted().of_company("Works") == wanted()
    assert nameless.digest != wanted(company="", associatedcompanyid="9").digest


def test_what_people_wrote_in_aircall_stays_beside_our_link():
    assert wanted().beside("") == wanted()
    both = wanted(jobtitle="Countess").beside("VIP")
    assert both.texts["information"] == f"VIP\n{LINK} Countess"
    tight = "v" * (255 - len(LINK) - 1)
    assert wanted(jobtitle="Countess").beside(tight).texts["information"] == f"{tight}\n{LINK}"
    assert "information" not in wanted().beside(tight + "v").texts
    assert "information" not in Wanted(MappingProxyType({}), ()).beside("VIP").texts


def test_our_link_is_known_again_and_only_ours():
    ours = there(information=f"VIP\n{LINK} Countess")
    assert links_to(ours, LINK)
    assert not links_to(there(information=f"{LINK}6"), LINK)
    assert theirs_of(ours, LINK) == "VIP"
    assert theirs_of(there(), LINK) == ""


def test_phones_are_compared_by_digits_and_emails_without_case():
    assert digits_of("+33 1 99 88 00 01") == digits_of("0033199880001") == "33199880001"
    assert key_of("email", " ADA@x.com") == key_of("email", "ada@x.com")
    contact = there(phones=[Detail("Work", "+33 1 99 88 00 01")], emails=[Detail("W", "a@b.de")])
    assert contact.digits == {"33199880001"}
    assert contact.details("email") == contact.emails


def held(*phones, emails=(), **texts):
    marks = {name: digest(text) for name, text in texts.items()}
    return Held(MappingProxyType(marks), tuple(phones), tuple(emails))


HAS = made_of(
    wanted(), there(phones=[Detail("Work", ONE, 1)], emails=[Detail("W", "ada@example.com", 2)])
)


def test_nothing_is_sent_of_what_is_as_it_was():
    assert steps(HAS, wanted()) == ()


def test_all_changed_texts_are_one_request_of_those_alone():
    (step,) = steps(HAS, wanted(firstname="Augusta", lastname="King"))
    assert step == WriteTexts({"first_name": "Augusta", "last_name": "King"})
    assert steps(after(HAS, step, None), wanted(firstname="Augusta", lastname="King")) == ()


def test_a_cleared_text_of_ours_becomes_a_dash_and_one_of_others_stays():
    (step,) = steps(HAS, wanted(company=""))
    assert step == WriteTexts({"company_name": CLEARED})
    assert steps(after(HAS, step, None), wanted(company="")) == ()
    theirs = reconciled(Held(), there(company_name="Theirs"), wanted(company=""))
    assert "company_name" not in theirs.texts


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"phone": TWO}, [Put("phone", HAS.phones[0], "Work", TWO)]),
        ({"mobilephone": TWO}, [Add("phone", "Mobile", TWO)]),
        ({"phone": "", "mobilephone": ONE}, [Put("phone", HAS.phones[0], "Mobile", ONE)]),
        ({"phone": "", "mobilephone": TWO}, [Put("phone", HAS.phones[0], "Mobile", TWO)]),
        (
            {"phone": TWO, "mobilephone": THREE},
            [Put("phone", HAS.phones[0], "Work", TWO), Add("phone", "Mobile", THREE)],
        ),
        ({"phone": ""}, []),
        ({"email": "a@example.org"}, [Put("email", HAS.emails[0], "Work", "a@example.org")]),
        ({"email": ""}, [Remove("email", HAS.emails[0])]),
        ({"email": "ADA@example.com"}, []),
    ],
)
def test_each_changed_phone_or_email_is_one_request(changed, expected):
    assert list(steps(HAS, wanted(**changed))) == expected


def test_what_people_added_in_aircall_is_neither_removed_nor_added_again():
    theirs = Kept("Home", "+33 1 99 88 00 02", 5, ours=False)
    has = HAS.with_details("phone", (*HAS.phones, theirs))
    assert steps(has, wanted()) == ()
    assert steps(has, wanted(mobilephone=TWO)) == ()


def test_each_step_is_noted_with_what_aircall_tells():
    told = there(phones=[Detail("Work", "+33 1 99 88 00 01", 1), Detail("M", TWO, 9)])
    added = after(HAS, Add("phone", "Mobile", TWO), told)
    assert added.phones[1] == Kept("Mobile", TWO, 9)
    assert not added.nameless
    assert after(HAS, Add("phone", "Mobile", TWO), None).nameless
    put = after(added, Put("phone", added.phones[1], "Work", THREE), None)
    assert put.phones == (HAS.phones[0], Kept("Work", THREE, 9))
    assert after(put, Remove("phone", put.phones[1]), None) == HAS


def test_one_that_a_person_had_added_before_is_seen():
    told = there(phones=[Detail("H", "+33 1 99 88 00 02", 3), Detail("M", TWO, 9)])
    assert doubled(told, "phone", TWO) == (3, 9)
    assert doubled(told, "phone", ONE) is None
    assert doubled(None, "phone", ONE) is None


def test_what_is_there_is_told_anew():
    has = HAS.with_details("phone", (*HAS.phones, Kept("Mobile", TWO, None)))
    found = reconciled(
        has,
        there(
            first_name="Someone",
            last_name="Byron",
            phones=[
                Detail("Work", "+33 1 99 88 00 09", 1),
                Detail("Mobile", "+33 1 99 88 00 02", 4),
                Detail("Home", "+33 1 99 88 00 03", 5),
                Detail("Home", "+33 1 99 88 00 03", 6),
            ],
        ),
        wanted(mobilephone=TWO),
    )
    assert found.phones == (
        Kept("Work", "+33 1 99 88 00 09", 1),
        Kept("Mobile", TWO, 4),
        Kept("Home", "+33 1 99 88 00 03", 5, ours=False),
    )
    assert found.emails == ()
    assert set(found.texts) == {"first_name", "last_name"}
    assert all(one.ours for one in found.all_ours().phones)


PEOPLE = st.fixed_dictionaries(
    {},
    optional={
        "firstname": st.text(max_size=300),
        "lastname": st.sampled_from(["Byron", "King", "", "🚀"]),
        "company": st.sampled_from(["Engines", "", None]),
        "jobtitle": st.text(max_size=400),
        "phone": st.sampled_from([ONE, TWO, f"{ONE};{THREE}", "call me", ""]),
        "mobilephone": st.sampled_from([ONE, TWO, THREE, ""]),
        "email": st.sampled_from(["a@example.com", "b@example.com", "x", ""]),
        "hs_additional_emails": st.sampled_from(
            ["b@example.com;c@example.com", "", "A@example.com"]
        ),
    },
)


@given(PEOPLE, PEOPLE)
def test_after_the_steps_nothing_is_left_to_do(before, now):
    first, second = wanted_of(before, LINK, "FR"), wanted_of(now, LINK, "FR")
    has, id_ = Held(), 100
    for wish in (first, second):
        todo = steps(has, wish)
        for step in todo:
            id_ += 1
            told = None
            if isinstance(step, Add):
                one = Detail(step.label, step.value, id_)
                told = there(**{"phones" if step.part == "phone" else "emails": [one]})
            if isinstance(step, WriteTexts):
                assert all(text.strip() and len(text) <= 255 for text in step.texts.values())
            has = after(has, step, told)
        assert steps(has, wish) == ()
        for part in ("phone", "email"):
            keys = [key_of(part, one.value) for one in has.details(part)]
            assert len(set(keys)) == len(keys)
            wishes = {key_of(part, one.value) for one in wish.details(part)}
            assert wishes <= set(keys)
            assert set(keys) == wishes or (part == "phone" and not wishes)


def test_only_some_phones_make_another_wish():
    both = wanted(mobilephone=TWO)
    assert both.only({TWO}).phones == (Detail("Mobile", TWO),)
    assert both.only({TWO}).digest != both.digest
    assert both.digest == wanted(mobilephone=TWO).digest
