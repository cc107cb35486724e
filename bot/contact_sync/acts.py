"""Look at contact sync, start the copy of all contacts and stop it: by buttons and by words."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import structlog

from bot.asking.asked import Asked
from bot.asking.errors import filling_later, later, sentence
from bot.blocks import Element, Message, actions, section
from bot.contact_sync.facts import Facts, named, read_facts
from bot.contact_sync.view import CALLBACK, change_button, loading, view
from bot.failures.view import CLOSED
from bot.integration.buttons import enable_button
from bot.markup import Markup, escape, lines
from bot.operations.telling import begin_telling
from bot.operations.view import progress
from bot.words import N_, Words
from clients.errors import Rejected, VendorError
from store.operations import BusyOperationError, Operation, Operations
from sync.contacts.refusals import again as try_again
from sync.contacts.wanted import JOB as WANTED
from sync.operations import go_on, tell
from worker.nudge import BACKGROUND, enqueue

SWITCHED_OFF: Final = N_(
    "Copying contacts to Aircall is switched off. Switch it on first, then start the copy."
)
DISABLED: Final = N_("The integration is disabled. Enable it first, then start the copy.")
REMOVING: Final = N_(
    "The contacts that were made in Aircall are being removed. Wait until that is done, or stop "
    "it, then start the copy."
)
NOBODY: Final = N_("HubSpot has no contacts, so there is nothing to copy.")
RUNNING: Final = N_("A copy of all contacts is under way already.")
NOT_RUNNING: Final = N_("No copy of all contacts is under way.")
STOPPING: Final = N_("It stops after its present step.")

_log = structlog.get_logger(__name__)


def look(asked: Asked) -> None:
    """Open the form, and fill it when HubSpot told. Raises Unavailable, Rejected and redis-py's."""
    opened = asked.open(loading(asked.words))
    filling_later(asked, opened["id"], lambda: _fill(asked, opened["id"]))


def refresh(asked: Asked) -> None:
    """Fill the open form anew; raises as `look`."""
    if (place := asked.act.view) is None or place.callback != CALLBACK:
        look(asked)
        return
    filling_later(asked, place.id, lambda: _fill(asked, place.id))


def start(asked: Asked) -> None:
    """Begin the copy, or say why not and what mends it; answered where it was asked for."""
    if place := asked.act.view:
        filling_later(asked, place.id, lambda: _start(asked))
    else:
        later(asked, lambda: _start(asked))


def stop(asked: Asked) -> None:
    """Stop the copy after its present contact; raises redis-py's errors and VendorErrors."""
    connection = asked.desk.shop.connection
    operations = Operations(connection)
    current = operations.current("contacts")
    meant = asked.act.value or (current.id if current else "")
    stopped = operations.stop("contacts", meant, asked.act.user) if meant else None
    if stopped is not None:
        # Where nobody is at it, somebody must see that it is to end.
        go_on(connection, "contacts")
        tell(connection, "contacts")
    answer = STOPPING if stopped else NOT_RUNNING
    said = asked.words(answer)
    if (place := asked.act.view) is not None:
        filling_later(asked, place.id, lambda: _answer(asked, said))
    else:
        _answer(asked, said)


def again(asked: Asked) -> None:
    """Have tried again what Aircall refused; raises redis-py's errors and VendorErrors."""
    count = try_again(asked.desk.shop)
    if count:
        enqueue(asked.desk.shop.connection, BACKGROUND, WANTED)
    said = asked.words.count(
        "{count} is being tried again.", "{count} are being tried again.", count
    )
    if (place := asked.act.view) is not None:
        filling_later(asked, place.id, lambda: _answer(asked, said))
    else:
        _answer(asked, said)


def _start(asked: Asked) -> None:
    shop, words = asked.desk.shop, asked.words
    facts = read_facts(shop)
    if facts.copy is not None and facts.copying:
        _show_running(asked, facts, facts.copy)
        return
    if why := _refusal(facts):
        offers = {SWITCHED_OFF: change_button, DISABLED: _enable}
        offer = offers[why](words) if why in offers else None
        _answer(asked, words(why), offer)
        return
    total = shop.hubspot.count("contacts")
    if not total:
        _answer(asked, words(NOBODY))
        return
    # Whether Aircall can be asked at all is known before anything begins.
    shop.aircall.ping()
    try:
        operation = Operations(shop.connection).start(
            "contacts", asked.person.id, asked.person.name, {"contacts": total}, total
        )
    except BusyOperationError as error:
        _show_running(asked, facts, error.current)
        return
    begin_telling(asked, operation)
    if asked.act.view is not None:
        _fill(asked, asked.act.view.id)


def _refusal(facts: Facts) -> str:
    if not facts.on:
        return SWITCHED_OFF
    if not facts.enabled:
        return DISABLED
    return REMOVING if facts.removing else ""


def _enable(words: Words) -> Element:
    return enable_button(words)


def _show_running(asked: Asked, facts: Facts, running: Operation) -> None:
    """Show the one that is under way already."""
    said = asked.words(RUNNING)
    if asked.act.view is not None:
        _answer(asked, said)
        return
    told = progress(running, facts.samples, facts.now, asked.words)
    asked.tell(Message(f"{said} {told.text}", (section(escape(said)), *told.blocks)))


def _answer(asked: Asked, said: str, offer: Element | None = None) -> None:
    """Say it where it was asked for: in the form, or in a message for this person alone."""
    if (place := asked.act.view) is not None and place.callback == CALLBACK:
        _fill(asked, place.id, escape(said))
        return
    asked.tell(Message(said, (section(escape(said)), *([actions(offer)] if offer else []))))


def _fill(asked: Asked, view_id: str, *notices: Markup) -> None:
    """Show how it stands in the open form, unless its reader closed it."""
    shop, words = asked.desk.shop, asked.words
    facts = read_facts(shop)
    total, more = None, list(notices)
    try:
        facts = replace(facts, refused=named(shop, facts.refused))
        if facts.on and facts.enabled and not facts.copying and not facts.removing:
            total = shop.hubspot.count("contacts")
    except VendorError as error:
        because = sentence(error, words)
        more.append(
            lines(
                words.md(
                    ":warning: HubSpot did not tell how many contacts it has, so they cannot be "
                    "copied now."
                ),
                because,
            )
        )
    if facts.removing:
        more.append(escape(words(REMOVING)))
    try:
        asked.update(view_id, "", view(facts, words, total, *more))
    except Rejected as error:
        if error.category not in CLOSED:
            raise
        _log.info("form closed before it was filled")
