"""Whatever goes wrong: the store away, Slack's refusals, the unexpected, a former version."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from redis.exceptions import ConnectionError as RedisAway

from bot.asking.desk import Desk
from bot.asking.errors import SLACK_CODES, sentence
from bot.asking.turns import BusyError
from clients.errors import NotFound, Rejected, Unavailable
from store import keys
from store.settings import DamagedSettingsError, NoSettingsError, StaleSettings
from tests.bot.every.playing import Play, scene
from tests.bot.team import ADMIN, MEMBER
from tests.bot.test_errors import act


@scene("the store is away")
def store_away(play: Play) -> None:
    def away(*_: object) -> Any:
        raise RedisAway

    play.command("general")
    play.home()
    with patch.object(Desk, "who", away):
        play.command("status")
        play.submit()
        play.home()


@scene("Slack refuses")
def slack_refuses(play: Play) -> None:
    team = play.team
    team.slack.switches.trigger_life = 0.0
    play.command("history")
    team.slack.switches.trigger_life = 15.0
    for kind, more in (("429", {"retry_after": 9}), ("500", {})):
        team.slack.fault(kind, path="/api/views.open", **more)
        play.command("history")
    for code in (*SLACK_CODES, "some_new_code"):
        error = Rejected("slack", code, status=200, category=code, scopes=("chat:write",))
        play.lines += [f"> {code}", sentence(error, play.words)]


@scene("the unexpected")
def unexpected(play: Play) -> None:
    def broken(*_: object, **__: object) -> Any:
        raise ZeroDivisionError

    with patch("bot.commands.help.message", broken):
        play.command("help", MEMBER)
    with patch("bot.modals.general.blocks", broken), patch("bot.modals.saving._wanted", broken):
        play.command("general")
        play.submit()
    with patch("bot.status.home.gather", broken):
        play.home()
    play.close()
    with patch("bot.modals.opening.refresh", broken):
        play.command("tickets")
    play.close()
    errors = (
        Unavailable("hubspot", "HubSpot did not answer in time", reason="down", wait=5),
        Rejected("hubspot", "Refusé.", status=400),
        NotFound("aircall", ""),
        StaleSettings(()),
        NoSettingsError(),
        DamagedSettingsError("x"),
        BusyError(own=True),
        BusyError(own=False),
    )
    for error in errors:
        play.lines += [f"> {type(error).__name__}", sentence(error, play.words)]


@scene("settings that cannot be read")
def unreadable(play: Play) -> None:
    team = play.team
    play.command("tickets")
    team.redis.hset(keys.SETTINGS_REVISIONS, "1", "{}")
    play.submit()
    play.close()
    for word in ("status", "settings", "general", "enable", "check"):
        play.command(word)
        play.close()
    team.redis.delete(keys.SETTINGS_HEAD, keys.SETTINGS_REVISIONS)
    for word in ("status", "general"):
        play.command(word)


@scene("a former version")
def former(play: Play) -> None:
    team = play.team
    element = {"type": "button", "action_id": "former", "block_id": "b", "action_ts": "1"}
    play.meanwhile(
        "a former button is clicked", lambda: act(team, "block_actions", actions=[element])
    )
    view = {"id": "V1", "type": "modal", "callback_id": "former", "state": {"values": {}}}
    play.meanwhile("a former form is sent", lambda: act(team, "view_submission", view=view))
    suggestion = {"action_id": "value", "block_id": "former.list", "value": ""}
    play.meanwhile("a former list is searched", lambda: act(team, "block_suggestion", **suggestion))
    for action in ("access.grant", "undo"):
        odd = {**element, "action_id": action, "value": "<!channel>"}
        play.meanwhile(
            f"a made-up {action} is clicked",
            lambda odd=odd: act(team, "block_actions", actions=[odd]),
        )


@scene("a form that was closed")
def closed(play: Play) -> None:
    team = play.team
    play.command("history")
    modal = team.slack.modal(ADMIN)
    assert modal is not None
    payload, trigger = modal.shown(), team.slack.house.trigger(ADMIN, modal.id)
    play.close()
    action = {"type": "button", "action_id": "history.page", "value": "1", "action_ts": "1"}
    actions = [{**action, "block_id": "b"}]
    play.meanwhile(
        "its page is turned",
        lambda: act(
            team, "block_actions", view=payload, actions=actions, trigger_id=trigger,
            response_url="",
        ),
    )  # fmt: skip
    team.slack.surprises.clear()
