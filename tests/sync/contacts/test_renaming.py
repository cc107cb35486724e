"""A company's own name is shown by contacts that tell none, and a change of it is followed."""

import pytest

from store.aircall_contacts import AircallContacts
from store.carried_companies import CarriedCompanies
from sync.contacts import renaming
from tests.sync.contacts.people import (
    add,
    asking,
    carried,
    carry_wanted,
    follow,
    of,
    waiting,
)

SEARCH, COMPANIES = "POST contacts/search", "POST companies/search"
COMPANY, ANOTHER = "8001", "Atelier Neuf"

pytestmark = pytest.mark.usefixtures("syncing")


@pytest.fixture
def staff(product):
    """Make so many contacts of one company, and carry each to Aircall."""

    def make(count):
        ids = [
            add(product, firstname=f"N{n}", phone=f"+3319988{n:04}", associatedcompanyid=COMPANY)
            for n in range(count)
        ]
        for id_ in ids:
            assert carried(product, id_).kind == "created"
        return ids

    return make


def later(product):
    """Let the time pass between two looks at companies."""
    AircallContacts(product.redis).note(companies_looked=1)


def rename(product, name=ANOTHER):
    product.hubspot.edit("companies", COMPANY, {"name": name})
    later(product)


def test_a_new_name_is_shown_by_each_contact_after_one_request(product, staff):
    ids = staff(3)
    own = add(
        product, firstname="O", phone="+33199887001", company="Own", associatedcompanyid=COMPANY
    )
    carried(product, own)
    follow(product)
    rename(product)
    with product.asking() as asked:
        assert not follow(product)
    assert asked == [SEARCH, COMPANIES, SEARCH]
    assert waiting(product) == (0, 3)
    with product.asking() as asked, asking(product) as aircall:
        assert not carry_wanted(product)
    assert asked == ["POST contacts/batch/read"]
    assert sorted(aircall) == sorted(f"POST contacts/{of(product, id_)['id']}" for id_ in ids)
    assert {of(product, id_)["company_name"] for id_ in ids} == {ANOTHER}
    assert of(product, own)["company_name"] == "Own"
    later(product)
    with product.asking() as asked:
        follow(product)
    assert asked == [SEARCH, COMPANIES]
    assert waiting(product) == (0, 0)


def test_a_company_is_read_once_for_all_of_its_contacts(product, staff):
    with product.asking() as asked:
        staff(3)
    assert asked.count("POST companies/batch/read") == 1


def test_companies_are_asked_for_every_second_time_and_only_where_one_is_shown(product, staff):
    carried(product, add(product, firstname="A", phone="+33199887000"))
    with product.asking() as asked:
        follow(product)
    assert asked == [SEARCH]
    staff(1)
    with product.asking() as asked:
        follow(product)
        follow(product)
    assert asked == [SEARCH, COMPANIES, SEARCH]


def test_whatever_else_changes_of_a_company_wants_nobody(product, staff):
    staff(2)
    product.hubspot.edit("companies", COMPANY, {"city": "Paris"})
    with product.asking() as asked:
        follow(product)
    assert asked == [SEARCH, COMPANIES]
    assert waiting(product) == (0, 0)


def test_a_company_of_very_many_is_gone_through_in_slices(product, staff, monkeypatch):
    staff(5)
    rename(product)
    monkeypatch.setattr(renaming, "PAGE", 2)
    assert follow(product, steps=1)
    assert waiting(product) == (0, 1)  # the other one of that page is not in Aircall
    for _ in range(5):
        if not follow(product, steps=1):
            break
    assert waiting(product) == (0, 5)
    assert CarriedCompanies(product.redis).renamed() == {}


def test_a_name_that_is_cleared_becomes_a_dash(product, staff):
    (id_,) = staff(1)
    rename(product, "")
    follow(product)
    carry_wanted(product)
    assert of(product, id_)["company_name"] == "–"


def test_who_may_not_read_companies_any_more_follows_contacts_all_the_same(product, staff):
    (id_,) = staff(1)
    product.hubspot.switches.missing_scopes = frozenset({"crm.objects.companies.read"})
    product.hubspot.edit("contacts", id_, {"lastname": "King"})
    assert not follow(product)
    carry_wanted(product)
    assert of(product, id_)["last_name"] == "King"


def test_a_rename_between_reading_and_keeping_the_name_counts(product):
    companies = CarriedCompanies(product.redis)
    assert companies.keep(COMPANY, "Old") == "Old"
    companies.rename(COMPANY, "New")
    assert companies.keep(COMPANY, "Old") == "New"
