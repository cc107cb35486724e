"""Calls that another integration logged: found by what they name, told apart from ours."""

import pytest

from clients.errors import Unavailable
from sandbox.aircall.calls import from_event
from store import keys
from store.connection import now_ms
from store.records import Ids, ids_json
from sync import slices
from sync.foreign import ALERT, Foreign, foreign_between, logged_elsewhere, look, tell
from tests.worker.product import call, later

DAY = 86_400_000


@pytest.fixture(autouse=True)
def jobs_of(product, monkeypatch):
    monkeypatch.setattr(slices, "workshop", lambda: product.shop)


@pytest.fixture
def elsewhere(product):
    """Log a call as another integration does; HubSpot's id."""

    def log(external: str, minutes_ago: int = 5, **more: str) -> str:
        at = now_ms(product.redis) - minutes_ago * 60_000
        values = {"hs_call_external_id": external, "hs_timestamp": str(at), **more}
        return product.hubspot.add("calls", values)

    return log


@pytest.fixture
def ours(product):
    """Log a call of this id ourselves, some minutes ago."""

    def log(id_: int, minutes_ago: int = 5) -> None:
        start = now_ms(product.redis) // 1000 - minutes_ago * 60
        product.log(_moved(id_, start))

    return log


def _moved(id_: int, start: int):
    for event in call(id_=id_):
        moved = start - event["data"]["started_at"]
        times = {
            name: event["data"][name] + moved
            for name in ("started_at", "answered_at", "ended_at")
            if event["data"].get(name)
        }
        yield later(event, moved, **times)


@pytest.fixture
def in_aircall(product):
    """Let Aircall know calls of these ids."""

    def add(*ids: int) -> None:
        for id_ in ids:
            data = from_event(call(id_=id_)[-1]["data"])
            product.aircall.office.calls[id_] = data

    return add


def between(product) -> Foreign:
    now = now_ms(product.redis)
    return foreign_between(product.shop, now - DAY, now)


def test_a_call_that_another_integration_logged_is_named_and_ours_is_not(product, ours, elsewhere):
    ours(1)
    elsewhere("2")
    elsewhere("9", aircall_id="call-9")
    assert logged_elsewhere(product.shop, ["1", "2", "3", "9"]) == {"2"}


def test_a_call_that_both_logged_is_logged_elsewhere(product, ours, elsewhere):
    ours(1)
    elsewhere("1")
    assert logged_elsewhere(product.shop, ["1"]) == {"1"}


def test_hundreds_of_ids_are_looked_for_in_few_searches_that_hubspot_takes(product, elsewhere):
    for id_ in (4_000_000_001, 4_000_000_500):
        elsewhere(str(id_))
    with product.asking("/search") as asked:
        found = logged_elsewhere(product.shop, [str(4_000_000_000 + n) for n in range(600)])
    assert found == {"4000000001", "4000000500"}
    assert len(asked) == 3


def test_nothing_to_look_for_asks_nobody(product):
    with product.asking() as asked:
        assert logged_elsewhere(product.shop, []) == frozenset()
        assert logged_elsewhere(product.shop, ["abc", "", '"]}', "9" * 40]) == frozenset()
    assert asked == []


def test_what_we_wrote_before_the_portal_had_our_property_is_ours_by_the_map_of_ids(
    product, elsewhere
):
    at_hubspot = elsewhere("5")
    product.redis.set(keys.ids("call-5"), ids_json(Ids("logged", "calls", at_hubspot), "call-5"))
    elsewhere("6")
    product.redis.set(keys.ids("call-6"), ids_json(Ids("logged", "calls", "999"), "call-6"))
    assert logged_elsewhere(product.shop, ["5", "6"]) == {"6"}


def test_what_we_wrote_and_forgot_is_ours_by_the_last_line_of_its_text(product, elsewhere):
    elsewhere("40", hs_call_body="<p>Line: Sales<br>Call ID: 40</p>")
    elsewhere("4", hs_call_body="<p>Call ID: 40</p>")
    product.redis.set(keys.ids("call-4"), "not JSON")
    assert logged_elsewhere(product.shop, ["40", "4"]) == {"4"}


@pytest.mark.parametrize("told", [True, False])
def test_a_portal_without_unique_properties_is_searched_without_naming_ours(
    product, elsewhere, told
):
    del product.hubspot.portal.properties["calls"]["aircall_id"]
    if told:
        product.shop.directory.write("unique", {"calls": False})
    else:
        product.redis.hdel(keys.DIRECTORY, "unique")
    elsewhere("7", hs_call_body="Call ID: 7")
    elsewhere("8")
    assert logged_elsewhere(product.shop, ["7", "8"]) == {"8"}
    assert between(product).count == 0


def test_calls_of_our_aircall_in_a_time_are_counted_with_one_search_if_there_are_none(
    product, ours, elsewhere
):
    ours(1)
    elsewhere("77", minutes_ago=2 * 24 * 60)
    with product.asking() as asked:
        assert between(product) == Foreign()
    assert asked == ["POST calls/search"]


def test_calls_that_we_saw_ourselves_count_without_asking_aircall(product, ours, elsewhere):
    ours(1)
    elsewhere("1", minutes_ago=5)
    asked = len(product.aircall.requests)
    assert between(product) == Foreign(1, "1")
    assert len(product.aircall.requests) == asked


def test_calls_that_only_aircall_knows_count_and_the_newest_is_the_example(
    product, elsewhere, in_aircall
):
    in_aircall(11, 12)
    elsewhere("11", minutes_ago=50)
    elsewhere("12", minutes_ago=10)
    asked = len(product.aircall.requests)
    assert between(product) == Foreign(2, "12")
    assert len(product.aircall.requests) == asked + 1


def test_calls_of_another_telephone_system_do_not_count(product, elsewhere):
    elsewhere("31")
    elsewhere("CA93f0")
    elsewhere("0190-b")
    assert between(product) == Foreign()


def test_the_alert_is_raised_once_and_closed_when_a_day_has_none(product, ours, elsewhere):
    ours(1)
    elsewhere("1")
    look()
    first = product.alerts()[ALERT]
    assert "1 in the last 24 hours, for example call 1." in first
    elsewhere("1")
    look()
    assert product.alerts()[ALERT] == first
    for each in product.all("calls"):
        if not each["properties"].get("aircall_id"):
            product.hubspot.delete("calls", each["id"])
    look()
    assert ALERT not in product.alerts()


def test_a_disabled_integration_doubles_nothing_so_nobody_is_asked(product, ours, elsewhere):
    ours(1)
    elsewhere("1")
    look()
    product.set(enabled=False)
    with product.asking() as asked:
        look()
    assert asked == []
    assert ALERT not in product.alerts()


def test_more_than_a_page_is_said_to_be_more(product):
    tell(product.shop.alerts, Foreign(200, "5"))
    assert "200+ in the last 24 hours" in product.alerts()[ALERT]


@pytest.mark.parametrize("vendor", ["hubspot", "aircall"])
def test_a_vendor_that_cannot_be_asked_leaves_the_alert_as_it_is(product, ours, elsewhere, vendor):
    ours(1)
    elsewhere("1")
    look()
    elsewhere("55", minutes_ago=1)
    before = product.alerts()
    getattr(product, vendor).fault("503", times=None)
    look()
    assert product.alerts() == before
    with pytest.raises(Unavailable):
        between(product)
