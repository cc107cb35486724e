from datetime import UTC, datetime

import pytest

from sandbox.slack.marking import Reader
from sandbox.slack.workspace import ADMIN, CALLS, GERMAN, MEMBER

NOON = int(datetime(2026, 9, 21, 12, 0, tzinfo=UTC).timestamp())


def plain(text):
    return {"type": "plain_text", "text": text}


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


@pytest.fixture
def read(call, still):
    """Return read(*blocks, user=MEMBER), what a person reads in a message of these blocks."""

    def shown(*blocks, text="Text", user=MEMBER):
        call("chat.postMessage", channel=CALLS, text=text, blocks=list(blocks))
        return still.shown(still.messages(CALLS)[-1], user)

    return shown


def section(text):
    return {"type": "section", "text": mrkdwn(text)}


def test_message_without_blocks_is_its_text(read):
    assert read(text="*Twelve* calls") == "Twelve calls"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("*bold* _slanted_ ~gone~ `code`", "bold slanted gone code"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("```\nblock\n```", "block"),
        ("<@U0JEANNE> in <#C0CALLS>", "@jeanne in #phone-ops"),
        ("<@U0NEW|newcomer> and <@U0NEW>", "@newcomer and @U0NEW"),
        ("<https://example.com|here>", "here (https://example.com)"),
        ("<https://example.com/?a=1&amp;b=2>", "https://example.com/?a=1&b=2"),
        ("&lt;b&gt; &amp; &amp;lt;", "<b> & &lt;"),
        ("<!channel>", "@channel"),
        ("<!subteam^S1>", "@subteam"),
    ],
)
def test_markup_is_resolved(read, markup, words):
    assert read(section(markup)) == words


def test_times_are_in_the_readers_zone(read):
    when = section(f"at <!date^{NOON}^{{date_num}} {{time}}|fallback>")
    assert read(when, user=MEMBER) == "at 2026-09-21 14:00"
    assert read(when, user=ADMIN) == "at 2026-09-21 08:00"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("{date_short}", "Sep 21, 2026"),
        ("{date}", "September 21, 2026"),
        ("{date_long}", "Monday, September 21, 2026"),
        ("{day_divider}", "Monday, September 21"),
        ("{time_secs}", "12:00:00"),
        ("{ago}", "120 minutes ago"),
        ("{date_short_pretty} at {time}", "today at 12:00"),
        ("{weather}", "{weather}"),
    ],
)
def test_every_form_of_a_date(form, words):
    reader = Reader({}, UTC, datetime(2026, 9, 21, 14, 0, tzinfo=UTC))
    assert reader.marked(f"<!date^{NOON}^{form}|x>") == words


@pytest.mark.parametrize(
    ("now", "word"), [((2026, 9, 22), "yesterday"), ((2026, 9, 20), "tomorrow")]
)
def test_days_nearby_have_a_name(now, word):
    reader = Reader({}, UTC, datetime(*now, tzinfo=UTC))
    assert reader.marked(f"<!date^{NOON}^{{date_pretty}}|x>") == word


def test_date_without_a_number_is_its_fallback():
    reader = Reader({}, UTC, datetime(2026, 9, 21, tzinfo=UTC))
    assert reader.date("!date^soon^{date}", "then") == "then"


def test_blocks_are_written_line_by_line(read):
    button = {"type": "button", "text": plain("Retry"), "action_id": "a"}
    more = {
        "type": "overflow",
        "action_id": "b",
        "options": [{"text": plain("Undo"), "value": "1"}, {"text": plain("Ignore"), "value": "2"}],
    }
    image = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A chart"}
    assert read(
        {"type": "header", "text": plain("Alerts")},
        {"type": "section", "text": mrkdwn("*Twelve* calls\nfailed"), "accessory": button},
        {"type": "section", "fields": [mrkdwn("_a_"), plain("*b*")]},
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("since 10:02"), image]},
        image,
        {"type": "actions", "elements": [button | {"action_id": "c"}, more]},
        {"type": "markdown", "text": "# Title\ntext"},
    ).split("\n") == [
        "## Alerts",
        "Twelve calls",
        "failed [Retry]",
        "a",
        "*b*",
        "---",
        "since 10:02 · (A chart)",
        "(A chart)",
        "[Retry] [⋯ Undo | Ignore]",
        "# Title",
        "text",
    ]


def test_rich_text_is_written_too(read):
    parts = [
        {"type": "text", "text": "Hello "},
        {"type": "user", "user_id": MEMBER},
        {"type": "text", "text": " in "},
        {"type": "channel", "channel_id": CALLS},
        {"type": "emoji", "name": "wave"},
        {"type": "link", "url": "https://example.com", "text": "here"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "date", "timestamp": NOON, "format": "{date_num}", "fallback": "x"},
    ]
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": "item"}]}
    assert read(
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": parts},
                {"type": "rich_text_list", "style": "bullet", "elements": [line]},
                {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [line]},
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
            ],
        }
    ).split("\n") == [
        "Hello @jeanne in #phone-ops:wave:here (https://example.com)@S12026-09-21",
        "• item",
        "  1. item",
        "> said",
    ]


def test_modal_is_written_with_what_stands_in_it(call, still, script):
    options = [
        {"text": plain("Connected"), "value": "c"},
        {"text": plain("None"), "value": "n", "description": plain("writes nothing")},
    ]

    def field(block_id, element, **more):
        element = {"action_id": "value", **element}
        named = {"block_id": block_id, "label": plain(block_id)}
        return {"type": "input", "element": element, **named, **more}

    view = {
        "type": "modal",
        "title": plain("Outcomes"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "blocks": [
            field("name", {"type": "plain_text_input", "placeholder": plain("A name")}),
            field("outcome", {"type": "static_select", "options": options}, optional=True),
            field("many", {"type": "multi_static_select", "options": options}),
            field("boxes", {"type": "checkboxes", "options": options}, hint=plain("Tick some.")),
            field(
                "radio",
                {"type": "radio_buttons", "options": options, "initial_option": options[0]},
            ),
            field("who", {"type": "users_select", "initial_user": GERMAN}),
        ],
    }
    call("views.open", trigger_id=still.trigger(ADMIN), view=view)
    still.choose(ADMIN, "outcome", "None")
    still.choose(ADMIN, "many", ["Connected", "None"])
    still.check(ADMIN, "boxes", ["Connected"])
    script.answer = {"response_action": "errors", "errors": {"name": "Taken."}}
    still.type(ADMIN, "name", "A <name>")
    still.submit(ADMIN)
    assert still.shown(still.modal(ADMIN), ADMIN).split("\n") == [
        "# Outcomes",
        "name: (A <name>)",
        "  ! Taken.",
        "outcome (optional): (None)",
        "many: (Connected, None)",
        "boxes: [x] Connected [ ] None – writes nothing",
        "  Tick some.",
        "radio: (o) Connected ( ) None – writes nothing",
        "who: (@sofia)",
        "[Save] [Cancel]",
    ]
    still.type(ADMIN, "name", "")
    assert "name: (A name …)" in still.shown(still.modal(ADMIN), ADMIN)
