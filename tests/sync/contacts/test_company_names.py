"""Names of companies that HubSpot refuses, or that change while read, are right in the end."""

import pytest
from redis.connection import AbstractConnection

from sandbox.moments import iso_millis
from store import keys
from store.aircall_contacts import AircallContacts
from store.carried_companies import STATE, CarriedCompanies
from sync.contacts import companies, removal, renaming
from sync.contacts.changes import OVERLAP_MS
from sync.contacts.following import CONTACTS
from tests.sync.contacts.copyworld import CopyWorld
from tests.sync.contacts.people import add, carried, carry_wanted, follow, of, read, waiting

READ, SEARCH, COMPANIES = (
    "POST companies/batch/read",
    "POST contacts/search",
    "POST companies/search",
)
SCOPES = frozenset({"crm.objects.companies.read"})

pytestmark = pytest.mark.usefixtures("syncing")


def company(product, name):
    return product.hubspot.add("companies", {"name": name})


def one_of(product, company, n=0):
    """Make a contact of a company; returns its id."""
    phone = f"+3319988{n:04}"
    return add(product, firstname=f"N{n}", phone=phone, associatedcompanyid=company)


def an_hour_later(product):
    """Let the time pass after which companies are asked for though HubSpot refused."""
    AircallContacts(product.redis).note(companies_looked=1, companies_refused=1)


def are_old(product):
    """Let all contacts have changed long ago: no look at changed contacts finds them by itself."""
    newest = max(CONTACTS.changed_at(read(product, id_)) for id_ in ids_of(product))
    AircallContacts(product.redis).note(followed=newest + 2 * OVERLAP_MS)


def ids_of(product):
    return list(product.hubspot.portal.records["contacts"])


def shown(product, id_):
    return of(product, id_)["company_name"]


def follow_to_the_end(product):
    for _ in range(50):
        if not follow(product):
            break
    carry_wanted(product)


def test_who_may_not_read_companies_is_refused_once_an_hour_not_with_each_contact(product):
    product.hubspot.switches.missing_scopes = SCOPES
    ids = [one_of(product, company(product, f"C{n}"), n) for n in range(4)]
    with product.asking("companies") as asked:
        for id_ in ids:
            assert carried(product, id_).kind == "created"
        for _ in range(3):
            AircallContacts(product.redis).note(companies_looked=1)
            assert not follow(product)
    assert asked == [READ]
    an_hour_later(product)
    with product.asking("companies") as asked:
        follow(product)
        carried(product, one_of(product, company(product, "Late"), 9))
    assert asked == [READ]


def test_names_that_were_refused_are_shown_once_the_token_may_read_them(product):
    product.hubspot.switches.missing_scopes = SCOPES
    ids = [one_of(product, company(product, f"C{n}"), n) for n in range(4)]
    for id_ in ids:
        carried(product, id_)
    assert {shown(product, id_) for id_ in ids} == {None}
    are_old(product)
    product.hubspot.switches.missing_scopes = frozenset()
    an_hour_later(product)
    with product.asking() as asked:
        follow(product)
    assert asked == [SEARCH, READ, COMPANIES, SEARCH]
    carry_wanted(product)
    assert [shown(product, id_) for id_ in ids] == ["C0", "C1", "C2", "C3"]


def test_a_company_that_is_gone_is_asked_for_once(product):
    gone = company(product, "Gone")
    ids = [one_of(product, gone, n) for n in range(3)]
    product.hubspot.delete("companies", gone)
    with product.asking("companies") as asked:
        for id_ in ids:
            carried(product, id_)
    assert asked == [READ]
    are_old(product)
    product.hubspot.restore("companies", gone)
    product.hubspot.edit("companies", gone, {"name": "Back"})
    follow_to_the_end(product)
    assert {shown(product, id_) for id_ in ids} == {"Back"}


def test_a_name_that_changes_while_a_frozen_process_reads_it_is_not_kept_for_ever(
    product, monkeypatch
):
    """Meanwhile so much else changed that no later look begins before the change."""
    known, slow = company(product, "Known"), company(product, "Old")
    carried(product, one_of(product, known, 1))
    id_ = one_of(product, slow)
    real, frozen = type(product.shop.hubspot).read, []

    def read(hubspot, kind, *args, **more):
        found = real(hubspot, kind, *args, **more)
        if kind == "companies" and not frozen:
            frozen.append(kind)
            product.hubspot.edit("companies", slow, {"name": "New"})
            follow(product)
            later = int(AircallContacts(product.redis).state()["companies_followed"])
            for n in (1, 2):
                moved = iso_millis(later + n * OVERLAP_MS)
                product.hubspot.record("companies", known).properties["hs_lastmodifieddate"] = moved
                AircallContacts(product.redis).note(companies_looked=1)
                follow(product)
        return found

    monkeypatch.setattr(type(product.shop.hubspot), "read", read)
    assert carried(product, id_).kind == "created"
    are_old(product)
    AircallContacts(product.redis).note(companies_looked=1)
    follow_to_the_end(product)
    assert shown(product, id_) == "New"


def test_who_moves_to_another_company_shows_its_name_and_follows_that_alone(product):
    first, second = company(product, "First"), company(product, "Second")
    id_ = one_of(product, first)
    carried(product, id_)
    product.hubspot.edit("contacts", id_, {"associatedcompanyid": second})
    follow_to_the_end(product)
    assert shown(product, id_) == "Second"
    are_old(product)
    product.hubspot.edit("companies", first, {"name": "Third"})
    AircallContacts(product.redis).note(companies_looked=1)
    follow(product)
    assert waiting(product) == (0, 0)
    product.hubspot.edit("companies", second, {"name": "Fourth"})
    AircallContacts(product.redis).note(companies_looked=1)
    follow_to_the_end(product)
    assert shown(product, id_) == "Fourth"


def test_names_that_changed_while_contacts_were_not_copied_are_shown_when_they_are_again(product):
    at = company(product, "First")
    id_ = one_of(product, at)
    carried(product, id_)
    follow(product)
    are_old(product)
    product.set(sync_contacts=False)
    product.hubspot.edit("companies", at, {"name": "Second"})
    AircallContacts(product.redis).note(companies_looked=1)
    with product.asking() as asked:
        assert not follow(product)
    assert asked == []
    product.set(sync_contacts=True)
    follow_to_the_end(product)
    assert shown(product, id_) == "Second"


def test_many_companies_that_an_import_renamed_share_a_search(product):
    own = {one_of(product, company(product, f"C{n}"), n): f"D{n}" for n in range(30)}
    for n, id_ in enumerate(own):
        carried(product, id_)
        at = product.hubspot.record("contacts", id_).properties["associatedcompanyid"]
        product.hubspot.edit("companies", at, {"name": f"D{n}"})
    are_old(product)
    with product.asking() as asked:
        assert not follow(product)
    assert asked == [SEARCH, COMPANIES, SEARCH]
    assert waiting(product) == (0, 30)
    carry_wanted(product)
    assert {id_: shown(product, id_) for id_ in own} == own


def test_many_renamed_companies_are_gone_through_in_slices(product, monkeypatch):
    monkeypatch.setattr(renaming, "MOST_INPUTS", 2)
    at = [company(product, f"C{n}") for n in range(6)]
    for n, each in enumerate(at):
        carried(product, one_of(product, each, n))
        product.hubspot.edit("companies", each, {"name": "New"})
    are_old(product)
    for left in (4, 2, 0):
        with product.asking("contacts") as asked:
            assert follow(product, steps=1) is bool(left)
        assert asked == [SEARCH] * 2
        assert len(CarriedCompanies(product.redis).renamed()) == left
    assert waiting(product) == (0, 6)


class Killed(BaseException):
    """What a kill -9 is to those who run: nothing of theirs is done any more."""


def test_killed_before_any_of_its_steps_all_contacts_show_the_new_name(product, monkeypatch):
    monkeypatch.setattr(renaming, "PAGE", 2)
    at = company(product, "Name -1")
    ids = [one_of(product, at, n) for n in range(3)]
    for id_ in ids:
        carried(product, id_)
    are_old(product)
    real, left = AbstractConnection.send_packed_command, [0]

    def dying(*args, **more):
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return real(*args, **more)

    steps = 0
    while left[0] <= 0:
        name = f"Name {steps}"
        product.hubspot.edit("companies", at, {"name": name})
        AircallContacts(product.redis).note(companies_looked=1)
        product.redis.delete("ah:window:hubspot-burst")  # as if ten seconds had passed
        steps += 1
        left[0] = steps
        with monkeypatch.context() as patched:
            patched.setattr(AbstractConnection, "send_packed_command", dying)
            try:
                follow(product)
            except Killed:
                product.redis.connection_pool.disconnect()
        AircallContacts(product.redis).note(companies_looked=1)
        follow_to_the_end(product)
        assert {shown(product, id_) for id_ in ids} == {name}, steps
    assert steps > 10
    assert CarriedCompanies(product.redis).renamed() == {}


def test_when_all_of_ours_are_removed_nothing_of_companies_is_kept(product):
    world = CopyWorld(product)
    carried(product, one_of(product, company(product, "Engines")))
    follow(product)
    product.set(enabled=False)
    world.operations.start("removal", "U1", "Ada", {}, 1)
    removal.go_on()
    assert world.operations.current("removal").state == "done"
    assert not product.redis.exists(
        keys.COMPANY_NAMES, keys.COMPANIES_UNREAD, keys.COMPANIES_RENAMED
    )
    assert not set(AircallContacts(product.redis).state()) & set(STATE)


def test_a_refusal_that_a_clock_dated_ahead_does_not_rest_for_long(product):
    AircallContacts(product.redis).note(companies_refused=9_999_999_999_999)
    assert not companies.are_refused(product.shop)
