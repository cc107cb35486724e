"""Enable and disable: done, done already, refused, with what waits, and in the overview."""

from __future__ import annotations

from tests.bot.every.playing import Play, scene
from tests.bot.team import ADMIN, OWNER
from tests.worker.product import call


@scene("enable and disable")
def switching(play: Play) -> None:
    play.command("enable")
    play.command("disable")
    play.command("disable", OWNER)
    play.click("enable")
    play.team.set(numbers=[1001, 1003])
    play.command("disable")
    play.command("enable")
    play.background()


@scene("enable while some wait")
def waiting(play: Play) -> None:
    team = play.team
    for count in (1, 2):
        team.product.deliver(call(id_=count))
        play.command("disable")
        team.product.drain()
        play.command("enable")


@scene("enable without numbers")
def without_numbers(play: Play) -> None:
    play.team.set(enabled=False)
    play.team.set(numbers=[])
    play.command("enable")
    play.click("edit.numbers")
    play.close()
    play.command("settings")
    play.click("enable")
    play.click("edit.numbers", "numbers", where="modal")


@scene("enable and disable in the overview")
def in_the_overview(play: Play) -> None:
    play.command("settings")
    play.click("disable")
    play.click("enable")
    play.team.set(enabled=False)
    play.click("disable") if _shows(play, "disable") else None
    play.close(ADMIN)


def _shows(play: Play, action: str) -> bool:
    view = play.team.slack.modal(ADMIN)
    return view is not None and f"'{action}'" in str(view.blocks)
