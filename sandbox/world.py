"""The way of one request through a world: log, faults, the vendor's own rules, answer."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from threading import RLock
from time import time

from sandbox.answer import (
    PLAIN,
    Answer,
    Json,
    Misunderstood,
    Refused,
    Request,
    Wire,
    json_answer,
)
from sandbox.faults import Fault, Faults

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Logged:
    """One request as the world saw it; status 0 when the connection was closed without answer."""

    time: float
    method: str
    path: str
    status: int
    fault: str = ""


class World:
    """What both vendors' worlds share: lock, clock, log, faults and the list of surprises.

    `ready_delay` are seconds before every answer. `clock` returns seconds since 1970 and may be
    replaced by a test. `surprises` holds one sentence per request that was not understood.
    """

    def __init__(self, clock: Clock = time) -> None:
        self.lock = RLock()
        self._first_clock = clock
        self._forget()

    def _forget(self) -> None:
        self.clock = self._first_clock
        self.requests: list[Logged] = []
        self.surprises: list[str] = []
        self.faults = Faults()
        self.too_many = 0
        self.ready_delay = 0.0

    def handle(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Answer one request as the vendor would; safe to call from many threads at once."""
        lowered = {name.lower(): value for name, value in (headers or {}).items()}
        with self.lock:
            request = Request(method, path, query or {}, lowered, body, self.clock())
            fault = self.faults.pick(request)
            answer = self._answer(request, fault)
            status = 0 if answer.wire.reset else answer.status
            kind = fault.kind if fault else ""
            self.requests.append(Logged(request.time, method, path, status, kind))
            if self.ready_delay:
                held = replace(answer.wire, hold=answer.wire.hold + self.ready_delay)
                answer = replace(answer, wire=held)
        return answer

    def _answer(self, request: Request, fault: Fault | None) -> Answer:
        if fault is None:
            return self._obey(request, None)
        if not fault.before:
            return spoil(self._obey(request, fault), fault)
        if fault.kind in ("reset", "timeout"):
            hold = fault.hold if fault.kind == "timeout" else 0.0
            return Answer(0, wire=Wire(hold=hold, reset=True))
        if fault.kind == "empty_200":
            return Answer(200)
        return self.broken(request, fault)

    def _obey(self, request: Request, fault: Fault | None) -> Answer:
        try:
            return self.obey(request, fault)
        except Refused as refused:
            return json_answer(refused.status, refused.payload, refused.headers)
        except Misunderstood as problem:
            self.surprises.append(f"{request.method} {request.path}: {problem.sentence}")
            return self.bewildered(problem)

    def obey(self, request: Request, fault: Fault | None) -> Answer:
        """Answer by the vendor's rules; raises Refused or Misunderstood."""
        raise NotImplementedError

    def bewildered(self, problem: Misunderstood) -> Answer:
        """Return the vendor's answer to something that was not understood."""
        raise NotImplementedError

    def broken(self, request: Request, fault: Fault) -> Answer:
        """Return the vendor's error answer for a fault that strikes before the write."""
        raise NotImplementedError

    def reset(self) -> None:
        """Return to the seeded state."""
        raise NotImplementedError

    def limits(self) -> None:
        """Allow any number of requests; the worlds add their own limits as arguments."""
        raise NotImplementedError

    def state(self) -> Json:
        """Return everything a test in another process may want to see, as JSON."""
        raise NotImplementedError

    def meddle(self, what: str, given: Json) -> Json | None:
        """Do what `POST /_sandbox/{what}` asks, and return what is to be answered, if anything.

        Misunderstood or LookupError if it cannot.
        """
        raise NotImplementedError

    def look(self, what: str, query: Mapping[str, str]) -> Json:
        """Show what `GET /_sandbox/{what}` asks for beyond what all worlds show."""
        del query
        raise Misunderstood(f"nothing to look at under {what}")

    def chaos(self, rate: float, seed: int = 0, hold: float = 0.05) -> None:
        """Let each request fail with probability `rate` in any of all ways; 0 ends it."""
        self.faults.chaos(rate, seed, hold=hold)

    def fault(self, kind: str, **how: object) -> None:
        """Arm one fault; `how` are the fields of `sandbox.faults.Fault`."""
        self.faults.add(Fault(kind, **how))  # type: ignore[arg-type]  # checked by Fault itself

    def count(self, method: str = "", path: str = "") -> int:
        """Return how many requests came with this method (all if empty) below this path."""
        with self.lock:
            return sum(
                logged.path.startswith(path) and method in ("", logged.method)
                for logged in self.requests
            )

    def log(self) -> list[Json]:
        """Return the log of requests as plain dicts, oldest first."""
        with self.lock:
            return [asdict(logged) for logged in self.requests]


def spoil(answer: Answer, fault: Fault) -> Answer:
    """Return what a fault makes of an answer whose request has already taken effect."""
    match fault.kind:
        case "reset_after":
            return Answer(0, wire=Wire(reset=True))
        case "timeout_after":
            return Answer(0, wire=Wire(hold=fault.hold, reset=True))
        case "500_after":
            return json_answer(500, {"status": "error", "message": "internal error"})
        case "cut":
            return replace(answer, wire=Wire(cut=True)) if answer.body else answer
        case "trickle":
            return replace(answer, wire=Wire(trickle=fault.hold))
        case "empty_200_after":
            return Answer(200)
        case _:
            return replace(answer, wire=PLAIN)
