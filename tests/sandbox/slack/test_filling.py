import pytest

from sandbox.slack.workspace import ADMIN, CALLS, MEMBER
from tests.sandbox.slack.building import MENU, OUTCOMES, actions, button, field


def test_clicking_inside_a_modal_sends_the_view_and_no_response_url(still, script, open_modal):
    view = open_modal(actions(button("Edit", "edit")))
    still.click(ADMIN, "modal", "Edit")
    assert script.last["view"]["id"] == view.id
    assert script.last["container"] == {"type": "view", "view_id": view.id}
    assert "response_url" not in script.last
    with pytest.raises(LookupError):
        still.click(MEMBER, "modal", "Edit")


def test_input_speaks_only_when_it_is_to_dispatch(still, script, open_modal):
    open_modal(
        field("a", "Pipeline", MENU, dispatch_action=True),
        field("b", "Stage", MENU),
    )
    assert still.choose(ADMIN, "b", "None").kind == "nothing"
    assert script.sent == []
    still.choose(ADMIN, "a", "None")
    values = script.last["view"]["state"]["values"]
    assert values["a"]["value"]["selected_option"]["value"] == "n"
    assert values["b"]["value"]["selected_option"]["value"] == "n"
    still.choose(ADMIN, "a", None)
    assert script.last["actions"][0]["selected_option"] is None


def test_submission_carries_every_input(still, script, open_modal):
    view = open_modal(
        field("text", "Text", {"type": "plain_text_input"}),
        field("empty", "Empty", {"type": "plain_text_input"}, optional=True),
        field("menu", "Menu", MENU),
        field("boxes", "Boxes", {"type": "checkboxes", "options": OUTCOMES}),
        field("radio", "Radio", {"type": "radio_buttons", "options": OUTCOMES}),
        field("many", "Many", {"type": "multi_static_select", "options": OUTCOMES}),
        field("who", "Who", {"type": "users_select"}),
        field("where", "Where", {"type": "conversations_select"}),
        field("day", "Day", {"type": "datepicker"}),
        field("hour", "Hour", {"type": "timepicker"}),
        field("moment", "Moment", {"type": "datetimepicker"}),
        private_metadata="revision 7",
    )
    still.type(ADMIN, "Text", "Hello")
    still.check(ADMIN, "boxes", ["c", "None"])
    still.choose(ADMIN, "radio", "Connected")
    still.choose(ADMIN, "many", ["None"])
    still.choose(ADMIN, "who", "jeanne")
    still.choose(ADMIN, "where", "phone-ops")
    still.choose(ADMIN, "day", "2026-09-21")
    still.choose(ADMIN, "hour", "09:30")
    still.choose(ADMIN, "moment", "1790000000")
    acted = still.submit(ADMIN)
    assert acted.acked
    sent = script.last
    assert sent["type"] == "view_submission"
    assert sent["response_urls"] == []
    assert sent["view"]["private_metadata"] == "revision 7"
    assert sent["view"]["hash"] == view.hash
    values = {key: one["value"] for key, one in sent["view"]["state"]["values"].items()}
    assert values["text"] == {"type": "plain_text_input", "value": "Hello"}
    assert values["empty"]["value"] is None
    assert values["menu"]["selected_option"]["value"] == "c"
    assert [one["value"] for one in values["boxes"]["selected_options"]] == ["c", "n"]
    assert values["radio"]["selected_option"]["text"]["text"] == "Connected"
    assert [one["value"] for one in values["many"]["selected_options"]] == ["n"]
    assert values["who"]["selected_user"] == MEMBER
    assert values["where"]["selected_conversation"] == CALLS
    assert values["day"]["selected_date"] == "2026-09-21"
    assert values["hour"]["selected_time"] == "09:30"
    assert values["moment"]["selected_date_time"] == 1790000000
    assert still.modal(ADMIN) is None


def test_only_what_is_offered_can_be_chosen(still, script, open_modal):
    open_modal(
        field("menu", "Menu", MENU),
        field("day", "Day", {"type": "datepicker"}),
        field("who", "Who", {"type": "users_select"}),
        field("radio", "Radio", {"type": "radio_buttons", "options": OUTCOMES}),
        field(
            "many",
            "Many",
            {"type": "multi_static_select", "options": OUTCOMES, "max_selected_items": 1},
        ),
    )
    for what, choice in (
        ("menu", "Busy"),
        ("menu", ["c"]),
        ("day", "tomorrow"),
        ("who", "nobody"),
        ("many", ["c", "n"]),
        ("nothing", "c"),
        ("radio", None),
    ):
        with pytest.raises(LookupError):
            still.choose(ADMIN, what, choice)
    with pytest.raises(LookupError):
        still.click(ADMIN, "modal", "menu")


@pytest.mark.parametrize(
    "case",
    [
        ({"type": "plain_text_input"}, "", "complete this required field"),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "at most 3"),
        ({"type": "number_input", "is_decimal_allowed": False}, "x", "valid number"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole number"),
        (
            {"type": "number_input", "is_decimal_allowed": True, "min_value": "2"},
            "1",
            "at least 2",
        ),
        (
            {"type": "number_input", "is_decimal_allowed": True, "max_value": "2"},
            "3",
            "at most 2",
        ),
        ({"type": "email_text_input"}, "nobody", "valid email"),
        ({"type": "url_text_input"}, "nowhere", "valid URL"),
    ],
)
def test_slack_itself_holds_a_submission_back(still, script, open_modal, case):
    element, typed, sentence = case
    open_modal(field("name", "Name", element))
    still.type(ADMIN, "name", typed)
    acted = still.submit(ADMIN)
    assert acted.kind == "nothing"
    assert sentence in acted.errors["name"]
    assert script.sent == []
    assert f"! {acted.errors['name']}" in still.shown(still.modal(ADMIN), ADMIN)
