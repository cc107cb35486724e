"""One HubSpot contact on its way to Aircall: how it is found, made, changed; what that costs."""

from dataclasses import replace

import pytest

from rules.aircall_contacts import Detail
from store.aircall_contacts import AircallContacts
from sync.contacts.carrying import carry
from tests.sync.contacts.people import (
    ADA,
    OTHER,
    PHONE,
    THIRD,
    add,
    asking,
    book,
    carried,
    entry,
    look_for_gone,
    of,
    read,
    rename,
    values,
)

pytestmark = pytest.mark.usefixtures("syncing")


def test_a_new_contact_costs_a_search_per_phone_and_one_more(product):
    id_ = add(product, **ADA, mobilephone=OTHER)
    with asking(product) as asked:
        assert carried(product, id_).kind == "created"
    assert asked == ["GET contacts/search", "GET contacts/search", "POST contacts"]
    assert entry(product, id_).ours


def test_it_has_names_company_link_phones_and_emails(product, ada):
    carried(product, ada)
    there = of(product, ada)
    assert [there[name] for name in ("first_name", "last_name", "company_name")] == [
        "Ada", "Byron", "Engines",
    ]  # fmt: skip
    assert there["information"].endswith(f"/record/0-1/{ada} Countess")
    assert there["information"].startswith("https://app")
    assert values(there) == [PHONE]
    assert values(there, "emails") == ["ada@example.com"]


def test_a_company_is_named_by_its_own_name_where_the_contact_tells_none(product):
    carried(product, "12345")
    assert of(product, "12345")["company_name"] == "Atelier Dubois"


def test_without_the_right_to_read_companies_the_contact_comes_without_one(product):
    product.hubspot.switches.missing_scopes = frozenset({"crm.objects.companies.read"})
    id_ = add(product, firstname="A", phone=PHONE, associatedcompanyid="8001")
    assert carried(product, id_).kind == "created"
    assert of(product, id_)["company_name"] is None


def test_what_is_as_it_was_costs_nothing(product, ada):
    carried(product, ada)
    product.hubspot.edit("contacts", ada, {"city": "London"})
    with asking(product) as asked:
        assert carried(product, ada).kind == "unchanged"
    assert asked == []


def test_changed_names_cost_one_request(product, ada):
    carried(product, ada)
    rename(product, ada, firstname="Augusta", lastname="King", company="Analytical", jobtitle="X")
    with asking(product) as asked:
        assert carried(product, ada).kind == "changed"
    assert asked == [f"POST contacts/{of(product, ada)['id']}"]
    assert of(product, ada)["last_name"] == "King"


def test_each_changed_phone_and_email_costs_one_request(product, ada):
    carried(product, ada)
    product.hubspot.edit(
        "contacts",
        ada,
        {
            "phone": OTHER,
            "mobilephone": THIRD,
            "email": "a@example.org",
            "hs_additional_emails": "",
        },
    )
    with asking(product) as asked:
        assert carried(product, ada).kind == "changed"
    assert [each.split()[0] for each in asked] == ["PUT", "POST", "PUT"]
    assert values(of(product, ada)) == [OTHER, THIRD]
    assert values(of(product, ada), "emails") == ["a@example.org"]


def test_a_phone_dropped_in_hubspot_goes_and_what_people_added_stays(product, ada):
    rename(product, ada, mobilephone=OTHER)
    carried(product, ada)
    there = of(product, ada)
    there["phone_numbers"].append({"id": 1, "label": "Home", "value": "+33 1 99 88 00 09"})
    rename(product, ada, mobilephone="")
    with asking(product) as asked:
        carried(product, ada)
    assert [each.split()[0] for each in asked] == ["DELETE"]
    assert values(of(product, ada)) == [PHONE, "+33199880009"]


def test_a_text_cleared_in_hubspot_becomes_a_dash_once(product, ada):
    carried(product, ada)
    rename(product, ada, company="")
    carried(product, ada)
    assert of(product, ada)["company_name"] == "–"
    rename(product, ada, firstname="Augusta")
    with asking(product) as asked:
        carried(product, ada)
    assert len(asked) == 1
    assert of(product, ada)["company_name"] == "–"


def test_without_a_valid_phone_it_is_skipped_with_that_reason(product):
    for typed in ("", "call me", "12", "+33 1"):
        id_ = add(product, firstname="Zoe", phone=typed)
        with asking(product) as asked:
            outcome = carried(product, id_)
        assert (outcome.kind, outcome.reason) == ("skipped", "no valid phone")
        assert asked == []
    rename(product, id_, phone=PHONE)
    assert carried(product, id_).kind == "created"


def test_one_that_lost_its_last_phone_stays_as_it_was_until_another_needs_the_phone(product, ada):
    carried(product, ada)
    rename(product, ada, phone="", lastname="King")
    with asking(product) as asked:
        assert carried(product, ada).kind == "skipped"
    assert asked == []
    assert of(product, ada)["last_name"] == "Byron"
    heir = add(product, firstname="Heir", phone=PHONE)
    assert carried(product, heir).kind == "changed"
    assert of(product, heir)["first_name"] == "Heir"
    assert len(book(product)) == 1
    assert entry(product, ada).aircall is None


@pytest.mark.parametrize(
    ("values", "phones", "first"),
    [
        ({"firstname": "Ada 🚀👩🏽‍🚀", "phone": PHONE}, 1, "Ada"),
        ({"firstname": "é" * 300, "phone": PHONE}, 1, "é" * 255),
        ({"firstname": "A", "phone": "; ".join(f"+3319988{n:04}" for n in range(30))}, 20, "A"),
        ({"firstname": "A", "phone": f"{PHONE}; call me; +33 1", "email": "no mail"}, 1, "A"),
        ({"firstname": "🚀", "lastname": " ", "phone": PHONE}, 1, None),
    ],
)
def test_odd_contacts_are_made_as_far_as_aircall_takes_them(product, values, phones, first):
    id_ = add(product, **values)
    assert carried(product, id_).kind == "created"
    assert len(of(product, id_)["phone_numbers"]) == phones
    assert of(product, id_)["first_name"] == first


def test_one_that_aircall_has_already_is_adopted_and_what_people_wrote_stays(product):
    seeded = product.aircall.office.book.contacts[710]
    with asking(product) as asked:
        assert carried(product, "12345").kind == "adopted"
    assert asked == ["GET contacts/search", "POST contacts/710"]
    assert not entry(product, "12345").ours
    first, second = seeded["information"].splitlines()
    assert first == "external_custom_id:87123"
    assert second.endswith("/12345")
    assert len(seeded["phone_numbers"]) == 1
    product.hubspot.edit("contacts", "12345", {"jobtitle": "Owner"})
    carried(product, "12345")
    assert seeded["information"].startswith("external_custom_id:87123\n")
    assert seeded["information"].endswith("/12345 Owner")
    product.hubspot.edit("contacts", "12345", {"phone": OTHER})
    carried(product, "12345")
    assert values(seeded) == ["+33199004567", OTHER]


@pytest.mark.parametrize("known", [False, True])
def test_a_map_that_names_a_holder_who_has_it_not_keeps_nobody_from_it(product, ada, known):
    carried(product, "12345")
    product.redis.hset("ah:contacts:aircall", "711", "12345" if known else "999")
    made = product.shop.aircall.contacts.create({"first_name": "A"}, [Detail("Work", PHONE)], [])
    assert made.id == 711
    assert carried(product, ada).kind == "adopted"
    assert of(product, ada)["id"] == 711
    assert entry(product, "12345").aircall == 710


def test_of_several_that_have_the_phone_the_oldest_is_adopted(product, ada):
    for _ in range(2):
        product.shop.aircall.contacts.create({"first_name": "A"}, *details(PHONE))
    assert carried(product, ada).kind == "adopted"
    assert of(product, ada)["id"] == min(book(product))
    assert len(book(product)) == 2


def details(phone):
    return [Detail("Work", phone)], []


def test_a_list_that_was_read_before_saves_the_search(product, ada):
    made = product.shop.aircall.contacts.create({"first_name": "A"}, *details(PHONE))
    with asking(product) as asked:
        record = read(product, ada)
        assert carry(product.shop, record, lambda phone: [made]).kind == "adopted"
    assert not [each for each in asked if "search" in each]


def test_one_deleted_in_aircall_by_a_person_comes_back_only_when_it_changes(product, ada):
    carried(product, ada)
    product.aircall.office.book.contacts.pop(of(product, ada)["id"])
    assert carried(product, ada).kind == "unchanged"
    assert not book(product)
    rename(product, ada, lastname="King")
    assert carried(product, ada).kind == "created"
    assert of(product, ada)["last_name"] == "King"
    assert len(book(product)) == 1


def test_one_deleted_in_aircall_that_its_search_still_knows_is_made_anew(product, ada):
    carried(product, ada)
    gone = product.shop.aircall.contacts.read(of(product, ada)["id"])
    product.aircall.office.book.contacts.pop(gone.id)
    rename(product, ada, lastname="King")
    outcome = carry(product.shop, read(product, ada), lambda phone: [gone])
    assert outcome.kind == "created"
    assert len(book(product)) == 1


def test_a_phone_deleted_in_aircall_by_a_person_does_not_stop_the_rest(product, ada):
    rename(product, ada, mobilephone=OTHER)
    carried(product, ada)
    del of(product, ada)["phone_numbers"][1]
    rename(product, ada, mobilephone=THIRD, lastname="King")
    assert carried(product, ada).kind == "changed"
    assert values(of(product, ada)) == [PHONE, THIRD]


def test_a_phone_that_a_person_added_before_hubspot_had_it_is_not_there_twice(product, ada):
    carried(product, ada)
    there = of(product, ada)
    there["phone_numbers"].append({"id": 1, "label": "Home", "value": "+33 1 99 88 00 02"})
    rename(product, ada, mobilephone=OTHER)
    carried(product, ada)
    assert values(of(product, ada)) == [PHONE, OTHER]
    rename(product, ada, mobilephone="")
    with asking(product) as asked:
        carried(product, ada)
    assert asked == []
    assert values(of(product, ada)) == [PHONE, OTHER]


def test_an_entry_says_in_the_store_what_it_is(product, ada):
    carried(product, ada)
    kept = entry(product, ada)
    assert len(product.redis.hget("ah:contacts:map", ada)) < 400
    assert replace(kept) == kept
    assert kept.phones == (PHONE,)
    assert AircallContacts(product.redis).holders([kept.aircall]) == {kept.aircall: ada}


def test_those_that_we_made_are_counted_as_they_come_and_go(product, ada):
    contacts = AircallContacts(product.redis)
    carried(product, "12345")
    assert contacts.made() == 0
    carried(product, ada)
    assert contacts.made() == 1
    rename(product, ada, phone="")
    carried(product, ada)
    heir = add(product, firstname="Heir", phone=PHONE)
    carried(product, heir)
    winner = add(product, firstname="Winner")
    product.hubspot.merge("contacts", winner, heir)
    carried(product, winner)
    assert (contacts.made(), len(book(product))) == (1, 1)
    product.aircall.office.book.contacts.pop(of(product, winner)["id"])
    rename(product, winner, lastname="King")
    carried(product, winner)
    assert contacts.made() == 1
    product.hubspot.delete("contacts", winner)
    look_for_gone(product)
    assert (contacts.made(), book(product)) == (0, {})
