"""Delete: asked, refused, done, and what became of our webhook."""

from __future__ import annotations

from bot.integration.removal import Removal, told
from tests.bot.every.playing import Play, scene
from tests.bot.team import ADMIN, OWNER

NAME = "Aircall – HubSpot"


def _delete(play: Play, user: str = ADMIN) -> None:
    play.command("delete", user)
    play.type("name", NAME, user)
    play.submit(user)


@scene("delete")
def delete(play: Play) -> None:
    play.command("settings")
    play.click("delete")
    play.type("name", "another name")
    play.submit()
    play.type("name", NAME)
    play.submit()
    play.background()
    play.close()
    play.command("delete", OWNER)
    play.close(OWNER)
    play.command("status")
    play.command("history")
    play.close()
    play.home(OWNER)


@scene("delete after somebody saved")
def stale(play: Play) -> None:
    play.command("delete")
    play.command("delete", OWNER)
    play.team.set(sync_contacts=True)
    play.type("name", NAME)
    play.submit()
    play.type("name#1", NAME)
    play.submit()
    play.type("name", NAME, OWNER)
    play.submit(OWNER)
    play.meanwhile("the settings are made anew", lambda: play.team.set(numbers="all"))
    play.background()


@scene("delete while Aircall is away")
def away(play: Play) -> None:
    team = play.team
    team.product.aircall.fault("500", times=None)
    _delete(play)
    play.background()
    team.product.aircall.faults.clear()
    team.product.pass_time(120)
    play.click("webhook.remove")
    play.close()
    play.background()


@scene("delete and the form is closed")
def closed(play: Play) -> None:
    _delete(play)
    play.close()
    play.background()


@scene("delete without our webhook")
def without(play: Play) -> None:
    play.team.product.aircall.office.webhooks.clear()
    _delete(play)
    play.background()


@scene("delete with the webhook of another product")
def strange(play: Play) -> None:
    (one,) = play.team.product.aircall.office.webhooks.values()
    one["token"] = "of another product"
    _delete(play)
    play.background()


@scene("delete with two webhooks")
def two(play: Play) -> None:
    hooks = play.team.product.aircall.office.webhooks
    (one,) = hooks.values()
    id_ = "c5b9c0f2-0000-4000-8000-000000000007"
    url = "https://staging.example.com/aircall/webhook"
    hooks[id_] = {**one, "webhook_id": id_, "url": url, "token": "other"}
    from unittest.mock import patch  # noqa: PLC0415 - only here

    with patch.dict(vars(play.team.environment.aircall), {"webhook_token": None}):
        _delete(play)
        play.background()
    said, _ = told(Removal(because="Aircall refuses our API key"), play.words)
    play.lines.append(said)
