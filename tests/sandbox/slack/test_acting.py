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
from tests.sandbox.slack.building import MENU, actions, button, option, plain


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
