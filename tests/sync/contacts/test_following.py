"""Changes in HubSpot are followed: each once, in order, and none that our own logging made."""

import pytest
from rq import Queue
from rq.serializers import JSONSerializer

from clients.errors import VendorError
from clients.hubspot.queries import PAGE
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from store.wanted_contacts import WantedContacts
from sync.contacts import following, wanted
from sync.contacts.changes import OVERLAP_MS
from sync.contacts.following import CONTACTS
from tests.sync.contacts.people import (
    Piece,
    add,
    asking,
    book,
    carried,
    carry_wanted,
    entry,
    follow,
    of,
    read,
    values,
    waiting,
)
from tests.worker.product import KNOWN, call

SEARCH = "POST contacts/search"


pytestmark = pytest.mark.usefixtures("syncing")


@pytest.fixture
def people(product):
    """Make so many contacts and carry each to Aircall."""

    def make(count):
        ids = [add(product, firstname=f"N{n}", phone=f"+3319988{n:04}") for n in range(count)]
        for id_ in ids:
            assert carried(product, id_).kind == "created"
        return ids

    return make


def stamp(product, ids, iso):
    """Let these have changed at one moment, as an import makes it."""
    for id_ in ids:
        product.hubspot.record("contacts", id_).properties["lastmodifieddate"] = iso


def test_while_nothing_was_carried_nobody_is_asked(product):
    with product.asking() as asked:
        assert not follow(product)
    assert asked == []


def test_when_nothing_changed_one_search_is_all(product, people):
    people(3)
    with product.asking() as asked, asking(product) as aircall:
        assert not follow(product)
    assert asked == [SEARCH]
    assert aircall == []
    assert waiting(product) == (0, 0)


def test_a_change_is_in_aircall_after_one_look_and_one_request(product, people):
    first, *_ = people(3)
    product.hubspot.edit("contacts", first, {"lastname": "King"})
    follow(product)
    assert waiting(product) == (0, 1)
    with product.asking() as asked, asking(product) as aircall:
        assert not carry_wanted(product)
    assert asked == ["POST contacts/batch/read"]
    assert aircall == [f"POST contacts/{of(product, first)['id']}"]
    assert of(product, first)["last_name"] == "King"
    assert waiting(product) == (0, 0)


def test_contacts_that_aircall_does_not_have_are_left_alone(product, people):
    people(1)
    add(product, firstname="Stranger", phone="+33199887000")
    follow(product)
    assert waiting(product) == (0, 0)


def test_our_own_logging_moves_the_date_and_asks_aircall_nothing(product):
    carried(product, "12345")
    before = read(product, "12345").properties["lastmodifieddate"]
    product.set(sync_contacts=False)
    for n in range(3):
        product.log(call(id_=n, phone=KNOWN))
    product.set(sync_contacts=True)
    assert read(product, "12345").properties["lastmodifieddate"] > before
    with asking(product) as asked:
        follow(product)
        carry_wanted(product)
    assert asked == []
    assert waiting(product) == (0, 0)


def test_a_hundred_and_ten_changes_at_once_are_carried_oldest_first(product, people):
    ids = people(110)
    for id_ in reversed(ids):
        product.hubspot.edit("contacts", id_, {"lastname": "King"})
    stamp(product, ids[:10], "2026-01-01T00:00:00.000Z")
    AircallContacts(product.redis).note(since=1_700_000_000_000)
    follow(product)
    assert waiting(product) == (0, 110)
    told = wanted.backlog(product.shop)
    assert (told.logged, told.changed) == (0, 110)
    assert told.since == CONTACTS.changed_at(read(product, ids[0]))
    with asking(product) as asked:
        assert carry_wanted(product, 10)
    assert {each.split("/")[1] for each in asked} == {str(of(product, i)["id"]) for i in ids[:10]}
    assert waiting(product) == (0, 100)
    with asking(product) as asked:
        assert not carry_wanted(product)
    assert len(asked) == 100
    assert {one["last_name"] for one in book(product).values()} == {"King"}


def test_the_time_to_go_is_what_the_last_ones_took(product, people):
    people(1)
    AircallContacts(product.redis).note(each_ms=2000)
    WantedContacts(product.redis).add("changed", [str(n) for n in range(150)])
    assert wanted.backlog(product.shop).seconds == 300


def test_the_next_look_begins_a_little_before_the_last_one_ended(product, people):
    first, second = people(2)
    follow(product)
    product.hubspot.edit("contacts", first, {"lastname": "King"})
    follow(product)
    carry_wanted(product)
    product.hubspot.switches.search_lag = 0.0
    newest = CONTACTS.changed_at(read(product, first))
    late = product.hubspot.record("contacts", second)
    late.properties["lastname"] = "Late"
    late.properties["lastmodifieddate"] = str(newest - OVERLAP_MS + 1000)
    follow(product)
    assert waiting(product) == (0, 1)


def test_a_clock_that_was_ahead_by_an_hour_passes_over_no_change(product, people):
    """The first look begins by our own clock, which was set right before it."""
    first, *_ = people(1)
    since = int(AircallContacts(product.redis).state()["since"])
    AircallContacts(product.redis).note(since=since + 3_600_000)
    assert not follow(product)
    product.hubspot.edit("contacts", first, {"lastname": "King"})
    assert not follow(product)
    assert waiting(product) == (0, 1)


def test_a_change_that_the_search_knows_late_is_found_by_a_later_look(product, people):
    first, *_ = people(2)
    product.hubspot.switches.search_lag = 30.0
    product.hubspot.edit("contacts", first, {"lastname": "King"})
    follow(product)
    assert waiting(product) == (0, 0)
    product.hubspot.switches.search_lag = 0.0
    follow(product)
    assert waiting(product) == (0, 1)
    carry_wanted(product)
    assert of(product, first)["last_name"] == "King"


def test_more_than_a_page_that_changed_in_one_moment_is_found_whole(product):
    ids = [add(product, firstname=f"N{n}", phone=f"+3319988{n:04}") for n in range(2 * PAGE + 20)]
    contacts = AircallContacts(product.redis)
    for id_ in ids:
        contacts.keep(id_, Entry(aircall=int(id_), digest="old"), None, {})
    stamp(product, ids[:-10], "2026-09-01T00:00:00.000Z")
    contacts.note(since=1_788_220_800_000 - 1000, followed=1_788_220_800_000 - 1000)
    with product.asking() as asked:
        assert not follow(product)
    assert set(asked) == {SEARCH}
    assert len(asked) < 9
    assert waiting(product) == (0, len(ids))


def test_a_look_that_was_cut_short_goes_on_where_it_stood(product):
    ids = [add(product, firstname=f"N{n}", phone=f"+3319988{n:04}") for n in range(PAGE + 50)]
    contacts = AircallContacts(product.redis)
    for at, id_ in enumerate(ids):
        contacts.keep(id_, Entry(aircall=int(id_), digest="old"), None, {})
        moment = f"2026-09-01T00:00:{at // 10:02}.{at % 10:03}Z"
        stamp(product, [id_], moment)
    contacts.note(since=1_788_220_800_000, followed=1_788_220_800_000)
    assert follow(product, steps=1)
    assert waiting(product) == (0, PAGE)
    with product.asking() as asked:
        assert not follow(product)
    assert asked == [SEARCH]
    assert waiting(product) == (0, len(ids))


def test_whoever_refused_or_lacked_a_phone_is_followed_too(product):
    id_ = add(product, firstname="Zoe", phone="call me")
    assert carried(product, id_).kind == "skipped"
    product.hubspot.edit("contacts", id_, {"phone": "+33199880001"})
    follow(product)
    carry_wanted(product)
    assert values(of(product, id_)) == ["+33199880001"]


def test_a_merge_is_followed_by_the_winners_change(product, people):
    loser, *_ = people(1)
    winner = add(product, firstname="Winner")
    product.hubspot.merge("contacts", winner, loser)
    follow(product)
    carry_wanted(product)
    assert entry(product, loser) is None
    assert of(product, winner)["first_name"] == "Winner"
    assert len(book(product)) == 1


@pytest.mark.parametrize("how", [{"sync_contacts": False}, {"enabled": False}])
def test_off_nothing_is_asked_and_on_again_it_goes_on_from_where_it_stood(product, people, how):
    first, *_ = people(2)
    follow(product)
    product.set(**how)
    product.hubspot.edit("contacts", first, {"lastname": "King"})
    with product.asking() as asked, asking(product) as aircall:
        assert not follow(product)
        assert not carry_wanted(product)
    assert asked == aircall == []
    assert len(book(product)) == 2
    product.set(enabled=True, sync_contacts=True)
    follow(product)
    carry_wanted(product)
    assert of(product, first)["last_name"] == "King"


def test_another_portal_mixes_up_nobody(product, people):
    people(1)
    follow(product)
    AircallContacts(product.redis).note(portal="999")
    for work in (following.work, wanted.work):
        with pytest.raises(VendorError, match="another one"):
            work(product.shop, Piece())


def test_a_job_calls_for_those_who_are_to_be_carried(product, people):
    first, *_ = people(1)
    product.hubspot.edit("contacts", first, {"lastname": "King"})
    following.follow()
    jobs = Queue("background", connection=product.redis, serializer=JSONSerializer).jobs
    assert [job.func_name for job in jobs] == [wanted.JOB]
    wanted.carry()
    assert of(product, first)["last_name"] == "King"
