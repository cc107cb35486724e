"""*Ask for access*: a member's request goes to the admins; one click of one of them decides."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

import structlog

from bot.admins.rights import DAY, cannot_hold, grant
from bot.asking.asked import Asked
from bot.asking.standing import Rank
from bot.asking.unknown import UNKNOWN_ACTION
from bot.blocks import Message, Option, actions, button, overflow, section
from bot.channel.delivery import Place, reach, rewrite, write_to
from bot.markup import Markup, date, escape, mention
from bot.words import N_, Words
from clients.errors import VendorError
from store.access_requests import DECIDED_FOR, AccessRequest, AccessRequests, Decision, Verdict

GRANT: Final = "access.grant"
GRANT_DAY: Final = "access.day"
REFUSE: Final = "access.refuse"
VERDICTS: Final[dict[str, Verdict]] = {GRANT: "granted", GRANT_DAY: "day", REFUSE: "refused"}
DECIDED: Final[dict[Verdict, str]] = {
    "granted": N_("{admin} granted {who} the right to change the settings."),
    "day": N_("{admin} granted {who} the right to change the settings for a day."),
    "refused": N_("{admin} refused {who} the right to change the settings."),
}
TOLD: Final[dict[Verdict, str]] = {
    "granted": N_("{admin} granted you the right to change the settings of this integration."),
    "day": N_("{admin} granted you the right to change the settings until tomorrow."),
    "refused": N_("{admin} does not grant you the right to change the settings now."),
}
USER: Final = re.compile(r"[UW][A-Z0-9]{2,30}")

_log = structlog.get_logger(__name__)


def ask(asked: Asked) -> None:
    """Ask the admins for somebody, once. Raises redis-py's errors, Unavailable and Rejected."""
    words, user = asked.words, asked.act.user
    requests = AccessRequests(asked.desk.shop.connection)
    if asked.standing.rank is Rank.ADMIN:
        _say(asked, words("You may change the settings already."))
    elif (decided := requests.decision(user)) and decided.verdict == "refused":
        again = decided.at + DECIDED_FOR * 1000
        plain = words("An admin refused this today. You can ask again tomorrow.")
        told = words.md(
            "{admin} refused this. You can ask again {when}.",
            admin=mention(decided.by),
            when=date(again),
        )
        asked.tell(Message(plain, (section(told),)), replace=True)
    elif not requests.make(user):
        _say(asked, words("You have asked already; an admin will decide."))
    else:
        _ask_admins(asked, requests)


def _ask_admins(asked: Asked, requests: AccessRequests) -> None:
    user = asked.act.user
    try:
        places = reach(asked.desk, partial(question, user, asked.person.name))
    except Exception:
        requests.drop(user)
        raise
    if not places:
        requests.drop(user)
        _say(
            asked,
            asked.words(
                "There is nobody here whom we could ask for you: no channel is chosen and no admin "
                "is named. Please ask an admin of this Slack workspace yourself."
            ),
        )
        return
    requests.stands_at(user, ((each.channel, each.ts) for each in places))
    _say(asked, asked.words("The admins were asked. You are told as soon as one of them decides."))


def _say(asked: Asked, said: str) -> None:
    asked.tell(Message(said, (section(escape(said)),)), replace=True)


def question(user: str, name: str, words: Words) -> Message:
    """Build what the admins read, with what they can do about it."""
    said = words("{who} asks for the right to change the settings.", who=name or user)
    shown = words.md(
        "{who} asks for the right to change the settings of this integration.", who=mention(user)
    )
    return Message(
        said,
        (
            section(shown),
            actions(
                button(
                    words("Grant"),
                    GRANT,
                    label=words("Let this person change the settings, for good"),
                    value=user,
                    style="primary",
                ),
                button(
                    words("Grant for a day"),
                    GRANT_DAY,
                    label=words("Let this person change the settings for a day"),
                    value=user,
                ),
                overflow(REFUSE, [Option(words("Refuse"), user)]),
            ),
        ),
    )


def decide(asked: Asked) -> None:
    """Decide on a request, once. Raises redis-py's errors, Unavailable and Rejected."""
    user, desk = asked.act.value, asked.desk
    verdict = VERDICTS[asked.act.action.partition("#")[0]]
    if not USER.fullmatch(user):
        UNKNOWN_ACTION.run(asked)
        return
    if verdict != "refused" and (why_not := cannot_hold(desk, user, asked.words)):
        asked.tell(Message(why_not, (section(escape(why_not)),)))
        return
    if why_not := _holds_it(asked, user, verdict):
        asked.tell(Message(why_not, (section(escape(why_not)),)))
        return
    requests = AccessRequests(desk.shop.connection)
    # First the decision, for one of several admins is first; whoever dies here has granted nothing.
    request = requests.decide(user, asked.act.user, verdict)
    if request is None:
        _too_late(asked, requests.decision(user))
        return
    seconds = DAY if verdict == "day" else None
    if verdict != "refused" and (
        why_not := grant(desk, user, asked.act.user, seconds, asked.words)
    ):
        # Something changed since it was looked at: nobody is told of a right that was not given.
        asked.tell(Message(why_not, (section(escape(why_not)),)))
        return
    _show(asked, request, DECIDED[verdict], user)
    _tell(asked, user, verdict)


def _holds_it(asked: Asked, user: str, verdict: Verdict) -> str:
    """Say that a day would take from them what they were granted for good meanwhile."""
    held = asked.desk.grants.of(user)
    if verdict != "day" or held is None or held.until is not None:
        return ""
    return asked.words("They were granted the right for good meanwhile, so a day would be less.")


def _too_late(asked: Asked, decision: Decision | None) -> None:
    words = asked.words
    if decision is None:
        said = words(
            "This request is not open any more. Use the sub-command admins to grant a right."
        )
        asked.tell(Message(said, (section(escape(said)),)))
        return
    said = words("This is decided already.")
    told = words.md(
        DECIDED[decision.verdict], admin=mention(decision.by), who=mention(decision.user)
    )
    asked.tell(Message(said, (section(Markup(f"{escape(said)} {told}")),)))


def _show(asked: Asked, request: AccessRequest, decided: str, user: str) -> None:
    """Say in every message about the request how it ended: its buttons go."""
    words = asked.desk.channel_words
    admin = mention(asked.act.user)
    plain = words(decided, admin=asked.person.name or asked.act.user, who=user)
    shown = words.md(decided, admin=admin, who=mention(user))
    message = Message(plain, (section(shown),))
    for channel, ts in request.places:
        try:
            rewrite(asked.desk, Place(channel, ts), message)
        except VendorError as error:
            _log.warning("request not updated", because=error.sentence)


def _tell(asked: Asked, user: str, verdict: Verdict) -> None:
    """Tell the person; that they could not be told undoes nothing."""

    def told(words: Words) -> Message:
        name = asked.person.name or asked.act.user
        shown = words.md(TOLD[verdict], admin=mention(asked.act.user))
        return Message(words(TOLD[verdict], admin=name), (section(shown),))

    try:
        write_to(asked.desk, user, told)
    except VendorError as error:
        _log.warning("person not told", user=user, because=error.sentence)
