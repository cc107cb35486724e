"""One person's act with all that is needed to answer it: who, in which words, and how."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.asking.acts import Act
from bot.asking.desk import Desk
from bot.asking.people import Person
from bot.asking.standing import Standing
from bot.blocks import Block, Message
from bot.markup import escape
from bot.words import Words
from clients.errors import Rejected

Reply = dict[str, Any]
"""What a submission is acknowledged with; empty closes the form."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Handed to whatever carries an act out."""

    desk: Desk
    act: Act
    person: Person
    standing: Standing
    words: Words

    def tell(self, message: Message, *, replace: bool = False) -> None:
        """Answer so that only this person sees it; `replace` puts it in the clicked one's place.

        Raises Unavailable and Rejected.
        """
        body: dict[str, Any] = {"text": escape(message.text), "blocks": list(message.blocks)}
        if self.act.response_url:
            beside = {"response_type": "ephemeral", "replace_original": replace}
            # An address that ran out or was used up leaves the direct message.
            with suppress(Rejected):
                self.desk.slack.respond(self.act.response_url, body | beside)
                return
        # From a form or the Home tab there is no place in a channel.
        quiet = {"unfurl_links": False, "unfurl_media": False}
        self.desk.slack.tell("chat.postMessage", channel=self.act.user, **quiet, **body)

    def open(self, view: Block) -> Block:
        """Open a modal, on top of the one it was asked for in; returns Slack's view, with its hash.

        Raises Unavailable and Rejected.
        """
        inside = self.act.view is not None and self.act.view.type == "modal"
        method = "views.push" if inside else "views.open"
        told = self.desk.slack.tell(method, trigger_id=self.act.trigger, view=view, quick=True)
        opened: Block = told["view"]
        return opened

    def update(self, view_id: str, hash_: str, view: Block) -> Block:
        """Put another view in the place of one that is open and still as `hash_` says, if it says.

        Raises Unavailable and Rejected (`hash_conflict`: it changed; `not_found`: it was closed).
        """
        still: dict[str, Any] = {"hash": hash_} if hash_ else {}
        told = self.desk.slack.tell("views.update", view_id=view_id, view=view, **still)
        updated: Block = told["view"]
        return updated
