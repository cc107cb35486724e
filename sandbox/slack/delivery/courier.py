"""Whatever Slack sends to the app goes through here: by socket, by HTTP, or by a function."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic, time
from uuid import UUID

from sandbox.answer import Json
from sandbox.slack.delivery.acted import Acted, Kind
from sandbox.slack.delivery.post import USUAL, Manner, Posted, post, signed
from sandbox.slack.delivery.sockets import Sockets
from sandbox.slack.house import House

InProcess = Callable[[bytes, Mapping[str, str]], tuple[int, bytes]]


class Courier:
    """Delivers payloads and remembers each; holds no lock while it waits for the app."""

    def __init__(self, house: House, sockets: Sockets) -> None:
        self.house = house
        self.sockets = sockets
        self.app: InProcess | None = None
        self.delivered: list[Acted] = []
        self._posted: dict[str, Posted] = {}
        self._envelopes: dict[str, Json] = {}

    def deliver(self, kind: Kind, payload: Json, manner: Manner = USUAL) -> Acted:
        """Send a payload and wait for its acknowledgement."""
        with self.house.lock:
            id_ = str(UUID(int=self.house.dice.getrandbits(128)))
        switches = self.house.switches
        if self.app is None and not switches.request_url:
            self._envelopes[id_] = envelope(id_, kind, payload, manner)
        else:
            # signatures are checked against the true clock, whatever a test made of ours
            self._posted[id_] = signed(kind, payload, switches.signing_secret, time(), manner)
        return self._send(id_, kind, payload)

    def again(self, acted: Acted) -> Acted:
        """Send the very same once more: the same envelope, or the same bytes with their headers."""
        return self._send(acted.envelope_id, acted.kind, acted.payload)

    def _send(self, id_: str, kind: Kind, payload: Json) -> Acted:
        blank = Acted(kind, payload, envelope_id=id_)
        limit = self.house.switches.ack_limit
        if id_ in self._envelopes:
            answer, took, trouble = self.sockets.send(self._envelopes[id_], limit)
            acted = replace(
                blank, acked=answer is not None, took=took, answer=answer or {}, trouble=trouble
            )
        else:
            acted = self._post(blank, self._posted[id_], limit)
        self.delivered.append(acted)
        return acted

    def _post(self, blank: Acted, posted: Posted, limit: float) -> Acted:
        if self.app is None:
            status, body, took, trouble = post(self.house.switches.request_url, posted, limit)
        else:
            began = monotonic()
            status, body = self.app(posted.body, posted.headers)
            took = monotonic() - began
            trouble = "timeout" if took > limit else ""
        acked = not trouble and 200 <= status < 300
        if not trouble and not acked:
            trouble = f"status {status}"
        answer = read_answer(body) if acked else {}
        return replace(blank, acked=acked, took=took, answer=answer, trouble=trouble, status=status)


def read_answer(body: bytes) -> Json:
    """Return the body of an acknowledgement: a JSON object, or plain text under `text`."""
    text = body.decode("utf-8", "replace")
    if not text:
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"text": text}


def envelope(id_: str, kind: Kind, payload: Json, manner: Manner = USUAL) -> Json:
    """Return a payload in the envelope of Socket Mode."""
    made: Json = {
        "envelope_id": id_,
        "payload": payload,
        "type": kind,
        "accepts_response_payload": takes_answer(kind, payload),
    }
    if kind == "events_api":
        number, reason = manner.retry or (0, "")
        made |= {"retry_attempt": number, "retry_reason": reason}
    return made


def takes_answer(kind: Kind, payload: Json) -> bool:
    """Tell whether Slack reads a payload in the ack: of commands, submissions and searches."""
    of = ("view_submission", "block_suggestion")
    return kind == "slash_commands" or (kind == "interactive" and payload.get("type") in of)
