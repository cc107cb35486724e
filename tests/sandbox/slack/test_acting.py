import pytest

from sandbox.slack.workspace import (
    ADMIN,
    BOARD,
    CALLS,
    GONE,
    GUEST,
    LEADS,
    MEMBER,
    ROBOT,
    SHARED,
    STRANGER,
)


def plain(text):
    return {"type": "plain_text", "text": text}


def option(value, text):
    return {"text": plain(text), "value": value}


def button(text, action, **more):
    return {"type": "button", "text": plain(text), "action_id": action, **more}


def actions(*elements, **more):
    return {"type": "actions", "elements": list(elements), **more}


def field(block_id, label, element, **more):
    element = {"action_id": "value", **element}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


OUTCOMES = [option("c", "Connected"), option("n", "None")]
MENU = {"type": "static_select", "options": OUTCOMES, "initial_option": OUTCOMES[0]}


@pytest.fixture
def post(call):
    """Return post(*blocks, channel=CALLS), which posts a message and returns its ts."""

    def send(*blocks, channel=CALLS):
        answer = call("chat.postMessage", channel=channel, text="x", blocks=list(blocks))
        return answer["ts"]

    return send


@pytest.fixture
def open_modal(call, still, modal):
    """Return open_modal(*blocks, **view), which opens a modal for the admin and returns it."""

    def send(*blocks, **more):
        view = {**modal, **more}
        if blocks:
            view["blocks"] = list(blocks)
        answer = call("views.open", trigger_id=still.trigger(ADMIN), view=view)
        assert answer["ok"], answer
        return still.modal(ADMIN)

    return send


def test_command_carries_all_its_fields(still, script):
    acted = still.command(ADMIN, "status now")
    assert acted.acked
    assert acted.kind == "slash_commands"
    sent = script.last
    assert (sent["command"], sent["text"]) == ("/aircall-hubspot", "status now")
    assert (sent["user_id"], sent["channel_id"]) == (ADMIN, CALLS)
    assert sent["channel_name"] == "phone-ops"
    assert sent["is_enterprise_install"] == "false"
    assert sent["trigger_id"] == acted.trigger_id
    assert sent["response_url"] == acted.response_url


def test_command_can_be_typed_whole_and_elsewhere(still, script):
    still.command(ADMIN, "/aircall-hubspot help", channel=LEADS)
    assert (script.last["text"], script.last["channel_id"]) == ("help", LEADS)
    assert script.last["channel_name"] == "privategroup"


def test_mentions_in_a_command_arrive_escaped(still, script):
    still.command(ADMIN, "admins grant @jeanne in #random or @nobody")
    assert script.last["text"] == (
        "admins grant <@U0JEANNE|jeanne> in <#C0RANDOM|random> or @nobody"
    )
    still.switches.should_escape = False
    still.command(ADMIN, "admins grant @jeanne")
    assert script.last["text"] == "admins grant @jeanne"


@pytest.mark.parametrize(
    ("user", "text", "channel"),
    [
        (ADMIN, "/other status", None),
        (GONE, "status", None),
        (ROBOT, "status", None),
        (STRANGER, "status", SHARED),
        (GUEST, "status", BOARD),
        ("U0NOBODY", "status", None),
    ],
)
def test_commands_that_slack_does_not_send(still, script, user, text, channel):
    with pytest.raises(LookupError):
        still.command(user, text, channel)
    assert script.sent == []


def test_command_is_answered_with_text_or_a_message(still, script):
    script.answer = "Plain words"
    still.command(ADMIN)
    script.answer = {"response_type": "in_channel", "text": "For all"}
    still.command(ADMIN)
    assert [one.text for one in still.ephemerals(ADMIN)] == ["Plain words"]
    assert [one.text for one in still.messages(CALLS)] == ["For all"]


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ({"text": "x", "colour": "red"}, "invalid answer"),
        ({"text": "x", "blocks": [{"type": "poem"}]}, "invalid_blocks"),
    ],
)
def test_answer_that_slack_cannot_show_is_a_surprise(still, script, answer, trouble):
    script.answer = answer
    assert still.command(ADMIN).trouble == trouble
    assert still.surprises
    assert still.ephemerals(ADMIN) == []


def test_app_that_answers_an_error_has_not_acknowledged(still, script):
    script.answer = 500
    acted = still.command(ADMIN)
    assert not acted.acked
    assert acted.trouble == "status 500"


def test_button_of_a_message_is_clicked(still, script, post):
    ts = post(actions(button("Retry failed calls", "retry", value="all"), block_id="b"))
    still.click(ADMIN, ts, "Retry failed calls")
    sent = script.last
    assert sent["type"] == "block_actions"
    assert sent["team"] == {"id": "T0SANDBOX", "domain": "sandbox"}
    assert sent["user"]["id"] == ADMIN
    assert sent["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": CALLS,
        "is_ephemeral": False,
    }
    assert sent["message"]["ts"] == ts
    assert sent["response_url"].startswith("http://")
    done = sent["actions"][0]
    assert (done["action_id"], done["block_id"], done["value"]) == ("retry", "b", "all")
    assert done["text"] == {"type": "plain_text", "text": "Retry failed calls", "emoji": True}
    assert still.surprises == []


def test_equal_buttons_are_told_apart_by_value(still, script, post):
    ts = post(
        actions(button("Undo", "undo", value="1"), block_id="a"),
        actions(button("Undo", "undo", value="2"), block_id="b"),
    )
    still.click(ADMIN, ts, "undo", value="2")
    assert script.last["actions"][0]["block_id"] == "b"
    for value in (None, "3"):
        with pytest.raises(LookupError):
            still.click(ADMIN, ts, "undo", value=value)


def test_what_is_not_shown_cannot_be_clicked(still, script, post, call):
    ts = post(actions(button("Go", "go")), channel=LEADS)
    with pytest.raises(LookupError, match="is shown to"):
        still.click(MEMBER, ts, "go")
    block = actions(button("Go", "go"))
    answer = call("chat.postEphemeral", channel=CALLS, user=MEMBER, text="x", blocks=[block])
    with pytest.raises(LookupError, match="is shown to"):
        still.click(ADMIN, answer["message_ts"], "go")
    with pytest.raises(LookupError, match="no element is named"):
        still.click(MEMBER, answer["message_ts"], "stop")
    assert script.sent == []
    still.click(MEMBER, answer["message_ts"], "go")
    assert script.last["container"]["is_ephemeral"]
    assert "message" not in script.last


def test_stranger_in_a_shared_channel_brings_their_own_team(still, script, post):
    ts = post(actions(button("Go", "go")), channel=SHARED)
    still.click(STRANGER, ts, "go")
    assert script.last["team"]["id"] == "T0FOREIGN"
    assert script.last["user"]["team_id"] == "T0FOREIGN"


def test_confirm_dialog_is_asked_and_recorded(still, script, post):
    dialog = {
        "title": plain("Sure?"),
        "text": plain("Calls in between are lost."),
        "confirm": plain("Disable"),
        "deny": plain("Keep"),
    }
    ts = post(actions(button("Disable", "disable", confirm=dialog)))
    acted = still.click(ADMIN, ts, "disable", confirm=False)
    assert (acted.kind, script.sent) == ("nothing", [])
    acted = still.click(ADMIN, ts, "disable")
    assert acted.confirm["title"]["text"] == "Sure?"
    assert [one["said"] for one in still.confirmed] == [False, True]
    assert len(script.sent) == 1


def test_overflow_is_clicked_with_one_of_its_options(still, script, post):
    more = {"type": "overflow", "action_id": "more", "options": [option("i", "Ignore")]}
    ts = post(actions(more))
    with pytest.raises(LookupError):
        still.click(ADMIN, ts, "more")
    still.click(ADMIN, ts, "more", value="Ignore")
    assert script.last["actions"][0]["selected_option"]["value"] == "i"


def test_menu_of_a_message_is_sent_at_once_and_remembered_per_person(still, script, post):
    ts = post(actions({**MENU, "action_id": "outcome"}, block_id="b"))
    still.choose(ADMIN, "outcome", "None", where=ts)
    assert script.last["actions"][0]["selected_option"]["value"] == "n"
    held = script.last["state"]["values"]["b"]["outcome"]["selected_option"]
    assert held["value"] == "n"
    assert "(None)" in still.shown(still.messages(CALLS)[0], ADMIN)
    assert "(Connected)" in still.shown(still.messages(CALLS)[0], MEMBER)


def test_menu_may_ask_for_confirmation_too(still, script, post):
    words = {name: plain("x") for name in ("title", "text", "confirm", "deny")}
    ts = post(actions({**MENU, "action_id": "outcome", "confirm": words}))
    assert still.choose(ADMIN, "outcome", "None", where=ts, confirm=False).kind == "nothing"
    assert "(Connected)" in still.shown(still.messages(CALLS)[0], ADMIN)
    still.choose(ADMIN, "outcome", "None", where=ts)
    assert script.last["actions"][0]["confirm"]["title"]["text"] == "x"
    assert [one["said"] for one in still.confirmed] == [False, True]


def test_external_menu_of_a_message_asks_the_app(still, script, post):
    ts = post(actions({"type": "external_select", "action_id": "owner"}))
    script.answer = {"options": [option("7", "Jeanne")]}
    still.options(ADMIN, "owner", "jea", where=ts)
    assert script.last["container"]["message_ts"] == ts
    assert script.last["message"]["ts"] == ts
    script.answer = None
    still.choose(ADMIN, "owner", "Jeanne", where=ts)
    assert script.last["actions"][0]["selected_option"]["value"] == "7"


def test_link_button_carries_its_address_and_is_found_by_what_is_read_aloud(still, script, post):
    link = button("Open", "open", url="https://example.com", accessibility_label="Open the call")
    ts = post(actions(link))
    still.click(ADMIN, ts, "Open the call")
    assert script.last["actions"][0]["url"] == "https://example.com"


def test_command_in_direct_messages(still, script, call):
    call("conversations.open", users=MEMBER)
    still.command(MEMBER, "help", channel="D0JEANNE")
    assert script.last["channel_name"] == "directmessage"
    with pytest.raises(LookupError):
        still.command(ADMIN, "help", channel="D0JEANNE")
    with pytest.raises(LookupError):
        still.command(ADMIN, "help", channel="C0NOWHERE")


def test_command_of_somebody_in_no_channel_goes_to_the_bot_itself(still, script):
    for channel in (CALLS, LEADS, SHARED, "C0OLD"):
        still.kick(channel, MEMBER)
    still.command(MEMBER)
    assert script.last["channel_id"] == "D0JEANNE"


def test_answer_to_a_click_is_read_by_nobody(still, script, post):
    script.answer = {"text": "Done"}
    ts = post(actions(button("Go", "go")))
    still.click(ADMIN, ts, "go")
    assert "nobody reads" in still.surprises[0]


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


def test_errors_stand_under_their_inputs_until_they_are_changed(still, script, open_modal):
    open_modal()
    still.type(ADMIN, "name", "x")
    script.answer = {"response_action": "errors", "errors": {"name": "Taken."}}
    assert still.submit(ADMIN).errors == {"name": "Taken."}
    assert still.modal(ADMIN).errors == {"name": "Taken."}
    still.type(ADMIN, "name", "y")
    assert still.modal(ADMIN).errors == {}


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"other": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"name": ""}},
        {"response_action": "errors"},
        {"response_action": "explode"},
        {"response_action": "clear", "view": {}},
        {"text": "Saved"},
    ],
)
def test_answer_to_a_submission_that_means_nothing_is_a_surprise(still, script, open_modal, answer):
    open_modal()
    still.type(ADMIN, "name", "x")
    script.answer = answer
    assert still.submit(ADMIN).trouble == "invalid answer"
    assert still.surprises
    assert still.modal(ADMIN) is not None


def test_submission_is_answered_with_another_view(still, script, open_modal, modal):
    first = open_modal()
    still.type(ADMIN, "name", "x")
    modal["title"]["text"] = "Next"
    script.answer = {"response_action": "update", "view": modal}
    still.submit(ADMIN)
    assert still.modal(ADMIN).id == first.id
    assert still.shown(first, ADMIN).startswith("# Next")
    script.answer = {"response_action": "push", "view": modal}
    for depth in (2, 3):
        still.submit(ADMIN)
        assert len(still.stack(ADMIN)) == depth
        still.type(ADMIN, "name", "x")
    assert still.submit(ADMIN).trouble == "push_limit_reached"
    script.answer = {"response_action": "clear"}
    still.submit(ADMIN)
    assert still.stack(ADMIN) == []


def test_view_in_an_answer_is_checked_like_any_other(still, script, open_modal):
    open_modal()
    still.type(ADMIN, "name", "x")
    script.answer = {"response_action": "update", "view": {"type": "modal"}}
    assert still.submit(ADMIN).trouble == "invalid_arguments"
    assert still.surprises


def test_failed_submission_leaves_the_modal_open(still, script, open_modal):
    open_modal()
    still.type(ADMIN, "name", "x")
    script.answer = 500
    assert still.submit(ADMIN).trouble == "status 500"
    assert still.modal(ADMIN).values["name", "value"]["value"] == "x"


def test_modal_without_submit_cannot_be_submitted(still, script, open_modal, modal):
    del modal["submit"]
    open_modal({"type": "divider"})
    with pytest.raises(LookupError):
        still.submit(ADMIN)


def test_closing_is_told_only_where_it_was_asked_for(still, script, open_modal, call, modal):
    open_modal()
    assert still.close_modal(ADMIN) == []
    assert script.sent == []
    view = open_modal(notify_on_close=True)
    top = call("views.push", trigger_id=still.house.trigger(ADMIN, view.id), view=modal)["view"]
    still.close_modal(ADMIN)
    assert [one.id for one in still.stack(ADMIN)] == [view.id]
    assert top["id"] != view.id
    still.close_modal(ADMIN, everything=True)
    assert script.last["type"] == "view_closed"
    assert script.last["is_cleared"]
    assert still.stack(ADMIN) == []
    with pytest.raises(LookupError):
        still.close_modal(ADMIN)


def test_clear_on_close_closes_the_whole_stack(still, script, open_modal, call, modal):
    view = open_modal()
    pushed = {**modal, "clear_on_close": True}
    call("views.push", trigger_id=still.house.trigger(ADMIN, view.id), view=pushed)
    still.close_modal(ADMIN)
    assert still.stack(ADMIN) == []


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


def test_home_is_opened_and_clicked(still, script, call):
    still.open_home(ADMIN)
    event = script.last["event"]
    assert script.last["type"] == "event_callback"
    assert (event["type"], event["tab"], event["user"]) == ("app_home_opened", "home", ADMIN)
    assert event["channel"] == "D0ADMIN"
    assert "view" not in event
    view = {"type": "home", "blocks": [actions(button("Settings", "settings"))]}
    call("views.publish", user_id=ADMIN, view=view)
    still.open_home(ADMIN)
    assert script.last["event"]["view"]["hash"] == still.home(ADMIN).hash
    still.click(ADMIN, "home", "Settings")
    assert script.last["view"]["type"] == "home"
    trigger = script.last["trigger_id"]
    assert call("views.push", trigger_id=trigger, view=view)["error"] == "invalid_trigger_id"
    with pytest.raises(LookupError):
        still.click(MEMBER, "home", "Settings")


def test_any_payload_can_be_delivered(still, script, open_modal):
    open_modal()
    still.type(ADMIN, "name", "x")
    acted = still.submit(ADMIN)
    changed = {**acted.payload, "team": {"id": "T0FOREIGN", "domain": "elsewhere"}}
    assert still.deliver("interactive", changed).acked
    assert script.last["team"]["id"] == "T0FOREIGN"
    assert still.again(acted).payload == acted.payload
    assert script.last["team"]["id"] == "T0SANDBOX"
    assert len(still.deliveries) == 3


def test_any_event_can_be_sent(still, script):
    still.event({"type": "app_uninstalled"})
    assert script.last["event"]["type"] == "app_uninstalled"
    assert script.last["event_id"].startswith("Ev")
    assert script.last["authorizations"][0]["team_id"] == "T0SANDBOX"
