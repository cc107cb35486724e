"""The modals of the page: filled in, refused under a field, saved, announced, searched, left."""

import pytest
from playwright.sync_api import expect

from sandbox.slack.workspace import OWNER

PLAIN = {"type": "plain_text", "emoji": False}


def test_a_setting_is_changed_and_announced_in_the_channel(page, olivia, team, stored):
    olivia.say("outcomes")
    expect(olivia.dialog.get_by_role("heading", name="Outcomes")).to_be_visible()
    menu = olivia.dialog.get_by_label("Answered outgoing call", exact=True)
    expect(menu).to_be_focused()
    menu.select_option("No outcome")
    olivia.press("Save")
    olivia.sees("Saved as revision 2", olivia.dialog)
    page.keyboard.press("Escape")
    expect(olivia.dialog).to_have_count(0)
    expect(page.get_by_label("Type a command")).to_be_focused()
    assert stored().outcomes.outbound_answered is None
    team.background()
    olivia.sees("The settings were changed by @olivia")
    olivia.sees("Connected → no outcome")


def test_what_slack_itself_misses_stands_under_its_field(olivia, team):
    olivia.say("general")
    name = olivia.dialog.get_by_label("Name")
    name.fill("")
    olivia.press("Save")
    olivia.sees("Please complete this required field.", olivia.dialog)
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description(
        "Shown in Slack and in the text of every call, 1 to 80 characters. "
        "Please complete this required field."
    )
    name.fill("Phones")
    olivia.press("Save")
    olivia.sees("Saved as revision 2", olivia.dialog)


def test_what_the_bot_refuses_stands_under_its_field_and_what_was_typed_stays(olivia, stored):
    olivia.say("delete")
    field = olivia.dialog.get_by_role("textbox")
    field.fill("something else")
    olivia.dialog.locator("[type=submit]").click()
    expect(olivia.dialog.locator(".error:visible")).not_to_be_empty()
    expect(field).to_have_value("something else")
    assert stored().enabled


def test_enter_in_a_line_saves(page, olivia, stored):
    olivia.say("general")
    olivia.dialog.get_by_label("Name").fill("Our phones")
    page.keyboard.press("Enter")
    olivia.sees("Saved as revision 2", olivia.dialog)
    assert stored().name == "Our phones"


def test_radio_buttons_and_menus_are_sent_as_they_stand(olivia, stored):
    olivia.say("general")
    olivia.dialog.get_by_role("radiogroup", name="Create unknown contacts?").get_by_text(
        "No: log the call without a contact"
    ).click()
    olivia.press("Save")
    olivia.sees("Saved as revision 2", olivia.dialog)
    assert not stored().create_contacts


def test_stages_follow_another_pipeline_in_the_open_form(olivia, stored):
    olivia.say("tickets")
    olivia.dialog.get_by_label("Ticket pipeline").select_option("Call-backs")
    stage = olivia.dialog.get_by_label("Missed incoming call without voicemail")
    expect(stage).to_be_visible()
    stage.select_option("To call back")
    olivia.press("Save")
    olivia.sees("Saved as revision 2", olivia.dialog)
    assert stored().tickets.pipeline == "81234567"
    assert stored().tickets.stages.inbound_missed == "158001"


def test_modals_are_stacked_and_each_is_left_by_itself(page, olivia):
    olivia.say("settings")
    expect(olivia.dialog.get_by_role("button", name="Close", exact=True).first).to_be_visible()
    first = olivia.dialog.get_by_role("heading", level=2).inner_text()
    olivia.dialog.get_by_role("button", name="ticket").click()
    expect(olivia.dialog.get_by_role("button", name="Back")).to_be_visible()
    page.keyboard.press("Escape")
    expect(olivia.dialog.get_by_role("heading", level=2)).to_have_text(first)
    page.keyboard.press("Escape")
    expect(olivia.dialog).to_have_count(0)


def test_focus_stays_inside_a_modal(page, olivia):
    olivia.say("general")
    expect(olivia.dialog.get_by_label("Name")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body"
            " || document.activeElement.closest('dialog') !== null"
        )


def shown(team, *blocks, **more):
    """Lay a modal of these blocks before the owner."""
    view = {
        "type": "modal",
        "title": {**PLAIN, "text": "A form"},
        "submit": {**PLAIN, "text": "Save"},
        "blocks": list(blocks),
        **more,
    }
    trigger = team.slack.trigger(OWNER)
    answer = team.desk.slack.tell("views.open", trigger_id=trigger, view=view)
    return answer["view"]


def field(element, **more):
    label = {**PLAIN, "text": "Which one?"}
    whole = {"action_id": "value", **element}
    return {"type": "input", "block_id": "which", "label": label, "element": whole, **more}


def options(*texts):
    return [{"text": {**PLAIN, "text": text}, "value": text.lower()} for text in texts]


def state(team):
    return team.slack.modal(OWNER).values["which", "value"]


def test_several_are_chosen_and_taken_away_by_keyboard(page, olivia, team):
    cities = options("Paris", "Berlin", "Perth")
    shown(team, field({"type": "multi_static_select", "options": cities}))
    menu = olivia.dialog.get_by_role("combobox", name="Which one?")
    menu.press_sequentially("p")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_text(["Paris", "Perth"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(olivia.dialog.get_by_role("listitem")).to_have_text(["Perth×", "Paris×"])
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    olivia.dialog.get_by_role("button", name="Remove Perth").click()
    team.slack.until(lambda: state(team)["selected_options"] == [cities[0]])


def test_a_long_list_is_searched_while_typing(page, olivia, team, stored):
    """The numbers of a company with more than a hundred are asked of the bot."""
    many = {
        str(id_): {**team.product.aircall.office.numbers[1001], "id": id_, "name": f"Line {id_}"}
        for id_ in range(2000, 2150)
    }
    team.product.aircall.office.numbers.update({int(id_): one for id_, one in many.items()})
    team.product.read_directory()
    olivia.say("numbers")
    menu = olivia.dialog.get_by_role("combobox", name="Connected numbers")
    expect(olivia.dialog.get_by_role("listitem")).to_have_text("All numbers, new ones too×")
    menu.press_sequentially("Line 2077")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    page.get_by_role("option", name="Line 2077").click()
    olivia.dialog.get_by_role("button", name="Remove All numbers").click()
    olivia.press("Save")
    olivia.sees("Saved as revision 2", olivia.dialog)
    assert stored().numbers == {2077}


def test_nothing_found_is_said(page, olivia, team):
    shown(team, field({"type": "multi_static_select", "options": options("Paris")}))
    olivia.dialog.get_by_role("combobox", name="Which one?").press_sequentially("rome")
    expect(page.get_by_role("listbox")).to_have_text("Nothing found for “rome”.")


def test_a_view_that_changes_keeps_what_is_being_typed(page, olivia, team):
    view = shown(team, field({"type": "plain_text_input"}))
    olivia.dialog.get_by_label("Which one?").press_sequentially("half a wo")
    note = {"type": "section", "text": {**PLAIN, "text": "Somebody else saved."}}
    body = {name: view[name] for name in ("type", "title", "submit")}
    team.desk.slack.tell(
        "views.update",
        view_id=view["id"],
        view={**body, "blocks": [note, field({"type": "plain_text_input"})]},
    )
    olivia.sees("Somebody else saved.", olivia.dialog)
    page.keyboard.type("rd")
    expect(olivia.dialog.get_by_label("Which one?")).to_have_value("half a word")
    expect(olivia.dialog.get_by_label("Which one?")).to_be_focused()


@pytest.mark.parametrize(
    ("element", "fill", "kept"),
    [
        ({"type": "datepicker"}, "2026-09-21", {"selected_date": "2026-09-21"}),
        ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
    ],
)
def test_dates_and_times_are_picked(olivia, team, element, fill, kept):
    shown(team, field(element))
    olivia.dialog.get_by_label("Which one?").fill(fill)
    olivia.dialog.get_by_label("Which one?").blur()
    team.slack.until(lambda: kept.items() <= state(team).items())


def test_people_and_channels_are_chosen_by_name(page, olivia, team):
    shown(team, field({"type": "users_select"}))
    olivia.dialog.get_by_role("combobox").press_sequentially("sof")
    page.get_by_role("listbox").get_by_text("sofia", exact=True).click()
    team.slack.until(lambda: state(team)["selected_user"] == "U0SOFIA")
