import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models import blocks as sdk
from slack_sdk.models.blocks import block_elements as elements
from slack_sdk.models.views import View

from sandbox.slack.blocks import problems


def plain(text="Text"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="Text"):
    return {"type": "mrkdwn", "text": text}


def option(value="1", text="One"):
    return {"text": plain(text), "value": value}


def options(count):
    return [option(str(number), f"Option {number}") for number in range(count)]


def section(**more):
    return {"type": "section", "text": mrkdwn(), **more}


def button(**more):
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def select(**more):
    return {"type": "static_select", "action_id": "value", "options": options(2), **more}


def confirm(**more):
    base = {"title": plain(), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No")}
    return {**base, **more}


def field(element=None, **more):
    element = element or {"type": "plain_text_input", "action_id": "value"}
    return {"type": "input", "label": plain("Name"), "element": element, **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def beside(element):
    return section(accessory=element)


def modal(*blocks, **more):
    base = {"type": "modal", "title": plain("Title"), "submit": plain("Save")}
    return {**base, "blocks": list(blocks), **more}


RIGHT = {
    "section": section(),
    "fields": {"type": "section", "fields": [plain("x" * 2000)] * 10},
    "longest section": section(text=mrkdwn("x" * 3000)),
    "header": {"type": "header", "text": plain("x" * 150)},
    "divider": {"type": "divider", "block_id": "x" * 255},
    "context": {"type": "context", "elements": [mrkdwn()] * 10},
    "image": {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A cat"},
    "button": beside(button(value="x" * 2000, style="danger", confirm=confirm())),
    "read aloud": beside(button(accessibility_label="x" * 75)),
    "link": beside(button(url="https://example.com")),
    "25 buttons": actions(*(button(action_id=str(number)) for number in range(25))),
    "overflow": beside({"type": "overflow", "action_id": "more", "options": options(5)}),
    "100 options": beside(select(options=options(100))),
    "chosen": beside(select(initial_option=options(2)[1])),
    "groups": beside(
        {
            "type": "static_select",
            "option_groups": [{"label": plain("x" * 75), "options": options(2)}] * 100,
            "initial_option": options(2)[0],
        }
    ),
    "several": field(
        {
            "type": "multi_static_select",
            "action_id": "value",
            "options": options(3),
            "initial_options": options(3)[1:],
            "max_selected_items": 2,
        }
    ),
    "searched": field({"type": "external_select", "action_id": "value", "min_query_length": 0}),
    "boxes": field({"type": "checkboxes", "action_id": "value", "options": options(10)}),
    "radio": field({"type": "radio_buttons", "action_id": "value", "options": options(10)}),
    "text": field(
        {"type": "plain_text_input", "max_length": 3000, "min_length": 1, "multiline": True}
    ),
    "number": field({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
    "date": field({"type": "datepicker", "initial_date": "2026-09-21"}),
    "time": field({"type": "timepicker", "initial_time": "23:59"}),
    "moment": field({"type": "datetimepicker", "initial_date_time": 1790000000}),
    "people": field({"type": "users_select", "initial_user": "U0ADMIN"}),
    "channel": field({"type": "conversations_select", "response_url_enabled": True}),
    "rich": {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "Hello"}]},
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": []}],
            },
        ],
    },
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_slack_takes_is_right_in_a_modal(name):
    assert problems("modal", modal(RIGHT[name])) == []


WRONG = {
    "unknown block": ({"type": "poem"}, "unsupported type of block"),
    "no type": ({"text": plain()}, "unsupported type of block"),
    "unknown field": (section(colour="red"), "unknown field: colour"),
    "block id": (section(block_id="x" * 256), "less than 256"),
    "empty block id": (section(block_id=""), "more than 0"),
    "section text": (section(text=mrkdwn("x" * 3001)), "less than 3001"),
    "empty text": (section(text=mrkdwn("")), "more than 0"),
    "half a sign": (section(text=mrkdwn("\ud83d")), "valid Unicode"),
    "text of another type": (section(text=mrkdwn(5)), "must be a string"),
    "no object": (section(text={"type": "mrkdwn", "text": {}}), "must be a string"),
    "flag": (section(expand="yes"), "must be true or false"),
    "count": (field({"type": "plain_text_input", "max_length": "9"}), "must be a whole number"),
    "no list": ({"type": "context", "elements": {}}, "must be a list"),
    "confirm without words": (beside(button(confirm={})), "missing required field: title"),
    "confirm of another type": (beside(button(confirm="Sure?")), "must be an object"),
    "picture in context": (
        {"type": "context", "elements": [{"type": "image", "alt_text": "A cat"}]},
        "either image_url or slack_file",
    ),
    "text with a stray field": (section(text={**plain(), "verbatim": True}), "unknown field"),
    "section without text": ({"type": "section"}, "must have text or fields"),
    "11 fields": ({"type": "section", "fields": [plain()] * 11}, "no more than 10"),
    "field text": ({"type": "section", "fields": [plain("x" * 2001)]}, "less than 2001"),
    "header markup": ({"type": "header", "text": mrkdwn()}, "unsupported type of text"),
    "header text": ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
    "11 in context": ({"type": "context", "elements": [mrkdwn()] * 11}, "no more than 10"),
    "nothing in context": ({"type": "context", "elements": []}, "at least 1"),
    "button in context": ({"type": "context", "elements": [button()]}, "context element"),
    "26 buttons": (actions(*(button(action_id=str(n)) for n in range(26))), "no more than 25"),
    "no buttons": (actions(), "at least 1"),
    "input in actions": (actions({"type": "plain_text_input"}), "action element"),
    "same action": (actions(button(), button()), "'go' already exists"),
    "action id": (beside(button(action_id="x" * 256)), "less than 256"),
    "button text": (beside(button(text=plain("x" * 76))), "less than 76"),
    "button markup": (beside(button(text=mrkdwn())), "unsupported type of text"),
    "button value": (beside(button(value="x" * 2001)), "less than 2001"),
    "button url": (beside(button(url="x" * 3001)), "less than 3001"),
    "button style": (beside(button(style="green")), "must be one of"),
    "read aloud": (beside(button(accessibility_label="x" * 76)), "less than 76"),
    "confirm title": (beside(button(confirm=confirm(title=plain("x" * 101)))), "less than 101"),
    "confirm text": (beside(button(confirm=confirm(text=plain("x" * 301)))), "less than 301"),
    "confirm yes": (beside(button(confirm=confirm(confirm=plain("x" * 31)))), "less than 31"),
    "confirm no": (beside(button(confirm=confirm(deny=plain("x" * 31)))), "less than 31"),
    "no options": (beside(select(options=[])), "at least 1"),
    "101 options": (beside(select(options=options(101))), "no more than 100"),
    "option text": (beside(select(options=[option("1", "x" * 76)])), "less than 76"),
    "option value": (beside(select(options=[option("x" * 151)])), "less than 151"),
    "option without value": (beside(select(options=[option("")])), "more than 0"),
    "option markup": (beside(select(options=[{"text": mrkdwn(), "value": "1"}])), "type of text"),
    "description": (
        beside(select(options=[{**option(), "description": plain("x" * 76)}])),
        "less than 76",
    ),
    "link in a select": (beside(select(options=[{**option(), "url": "https://a"}])), "unknown"),
    "options and groups": (
        beside(select(option_groups=[{"label": plain(), "options": options(1)}])),
        "either options or option_groups",
    ),
    "neither": (beside({"type": "static_select"}), "either options or option_groups"),
    "empty group": (
        beside({"type": "static_select", "option_groups": [{"label": plain(), "options": []}]}),
        "at least 1",
    ),
    "group label": (
        beside(
            {
                "type": "static_select",
                "option_groups": [{"label": plain("x" * 76), "options": options(1)}],
            }
        ),
        "less than 76",
    ),
    "not offered": (beside(select(initial_option=option("9"))), "equal to one of the options"),
    "almost offered": (
        beside(select(initial_option={**options(2)[0], "description": plain()})),
        "equal to one of the options",
    ),
    "too many chosen": (
        field(
            {
                "type": "multi_static_select",
                "options": options(3),
                "initial_options": options(3),
                "max_selected_items": 2,
            }
        ),
        "no more than 2",
    ),
    "placeholder": (beside(select(placeholder=plain("x" * 151))), "less than 151"),
    "6 in overflow": (beside({"type": "overflow", "options": options(6)}), "no more than 5"),
    "empty overflow": (beside({"type": "overflow", "options": []}), "at least 1"),
    "11 boxes": (field({"type": "checkboxes", "options": options(11)}), "no more than 10"),
    "11 radio": (field({"type": "radio_buttons", "options": options(11)}), "no more than 10"),
    "label": (field(label=plain("x" * 2001)), "less than 2001"),
    "label markup": (field(label=mrkdwn()), "unsupported type of text"),
    "hint": (field(hint=plain("x" * 2001)), "less than 2001"),
    "button as input": (field(button()), "input element"),
    "max length": (field({"type": "plain_text_input", "max_length": 3001}), "between 1 and 3000"),
    "lengths": (
        field({"type": "plain_text_input", "min_length": 9, "max_length": 8}),
        "more than max_length",
    ),
    "too long at first": (
        field({"type": "plain_text_input", "max_length": 2, "initial_value": "xxx"}),
        "less than 3",
    ),
    "date": (field({"type": "datepicker", "initial_date": "21.9.2026"}), "a date such as"),
    "time": (field({"type": "timepicker", "initial_time": "24:00"}), "a time such as"),
    "number": (field({"type": "number_input"}), "missing required field: is_decimal_allowed"),
    "image": ({"type": "image", "image_url": "https://a"}, "missing required field: alt_text"),
    "alt text": (
        {"type": "image", "image_url": "https://a", "alt_text": "x" * 2001},
        "less than 2001",
    ),
    "two pictures": (
        {"type": "image", "image_url": "https://a", "slack_file": {"id": "F1"}, "alt_text": "x"},
        "either image_url or slack_file",
    ),
    "markdown": ({"type": "markdown", "text": "Hello"}, "unsupported type of block"),
    "response url": (
        section(accessory={"type": "conversations_select", "response_url_enabled": True}),
        "for inputs of modals",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_slack_refuses_is_pointed_at(name):
    block, sentence = WRONG[name]
    found = problems("modal", modal(block))
    assert len(found) >= 1
    assert sentence in found[0]
    assert "[json-pointer:/view/blocks/0" in found[0]


def test_every_problem_is_listed():
    found = problems("modal", modal(section(colour="red"), button(), title=plain("x" * 25)))
    assert [one.rpartition("[")[2] for one in found] == [
        "json-pointer:/view/title/text]",
        "json-pointer:/view/blocks/0]",
        "json-pointer:/view/blocks/1]",
    ]


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_each_surface_has_its_most_blocks(surface, most):
    def payload(count):
        view = modal(*[{"type": "divider"}] * count)
        return view if surface == "modal" else {"type": "home", "blocks": view["blocks"]}

    assert problems(surface, payload(most)) == []
    assert "no more than" in problems(surface, payload(most + 1))[0]


@pytest.mark.parametrize(
    ("view", "sentence"),
    [
        (modal(field(), submit=plain("x" * 25)), "less than 25"),
        (modal(title=mrkdwn()), "unsupported type of text"),
        (modal(close=plain("x" * 25)), "less than 25"),
        (modal(private_metadata="x" * 3001), "less than 3001"),
        (modal(callback_id="x" * 256), "less than 256"),
        (modal(external_id="x" * 256), "less than 256"),
        (modal(id="V1", hash="1"), "unknown field: id"),
        (modal(section(block_id="a"), section(block_id="a")), "'a' already exists"),
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        ({"type": "home", "blocks": []}, "must be modal"),
        (
            {"type": "modal", "title": plain(), "blocks": [field()]},
            "submit is required",
        ),
    ],
)
def test_a_view_is_judged_as_a_whole(view, sentence):
    assert sentence in problems("modal", view)[0]


def test_the_same_action_id_may_stand_in_two_blocks():
    assert problems("modal", modal(field(block_id="a"), field(block_id="b"))) == []


def test_only_one_element_takes_the_focus():
    focused = {"type": "plain_text_input", "focus_on_load": True}
    assert "focus_on_load" in problems("modal", modal(field(focused), field(focused)))[0]


def test_home_has_no_title():
    assert "unknown field: title" in problems("home", {**modal(), "type": "home"})[0]


def test_all_text_of_a_message_has_an_end():
    blocks = [section(text=mrkdwn("x" * 3000))] * 4
    assert problems("message", {"blocks": blocks}) == []
    found = problems("message", {"blocks": [*blocks, section(text=mrkdwn("x"))]})
    assert found == [
        "[ERROR] msg_blocks_too_long: all text of the blocks must be less than 12001 characters, "
        "not 12001 [json-pointer:/blocks]"
    ]


def test_markdown_is_for_messages():
    assert problems("message", {"blocks": [{"type": "markdown", "text": "x"}]}) == []


def test_a_message_without_blocks_is_right():
    assert problems("message", {"text": "Hello"}) == []


@pytest.mark.parametrize("payload", [{"blocks": {}}, {"blocks": [None]}, {"blocks": ["text"]}])
def test_nonsense_is_a_problem_and_no_accident(payload):
    assert problems("message", payload)


WORDS = ["type", "text", "blocks", "elements", "accessory", "element", "options", "label", "modal"]
KINDS = [
    *WORDS,
    "section",
    "actions",
    "input",
    "static_select",
    "button",
    "plain_text",
    "rich_text",
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(KINDS) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(ANYTHING)
def test_no_json_is_an_accident(value):
    assert isinstance(problems("message", {"blocks": value}), list)
    assert problems("modal", {"type": "modal", "blocks": value})
    assert isinstance(problems("home", {"type": "home", "blocks": value}), list)


def test_what_slacks_own_models_build_is_right():
    choice = sdk.Option(text="One", value="1")
    dialog = sdk.ConfirmObject(title="Sure?", text="Really", confirm="Yes", deny="No")
    built = View(
        type="modal",
        title=sdk.PlainTextObject(text="Title"),
        submit=sdk.PlainTextObject(text="Save"),
        callback_id="x",
        blocks=[
            sdk.HeaderBlock(text="Header"),
            sdk.SectionBlock(
                text=sdk.MarkdownTextObject(text="*Text*"),
                accessory=elements.ButtonElement(text="Go", action_id="a", confirm=dialog),
            ),
            sdk.ContextBlock(elements=[sdk.MarkdownTextObject(text="x")]),
            sdk.ActionsBlock(
                elements=[
                    elements.OverflowMenuElement(action_id="b", options=[choice, choice]),
                    elements.UserSelectElement(action_id="c", placeholder="Who"),
                    elements.DatePickerElement(action_id="d", initial_date="2026-09-21"),
                ]
            ),
            sdk.InputBlock(
                label="Outcome",
                element=elements.StaticSelectElement(
                    action_id="e", options=[choice], initial_option=choice, placeholder="Choose"
                ),
            ),
            sdk.InputBlock(
                label="Owner",
                optional=True,
                element=elements.ExternalDataSelectElement(action_id="f", min_query_length=1),
            ),
            sdk.InputBlock(
                label="Numbers",
                hint="All of them",
                element=elements.CheckboxesElement(action_id="g", options=[choice]),
            ),
        ],
    )
    assert problems("modal", built.to_dict()) == []
