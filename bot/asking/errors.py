"""Any error becomes one sentence that the person can act on; the unexpected a reference number."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog
from redis.exceptions import RedisError

from bot.asking.asked import Asked, Reply
from bot.asking.turns import BusyError
from bot.blocks import Message, modal, section
from bot.markup import escape
from bot.words import N_, Words
from clients.errors import NotFound, Rejected, Unavailable, VendorError
from rules.settings import InvalidSettings
from store.settings import DamagedSettingsError, NoSettingsError, StaleSettings

_log = structlog.get_logger(__name__)

STORE_GONE: Final = N_(
    "Our store (Redis) does not answer, so nothing was read or changed. Try again in a minute; if "
    "it stays so, whoever runs this integration has to look at it."
)
UNEXPECTED: Final = N_(
    "Something went wrong that we did not expect, and nothing was changed by it. Please tell "
    "whoever runs this integration the reference {reference}; it stands in the log."
)
DAMAGED: Final = N_(
    "What our store holds of the settings cannot be read, so nothing was done. Whoever runs this "
    "integration has to look at it; what is wrong stands in the log."
)
OWN_BUSY: Final = N_(
    "You asked for several things at once that are not answered yet. Please wait for them, then "
    "try again."
)
ALL_BUSY: Final = N_("Many people ask for something right now. Please try again in a minute.")
SLACK_CODES: Final[dict[str, str]] = {
    "expired_trigger_id": N_("Slack gave us too little time to open the form. Please try again."),
    "trigger_expired": N_("Slack gave us too little time to open the form. Please try again."),
    "exchanged_trigger_id": N_("This was already answered. Please try again."),
    "hash_conflict": N_("The form was changed in the meantime. Please try again."),
    "not_found": N_("The form was closed in the meantime. Please open it again."),
    "push_limit_reached": N_("Too many forms lie on top of each other. Close one and try again."),
    "not_in_channel": N_("I am not in that channel. Invite me there and try again."),
    "channel_not_found": N_("I cannot see that channel. Invite me there and try again."),
    "is_archived": N_("That channel is archived. Choose another one."),
    "missing_scope": N_("Slack has not granted us a permission that this needs: {scopes}."),
}


def sentence(error: BaseException, words: Words) -> str:
    """Say what happened and what to do; logs what we did not expect, with its reference."""
    match error:
        case RedisError():
            _log.warning("store away", because=type(error).__name__)
            return words(STORE_GONE)
        case Rejected(vendor="slack") if error.category in SLACK_CODES:
            return words(SLACK_CODES[error.category], scopes=", ".join(error.scopes))
        case Rejected(vendor="slack"):
            return words("Slack refused this: {code}.", code=error.message)
        case Unavailable():
            return words("{sentence}. Please try again.", sentence=words.retell(error.sentence))
        case Rejected() | NotFound() | VendorError():
            said = words.retell(error.sentence)
            return said if said.endswith((".", "!", "?", "…")) else f"{said}."
        case InvalidSettings():
            return " ".join(words.retell(each.sentence) for each in error.problems)
        case StaleSettings() | BusyError():
            return words(_try_again(error))
        case NoSettingsError():
            return words.retell(str(error))
        case DamagedSettingsError():
            # It quotes what the store holds, which is for whoever runs this alone.
            _log.error("settings cannot be read", because=str(error))
            return words(DAMAGED)
        case _:
            reference = secrets.token_hex(4)
            _log.error("unexpected", reference=reference, exc_info=error)
            return words(UNEXPECTED, reference=reference)


def _try_again(error: StaleSettings | BusyError) -> str:
    if isinstance(error, StaleSettings):
        return N_("Somebody saved the settings in the meantime. Please try again.")
    return OWN_BUSY if error.own else ALL_BUSY


def later(asked: Asked, work: Callable[[], None]) -> None:
    """Do what may take long after the act is acknowledged; its errors are answered as well.

    Raises BusyError where too much is under way already.
    """
    asked.desk.later(asked.act.user, lambda: answering(asked, work))


def filling_later(asked: Asked, view_id: str, work: Callable[[], None]) -> None:
    """Fill a form that is open already; why it cannot be is said in its place."""
    answering_in(asked, view_id, lambda: later(asked, lambda: answering_in(asked, view_id, work)))


def showing_later(asked: Asked, work: Callable[[], None]) -> None:
    """Show anew what changed by an act that is done; left out where too much is under way."""
    with suppress(BusyError):
        later(asked, work)


def answering(asked: Asked, work: Callable[[], None]) -> None:
    """Do the work; an error is answered where the person looks."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - this is the room where errors end
        complain(asked, sentence(error, asked.words))


def answering_in(asked: Asked, view_id: str, work: Callable[[], None]) -> None:
    """Fill an open form; an error is said in its place, for it has nothing else to show."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the same
        said = sentence(error, asked.words)
        try:
            asked.update(view_id, "", notice(asked.words, said))
        except VendorError as closed:
            _log.warning("could not be told", user=asked.act.user, because=closed.sentence)


def replying(asked: Asked, work: Callable[[], Reply]) -> Reply:
    """Do the work of a submission; an error is shown in the form, which stays as it is."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - the same
        return complaint(asked, sentence(error, asked.words))


def complaint(asked: Asked, said: str) -> Reply:
    """The reply to a submission that could not be carried out: what was typed stays."""
    view = asked.act.view
    if view is not None and view.values:
        return {"response_action": "errors", "errors": {next(iter(view.values)): said}}
    return {"response_action": "update", "view": notice(asked.words, said)}


def complain(asked: Asked, said: str) -> None:
    """Tell the person that it could not be done: in a form where one is open, else in a message."""
    act = asked.act
    try:
        if act.view is not None and act.trigger:
            asked.open(notice(asked.words, said))
        else:
            asked.tell(Message(said, (section(escape(said)),)))
    except VendorError as error:
        _log.warning("could not be told", user=act.user, because=error.sentence)
        if act.view is not None:
            _tell_directly(asked, said)


def _tell_directly(asked: Asked, said: str) -> None:
    try:
        asked.tell(Message(said, (section(escape(said)),)))
    except VendorError as error:
        _log.warning("could not be told", user=asked.act.user, because=error.sentence)


def notice(words: Words, said: str) -> dict[str, object]:
    """A form that only says something."""
    return modal(words("Please note"), [section(escape(said))], close=words("Close"))
