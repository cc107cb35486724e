"""*Check again*: the look that concerns an alert, now, and the word on it to whoever asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog

from bot.alerts.substance import id_of
from bot.asking.desk import desk
from bot.blocks import Message, section
from bot.channel.posting import QUIET
from bot.markup import Markup, escape
from bot.status.alerts import alert_sentence
from bot.words import Language, Words, words_in
from clients.errors import Rejected, VendorError
from store.alerts import Alert
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import Workshop

DIRECTORY: Final = "sync.directory.reading.refresh_all"
PROBE: Final = "sync.watches.pauses.probe"
ANSWER: Final = "bot.alerts.checking.answer"
CLOCKS_OWN: Final[tuple[str, ...]] = ()
"""The clock looks at this every few seconds: there is nothing more to call."""
LOOKS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("hubspot unavailable", (PROBE, "hubspot")),
    ("hubspot refuses", (PROBE, "hubspot")),
    ("aircall unavailable", (PROBE, "aircall")),
    ("aircall refuses", (PROBE, "aircall")),
    ("pipeline ", ("sync.pipelines.watch.look",)),
    ("stage ", ("sync.pipelines.watch.look",)),
    ("tickets left out", ("sync.pipelines.watch.look",)),
    ("webhook ", ("sync.webhook.watch.look",)),
    ("foreign app", ("sync.foreign.look",)),
    ("failures", CLOCKS_OWN),
    ("waiting long", CLOCKS_OWN),
    ("daily limit near", CLOCKS_OWN),
    ("background jobs", CLOCKS_OWN),
    ("store damaged", CLOCKS_OWN),
)
"""The job, with its arguments, that looks again at what an alert is about, by how the alert's
name begins; for all others everything that Aircall and HubSpot have is read again."""

_log = structlog.get_logger(__name__)


def look_again(shop: Workshop, alerts: Sequence[Alert], whom: Mapping[str, str]) -> None:
    """Have looked at again what these alerts are about, and have that told to somebody.

    `whom` says how they are answered: `user`, `url`, `language`. Raises redis-py's errors.
    """
    for look in dict.fromkeys(_look(each.name) for each in alerts):
        if look:
            enqueue(shop.connection, BACKGROUND, *look)
    ids = ",".join(id_of(each.name) for each in alerts)
    enqueue(shop.connection, BACKGROUND, ANSWER, ids, whom["user"], whom["url"], whom["language"])


def _look(name: str) -> tuple[str, ...]:
    return next((look for start, look in LOOKS if name.startswith(start)), (DIRECTORY,))


def answer(ids: str, user: str, url: str, language: Language) -> None:
    """RQ job, after the look: tell whoever asked what is still wrong of these alerts."""
    ours, words = desk(), words_in(language)
    asked = ids.split(",")
    still = [each for each in ours.shop.alerts.open() if id_of(each.name) in asked]
    message = _verdict(still, words)
    body: dict[str, Any] = {"text": escape(message.text), "blocks": list(message.blocks)}
    try:
        try:
            beside = {"response_type": "ephemeral", "replace_original": False}
            ours.slack.respond(url, body | beside)
        except Rejected:
            # The address ran out meanwhile.
            ours.slack.tell("chat.postMessage", channel=user, **body, **QUIET)
    except VendorError as error:
        _log.warning("could not be told", user=user, because=error.sentence)


def _verdict(still: Sequence[Alert], words: Words) -> Message:
    if not still:
        said = words("Looked again just now: it is resolved.")
        return Message(said, (section(words.md(":white_check_mark: {said}", said=said)),))
    if len(still) == 1:
        sentence = alert_sentence(still[0], words)
        said = words("Looked again just now, and it is still so: {sentence}", sentence=sentence)
    else:
        said = words.count(
            "Looked again just now: {count} is still so.",
            "Looked again just now: {count} are still so.",
            len(still),
        )
    return Message(said, (section(Markup(escape(said))),))
