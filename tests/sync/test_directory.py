"""The jobs that read the directory anew, and the alert for a portal without unique properties."""

import pytest

from sync.directory import UNIQUE_ALERT, refresh_all, refresh_part


@pytest.fixture
def alert(product):
    def sentence() -> str:
        found = [each.sentence for each in product.shop.alerts.open() if each.name == UNIQUE_ALERT]
        return found[0] if found else ""

    return sentence


def test_what_changed_at_the_vendors_is_there_after_the_job(product):
    product.aircall.office.tags[99] = {**next(iter(product.aircall.office.tags.values())), "id": 99}
    product.hubspot.portal.owners.clear()
    refresh_all()
    now = product.shop.directory.read()
    assert 99 in now.tags
    assert now.owners == ()


def test_a_part_is_read_alone(product):
    before = product.shop.directory.read().read_at
    asked = len(product.hubspot.requests)
    refresh_part("tags")
    after = product.shop.directory.read().read_at
    assert {part for part in after if after[part] != before[part]} <= {"tags"}
    assert product.aircall.requests[-1].path == "/v1/tags"
    assert len(product.hubspot.requests) == asked


def test_a_part_that_is_none_of_ours_asks_nobody(product):
    asked = len(product.hubspot.requests) + len(product.aircall.requests)
    refresh_part("secrets")
    assert len(product.hubspot.requests) + len(product.aircall.requests) == asked


def test_a_vendor_that_refuses_leaves_its_part_as_it_was(product):
    before = product.shop.directory.read()
    product.aircall.fault("503", times=None)
    refresh_all()
    after = product.shop.directory.read()
    assert after.numbers == before.numbers
    assert after.read_at["owners"] >= before.read_at["owners"]


def test_requests_of_the_job_are_counted(product, redis_client):
    redis_client.delete("ah:requests")
    refresh_part("tags")
    assert redis_client.hgetall("ah:requests") == {b"aircall|200": b"1"}


def test_a_portal_that_allows_no_unique_property_is_said_and_resolved(product, alert):
    refresh_all()
    assert alert() == ""
    product.hubspot.switches.no_unique_on = ("calls",)
    del product.hubspot.portal.properties["calls"]["aircall_id"]
    refresh_all()
    assert "on calls:" in alert()
    product.hubspot.switches.no_unique_on = ()
    refresh_all()
    assert alert() == ""
