"""Steps of the tests of `backfill` in Slack: a time is asked for, counted, begun and followed."""

from __future__ import annotations

from datetime import UTC, datetime

from store.operations import Operations
from sync.backfill import going
from tests.bot.team import ADMIN
from tests.sync.backfill.past import DAY, START

SPAN = " ".join(
    f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}" for at in (START, START + 30_000)
)
"""30,000 seconds from START on."""


def day(after):
    """So many days after START, as a date picker sends it."""
    return f"{datetime.fromtimestamp(START + after * DAY, UTC):%Y-%m-%d}"


def preview_of(team, user=ADMIN, typed=SPAN):
    """Ask for a preview and count it; what the person was written directly."""
    team.command(user, f"backfill {typed}")
    team.background()
    return team.direct(user)[-1]


def through(team, rounds=30):
    for _ in range(rounds):
        team.background()
        operation = Operations(team.redis).current("backfill")
        if not operation.active:
            team.background()
            return operation
        team.product.recover()
        going.go_on()
    raise AssertionError(f"it does not end: {operation}")


def forge(team, action, value):
    """Click a button of the preview that somebody made."""
    message = team.slack.direct_messages(ADMIN)[-1]
    row = next(each for each in message.blocks if each["type"] == "actions")
    forged = {name: text for name, text in row["elements"][0].items() if name != "confirm"}
    row["elements"] = [{**forged, "action_id": action, "value": value}]
    team.click(ADMIN, action, where=message)


def value_of(team, action, user=ADMIN):
    """The value of a button in the last direct message."""
    blocks = team.slack.direct_messages(user)[-1].blocks
    elements = (each for block in blocks for each in block.get("elements", []))
    return next(each["value"] for each in elements if each.get("action_id") == action)
