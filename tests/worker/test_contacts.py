import pytest
from product import ATELIER, CLAIRE, KNOWN, START, UNKNOWN, Product, call, split

from clients.errors import Rejected
from clients.hubspot.records import Batch
from sandbox.traffic import Story, aircall_contact, call_events, group_events, message_events
from settings.file import SettingsFile
from store import keys

NO_ONE = "+33199887701"


def missed(id_=1, phone=UNKNOWN, **more):
    return call_events(id_, "inbound_missed", start=START, phone=phone, **more)


def person(email=None, first="Max", last="Muster"):
    emails = [{"id": 1, "label": "Work", "value": email}] if email else []
    return aircall_contact(900, first, last, UNKNOWN, emails=emails)


def contacts(product, id_="call-1", kind="calls"):
    return product.one(kind, id_)["associations"].get("contacts", [])


def the_new_one(product):
    (contact,) = product.contacts_of(UNKNOWN)
    return contact


@pytest.mark.parametrize(
    ("phone", "number", "contact"),
    [
        ("+33199004567", 1001, "12345"),  # 01 99 00 45 67
        ("+33199004568", 1001, "12346"),  # +33 1 99 00 45 68
        ("+33639980012", 1001, "12347"),  # a mobile phone, 06 39 98 00 12
        ("+33199004570", 1001, "12348"),  # 0033 1 99 00 45 70
        ("+33199004571", 1001, "12349"),  # 01.99.00.45.71
        ("+33639980013", 1001, "12349"),  # the mobile phone of the same
        ("+33199004572", 1001, "12350"),  # +33 (0)1 99 00 45 72
        ("+12025550177", 1002, "12353"),  # (202) 555-0177
        ("+12025550178", 1002, "12354"),  # +1 202-555-0178
        ("+12025550179", 1002, "12355"),  # 202.555.0179
        ("+493023125017", 1003, "12356"),  # 030 23125 017
        ("+49301712345", 1003, None),
        ("+442079460018", 1001, "12358"),  # +44 20 7946 0018, on a French line
    ],
)
def test_a_phone_is_found_in_any_usual_spelling(product, phone, number, contact):
    product.log(missed(phone=phone, number=number))
    if contact is None:
        assert product.decision("call-1").choices["contact"] == "unknown phone: a contact is made"
    else:
        assert contacts(product) == [contact]
        assert product.decision("call-1").choices["contact"].startswith("found by phone")


def test_the_same_national_digits_of_another_country_are_another_phone(product):
    product.hubspot.edit("contacts", CLAIRE, {"phone": "+44 199004567"})
    product.log(missed(phone=KNOWN))
    assert contacts(product) != [CLAIRE]


def test_of_several_the_most_recently_modified_is_taken_and_the_others_are_named(product):
    product.hubspot.edit("contacts", "12351", {"firstname": "Newest"})
    product.log(missed(phone="+33199004580"))
    assert contacts(product) == ["12351"]
    assert "12352" in product.decision("call-1").choices["contact"]


def test_who_has_another_phone_is_found_by_e_mail(product):
    product.log(missed(contact=person("Nina.Mail@example.com")))
    assert contacts(product) == ["12360"]
    assert product.decision("call-1").choices["contact"] == "found by e-mail"
    assert product.contacts_of(UNKNOWN) == []


def test_the_contacts_primary_company_is_linked_too(product):
    product.log(call())
    assert product.one("calls", "call-1")["associations"]["companies"] == [ATELIER]


def test_a_phone_that_only_a_company_has_links_the_company_and_makes_no_contact(product):
    before = len(product.all("contacts"))
    product.log(missed(phone="+33199007700"))
    assert product.one("calls", "call-1")["associations"] == {"companies": ["8004"]}
    assert len(product.all("contacts")) == before


def test_an_unknown_phone_becomes_a_contact_named_by_aircalls(product):
    product.log(missed(contact=person("max.muster@example.com")))
    held = the_new_one(product)["properties"]
    assert (held["firstname"], held["lastname"]) == ("Max", "Muster")
    assert held["email"] == "max.muster@example.com"
    assert held["phone"] == held["aircall_phone"] == UNKNOWN
    assert contacts(product) == [the_new_one(product)["id"]]


def test_an_unknown_phone_without_a_name_is_named_by_its_number(product):
    product.log(missed())
    held = the_new_one(product)["properties"]
    assert (held["firstname"], held["lastname"]) == (UNKNOWN, "Aircall new contact")


def test_the_last_name_of_such_a_contact_is_that_of_the_settings_file(
    redis_client, redis_server, stand_ins, tmp_path
):
    stand_ins.reset()
    file = SettingsFile.model_validate({"contacts": {"last_name": "caller"}})
    product = Product(redis_server.url, tmp_path, stand_ins, file)
    product.start()
    product.log(missed())
    held = the_new_one(product)["properties"]
    assert (held["firstname"], held["lastname"]) == (UNKNOWN, "caller")


def test_a_new_contact_belongs_to_the_agent(product):
    product.log(call(phone=UNKNOWN))
    assert the_new_one(product)["properties"]["hubspot_owner_id"] == "11349275740"


def test_no_contact_is_made_where_that_is_off(product):
    product.set(create_contacts=False)
    product.log(missed())
    assert product.contacts_of(UNKNOWN) == []
    assert contacts(product) == []
    assert product.decision("call-1").result == "logged"
    assert product.decision("call-1").choices["contact"].endswith("is off")


@pytest.mark.parametrize("phone", ["anonymous", "112", "118", "+33199000123", "+493023125000"])
def test_who_can_be_nobodys_contact_never_becomes_one(product, phone):
    before = len(product.all("contacts"))
    product.log(missed(phone=phone))
    assert len(product.all("contacts")) == before
    assert product.decision("call-1").result == "logged"
    assert product.decision("call-1").choices["contact"].startswith("no contact is made of")


def test_two_calls_of_one_unknown_phone_in_one_batch_make_one_contact(product):
    product.log(
        [*missed(1), *missed(2), *message_events("m", "inbound", start=START, phone=UNKNOWN)]
    )
    contact = the_new_one(product)["id"]
    assert contacts(product, "call-1") == contacts(product, "call-2") == [contact]
    assert contacts(product, "message-m", "communications") == [contact]


@pytest.mark.parametrize("lag", [0.0, 3600.0])
def test_two_calls_of_one_unknown_phone_in_two_batches_make_one_contact(product, lag):
    product.hubspot.switches.search_lag = lag
    product.log(missed(1))
    product.log(missed(2))
    assert contacts(product, "call-2") == [the_new_one(product)["id"]]


def test_a_contact_that_the_search_does_not_know_yet_is_found_by_its_key(product):
    product.hubspot.switches.search_lag = 3600.0
    product.log(missed(1))
    product.redis.delete(keys.contact(UNKNOWN))
    product.log(missed(2))
    assert contacts(product, "call-2") == [the_new_one(product)["id"]]


def test_a_made_contact_that_a_person_wrote_another_way_is_still_the_one(product):
    product.hubspot.switches.search_lag = 3600.0
    product.log(missed(1))
    contact = the_new_one(product)["id"]
    product.hubspot.edit("contacts", contact, {"phone": "01 99 88 77 66"})
    product.redis.delete(keys.contact(UNKNOWN))
    product.log(missed(2))
    assert contacts(product, "call-2") == [contact]


def test_a_national_spelling_is_known_without_hubspots_calculated_phone(product):
    for name in ("hs_calculated_phone_number", "hs_searchable_calculated_phone_number"):
        product.hubspot.delete("properties", name, "contacts")
    product.read_directory()
    product.log(missed(1))
    contact = the_new_one(product)["id"]
    product.hubspot.edit("contacts", contact, {"phone": "01 99 88 77 66"})
    product.redis.delete(keys.contact(UNKNOWN))
    product.log(missed(2))
    assert contacts(product, "call-2") == [contact]


def test_a_contact_that_no_longer_carries_the_phone_gives_the_key_back(product):
    product.log(missed(1))
    old = the_new_one(product)["id"]
    product.hubspot.edit("contacts", old, {"phone": NO_ONE})
    product.redis.delete(keys.contact(UNKNOWN))
    product.log(missed(2))
    new = the_new_one(product)
    assert new["id"] != old
    assert new["properties"]["aircall_phone"] == UNKNOWN
    assert contacts(product, "call-2") == [new["id"]]
    assert not product.hubspot.record("contacts", old).properties["aircall_phone"]


def test_a_contact_in_the_recycle_bin_keeps_its_key_and_another_is_made_without(product):
    product.log(missed(1))
    old = the_new_one(product)["id"]
    product.hubspot.delete("contacts", old)
    product.redis.delete(keys.contact(UNKNOWN))
    product.log(missed(2))
    new = the_new_one(product)
    assert contacts(product, "call-2") == [new["id"]]
    assert product.decision("call-2").choices["contact"] == "unknown phone: a contact is made"
    assert "aircall_phone" not in new["properties"]
    product.log(missed(3))
    assert contacts(product, "call-3") == [new["id"]]


def test_an_e_mail_that_hubspot_knows_already_means_that_contact(product):
    product.hubspot.switches.search_lag = 3600.0
    known = product.hubspot.add("contacts", {"email": "max.muster@example.com"})
    product.log(missed(contact=person("max.muster@example.com")))
    assert contacts(product) == [known]
    assert product.contacts_of(UNKNOWN) == []
    chosen = product.decision("call-1").choices["contact"]
    assert chosen == "unknown phone: HubSpot had its contact already"


def test_two_phones_of_one_e_mail_that_hubspot_knows_mean_one_contact(product):
    product.hubspot.switches.search_lag = 3600.0
    known = product.hubspot.add("contacts", {"email": "max.muster@example.com"})
    product.log(
        [
            *missed(1, contact=person("max.muster@example.com")),
            *missed(2, phone=NO_ONE, contact=person("max.muster@example.com")),
        ]
    )
    assert contacts(product, "call-1") == contacts(product, "call-2") == [known]


def test_an_e_mail_is_looked_up_where_the_refusal_names_nobody(product):
    product.hubspot.switches.search_lag = 3600.0
    known = product.hubspot.add("contacts", {"email": "max.muster@example.com"})
    _refuse_contacts(product, Rejected("hubspot", "no", status=409))
    product.log(
        [
            *missed(1, contact=person("max.muster@example.com")),
            *missed(2, phone=NO_ONE, contact=person("max.muster@example.com")),
        ]
    )
    assert contacts(product, "call-1") == contacts(product, "call-2") == [known]


def test_the_contact_that_a_refusal_names_is_used_where_the_e_mail_is_only_a_further_one(product):
    refusal = Rejected("hubspot", "taken", status=409, existing=CLAIRE)
    _refuse_contacts(product, refusal)
    product.log(missed(contact=person("further@example.com")))
    assert contacts(product) == [CLAIRE]
    assert product.contacts_of(UNKNOWN) == []


def test_two_new_phones_of_one_new_e_mail_make_one_contact(product):
    product.log(
        [
            *missed(1, contact=person("max.muster@example.com")),
            *missed(2, phone=NO_ONE, contact=person("max.muster@example.com")),
        ]
    )
    assert contacts(product, "call-1") == contacts(product, "call-2")
    assert len(product.all("calls")) == 2


def test_a_contact_that_hubspot_refuses_is_made_with_phone_and_names_only(product):
    product.hubspot.fault("partial", path="*/contacts/batch/create", permanent=True)
    product.log(call(phone=UNKNOWN, contact=person("max.muster@example.com")))
    held = the_new_one(product)["properties"]
    assert (held["firstname"], held["lastname"]) == ("Max", "Muster")
    assert "email" not in held
    assert "hubspot_owner_id" not in held
    assert contacts(product) == [the_new_one(product)["id"]]


def test_a_contact_that_hubspot_refuses_twice_leaves_the_call_logged_without(product):
    product.hubspot.fault("partial", path="*/contacts/batch/create", permanent=True, times=2)
    product.log(missed())
    assert contacts(product) == []
    decision = product.decision("call-1")
    assert decision.result == "logged"
    assert "HubSpot refused the contact: logged without one" in decision.notes
    assert decision.choices["contact"] == "HubSpot refused the contact: logged without one"
    assert "refused by the sandbox" in decision.errors[0]
    assert product.failures() == set()


def test_a_note_of_the_first_writing_outlives_later_events(product):
    product.hubspot.fault("partial", path="*/contacts/batch/create", permanent=True, times=2)
    first, rest = split(call(Story(later_tags=(33,)), phone=UNKNOWN), "call.tagged")
    product.log(first)
    product.log(rest)
    assert "HubSpot refused the contact: logged without one" in product.decision("call-1").notes


def test_a_refused_contact_harms_no_other_of_its_batch(product):
    product.hubspot.fault(
        "partial", path="*/contacts/batch/create", permanent=True, times=2, which="last"
    )
    product.log([*missed(1), *missed(2, phone=NO_ONE), *missed(3, phone=KNOWN)])
    linked = [bool(contacts(product, f"call-{at}")) for at in (1, 2, 3)]
    assert sorted(linked) == [False, True, True]


def test_a_group_message_is_linked_to_all_it_finds_and_makes_nobody(product):
    before = len(product.all("contacts"))
    phones = [KNOWN, "+33 1 99 00 45 68", UNKNOWN, "+33199000123"]
    product.log(group_events("g-1", "inbound", start=START, phones=phones))
    assert set(contacts(product, "group-g-1", "communications")) == {CLAIRE, "12346"}
    assert len(product.all("contacts")) == before
    assert product.decision("group-g-1").choices["contact"].startswith("2 of 3 participants")


def test_a_group_of_one_outside_makes_nobody_either(product):
    product.log(group_events("g-1", "inbound", start=START, phones=[UNKNOWN, "+33199000123"]))
    assert product.contacts_of(UNKNOWN) == []
    assert product.decision("group-g-1").result == "logged"
    chosen = product.decision("group-g-1").choices["contact"]
    assert chosen == "0 of 1 participants found; none is made of a group"


def test_a_one_to_one_message_of_an_unknown_phone_makes_a_contact(product):
    product.log(message_events("m-1", "inbound", start=START, phone=UNKNOWN))
    assert contacts(product, "message-m-1", "communications") == [the_new_one(product)["id"]]


def _refuse_contacts(product, refusal):
    """Let HubSpot refuse each new contact that has an e-mail."""
    real = product.shop.hubspot.create

    def create(object_type, inputs):
        if object_type != "contacts":
            return real(object_type, inputs)
        taken = {each.key: refusal for each in inputs if "email" in each.properties}
        made = [each for each in inputs if each.key not in taken]
        return real(object_type, made) if made else Batch(refused=taken)

    product.shop.hubspot.create = create
