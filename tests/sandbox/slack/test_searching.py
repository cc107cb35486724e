import pytest

from sandbox.slack.workspace import ADMIN
from tests.sandbox.slack.building import MENU, actions, field, option, plain

SEARCH = {"type": "external_select"}


def test_external_menu_asks_the_app(still, script, open_modal):
    view = open_modal(field("owner", "Owner", {**SEARCH, "min_query_length": 0}))
    script.answer = {"options": [option("7", "Jeanne Martin")]}
    acted = still.options(ADMIN, "owner", "jea")
    assert [one["value"] for one in acted.options] == ["7"]
    sent = script.last
    assert sent["type"] == "block_suggestion"
    assert (sent["action_id"], sent["block_id"], sent["value"]) == ("value", "owner", "jea")
    assert sent["view"]["id"] == view.id
    still.choose(ADMIN, "owner", "Jeanne Martin")
    assert view.values["owner", "value"]["selected_option"]["value"] == "7"
    assert len(script.sent) == 1


def test_choosing_searches_as_a_person_would(still, script, open_modal):
    view = open_modal(field("owner", "Owner", {"type": "multi_external_select"}))

    def answer(payload):
        found = {"Jeanne": option("7", "Jeanne"), "Omar": option("8", "Omar")}
        script.answer = {"options": [found[payload["value"]]]}

    script.meanwhile = answer
    still.choose(ADMIN, "owner", ["Jeanne", "Omar"])
    chosen = view.values["owner", "value"]["selected_options"]
    assert [one["value"] for one in chosen] == ["7", "8"]


def test_search_waits_for_enough_letters(still, script, open_modal):
    open_modal(field("owner", "Owner", SEARCH), field("menu", "Menu", MENU))
    with pytest.raises(LookupError, match="from 3 characters on"):
        still.options(ADMIN, "owner", "je")
    with pytest.raises(LookupError, match="in itself"):
        still.options(ADMIN, "menu", "con")


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"options": [option(str(n), f"Option {n}") for n in range(101)]},
        {"options": [option("", "x")]},
        {"options": [], "text": "x"},
        {"text": "x"},
    ],
)
def test_options_that_slack_cannot_show_are_a_surprise(still, script, open_modal, answer):
    open_modal(field("owner", "Owner", SEARCH))
    script.answer = answer
    acted = still.options(ADMIN, "owner", "jea")
    assert acted.trouble == "invalid answer"
    assert acted.options == ()
    assert still.surprises


def test_options_come_in_groups_too(still, script, open_modal):
    open_modal(field("stage", "Stage", SEARCH))
    group = {"label": plain("Support"), "options": [option("1", "New")]}
    script.answer = {"option_groups": [group]}
    assert [one["value"] for one in still.options(ADMIN, "stage", "new").options] == ["1"]


def test_external_menu_of_a_message_asks_the_app(still, script, post):
    ts = post(actions({"type": "external_select", "action_id": "owner"}))
    script.answer = {"options": [option("7", "Jeanne")]}
    still.options(ADMIN, "owner", "jea", where=ts)
    assert script.last["container"]["message_ts"] == ts
    assert script.last["message"]["ts"] == ts
    script.answer = None
    still.choose(ADMIN, "owner", "Jeanne", where=ts)
    assert script.last["actions"][0]["selected_option"]["value"] == "7"
