"""New numbers are offered once each, and an offer ends by itself."""

import pytest

from rules.settings import Settings
from store import keys
from store.tombstone import DELETED
from sync.directory.numbers import NEW
from sync.directory.reading import look_again, refresh_part
from tests.worker.product import ADMIN

OFFER = f"{NEW}1004"


@pytest.fixture(autouse=True)
def some(product):
    """Some numbers are connected, and the list was read once."""
    product.set(numbers=[1001, 1002])
    refresh_part("numbers")
    assert product.alerts() == {}
    assert product.redis.hlen(keys.NUMBERS_SEEN) == 3


@pytest.fixture
def bought(product):
    """Let the company have one more number."""

    def buy(id_: int = 1004, name: str = "Paris") -> None:
        numbers = product.aircall.office.numbers
        numbers[id_] = {**numbers[1001], "id": id_, "name": name}

    return buy


def because(product) -> str:
    return next(each.because for each in product.shop.alerts.all()[1] if each.alert.name == OFFER)


def test_a_new_number_is_offered_and_one_that_was_always_there_is_not(product, bought):
    bought()
    refresh_part("numbers")
    (alert,) = product.shop.alerts.open()
    assert alert.name == OFFER
    assert "Aircall has a new number, “Paris”, which is not connected" in alert.sentence
    assert alert.about == {"number": "1004", "name": "Paris"}


def test_one_that_nobody_wanted_is_not_offered_again(product, bought):
    bought()
    refresh_part("numbers")
    product.shop.alerts.resolve(OFFER)
    refresh_part("numbers")
    assert product.alerts() == {}


def test_who_dies_before_noting_it_offers_it_once_more_which_is_the_same(product, bought):
    bought()
    refresh_part("numbers")
    version = product.shop.alerts.version()
    product.redis.hdel(keys.NUMBERS_SEEN, "1004")
    refresh_part("numbers")
    assert product.shop.alerts.version() == version


def test_a_changed_name_only_updates_the_offer(product, bought):
    bought()
    refresh_part("numbers")
    bought(name="Paris 2")
    refresh_part("numbers")
    assert "“Paris 2”" in product.alerts()[OFFER]
    bought(1002, "Support EU")
    refresh_part("numbers")
    assert list(product.alerts()) == [OFFER]
    assert product.redis.hget(keys.NUMBERS_SEEN, "1002") == b"Support EU"


def test_a_number_without_a_name_is_offered_by_its_digits(product, bought):
    bought(name="")
    refresh_part("numbers")
    assert f"“{product.shop.directory.read().numbers[-1].digits}”" in product.alerts()[OFFER]


def test_one_that_is_connected_meanwhile_closes_the_offer(product, bought):
    bought()
    refresh_part("numbers")
    product.set(numbers=[1001, 1002, 1004])
    look_again()
    assert product.alerts() == {}


def test_one_that_is_gone_again_closes_the_offer(product, bought):
    bought()
    refresh_part("numbers")
    del product.aircall.office.numbers[1004]
    refresh_part("numbers")
    assert product.alerts() == {}
    assert because(product) == "The number is gone from Aircall again."


def test_of_many_offers_that_a_list_leaves_out_few_are_asked_for_at_a_time(product, bought):
    """Each costs a second: two hundred at once would outlast the slice and the job."""
    for id_ in range(2000, 2012):
        bought(id_, f"Line {id_}")
    refresh_part("numbers")
    assert len(product.alerts()) == 12
    for id_ in range(2000, 2012):
        del product.aircall.office.numbers[id_]
    since = len(product.aircall.requests)
    refresh_part("numbers")
    assert sum("/v1/numbers/" in each.path for each in product.aircall.requests[since:]) == 5
    assert len(product.alerts()) == 7
    refresh_part("numbers")
    refresh_part("numbers")
    assert product.alerts() == {}


def test_one_that_only_a_list_leaves_out_or_nobody_can_ask_for_keeps_its_offer(product, bought):
    bought()
    refresh_part("numbers")
    del product.aircall.office.numbers[1004]
    product.aircall.fault("503", path="/v1/numbers/1004", times=None)
    refresh_part("numbers")
    assert list(product.alerts()) == [OFFER]


@pytest.mark.parametrize("chosen", ["all", []])
def test_where_all_or_none_are_connected_nothing_is_offered(product, bought, chosen):
    product.set(enabled=False)
    product.set(numbers=chosen)
    bought()
    refresh_part("numbers")
    assert product.alerts() == {}
    product.set(numbers=[1001])
    refresh_part("numbers")
    assert product.alerts() == {}


def test_the_first_reading_of_all_offers_nothing(product, bought):
    product.redis.delete(keys.NUMBERS_SEEN)
    bought()
    refresh_part("numbers")
    assert product.alerts() == {}


def test_a_deleted_integration_is_offered_nothing(product, bought):
    bought()
    refresh_part("numbers")
    revisions = product.shop.revisions
    revisions.save(Settings(), ADMIN, revisions.current().number, DELETED, even_unchanged=True)
    bought(1005)
    refresh_part("numbers")
    assert product.alerts() == {}


def test_a_list_that_could_not_be_read_changes_nothing(product, bought):
    bought()
    product.aircall.fault("503", path="/v1/numbers", times=None)
    refresh_part("numbers")
    assert product.alerts() == {}
    assert product.redis.hlen(keys.NUMBERS_SEEN) == 3
