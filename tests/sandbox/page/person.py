"""Somebody at the page: finds things by what is written on them or read aloud, and waits."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from sandbox.slack.workspace import CALLS
from tests.bot.team import Team


class Person:
    """What one does in the page, with keyboard and mouse."""

    def __init__(self, page: Page, team: Team) -> None:
        self.page = page
        self.team = team
        self.url = f"{team.slack.address}/"

    def come(self, user: str, place: str = CALLS) -> Person:
        """Open the page as somebody, at some place."""
        self.page.goto(f"{self.url}#{user}/{place}")
        expect(self.page.get_by_role("heading", level=1)).not_to_be_empty()
        return self

    def say(self, text: str) -> None:
        """Type what follows the command, and send it."""
        self.page.get_by_label("Type a command").fill(f"/aircall-hubspot {text}")
        self.page.keyboard.press("Enter")

    def press(self, name: str) -> None:
        """Press the button of this name that is newest in the conversation, or in the dialog."""
        self.here.get_by_role("button", name=name).last.click()

    @property
    def here(self) -> Locator | Page:
        """The dialog, if one is open, else the page."""
        dialog = self.page.locator("dialog[open]").last
        return dialog if dialog.count() else self.page

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]").last

    @property
    def last(self) -> Locator:
        """The newest message."""
        return self.page.get_by_role("article").last

    def sees(self, text: str, where: Locator | None = None) -> None:
        """Wait until this can be read in the newest message, or elsewhere."""
        expect(self.last if where is None else where).to_contain_text(text)
