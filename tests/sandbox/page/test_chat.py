"""The middle of the page: commands, messages, buttons, menus, who sees what."""

import pytest
from playwright.sync_api import expect

from sandbox.slack.workspace import CALLS
from tests.sandbox.page.person import Person


def post(team, text, **more):
    """Let the bot say something in the channel, as the Web API is asked."""
    answer = team.desk.slack.tell("chat.postMessage", channel=CALLS, text=text, **more)
    assert answer["ok"]


def test_status_is_shown_to_whoever_asked(olivia):
    olivia.say("status")
    olivia.sees("Only visible to you")
    olivia.sees("Enabled")
    expect(olivia.page.get_by_label("Type a command")).to_have_value("")
    expect(olivia.page.get_by_label("Type a command")).to_be_focused()


def test_what_does_not_begin_with_the_command_is_not_sent_but_mended(olivia, team):
    typed = olivia.page.get_by_label("Type a command")
    typed.fill("status")
    typed.press("Enter")
    expect(typed).to_have_value("/aircall-hubspot status")
    expect(olivia.page.locator("#hint")).to_contain_text("hears its command only")
    assert not team.slack.deliveries
    typed.press("Enter")
    olivia.sees("Enabled")


def test_a_command_that_cannot_be_typed_is_said_in_a_sentence(olivia):
    olivia.page.get_by_label("Type a command").fill("/weather")
    olivia.page.keyboard.press("Enter")
    expect(olivia.page.get_by_role("alert")).to_have_text("/weather is no command of the app×")


def test_a_bot_that_is_away_is_said_in_a_sentence(olivia, team):
    team.slack.listen_at("http://127.0.0.1:9/nowhere")
    olivia.say("status")
    expect(olivia.page.get_by_role("alert")).to_contain_text("The bot is not connected")


def test_an_ephemeral_message_is_not_shown_to_others(page, olivia):
    olivia.say("status")
    olivia.sees("Enabled")
    page.get_by_label("You are", exact=True).select_option("Adam Admin – Admin")
    expect(page.get_by_text("Nothing has been said here yet.")).to_be_visible()


def test_markup_is_read_as_slack_reads_it_and_never_as_html(olivia, team):
    post(
        team,
        "*bold* _italic_ ~gone~ `code *kept* <#C0LEADS>` &lt;img src=x onerror=alert(1)&gt; "
        "<https://example.com/a?b=1&amp;c=2|a link> <@U0JEANNE> <#C0LEADS> snake_case_name 2*3*4",
    )
    said = olivia.last.locator(".text")
    olivia.sees("<img src=x onerror=alert(1)>")
    expect(said.locator("strong")).to_have_text("bold")
    expect(said.locator("em")).to_have_text("italic")
    expect(said.locator("s")).to_have_text("gone")
    expect(said.locator("code")).to_have_text("code *kept* #leads")
    link = said.get_by_role("link", name="a link")
    expect(link).to_have_attribute("href", "https://example.com/a?b=1&c=2")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    olivia.sees("@jeanne")
    olivia.sees("#leads")
    olivia.sees("snake_case_name 2*3*4")
    expect(said.locator("img")).to_have_count(0)


def test_a_link_that_runs_script_is_no_link(olivia, team):
    team.slack.house.board.put(team.slack.now(), CALLS, "<javascript:alert(1)|press> me")
    olivia.sees("press me")
    expect(olivia.last.get_by_role("link")).to_have_count(0)


@pytest.mark.parametrize(
    ("user", "time"),
    [("U0OWNER", "16:26"), ("U0ADMIN", "10:26"), ("U0SOFIA", "16:26")],
)
def test_dates_are_in_the_time_zone_of_the_reader(page, team, user, time):
    post(team, "it was <!date^1790000760^{date_short} at {time}|then>")
    Person(page, team).come(user).sees(time)


def test_dates_of_today_are_called_so_in_the_language_of_the_reader(page, team):
    now = int(team.slack.now())
    post(team, f"it was <!date^{now}^{{date_short_pretty}}|then>")
    Person(page, team).come("U0SOFIA").sees("it was heute")


def test_a_picture_is_its_words_and_is_not_fetched(olivia, team):
    picture = {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "A chart"}
    post(team, "A chart.", blocks=[picture, {"type": "context", "elements": [picture]}])
    expect(olivia.last.get_by_role("img", name="A chart")).to_have_count(2)


def test_a_button_says_aloud_what_it_does(olivia):
    olivia.say("status")
    olivia.sees("Enabled")
    names = [
        button.get_attribute("aria-label") for button in olivia.last.get_by_role("button").all()
    ]
    assert all(name and len(name) > len("Settings") for name in names)


def test_an_overflow_menu_works_by_keyboard(page, olivia):
    olivia.say("status")
    opener = olivia.last.get_by_role("button", name="More actions")
    opener.focus()
    page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("menuitem", name="Failures")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    olivia.sees("History", olivia.dialog)


def test_a_message_that_comes_elsewhere_is_counted_until_it_is_read(page, olivia, team):
    expect(page.get_by_role("button", name="Aircall – HubSpot")).to_be_visible()
    team.slack.house.board.put(team.slack.now(), "D0OWNER", "Hello you.")
    elsewhere = page.get_by_role("button", name="Aircall – HubSpot 1 new")
    elsewhere.click()
    olivia.sees("Hello you.")
    expect(elsewhere).to_have_count(0)


def test_the_home_tab_is_shown_when_it_is_opened(page, olivia):
    page.get_by_role("button", name="Home", exact=True).click()
    expect(page.locator("#conversation")).to_contain_text("Connected numbers")


def test_a_dialog_that_asks_first_can_be_left_and_brings_focus_back(page, olivia, team, stored):
    page.get_by_role("button", name="Home", exact=True).click()
    disable = page.locator("#conversation").get_by_role("button", name="Disable")
    disable.click()
    asked = page.get_by_role("alertdialog", name="Disable the integration?")
    expect(asked.get_by_role("button", name="Keep it enabled")).to_be_focused()
    page.keyboard.press("Escape")
    expect(asked).to_be_hidden()
    expect(disable).to_be_focused()
    assert stored().enabled
    disable.click()
    asked.get_by_role("button", name="Disable").click()
    expect(asked).to_be_hidden()
    team.slack.until(lambda: not stored().enabled)
    team.settle()  # it is saved first, and called for then, what shows it
    team.background()
    expect(page.locator("#conversation").get_by_role("button", name="Enable")).to_be_visible()


def test_the_page_comes_back_when_the_sandbox_does(page, olivia, team):
    page.route("**/_sandbox/page/screen*", lambda route: route.abort())
    expect(page.get_by_role("alert")).to_contain_text("Is `make run` still running?")
    page.unroute("**/_sandbox/page/screen*")
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize("page", [(400, 800)], indirect=True)
def test_a_narrow_window_has_all_of_it(page, olivia):
    expect(page.get_by_label("You are", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Choose person and channel").click()
    page.get_by_role("button", name="with-agency").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("with-agency")
    olivia.say("status")
    olivia.sees("Enabled")
    page.get_by_role("button", name="Phone & HubSpot").click()
    expect(page.get_by_role("heading", name="The phone")).to_be_visible()
    expect(page.get_by_label("Type a command")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 400
