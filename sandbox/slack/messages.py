"""Messages of the bot: those of channels and direct messages, and ephemeral ones for one reader."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from sandbox.answer import Json
from sandbox.slack.workspace import APP, BOT, BOT_USER, TEAM


@dataclass(slots=True)
class Message:
    """One message as it is now. `reader` is the only person who sees an ephemeral one.

    `blocks` are as Slack keeps them, with the ids it fills in. `edits` counts changes,
    `chosen` holds what readers chose in it: {(user, block_id, action_id): state}, `offered` the
    options an external menu last showed.
    """

    channel: str
    ts: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    reader: str = ""
    thread_ts: str = ""
    metadata: Json | None = None
    author: str = BOT_USER
    edits: int = 0
    options: Json = field(default_factory=dict)
    chosen: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    offered: dict[tuple[str, str], list[Json]] = field(default_factory=dict)

    @property
    def is_ephemeral(self) -> bool:
        """Tell whether one person alone sees it."""
        return bool(self.reader)

    def shown(self) -> Json:
        """Return it as Slack's answers and payloads show it."""
        shown: Json = {
            "type": "message",
            "user": self.author,
            "ts": self.ts,
            "text": self.text,
            "team": TEAM,
        }
        if self.author == BOT_USER:
            shown |= {"bot_id": BOT, "app_id": APP}
        if self.blocks:
            shown["blocks"] = deepcopy(self.blocks)
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if self.metadata is not None:
            shown["metadata"] = deepcopy(self.metadata)
        if self.edits:
            shown["edited"] = {"user": self.author, "ts": self.ts}
        return shown

    def state(self) -> Json:
        """Return it for the side door: as shown, with channel and reader."""
        return {
            **self.shown(),
            "channel": self.channel,
            "reader": self.reader,
            "edits": self.edits,
            "options": dict(self.options),
        }


@dataclass(slots=True)
class Board:
    """Every message that is still there, oldest first, and the numbers of the next ones."""

    messages: list[Message] = field(default_factory=list)
    last: int = 0

    def next_ts(self, now: float) -> str:
        """Return a `ts` that no message had: seconds and six decimals, always rising."""
        self.last = max(int(now * 1_000_000), self.last + 1)
        return f"{self.last // 1_000_000}.{self.last % 1_000_000:06d}"

    def put(self, now: float, channel: str, text: str, **more: Any) -> Message:  # noqa: ANN401 - fields of Message
        """Add a message and return it; `more` are further fields of `Message`."""
        message = Message(channel, self.next_ts(now), text, **more)
        self.messages.append(message)
        return message

    def find(self, channel: str, ts: str) -> Message | None:
        """Return the message of a channel with this `ts`, ephemeral or not."""
        return next((m for m in self.messages if (m.channel, m.ts) == (channel, ts)), None)

    def drop(self, message: Message) -> None:
        """Take a message away."""
        self.messages.remove(message)
