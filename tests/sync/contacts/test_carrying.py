"""One HubSpot contact on its way to Aircall: how it is found, made, changed; what that costs."""

import threading
from dataclasses import replace

import pytest

from clients.errors import Unavailable
from clients.http import Times
from rules.aircall_contacts import Detail
from store.aircall_contacts import AircallContacts
from store.contact_holds import Hold, contact_name
from sync.contacts import sharing, wanted
from sync.contacts.carrying import BUSY, carry
from sync.contacts.refusals import ALERT, again, tell_refused
from sync.contacts.trip import SHARED
from tests.sync.contacts.people import (
    Piece,
    add,
    asking,
    book,
    carried,
    entry,
    look_for_gone,
    of,
    read,
    values,
    waiting,
)

PHONE, OTHER, THIRD = "+33199880001", "+33199880002", "+33199880003"
ADA = {"firstname": "Ada", "lastname": "Byron", "company": "Engines", "phone": PHONE}


@pytest.fixture(autouse=True)
def syncing(product):
    product.set(sync_contacts=True)


@pytest.fixture
def ada(product):
    return add(product, **ADA, email="ada@example.com", jobtitle="Countess")


def rename(product, id_, **values):
    product.hubspot.edit("contacts", id_, values)


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


@pytest.mark.parametrize("kind", ["reset_after", "timeout_after", "500_after", "cut"])
def test_a_create_whose_answer_was_lost_is_found_before_another_try(product, ada, kind):
    product.shop.aircall._http._times = Times(connect=0.5, read=0.15, total=0.6)
    product.aircall.fault(kind, method="POST", path="/v1/contacts", hold=0.4)
    with pytest.raises(Unavailable):
        carried(product, ada)
    product.pass_time(120)
    with asking(product) as asked:
        assert carried(product, ada).kind == "created"
    assert asked == ["GET contacts/search"]
    assert entry(product, ada).ours
    assert len(book(product)) == 1
    product.hubspot.edit("contacts", ada, {"phone": OTHER})
    carried(product, ada)
    assert values(of(product, ada)) == [OTHER]


@pytest.mark.parametrize("phone", [OTHER, ""])
def test_a_create_whose_answer_was_lost_is_found_though_hubspot_has_another_phone(
    product, ada, phone
):
    product.aircall.fault("500_after", method="POST", path="/v1/contacts")
    with pytest.raises(Unavailable):
        carried(product, ada)
    product.pass_time(120)
    rename(product, ada, phone=phone)
    carried(product, ada)
    rename(product, ada, phone=OTHER)
    carried(product, ada)
    assert [values(each) for each in book(product).values()] == [[OTHER]]
    assert entry(product, ada).ours


def test_of_a_lost_create_only_ours_is_taken_though_others_have_the_phone(product, ada):
    product.aircall.fault("500", method="POST", path="/v1/contacts")
    with pytest.raises(Unavailable):
        carried(product, ada)
    product.pass_time(120)
    theirs = product.shop.aircall.contacts.create({"first_name": "B"}, [Detail("Work", PHONE)], [])
    rename(product, ada, phone=OTHER)
    assert carried(product, ada).kind == "created"
    assert values(book(product)[theirs.id]) == [PHONE]
    assert values(of(product, ada)) == [OTHER]


@pytest.mark.parametrize(("path", "times"), [("*/phone_details", 1), ("*/contacts/711", 2)])
@pytest.mark.parametrize("kind", ["reset_after", "reset"])
def test_a_change_whose_answer_was_lost_is_not_done_twice(product, ada, path, times, kind):
    carried(product, ada)
    rename(product, ada, mobilephone=OTHER, lastname="King")
    product.aircall.fault(kind, method="POST", path=path, times=times)
    with pytest.raises(Unavailable):
        carried(product, ada)
    product.pass_time(120)
    assert carried(product, ada).kind in {"changed", "unchanged"}
    assert values(of(product, ada)) == [PHONE, OTHER]
    assert of(product, ada)["last_name"] == "King"


def test_a_limit_that_let_nothing_through_costs_no_look_afterwards(product, ada):
    product.redis.hset("ah:pause:aircall", mapping={"until": 1 << 50, "reason": "down"})
    with pytest.raises(Unavailable):
        carried(product, ada)
    product.redis.delete("ah:pause:aircall")
    carried(product, ada)
    rename(product, ada, lastname="King")
    product.redis.hset("ah:pause:aircall", mapping={"until": 1 << 50, "reason": "down"})
    with pytest.raises(Unavailable):
        carried(product, ada)
    product.redis.delete("ah:pause:aircall")
    with asking(product) as asked:
        carried(product, ada)
    assert len(asked) == 1


@pytest.mark.parametrize("status", ["400", "405", "422"])
def test_what_aircall_refuses_is_noted_and_tried_when_it_changes(product, ada, status):
    product.aircall.fault(status, method="POST", path="/v1/contacts")
    outcome = carried(product, ada)
    assert (outcome.kind, entry(product, ada).refused) == ("skipped", True)
    assert outcome.reason
    tell_refused(product.shop)
    assert product.alerts()[ALERT].startswith("Aircall refused a contact because: ")
    with asking(product) as asked:
        assert carried(product, ada) == outcome
    assert asked == []
    rename(product, ada, lastname="King")
    assert carried(product, ada).kind == "created"
    tell_refused(product.shop)
    assert product.alerts() == {}


def test_a_refused_part_does_not_keep_the_others(product, ada):
    carried(product, ada)
    product.aircall.fault("422", method="POST", path="*/phone_details")
    rename(product, ada, mobilephone=OTHER, lastname="King")
    outcome = carried(product, ada)
    assert outcome.kind == "changed"
    assert outcome.reason
    assert of(product, ada)["last_name"] == "King"
    assert AircallContacts(product.redis).refused() == ((ada, outcome.reason),)
    assert again(product.shop) == 1
    assert waiting(product) == (0, 1)
    carried(product, ada)
    assert values(of(product, ada)) == [PHONE, OTHER]
    assert not entry(product, ada).refused


def test_a_refused_key_is_a_matter_for_all_and_blames_no_contact(product, ada):
    product.aircall.fault("403", method="POST", path="/v1/contacts")
    with pytest.raises(Unavailable) as caught:
        carried(product, ada)
    assert caught.value.reason == "credentials"
    assert not entry(product, ada).refused
    assert product.redis.exists("ah:pause:aircall")


def test_too_many_requests_are_respected(product, ada):
    product.aircall.fault("429", path="*/search", retry_after=30)
    with pytest.raises(Unavailable):
        carried(product, ada)
    with asking(product) as asked, pytest.raises(Unavailable):
        carried(product, ada)
    assert asked == []
    product.pass_time(60)
    assert carried(product, ada).kind == "created"


def test_of_two_with_one_phone_the_last_modified_has_it_and_keeps_it(product):
    first = add(product, firstname="First", phone=PHONE)
    carried(product, first)
    second = add(product, firstname="Second", phone=PHONE)
    with asking(product) as asked:
        assert carried(product, second).kind == "changed"
    assert asked == ["GET contacts/search", "POST contacts/711"]
    assert len(book(product)) == 1
    assert of(product, second)["first_name"] == "Second"
    assert waiting(product) == (0, 1)
    rename(product, first, city="Paris")
    for id_ in (first, second, first):
        with asking(product) as asked:
            outcome = carried(product, id_)
        assert asked == []
    assert outcome.reason == SHARED
    assert of(product, second)["first_name"] == "Second"
    rename(product, second, phone=OTHER)
    carried(product, second)
    carried(product, first)
    assert {values(of(product, id_))[0] for id_ in (first, second)} == {PHONE, OTHER}
    assert of(product, first)["first_name"] == "First"


def test_of_two_modified_at_once_the_lower_id_has_the_phone(product):
    first = add(product, firstname="First", phone=PHONE)
    second = add(product, firstname="Second", phone=PHONE)
    same = read(product, first).properties["lastmodifieddate"]
    product.hubspot.record("contacts", second).properties["lastmodifieddate"] = same
    carried(product, second)
    carried(product, first)
    carried(product, second)
    assert [one["first_name"] for one in book(product).values()] == ["First"]


def test_colleagues_who_share_the_switchboard_have_their_own_phones(product):
    one = add(product, firstname="One", phone=PHONE, mobilephone=OTHER)
    carried(product, one)
    two = add(product, firstname="Two", phone=PHONE, mobilephone=THIRD)
    carried(product, two)
    carried(product, one)
    assert values(of(product, one)) == [OTHER]
    assert values(of(product, two)) == [PHONE, THIRD]
    assert len(book(product)) == 2


def test_one_that_has_its_own_contact_gets_the_phone_too_and_the_other_goes(product):
    one = add(product, firstname="One", phone=PHONE)
    two = add(product, firstname="Two", phone=OTHER)
    carried(product, one)
    carried(product, two)
    rename(product, two, mobilephone=PHONE)
    carried(product, two)
    carried(product, one)
    assert [values(each) for each in book(product).values()] == [[OTHER, PHONE]]
    assert entry(product, one).aircall is None


def test_two_processes_at_one_phone_make_one_contact(product, monkeypatch):
    ids = [add(product, firstname=f"N{n}", phone=PHONE) for n in range(4)]
    records = [read(product, id_) for id_ in ids]
    product.aircall.ready_delay = 0.02
    start = threading.Barrier(len(ids))
    outcomes = {}

    def run(record):
        start.wait()
        outcomes[record.id] = carry(product.shop, record)

    threads = [threading.Thread(target=run, args=(record,)) for record in records]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    product.aircall.ready_delay = 0
    assert BUSY in {each.reason for each in outcomes.values()}
    for _ in range(2):
        for id_ in ids:
            carried(product, id_)
    assert len(book(product)) == 1


def test_what_another_process_carries_is_left_to_later(product, ada):
    with Hold(product.redis, [contact_name(ada)]):
        assert carried(product, ada).reason == BUSY
    assert waiting(product) == (0, 1)
    assert not book(product)
    assert carried(product, ada).kind == "created"


def test_who_lost_the_hold_writes_nothing_more(product, ada, monkeypatch):
    record, search = read(product, ada), product.shop.aircall.contacts.search

    def find(phone):
        product.redis.delete(f"ah:carrying:{phone}")
        return search(phone)

    assert carry(product.shop, record, find).reason == BUSY
    assert not book(product)
    assert carried(product, ada).kind == "created"


def test_a_merged_contact_takes_its_aircall_contact_along(product, ada):
    carried(product, ada)
    winner = add(product, firstname="Augusta", lastname="King")
    product.hubspot.merge("contacts", winner, ada)
    assert carried(product, winner).kind == "changed"
    assert of(product, winner)["first_name"] == "Augusta"
    assert of(product, winner)["information"].split()[0].endswith(f"/{winner}")
    assert len(book(product)) == 1
    assert entry(product, ada) is None
    assert entry(product, winner).ours


def test_a_merge_waits_for_who_carries_the_other(product, ada):
    carried(product, ada)
    winner = add(product, firstname="Augusta")
    product.hubspot.merge("contacts", winner, ada)
    with Hold(product.redis, [contact_name(ada)]):
        assert carried(product, winner).reason == BUSY
    assert entry(product, ada) is not None
    assert carried(product, winner).kind == "changed"


def test_of_two_merged_contacts_one_stays_in_aircall(product, ada):
    winner = add(product, firstname="Augusta", phone=OTHER)
    carried(product, ada)
    carried(product, winner)
    product.hubspot.merge("contacts", winner, ada)
    carried(product, winner)
    assert [each["first_name"] for each in book(product).values()] == ["Augusta"]
    assert entry(product, ada) is None


def test_a_merged_one_that_aircall_keeps_is_not_asked_for_without_end(product, ada):
    carried(product, ada)
    winner = add(product, firstname="Augusta", phone=OTHER)
    carried(product, winner)
    product.hubspot.merge("contacts", winner, ada)
    product.aircall.fault("405", method="DELETE", times=None)
    carried(product, winner)
    with asking(product) as asked:
        for _ in range(5):
            wanted.work(product.shop, Piece(1))
    assert asked.count(f"DELETE contacts/{entry(product, ada).aircall}") <= 1
    assert waiting(product) == (0, 0)


def test_one_that_was_merged_and_is_not_ours_stays_in_aircall(product):
    winner = add(product, firstname="Augusta", phone=OTHER)
    carried(product, "12345")
    carried(product, winner)
    product.hubspot.merge("contacts", winner, "12345")
    carried(product, winner)
    assert 710 in product.aircall.office.book.contacts
    assert entry(product, "12345") is None


def test_an_entry_says_in_the_store_what_it_is(product, ada):
    carried(product, ada)
    kept = entry(product, ada)
    assert len(product.redis.hget("ah:contacts:map", ada)) < 400
    assert replace(kept) == kept
    assert kept.phones == (PHONE,)
    assert AircallContacts(product.redis).holders([kept.aircall]) == {kept.aircall: ada}


def test_of_a_phone_that_very_many_share_some_are_listed_and_it_stays_with_who_has_it(
    product, monkeypatch
):
    monkeypatch.setattr(sharing, "MOST", 2)
    ids = [add(product, firstname=f"N{n}", phone=PHONE) for n in range(4)]
    for n, id_ in enumerate(ids):
        stamp = f"2026-09-01T00:00:0{n}.000Z"
        product.hubspot.record("contacts", id_).properties["lastmodifieddate"] = stamp
    for id_ in reversed(ids):
        carried(product, id_)
    holder, *rest = AircallContacts(product.redis).claims([PHONE])[PHONE]
    assert len(rest) == 1
    others = [id_ for id_ in ids if id_ not in {holder, *rest}]
    for id_ in others:
        rename(product, id_, city="Paris")
        with product.asking() as hubspot, asking(product) as asked:
            assert carried(product, id_).reason == SHARED
        assert (hubspot, asked) == (["POST contacts/batch/read"], [])
    for id_ in (holder, *rest):
        rename(product, id_, phone="")
        carried(product, id_)
    heir = others[0]
    assert carried(product, heir).kind in {"changed", "created"}
    assert [each["first_name"] for each in book(product).values()] == [
        product.hubspot.record("contacts", heir).properties["firstname"]
    ]


def test_who_lost_a_shared_phone_does_not_keep_it_from_the_next(product):
    first, second, third = (add(product, firstname=f"N{n}", phone=PHONE) for n in range(3))
    for id_ in (third, second, first):
        carried(product, id_)
    ids = AircallContacts(product.redis).claims([PHONE])[PHONE]
    assert {*ids} == {first, second, third}
    for id_ in (ids[1], ids[0]):
        rename(product, id_, phone="")
        carried(product, id_)
    assert carried(product, ids[2]).kind == "changed"
    assert len(book(product)) == 1


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
