"""A browser before the sandbox's page, with the real bot on the other side of its Slack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.bot.conftest import line, stand_ins, stored, team, without_proxies
from tests.sandbox.page.person import Person

__all__ = ["line", "stand_ins", "stored", "team", "without_proxies"]

HERE = "http://127.0.0.1:"
CHROMIUM = Path("/usr/bin/chromium")
INSTALL = (
    f"There is no {CHROMIUM}: `apt-get install --no-install-recommends chromium` brings it, "
    "and then the page is tested too."
)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


# Not for the whole session: Playwright's event loop would stand in the way of other files' tests.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(INSTALL)
    with sync_playwright() as playwright:
        # each launch has a profile of its own, in a new folder
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, team, request) -> Iterator[Page]:
    """A window of its own, of another size by indirect parameter; nothing goes wrong in it."""
    width, height = getattr(request, "param", (1400, 900))
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    expect.set_options(timeout=10_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: wrong.append(asked.url) if HERE not in asked.url else None)
    yield page
    context.close()
    # a refusal by a side door is an answer; its sentence is shown
    assert [each for each in wrong if not each.startswith("Failed to load resource")] == []


@pytest.fixture
def olivia(page, team) -> Person:
    """The owner of the workspace, who is an admin, in the channel of the announcements."""
    return Person(page, team).come("U0OWNER")
