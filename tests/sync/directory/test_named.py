"""What the settings name and is gone: said once it is proven, closed once it is mended."""

from dataclasses import replace

import pytest

from rules.outcomes import DEFAULT_OUTCOMES
from rules.settings import Settings
from sandbox.aircall import routes
from store.tombstone import DELETED
from sync import slices
from sync.directory.named import OUTCOME, OWNER, TAG
from sync.directory.reading import look_again, refresh_all, refresh_part
from tests.worker.product import ADMIN
from worker.nudge import BACKGROUND, queue

CHOSEN, OTHER = "11349275740", "11349275741"
DEMO = "0f0e0d0c-0000-4000-8000-00000000c0de"
BUSY = DEFAULT_OUTCOMES["Busy"]


@pytest.fixture
def look(product):
    """Let the directory be read, to the end; what stays open of alerts."""

    def run() -> dict[str, str]:
        queue(product.redis, BACKGROUND).empty()
        refresh_all()
        while jobs := queue(product.redis, BACKGROUND).jobs:
            queue(product.redis, BACKGROUND).empty()
            for job in jobs:
                if job.func_name == "sync.directory.reading.refresh_all":
                    refresh_all(*job.args)
        return product.alerts()

    return run


@pytest.fixture
def about(product):
    return lambda name: dict(
        next(each.about for each in product.shop.alerts.open() if each.name == name)
    )


def because(product, name: str) -> str:
    return next(each.because for each in product.shop.alerts.all()[1] if each.alert.name == name)


# numbers


def test_a_connected_number_that_is_gone_is_named_and_back_again(product, look, about):
    product.set(numbers=[1001, 1002])
    assert look() == {}
    number = product.aircall.office.numbers.pop(1002)
    assert "The connected number “Support US” is gone from Aircall" in look()["number gone 1002"]
    assert about("number gone 1002") == {"number": "1002", "name": "Support US"}
    product.aircall.office.numbers[1002] = number
    assert look() == {}
    assert because(product, "number gone 1002") == "It is there again."


def test_a_number_that_only_the_list_leaves_out_is_not_gone(product, look, monkeypatch):
    product.set(numbers=[1001, 1002])
    real = routes.listed

    def half(request, name, things):
        things = list(things)
        return real(request, name, things[:1] if name == "numbers" else things)

    monkeypatch.setattr(routes, "listed", half)
    since = len(product.aircall.requests)
    assert look() == {}
    paths = [each.path for each in product.aircall.requests[since:]]
    assert paths.count("/v1/numbers/1002") == 1


@pytest.mark.parametrize("fault", ["503", "429", "timeout", "cut"])
def test_an_aircall_that_does_not_answer_proves_nothing_of_a_number(product, look, fault):
    product.set(numbers=[1001, 1002])
    del product.aircall.office.numbers[1002]
    product.aircall.fault(fault, path="/v1/numbers/*", times=None)
    assert look() == {}


def test_a_number_that_is_taken_out_of_the_settings_closes_its_alert_at_once(product, look):
    product.set(numbers=[1001, 1002, 1003])
    del product.aircall.office.numbers[1002]
    look()
    product.set(numbers=[1001, 1003])
    look_again()
    assert product.alerts() == {}
    assert because(product, "number gone 1002") == "The settings do not name it any more."


def test_where_all_numbers_are_connected_none_can_be_gone(product, look):
    del product.aircall.office.numbers[1002]
    assert look() == {}


def test_of_many_numbers_that_are_gone_ten_are_asked_for_at_a_time(product, look):
    product.set(numbers=[1001, *range(2000, 2025)])
    since = len(product.aircall.requests)
    assert len(look()) == 10
    assert sum("/v1/numbers/" in each.path for each in product.aircall.requests[since:]) == 10
    assert len(look()) == 20
    assert len(look()) == 25


def test_a_slow_aircall_is_asked_for_the_others_by_the_next_look(product, look, monkeypatch):
    product.set(numbers=[1001, *range(2000, 2003)])
    monkeypatch.setattr(slices, "LONGEST", 0.0)
    for many in (1, 2, 3):
        assert len(look()) == many


# owner


def test_an_archived_fallback_owner_is_named_until_another_is_chosen(product, look, about):
    product.set(fallback_owner=CHOSEN)
    assert look() == {}
    product.hubspot.delete("owners", CHOSEN)
    assert "is archived in HubSpot" in look()[f"{OWNER}{CHOSEN}"]
    assert about(f"{OWNER}{CHOSEN}") == {"owner": CHOSEN, "name": "Jeanne Martin"}
    product.set(fallback_owner=OTHER)
    look_again()
    assert product.alerts() == {}


def test_an_owner_that_is_active_again_closes_the_alert(product, look):
    product.set(fallback_owner=CHOSEN)
    owner = product.hubspot.portal.owners[CHOSEN]
    product.hubspot.delete("owners", CHOSEN)
    look()
    product.hubspot.portal.owners[CHOSEN] = owner
    assert look() == {}


def test_lists_without_the_owner_prove_nothing(product, look, monkeypatch):
    product.set(fallback_owner=CHOSEN)
    monkeypatch.setattr(type(product.shop.hubspot), "owners", lambda *_, **__: ())
    assert look() == {}


def test_an_owner_in_no_list_that_is_archived_when_asked_by_id_is_named(product, look, monkeypatch):
    product.set(fallback_owner=CHOSEN)
    monkeypatch.setattr(type(product.shop.hubspot), "owners", lambda *_, **__: ())
    product.hubspot.delete("owners", CHOSEN)
    assert "“Jeanne Martin”, chosen where none is found, is archived" in look()[f"{OWNER}{CHOSEN}"]


def test_an_owner_that_hubspot_has_no_more_is_named_by_what_it_was_called(product, look, about):
    product.set(fallback_owner=CHOSEN)
    assert look() == {}
    owner = product.hubspot.portal.owners.pop(CHOSEN)
    for _ in range(2):
        assert "is gone from HubSpot" in look()[f"{OWNER}{CHOSEN}"]
        assert about(f"{OWNER}{CHOSEN}") == {"owner": CHOSEN, "name": "Jeanne Martin"}
    product.hubspot.portal.owners[CHOSEN] = owner
    assert look() == {}


@pytest.mark.parametrize("fault", ["503", "reset"])
def test_an_owner_that_nobody_tells_of_when_asked_by_id_is_not_gone(product, look, fault):
    product.set(fallback_owner=CHOSEN)
    product.hubspot.portal.owners.pop(CHOSEN)
    product.hubspot.fault(fault, path="/crm/owners/2026-09/*", times=None)
    assert look() == {}


def test_a_hubspot_that_is_down_proves_nothing(product, look):
    product.set(fallback_owner=CHOSEN, tag_outcomes={"33": DEMO})
    product.hubspot.delete("owners", CHOSEN)
    product.hubspot.delete("outcomes", DEMO)
    product.hubspot.fault("503", times=None)
    assert look() == {}


# tags


def test_a_mapped_tag_that_is_gone_is_named_by_what_it_was_called(product, look, about):
    product.set(tag_outcomes={"33": BUSY, "31": BUSY})
    assert look() == {}
    tag = product.aircall.office.tags.pop(33)
    assert "The tag “VIP” is gone from Aircall" in look()[f"{TAG}33"]
    assert about(f"{TAG}33") == {"tag": "33", "name": "VIP"}
    assert "“VIP”" in look()[f"{TAG}33"]
    product.aircall.office.tags[33] = tag
    assert look() == {}


def test_a_tag_that_is_mapped_by_name_is_found_by_it_and_missed(product, look):
    product.set(tag_outcomes={"vip": BUSY})
    assert look() == {}
    product.aircall.office.tags[33]["name"] = "VIP+"
    assert list(look()) == [f"{TAG}vip"]
    product.set(tag_outcomes={})
    look_again()
    assert product.alerts() == {}


def test_an_empty_list_of_tags_proves_nothing(product, look):
    product.set(tag_outcomes={"33": BUSY})
    product.aircall.office.tags.clear()
    assert look() == {}


def test_a_tag_that_one_reading_left_out_is_read_once_more(product, look, monkeypatch):
    product.set(tag_outcomes={"33": BUSY})
    real, answers = routes.listed, []

    def shifted(request, name, things):
        things = list(things)
        if name == "tags":
            answers.append(name)
            things = things[:1] if len(answers) == 1 else things
        return real(request, name, things)

    monkeypatch.setattr(routes, "listed", shifted)
    assert look() == {}
    assert len(answers) == 2
    assert 33 in product.shop.directory.read().tags


# outcomes


def test_a_custom_outcome_that_is_gone_is_named_with_the_tags_that_use_it(product, look, about):
    product.set(tag_outcomes={"33": DEMO, "31": DEMO})
    look()
    product.hubspot.delete("outcomes", DEMO)
    said = look()[f"{OUTCOME}{DEMO}"]
    assert "The call outcome “Demo booked” is gone from HubSpot." in said
    assert "These tags give none until you choose another: Quote, VIP." in said
    assert about(f"{OUTCOME}{DEMO}")["used"] == "tag_outcomes.31,tag_outcomes.33"
    assert about(f"{OUTCOME}{DEMO}")["name"] == "Demo booked"
    product.set(tag_outcomes={"33": BUSY})
    look_again()
    assert product.alerts() == {}


def test_a_default_outcome_that_an_admin_of_hubspot_deleted_is_named_by_kind(product, look):
    product.hubspot.delete("outcomes", BUSY)
    assert "any more for: Outgoing call to a busy line." in look()[f"{OUTCOME}Busy"]
    product.set(outcomes__outbound_busy="No answer")
    assert look() == {}


def test_an_outcome_that_was_only_renamed_is_the_same(product, look):
    portal = product.hubspot.portal
    product.set(tag_outcomes={"33": DEMO})
    name = "hs_call_disposition"
    definition = portal.properties["calls"][name]
    renamed = tuple(
        ("Demo held" if value == DEMO else label, value) for label, value in definition.options
    )
    portal.properties["calls"][name] = replace(definition, options=renamed)
    assert look() == {}
    assert product.shop.directory.read().outcomes[DEMO] == "Demo held"


def test_a_portal_that_refuses_its_outcomes_proves_nothing(product, look):
    product.set(tag_outcomes={"33": DEMO})
    calls = product.hubspot.portal.properties["calls"]
    calls["hs_call_disposition"] = replace(calls["hs_call_disposition"], options=())
    assert look() == {}
    assert DEMO not in product.shop.directory.read().outcomes


# all together


def test_nothing_is_missed_by_an_integration_that_was_deleted(product, look):
    product.set(numbers=[1001, 1002], fallback_owner=CHOSEN)
    del product.aircall.office.numbers[1002]
    product.hubspot.delete("owners", CHOSEN)
    product.hubspot.delete("outcomes", BUSY)
    assert len(look()) == 3
    revisions = product.shop.revisions
    number = revisions.current().number
    revisions.save(Settings(), ADMIN, number, DELETED, even_unchanged=True)
    look_again()
    assert product.alerts() == {}
    assert look() == {}


def test_a_hint_that_a_number_changed_is_followed_at_once(product):
    product.set(numbers=[1001, 1002])
    del product.aircall.office.numbers[1002]
    refresh_part("numbers")
    assert list(product.alerts()) == ["number gone 1002"]


def test_a_day_without_changes_costs_few_requests(product, look):
    product.set(numbers=[1001, 1002], fallback_owner=CHOSEN, tag_outcomes={"33": DEMO})
    look()
    with product.asking() as asked:
        look()
    assert len(asked) == 3
