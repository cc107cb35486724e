"""A store that was emptied is said until a person has looked at its settings."""

import pytest

from rules.settings import with_value
from store.first_start import EMPTIED
from store.settings import BY_SYSTEM, Author, DamagedSettingsError
from worker.workshop import EMPTIED_ALERT, begin, tend


@pytest.fixture
def emptied(product):
    """A product whose store lost everything while it ran."""
    begin(product.shop)
    assert product.alerts() == {}
    product.redis.flushall()
    tend(product.shop)
    assert set(product.alerts()) == {EMPTIED_ALERT}
    return product


def save(product, author: Author) -> None:
    current = product.shop.revisions.current()
    renamed = with_value(current.settings, "name", f"{current.settings.name}!")
    product.shop.revisions.save(renamed, author, current.number)


@pytest.mark.parametrize("kind", ["admin", "cli"])
def test_it_is_over_when_a_person_has_saved_settings(emptied, kind):
    tend(emptied.shop)
    assert set(emptied.alerts()) == {EMPTIED_ALERT}
    save(emptied, Author(kind, "U1", "Ada"))
    tend(emptied.shop)
    assert emptied.alerts() == {}


def test_it_is_over_though_the_system_has_saved_since_the_person(emptied):
    save(emptied, Author("admin", "U1", "Ada"))
    save(emptied, BY_SYSTEM)
    tend(emptied.shop)
    assert emptied.alerts() == {}


def test_it_is_not_over_when_only_the_system_has_saved_or_we_start_again(emptied):
    save(emptied, BY_SYSTEM)
    tend(emptied.shop)
    begin(emptied.shop)
    tend(emptied.shop)
    assert set(emptied.alerts()) == {EMPTIED_ALERT}


def test_what_a_person_saved_before_the_store_was_emptied_does_not_count(product):
    save(product, Author("admin", "U1", "Ada"))
    current = product.shop.revisions.current()
    product.shop.revisions.save(
        current.settings, BY_SYSTEM, current.number, EMPTIED, even_unchanged=True
    )
    begin(product.shop)
    tend(product.shop)
    assert set(product.alerts()) == {EMPTIED_ALERT}


def test_damaged_settings_do_not_keep_idle_work_from_being_found(emptied):
    emptied.shop.due.enter("call-1", "{}", ending=True)
    emptied.redis.delete("ah:called")
    emptied.redis.hset("ah:settings:revisions", "1", "{broken")
    with pytest.raises(DamagedSettingsError, match="cannot be read"):
        tend(emptied.shop)
    assert emptied.redis.llen("rq:queue:drain") == 1
