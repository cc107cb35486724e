"""What of a revision can be taken back: only what still stands as it left it, and only if valid."""

from bot.history.reversal import MOVED, reversal_of
from rules.settings import Known, Settings, diff, with_values

BASE = Settings()
KNOWN = Known(
    numbers={1: "Sales", 2: "Support"},
    pipelines={"p": {"s1": "New", "s2": "Open"}, "q": {"t1": "Fresh"}},
    owners={"7": True, "8": False},
    outcomes={"g1": "Left live message", "g2": "Busy"},
    tags={"17": "VIP"},
)


def made(old, **values):
    new = with_values(old, {path.replace("__", "."): value for path, value in values.items()})
    return new, diff(old, new)


def test_what_still_stands_is_taken_back():
    now, changes = made(BASE, name="Phones", create_contacts=False)
    found = reversal_of(changes, now, KNOWN)
    assert found.wanted == BASE
    assert len(found.able) == 2
    assert not found.refused


def test_what_is_as_before_already_needs_nothing():
    _, changes = made(BASE, name="Phones")
    found = reversal_of(changes, BASE, KNOWN)
    assert not found.able
    assert not found.refused
    assert [each.path for each in found.done] == ["name"]


def test_what_was_changed_again_is_refused_and_the_rest_can_be_taken_back():
    after, changes = made(BASE, name="Phones", create_contacts=False)
    now, _ = made(after, name="Telephones")
    found = reversal_of(changes, now, KNOWN)
    assert [(each.path, why) for each, why in found.refused] == [("name", MOVED)]
    assert [each.path for each in found.able] == ["create_contacts"]
    assert found.wanted == with_values(now, {"create_contacts": True})


def test_a_stage_that_is_gone_is_refused_under_its_own_name():
    before, _ = made(BASE, tickets__pipeline="p", tickets__stages__inbound_missed="old")
    now, changes = made(before, tickets__stages__inbound_missed="s1", name="Phones")
    found = reversal_of(changes, now, KNOWN)
    assert [each.path for each, _ in found.refused] == ["tickets.stages.inbound_missed"]
    assert "old" in found.refused[0][1]
    assert [each.path for each in found.able] == ["name"]


def test_a_pipeline_that_is_gone_takes_its_stages_with_it():
    before, _ = made(BASE, tickets__pipeline="gone", tickets__stages__inbound_missed="x")
    now, changes = made(before, tickets__pipeline="p", tickets__stages__inbound_missed="s1")
    found = reversal_of(changes, now, KNOWN)
    assert not found.able
    assert {each.path for each, _ in found.refused} == {
        "tickets.pipeline",
        "tickets.stages.inbound_missed",
    }


def test_a_pipeline_stays_where_a_later_stage_belongs_to_it():
    before, _ = made(BASE, tickets__pipeline="q", tickets__stages__inbound_missed="t1")
    after, changes = made(before, tickets__pipeline="p", tickets__stages__inbound_missed=None)
    now, _ = made(after, tickets__stages__inbound_missed="s2")
    found = reversal_of(changes, now, KNOWN)
    assert not found.able
    assert found.wanted == now


def test_an_archived_owner_does_not_come_back():
    before, _ = made(BASE, fallback_owner="8")
    now, changes = made(before, fallback_owner="7")
    assert not reversal_of(changes, now, KNOWN).able


def test_the_last_number_stays_while_the_integration_is_enabled():
    after, changes = made(BASE, numbers=[1])
    now, _ = made(after, enabled=True)
    found = reversal_of(changes, now, KNOWN)
    assert not found.able
    assert "Keep at least one number" in found.refused[0][1]


def test_numbers_and_enabled_are_taken_back_together():
    now, changes = made(BASE, numbers="all", enabled=True)
    assert reversal_of(changes, now, KNOWN).wanted == BASE


def test_a_tag_is_found_by_its_id_where_the_file_named_it():
    named, changes = made(BASE, tag_outcomes__VIP="Left live message")
    now, _ = made(BASE, tag_outcomes__17="g1")
    found = reversal_of(changes, now, KNOWN)
    assert [each.path for each in found.able] == ["tag_outcomes.17"]
    assert found.wanted == BASE
    assert named != now


def test_an_undo_of_an_undo_brings_the_change_back():
    now, changes = made(BASE, name="Phones", numbers=[1, 2])
    back = reversal_of(changes, now, KNOWN).wanted
    again = reversal_of(diff(now, back), back, KNOWN)
    assert again.wanted == now


def test_what_was_wrong_before_does_not_keep_another_field_from_going_back():
    broken, _ = made(BASE, fallback_owner="8")
    now, changes = made(broken, name="Phones")
    assert reversal_of(changes, now, KNOWN).wanted == broken
