"""The page for everybody: names for all that can be pressed, contrast in light and in dark."""

import re

import pytest
from playwright.sync_api import expect

NAMELESS = re.compile(
    r"^\s*- (?:button|combobox|textbox|checkbox|radio|link|dialog|option|menuitem)"
    r"(?:(?: \[[^\]]*\])*:?$|(?: \[[^\]]*\])*: )",
    re.MULTILINE,
)
POOR = """() => {
    const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const colour = (text) => text.match(/[\\d.]+/g).map(Number);
    const ground = (node) => {
        for (let at = node; at; at = at.parentElement) {
            const found = colour(getComputedStyle(at).backgroundColor);
            if ((found[3] ?? 1) === 1) return found;
        }
        return [255, 255, 255];
    };
    const top = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    const texts = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
    const poor = [];
    let seen = 0;
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        const node = text.parentElement;
        if (!text.data.trim() || !node.checkVisibility({ visibilityProperty: true })) continue;
        const style = getComputedStyle(node);
        const size = parseFloat(style.fontSize);
        const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        const [a, b] = [light(colour(style.color)), light(ground(node))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        seen += 1;
        if (ratio < (isLarge ? 3 : 4.5)) poor.push(`${text.data.trim()}: ${ratio.toFixed(2)}`);
    }
    return { poor, seen };
}"""


def checked(page):
    found = page.evaluate(POOR)
    assert found["poor"] == []
    assert found["seen"] > 3
    assert NAMELESS.findall(page.locator("body").aria_snapshot()) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read_and_all_that_can_be_pressed_has_a_name(page, olivia, team, scheme):
    page.emulate_media(color_scheme=scheme)
    team.slack.house.board.put(team.slack.now(), "C0CALLS", "`code` <@U0JEANNE> <https://a.b|c>")
    olivia.say("status")
    olivia.sees("Enabled")
    checked(page)
    olivia.say("general")
    olivia.dialog.get_by_label("Name").fill("")
    olivia.press("Save")
    olivia.sees("Please complete this required field.", olivia.dialog)
    checked(page)
    page.keyboard.press("Escape")
    expect(olivia.dialog).to_have_count(0)
    page.get_by_role("button", name="Home", exact=True).click()
    page.locator("#conversation").get_by_role("button", name="Disable").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    checked(page)


def test_a_control_without_a_name_would_be_found():
    found = (
        '- button\n- button "Save"\n- textbox: typed\n- combobox [expanded]:\n- link "x" [active]'
    )
    assert len(NAMELESS.findall(found)) == 3


def test_the_whole_way_to_an_answer_is_gone_by_keyboard(page, olivia):
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the conversation")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#conversation")).to_be_focused()
    for _ in range(10):
        if page.get_by_label("Type a command").evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("/air")
    page.keyboard.press("Tab")
    page.keyboard.type("status")
    page.keyboard.press("Enter")
    olivia.sees("Enabled")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Type a command")).to_have_value("/aircall-hubspot status")
