"""What came of something that Slack sent to the app."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sandbox.answer import Json

Kind = Literal["slash_commands", "interactive", "events_api", "nothing"]


@dataclass(frozen=True, slots=True)
class Acted:
    """One act of a person, or one event, and how the app answered it.

    `acked` within the limit, `took` seconds (until the answer, or until Slack gave up), `answer`
    is the body of the acknowledgement ({} if empty). `trouble` is what the person sees instead:
    `timeout`, `no_connection`, `status 500`, `invalid answer` ..., or "". `errors` are the
    sentences under inputs, by block_id. `kind` is `nothing` where Slack itself kept the act back.
    `confirm` is the dialog that was asked first. `sent` and `envelope_id` lead to sending it again.
    """

    kind: Kind
    payload: Json = field(default_factory=dict)
    acked: bool = False
    took: float = 0.0
    answer: Json = field(default_factory=dict)
    trouble: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    confirm: Json | None = None
    options: tuple[Json, ...] = ()
    envelope_id: str = ""
    status: int = 0

    @property
    def trigger_id(self) -> str:
        """Return the trigger_id that the app was given, "" if none."""
        return str(self.payload.get("trigger_id", ""))

    @property
    def response_url(self) -> str:
        """Return the response_url that the app was given, "" if none."""
        return str(self.payload.get("response_url", ""))

    def as_json(self) -> Json:
        """Return it for the side door."""
        shown = {name: getattr(self, name) for name in _NAMES}
        return {**shown, "errors": dict(self.errors), "options": list(self.options)}


_NAMES = tuple(Acted.__slots__)
