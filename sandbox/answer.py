"""What a world is asked and what it answers, before any of it becomes HTTP."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

JSON_HEADERS: Mapping[str, str] = {"Content-Type": "application/json;charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Wire:
    """How the HTTP shell has to send an answer.

    `hold` are seconds of silence first; `reset` closes without a byte; `cut` ends in the middle
    of the body; `trickle` are seconds between single bytes of the body.
    """

    hold: float = 0.0
    reset: bool = False
    cut: bool = False
    trickle: float = 0.0


PLAIN = Wire()


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer and the manner of its sending."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    wire: Wire = PLAIN

    def json(self) -> Any:  # noqa: ANN401 - a JSON body may be anything
        """Return the body parsed as JSON; ValueError if it is none."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: header names in lower case, the path without query, body as bytes."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    time: float

    @property
    def segments(self) -> tuple[str, ...]:
        """Return the parts of the path between slashes."""
        return tuple(self.path.strip("/").split("/"))


class Refused(Exception):  # noqa: N818 - a refusal is an answer of the vendor, not an error of ours
    """The vendor's refusal of a request it understood: status, JSON body, headers."""

    def __init__(
        self, status: int, payload: Json, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status}: {payload.get('message') or payload.get('error')}")
        self.status = status
        self.payload = payload
        self.headers = headers or {}


class Misunderstood(Exception):  # noqa: N818 - names what happened: the stand-in did not understand
    """A request outside of what the stand-in knows; it is refused and kept in `surprises`."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def json_answer(status: int, payload: object, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer carrying `payload` as JSON."""
    body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    return Answer(status, {**JSON_HEADERS, **headers} if headers else JSON_HEADERS, body)
