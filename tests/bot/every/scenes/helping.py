"""Help for every rank, and words that are no sub-command."""

from tests.bot.every.playing import Play, scene
from tests.bot.team import ADMIN, GUEST, MEMBER


@scene("help")
def help_(play: Play) -> None:
    for user in (ADMIN, MEMBER, GUEST):
        play.command("help", user)


@scene("mistyped")
def mistyped(play: Play) -> None:
    play.command("stauts")
    play.command("nubmers", MEMBER)
    play.command("kjhgfdsa")
