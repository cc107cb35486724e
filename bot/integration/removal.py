"""Take our webhook away at Aircall after the integration was deleted, and say how that went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog

from bot.asking.asked import Asked
from bot.asking.desk import Desk, desk
from bot.asking.routes import Action
from bot.blocks import Block, Message, actions, button, modal, section
from bot.channel.posting import QUIET
from bot.markup import Markup, code, escape, join, lines
from bot.words import N_, Words, language_of, words_in
from clients.aircall.records import Webhook
from clients.errors import NotFound, Rejected, Unavailable, VendorError
from settings.environment import Environment
from sync.webhook.ours import our_webhooks, with_our_token
from worker.nudge import BACKGROUND, enqueue

SEVERAL: Final = N_(
    "Several webhooks at Aircall could be ours, and PUBLIC_URL does not say which one is."
)
STRANGE: Final = N_(
    "No webhook at Aircall has the token of AIRCALL_WEBHOOK_TOKEN, and PUBLIC_URL does not say "
    "which one is ours."
)
REMOVE: Final = "bot.integration.removal.remove"
AGAIN: Final = "webhook.remove"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Errand:
    """Who deleted the integration, in which form, and the revision that is left of it."""

    user: str
    view: str
    tombstone: int


@dataclass(frozen=True, slots=True)
class Removal:
    """What became of our webhooks: addresses removed, left for a person, and why."""

    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    because: str = ""
    """A sentence, where not all could be removed."""


def remove_soon(ours: Desk, user: str, view: str, tombstone: int) -> None:
    """Have our webhook removed in the background; `user` is told, in `view` if it is still open.

    Raises redis-py's errors.
    """
    enqueue(ours.shop.connection, BACKGROUND, REMOVE, user, view, tombstone)


def remove(user: str, view: str, tombstone: int) -> None:
    """RQ job: remove our webhook, unless the integration was set up anew since, and tell."""
    ours, errand = desk(), Errand(user, view, tombstone)
    person = ours.people.find(user)
    words = words_in(language_of(person.locale if person else ""))
    if ours.shop.revisions.current().number != tombstone:
        said = words(
            "The settings were changed after the integration was deleted, so our webhook at "
            "Aircall was left as it is."
        )
        _tell(ours, errand, words, Removal(because=said))
        return
    _tell(ours, errand, words, removal(ours))


def removal(ours: Desk) -> Removal:
    """Remove every webhook at Aircall that is surely ours; raises redis-py's errors."""
    try:
        hooks = our_webhooks(ours.environment, ours.shop.aircall.webhooks())
    except VendorError as error:
        return Removal(because=error.sentence)
    if unsure := _unsure(ours.environment, hooks):
        return Removal(left=tuple(each.url for each in hooks), because=unsure)
    removed: list[str] = []
    for hook in hooks:
        try:
            ours.shop.aircall.delete_webhook(hook.id)
        except NotFound:
            pass  # somebody was quicker
        except (Unavailable, Rejected) as error:
            left = tuple(each.url for each in hooks[len(removed) :])
            return Removal(tuple(removed), left, error.sentence)
        removed.append(hook.url)
    return Removal(tuple(removed))


def _unsure(environment: Environment, hooks: Sequence[Webhook]) -> str:
    """Say why these may be another one's; without PUBLIC_URL any address with our path is ours."""
    if environment.network.public_url or not hooks:
        return ""
    if environment.aircall.webhook_token and not with_our_token(environment, hooks):
        return STRANGE
    return SEVERAL if len(hooks) > 1 else ""


def again(asked: Asked) -> None:
    """Try once more, as the button says; raises redis-py's errors and VendorErrors."""
    value = asked.act.value
    if value.isascii() and value.isdigit() and len(value) < 10:
        remove_soon(asked.desk, asked.act.user, "", int(value))
        said = asked.words("Trying again to remove our webhook at Aircall …")
        asked.tell(Message(said, (section(escape(said)),)))


def told(found: Removal, words: Words) -> tuple[str, Markup]:
    """Say what became of our webhooks, and what a person has to do by hand."""
    if not found.because:
        said = (
            words("Our webhook at Aircall is removed: no event comes any more.")
            if found.removed
            else words("Aircall has no webhook of ours: there was nothing to remove.")
        )
        return said, escape(said)
    said = words(
        "Our webhook at Aircall was not removed: {because}", because=words.retell(found.because)
    )
    where = join(", ", (code(url) for url in found.left)) or code("…/aircall/webhook")
    return said, lines(
        escape(said),
        words.md(
            "By hand: in Aircall’s dashboard, Integrations & API, Webhooks, delete the one that "
            "leads to {where}. Until then its events are answered and ignored.",
            where=where,
        ),
    )


def _tell(ours: Desk, errand: Errand, words: Words, found: Removal) -> None:
    said, text = told(found, words)
    retry = button(
        words("Try again"),
        AGAIN,
        label=words("Try again to remove our webhook at Aircall"),
        value=str(errand.tombstone),
    )
    blocks: list[Block] = [section(text), *([actions(retry)] if found.because else [])]
    if errand.view and _shown(ours, errand.view, words, blocks):
        return
    body: dict[str, Any] = {"text": escape(said), "blocks": blocks, **QUIET}
    ours.slack.tell("chat.postMessage", channel=errand.user, **body)


def _shown(ours: Desk, view: str, words: Words, blocks: list[Block]) -> bool:
    """Show it in the form that deleted; False if that was closed meanwhile."""
    intro = words.md("The integration is deleted. What is in HubSpot stays.")
    form = modal(words("Deleted"), [section(intro), *blocks], close=words("Close"))
    try:
        ours.slack.tell("views.update", view_id=view, view=form)
    except Rejected as error:
        _log.info("form closed before it was told", because=error.sentence)
        return False
    return True


REMOVE_AGAIN: Final = Action(AGAIN, "admins", again)
