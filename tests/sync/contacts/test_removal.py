"""What we made in Aircall is taken away there, when somebody deletes the integration."""

import pytest

from store.contact_holds import Hold, contact_name
from sync.contacts import removal
from tests.sync.contacts.copyworld import CopyWorld, phone


@pytest.fixture
def world(product) -> CopyWorld:
    """Ten contacts in Aircall: three that were there before, seven of ours."""
    world = CopyWorld(product)
    world.aircall_has(0, 3)
    world.hubspot_has(0, 10)
    world.ask(10)
    world.go_on()
    product.set(enabled=False, sync_contacts=False)
    return world


def ask(world, total=7):
    return world.operations.start("removal", "U1", "Ada", {}, total)


def ended(world):
    """The removal after its slices: as the queue calls them, until a vendor is in the way."""
    for _ in range(50):
        removal.go_on()
        now = world.operations.current("removal")
        if not now.active or now.trouble:
            break
    return now


def test_only_ours_are_removed_also_while_disabled_and_the_map_is_empty_then(world):
    assert removal.AircallContacts(world.redis).made() == 7
    ask(world)
    before = len(world.product.aircall.requests)
    done = ended(world)
    assert (done.state, done.counts) == ("done", {"done": 7, "removed": 7})
    assert [one["phone_numbers"][0]["value"] for one in world.book.values()] == [
        phone(n) for n in range(3)
    ]
    assert world.asked(before) == {"DELETE one": 7}
    contacts = removal.AircallContacts(world.redis)
    assert contacts.empty
    assert contacts.count() == 0


def test_those_that_somebody_removed_before_are_counted_apart(world):
    for id_ in list(world.book)[-2:]:
        del world.book[id_]
    ask(world)
    assert ended(world).counts == {"done": 7, "removed": 5, "gone": 2}


def test_stopped_it_leaves_the_rest_and_asked_for_again_it_goes_on(world):
    begun = ask(world)
    # The first three may be those that were there before: Redis gives them in no order.
    assert world.some_steps(4, removal.JOB)
    world.operations.stop("removal", begun.id, "U2")
    assert ended(world).state == "stopped"
    left = len(world.book)
    assert 3 < left < 10
    ask(world, left - 3)
    assert ended(world).state == "done"
    assert len(world.book) == 3


def test_killed_between_aircall_and_the_map_it_goes_on(world, monkeypatch):
    ask(world)
    real, left = removal.AircallContacts.forget, [2]

    def dying(*args):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(removal.AircallContacts, "forget", dying)
    with pytest.raises(KeyboardInterrupt):
        ended(world)
    monkeypatch.undo()
    world.product.pass_time(60)
    done = _again(world)
    assert done.state == "done"
    assert len(world.book) == 3


def _again(world):
    from sync import slices  # noqa: PLC0415 - patched by the fixture, undone by the test

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "workshop", lambda: world.shop)
        for key in world.redis.keys("ah:carrying:*"):
            world.redis.delete(key)
        return ended(world)


def test_aircall_that_is_away_makes_it_wait(world):
    ask(world)
    world.product.aircall.fault("503", times=None)
    waits = ended(world)
    assert waits.active
    assert waits.trouble
    world.product.aircall.faults.clear()
    world.product.pass_time(120)
    assert ended(world).state == "done"
    assert len(world.book) == 3


def test_without_one_that_was_asked_for_nothing_is_removed(world):
    removal.go_on()
    assert len(world.book) == 10


def test_what_somebody_carries_now_is_left_until_that_is_over(world, monkeypatch):
    """A copy that was under way when the integration was deleted ends with its present contact."""
    ask(world)
    (id_, entry), *_ = [
        each for each in removal.AircallContacts(world.redis).some(0)[1].items() if each[1].ours
    ]
    with Hold(world.redis, [contact_name(id_)]):
        world.some_steps(30, removal.JOB)
        assert entry.aircall in world.book
    assert ended(world).counts["removed"] == 7


def test_what_changed_since_it_was_listed_is_looked_at_anew(world, monkeypatch):
    """Here it was given to another contact of HubSpot, which a person may have had merged."""
    ask(world)
    contacts = removal.AircallContacts(world.redis)
    (id_, entry), *_ = [each for each in contacts.some(0)[1].items() if each[1].ours]
    real = removal.AircallContacts.some

    def late(self, cursor):
        found = real(self, cursor)
        if id_ in contacts.of([id_]):
            contacts.follow(id_, "900", entry, {})
        return found

    monkeypatch.setattr(removal.AircallContacts, "some", late)
    assert ended(world).counts == {"done": 7, "removed": 7}
    assert contacts.empty
    assert contacts.count() == 0
