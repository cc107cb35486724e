"""Announcements: by every author, of every kind of change, short and long."""

from __future__ import annotations

from typing import Any

from bot.channel.announcements import announce
from rules.missing import Missing
from rules.settings import with_values
from store import keys
from store.settings import BY_FILE, BY_SYSTEM, Author
from tests.bot.every.playing import Play, scene
from tests.bot.team import ADMIN, CALLS, MEMBER, OLD, OWNER

ADAM = Author("admin", ADMIN, "adam")


def save(play: Play, author: Author = ADAM, note: str = "", **values: Any) -> int:
    """Save settings by their paths, `__` for a dot; returns the number of the revision."""
    revisions = play.team.product.shop.revisions
    current = revisions.current()
    wanted = {path.replace("__", "."): value for path, value in values.items()}
    return revisions.save(
        with_values(current.settings, wanted), author, current.number, note
    ).number


def tell(play: Play, what: str, author: Author = ADAM, note: str = "", **values: Any) -> None:
    """Save, and have it announced."""
    save(play, author, note, **values)
    play.meanwhile(what, lambda: announce(play.team.desk))


def told_so_far(play: Play) -> None:
    """Let nothing of before be news."""
    head = play.team.product.shop.revisions.current().number
    play.team.redis.set(keys.ANNOUNCED, head)


@scene("announcements")
def announcements(play: Play) -> None:
    told_so_far(play)
    tell(play, "adam changes the name", name="Phones")
    tell(play, "the system changes something", BY_SYSTEM, create_contacts=False)
    tell(play, "somebody in a shell does", Author("cli", name="root"), business_hours_only=True)
    tell(play, "settings.toml does", BY_FILE, sync_contacts=True)
    tell(play, "the integration is disabled", enabled=False)
    tell(play, "it is enabled", enabled=True)
    play.click("history", user=OWNER)
    play.close(OWNER)
    play.click("undo#announced", user=OWNER, where=play.team.slack.messages(CALLS)[0])
    play.background()


@scene("announcements of every setting")
def of_every_setting(play: Play) -> None:
    told_so_far(play)
    outcomes = {
        f"outcomes__{kind}": None
        for kind in (
            "outbound_answered", "outbound_unanswered", "outbound_busy", "outbound_wrong_number",
            "inbound_answered", "inbound_missed", "inbound_voicemail",
        )
    }  # fmt: skip
    tell(play, "all outcomes change", **outcomes)
    tell(
        play, "some come back", outcomes__inbound_missed="No answer", outcomes__outbound_busy="Busy"
    )
    tell(play, "a pipeline and stages", tickets__pipeline="0", **_stages("1"))
    tell(play, "another pipeline", tickets__pipeline="81234567", **_stages("158001"))
    gone = Missing("81234567").note
    tell(play, "its stages, for it is gone", BY_SYSTEM, gone, **_stages(None))
    tell(play, "no pipeline", tickets__pipeline=None)
    tell(play, "single numbers", numbers=[1001])
    tell(play, "one more", numbers=[1001, 1002])
    tell(play, "another in its place", numbers=[1001, 1003])
    tell(play, "one less", numbers=[1003])
    tell(play, "all numbers", numbers="all")
    tell(play, "tags", tag_outcomes={"33": "Busy", "31": "Connected"})
    tell(play, "no tag", tag_outcomes={})
    tell(play, "an owner", fallback_owner="11349275740")
    tell(play, "nobody", fallback_owner=None)
    tell(play, "a number that is gone", numbers=[1003, 77, 78, 79, 80, 81, 82])


def _stages(stage: str | None) -> dict[str, str | None]:
    kinds = (
        "outbound_answered", "outbound_unanswered", "inbound_answered", "inbound_missed",
        "inbound_voicemail", "outbound_message", "inbound_message",
    )  # fmt: skip
    return {f"tickets__stages__{kind}": stage for kind in kinds}


@scene("a long announcement")
def long(play: Play) -> None:
    told_so_far(play)
    tags = {f"tag_outcomes__tag {n}": "Busy" for n in range(30)}
    tell(play, "thirty tags are mapped", **tags)


@scene("announcements go to the admins directly", channel=OLD, admins=[MEMBER])
def directly(play: Play) -> None:
    told_so_far(play)
    tell(play, "adam changes the name", name="Phones")
