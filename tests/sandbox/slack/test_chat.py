import pytest

from sandbox.slack.workspace import (
    ADMIN,
    BOARD,
    CALLS,
    GONE,
    LEADS,
    MEMBER,
    OLD,
    RANDOM,
    ROBOT,
    STRANGER,
)

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Twelve* calls"}}


def test_message_is_posted_and_shown(call, still):
    answer = call("chat.postMessage", channel=CALLS, text="Twelve calls", blocks=[SECTION])
    message = still.messages(CALLS)[0]
    assert answer["channel"] == CALLS
    assert answer["ts"] == message.ts
    assert answer["message"]["bot_id"] == "B0SANDBOX"
    assert answer["message"]["blocks"][0]["block_id"]
    assert still.surprises == []


def test_every_ts_is_another_one(call):
    stamps = [call("chat.postMessage", channel=CALLS, text="x")["ts"] for _ in range(3)]
    assert stamps == sorted(set(stamps))


def test_posting_to_a_person_reaches_their_direct_messages(call, still):
    answer = call("chat.postMessage", channel=ADMIN, text="Hello")
    assert answer["channel"] == "D0ADMIN"
    assert [one.text for one in still.direct_messages(ADMIN)] == ["Hello"]


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        (BOARD, "channel_not_found"),
        (RANDOM, "not_in_channel"),
        (OLD, "is_archived"),
        (GONE, "channel_not_found"),
        (ROBOT, "channel_not_found"),
        (STRANGER, "channel_not_found"),
    ],
)
def test_not_every_channel_takes_messages(call, still, channel, error):
    assert call("chat.postMessage", channel=channel, text="x")["error"] == error
    assert still.surprises == []


def test_a_public_channel_can_be_written_to_from_outside_with_a_scope(call, still):
    still.grant("chat:write", "chat:write.public")
    assert call("chat.postMessage", channel=RANDOM, text="x")["ok"]


def test_a_bot_that_is_kicked_and_invited_again(call, still):
    still.kick(CALLS)
    assert call("chat.postMessage", channel=CALLS, text="x")["error"] == "not_in_channel"
    still.kick(LEADS)
    assert call("chat.postMessage", channel=LEADS, text="x")["error"] == "channel_not_found"
    still.invite(CALLS)
    assert call("chat.postMessage", channel=CALLS, text="x")["ok"]


def test_an_empty_message_is_refused(call, still):
    assert call("chat.postMessage", channel=CALLS)["error"] == "no_text"
    assert still.surprises


def test_bad_blocks_are_refused_with_pointers(call, still):
    answer = call("chat.postMessage", channel=CALLS, text="x", blocks=[{"type": "poem"}])
    assert answer["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0]" in answer["response_metadata"]["messages"][0]
    assert len(still.surprises) == 1


def test_too_much_text_in_blocks_has_its_own_error(call):
    long = {"type": "section", "text": {"type": "plain_text", "text": "x" * 3000}}
    answer = call("chat.postMessage", channel=CALLS, text="x", blocks=[long] * 5)
    assert answer["error"] == "msg_blocks_too_long"


def test_long_texts(call, still):
    assert call("chat.postMessage", channel=CALLS, text="x" * 40_001)["error"] == "msg_too_long"
    ts = call("chat.postMessage", channel=CALLS, text="x" * 4001)["ts"]
    assert "may be cut" in still.surprises[-1]
    answer = call("chat.update", channel=CALLS, ts=ts, text="x" * 4001)
    assert answer["error"] == "msg_too_long"


def test_blocks_without_text_are_a_surprise(call, still):
    assert call("chat.postMessage", channel=CALLS, blocks=[SECTION])["ok"]
    assert "read aloud" in still.surprises[0]


@pytest.mark.parametrize(
    "text",
    [
        "Hello <!channel>",
        "Hello <!here|here>",
        "Hello <b>you</b>",
        "1 < 2",
        "A <script> and <@nobody>",
        "<javascript:alert(1)|here>",
    ],
)
def test_text_that_was_not_escaped_is_a_surprise(call, still, text):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
    assert call("chat.postMessage", channel=CALLS, text="Hello", blocks=blocks)["ok"]
    assert still.surprises


@pytest.mark.parametrize(
    "text",
    [
        "<@U0ADMIN> in <#C0CALLS> at <!date^1790000000^{date} {time}|then>",
        "<https://example.com/a?b=1&amp;c=2|here> &lt;b&gt;",
        "<mailto:a@example.com|mail> <tel:+33199000123|call>",
        "> a quote\n&gt; no quote",
    ],
)
def test_markup_that_is_meant_is_none(call, still, text):
    assert call("chat.postMessage", channel=CALLS, text=text)["ok"]
    assert still.surprises == []


def test_a_thread_hangs_on_its_parent(call, still):
    parent = call("chat.postMessage", channel=CALLS, text="parent")["ts"]
    reply = call("chat.postMessage", channel=CALLS, text="reply", thread_ts=parent)
    assert reply["message"]["thread_ts"] == parent
    answer = call("chat.postMessage", channel=CALLS, text="x", thread_ts=reply["ts"])
    assert answer["error"] == "invalid_thread_ts"
    assert still.surprises
    answer = call("chat.postMessage", channel=CALLS, text="x", thread_ts="1.2")
    assert answer["error"] == "thread_not_found"


def test_metadata_has_a_type_and_a_payload(call, still):
    metadata = {"event_type": "alert", "event_payload": {"id": "1"}}
    assert call("chat.postMessage", channel=CALLS, text="x", metadata=metadata)["ok"]
    assert still.messages(CALLS)[0].metadata == metadata
    answer = call("chat.postMessage", channel=CALLS, text="x", metadata={"event_type": "alert"})
    assert answer["error"] == "invalid_metadata_format"


def test_message_is_updated_in_place(call, still):
    ts = call("chat.postMessage", channel=CALLS, text="12 calls", blocks=[SECTION])["ts"]
    other = {**SECTION, "block_id": "b"}
    assert call("chat.update", channel=CALLS, ts=ts, text="13 calls", blocks=[other])["ok"]
    message = still.messages(CALLS)[0]
    assert message.text == "13 calls"
    assert message.blocks[0]["block_id"] == "b"
    assert message.edits == 1


def test_update_with_text_alone_takes_the_blocks_away(call, still):
    ts = call("chat.postMessage", channel=CALLS, text="12 calls", blocks=[SECTION])["ts"]
    assert call("chat.update", channel=CALLS, ts=ts, text="Resolved")["ok"]
    assert still.messages(CALLS)[0].blocks == []


@pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
def test_only_messages_of_the_bot_by_channel_id_are_changed(call, still, method):
    ts = call("chat.postMessage", channel=CALLS, text="x")["ts"]
    theirs = still.house.board.put(0.0, CALLS, "mine", author=MEMBER)
    given = {"text": "y"} if method == "chat.update" else {}
    refused = {
        ("#phone-ops", ts): "channel_not_found",
        (CALLS, "1.2"): "message_not_found",
        (RANDOM, ts): "message_not_found",
        (CALLS, theirs.ts): f"cant_{method[5:]}_message",
    }
    for (channel, stamp), error in refused.items():
        assert call(method, channel=channel, ts=stamp, **given)["error"] == error
    assert call(method, channel=CALLS, ts=ts, **given)["ok"]


def test_message_is_deleted(call, still):
    ts = call("chat.postMessage", channel=CALLS, text="x")["ts"]
    assert call("chat.delete", channel=CALLS, ts=ts)["ok"]
    assert still.messages(CALLS) == []


def test_ephemeral_message_is_seen_by_one_and_cannot_be_updated(call, still):
    answer = call("chat.postEphemeral", channel=CALLS, user=MEMBER, text="x")
    assert [one.text for one in still.ephemerals(MEMBER)] == ["x"]
    assert still.messages(CALLS) == []
    assert still.seen_by(ADMIN) == []
    update = call("chat.update", channel=CALLS, ts=answer["message_ts"], text="y")
    assert update["error"] == "message_not_found"


def test_ephemeral_message_needs_a_member(call):
    for user, error in ((STRANGER, "user_not_in_channel"), ("U0NOBODY", "user_not_found")):
        answer = call("chat.postEphemeral", channel=CALLS, user=user, text="x")
        assert answer["error"] == error
