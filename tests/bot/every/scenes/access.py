"""Rights: who is refused and told whom to ask, who asks for access, and the list of admins."""

from __future__ import annotations

import json
from unittest.mock import patch

from bot.asking.acts import Act
from bot.commands import run_command
from bot.serving import serve
from bot.words import Words
from store import keys
from tests.bot.every.playing import Play, scene
from tests.bot.modals.forging import forge
from tests.bot.team import (
    ADMIN,
    CALLS,
    GERMAN,
    GONE,
    GUEST,
    MEMBER,
    OTHER_MEMBER,
    OWNER,
    ROBOT,
    STRANGER,
)


@scene("refused")
def refused(play: Play) -> None:
    play.command("general", MEMBER)
    play.command("general", GUEST)
    play.command("explain 1", GUEST)
    _stranger(play)
    play.team.slack.fault("503", path="*users.info")
    play.team.forget_people()
    play.command("general", OWNER)


def _stranger(play: Play) -> None:
    team = play.team
    act = Act(
        "command", STRANGER, team="T0FOREIGN", channel=CALLS, text="status",
        response_url=team.slack.house.response_url(ADMIN, CALLS),
    )  # fmt: skip

    def typed() -> None:
        serve(team.desk, act, "all", lambda asked: run_command(asked, team.routes))

    play.meanwhile("a stranger types a command", typed)


@scene("refused with known admins", admins=[OTHER_MEMBER], explain_for="admins")
def with_known_admins(play: Play) -> None:
    play.command("general", MEMBER)
    play.command("explain 1", MEMBER)
    play.command("failures", GUEST)


@scene("refused and nobody is known", workspace_admins=False, channel="")
def nobody_known(play: Play) -> None:
    play.command("general", MEMBER)
    play.click("access.ask", user=MEMBER)


@scene("access is granted")
def granted(play: Play) -> None:
    play.command("general", MEMBER)
    play.click("access.ask", user=MEMBER)
    play.command("general", MEMBER)
    play.click("access.ask", user=MEMBER)
    play.click("access.grant", MEMBER)
    play.command("general", MEMBER)
    play.close(MEMBER)


@scene("access for a day, and one refused")
def for_a_day(play: Play) -> None:
    team = play.team
    for user, action, value in (
        (MEMBER, "access.day", MEMBER), (OTHER_MEMBER, "access.refuse", OTHER_MEMBER),
    ):  # fmt: skip
        play.command("tickets", user)
        play.click("access.ask", user=user)
        message = team.slack.messages(CALLS)[-1]
        play.click(action, value, where=message)
    play.command("tickets", OTHER_MEMBER)
    play.click("access.ask", user=OTHER_MEMBER)


@scene("access was decided already")
def decided_already(play: Play) -> None:
    team = play.team
    play.command("general", MEMBER)
    asked = team.last_private(MEMBER)
    play.click("access.ask", user=MEMBER)
    message = team.slack.messages(CALLS)[0]
    team.slack.fault("500", path="/api/chat.update", times=None)
    play.click("access.refuse", MEMBER, where=message)
    play.click("access.grant", MEMBER, OWNER, where=message)
    team.redis.delete(keys.decided(MEMBER))
    play.click("access.grant", MEMBER, OWNER, where=message)
    team.slack.faults.clear()
    team.desk.grants.give(MEMBER, by=ADMIN)
    assert asked is not None
    play.command("help", MEMBER)


@scene("access that came otherwise, or not at all, meanwhile")
def otherwise(play: Play) -> None:
    team = play.team
    play.command("general", MEMBER)
    play.click("access.ask", user=MEMBER)
    message = team.slack.messages(CALLS)[0]
    team.desk.grants.give(MEMBER, by=OWNER)
    play.click("access.day", MEMBER, where=message)
    team.desk.grants.take(MEMBER)

    def gone(*given: object) -> str:
        words = given[-1]
        assert isinstance(words, Words)
        return words("This account is deactivated.")

    with patch("bot.admins.access_requests.grant", gone):
        play.click("access.grant", MEMBER, where=message)


@scene("access asked for by somebody who is an admin by now")
def by_an_admin(play: Play) -> None:
    team = play.team
    play.command("general", MEMBER)
    team.desk.grants.give(MEMBER, by=ADMIN)
    play.click("access.ask", user=MEMBER)


@scene("access for who can never be an admin")
def never(play: Play) -> None:
    team = play.team
    play.command("general", MEMBER)
    play.click("access.ask", user=MEMBER)
    message = team.slack.messages(CALLS)[0]
    for user in (GUEST, STRANGER, ROBOT, GONE):
        _grant_to(play, message, user)
    team.slack.fault("503", path="*users.info")
    _grant_to(play, message, GERMAN)


def _grant_to(play: Play, message: object, user: str) -> None:
    for block in message.blocks:
        for element in block.get("elements", ()):
            if element.get("action_id") == "access.grant":
                element["value"] = user
    play.click("access.grant", user, where=message)


@scene("admins")
def admins(play: Play) -> None:
    team = play.team
    play.command("admins")
    for user, right in ((MEMBER, "good"), (OTHER_MEMBER, "day")):
        play.choose("person", user)
        play.choose("right", right)
        play.submit()
    play.click(f"admins.revoke#{MEMBER}")
    play.choose("right", "none")
    play.choose("person", OTHER_MEMBER)
    play.submit()
    for user in (OWNER, GERMAN):
        play.choose("person", user)
        play.choose("right", "none")
        play.submit()
    for user in (GUEST, STRANGER, ROBOT, GONE):
        play.choose("person", user)
        play.choose("right", "good")
        play.submit()
    acted = forge(team, ADMIN, {"right": {"type": "radio_buttons", "selected_option": None}})
    assert acted.answer["response_action"] == "errors"
    play.meanwhile("a form without an answer is sent")


@scene("admins who are listed", admins=[ADMIN, OWNER], workspace_admins=False)
def listed(play: Play) -> None:
    play.command("admins")
    play.choose("person", OWNER)
    for right in ("good", "none"):
        play.choose("right", right)
        play.submit()


@scene("the last admin", workspace_admins=False)
def last(play: Play) -> None:
    play.team.desk.grants.give(ADMIN, by=OWNER)
    play.command("admins")
    play.click(f"admins.revoke#{ADMIN}")
    play.choose("person", ADMIN)
    for right in ("none", "day"):
        play.choose("right", right)
        play.submit()


@scene("many admins", admins=[f"U0A{n:03}" for n in range(45)])
def many(play: Play) -> None:
    for n in range(45):
        play.team.redis.hset(keys.GRANTS, f"U0B{n:03}", json.dumps({"by": OWNER, "at": 1}))
    play.team.desk.grants.give(ADMIN, by=OWNER)
    play.command("admins")
