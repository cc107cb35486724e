"""The Slack world: what the app asks of it, what people do in it, and what they see."""

from collections.abc import Callable, Mapping
from threading import Condition
from time import monotonic, time
from typing import TypeVar

from sandbox.answer import Answer, Misunderstood, Refused, Request, json_answer
from sandbox.chance import chance
from sandbox.faults import Fault
from sandbox.slack.delivery.courier import Courier
from sandbox.slack.delivery.sockets import Sockets
from sandbox.slack.doors import Doors
from sandbox.slack.errors import too_many
from sandbox.slack.house import House
from sandbox.slack.web.gate import Rates, error_of, web_api
from sandbox.slack.web.responding import respond
from sandbox.world import Clock

Seen = TypeVar("Seen")


class SlackWorld(Doors):
    """One Slack workspace with the app installed; people by user id, conversations by id."""

    def __init__(self, clock: Clock = time) -> None:
        super().__init__(clock)
        self.address = "http://127.0.0.1"
        self._resets = 0
        self.sockets = Sockets(self._surprise)
        self._changed = Condition(self.lock)
        self.reset()

    def reset(self, *, keep_sockets: bool = False) -> None:
        """Return to the seeded state: everything forgotten, every socket hung up or kept."""
        self.sockets.reset(keep_sockets=keep_sockets)
        with self.lock:
            self._forget()
            # no id comes twice: a thread that outlived the last test must not meet this one
            self._resets += 1
            dice = chance(self._resets)
            self.house = House(self.lock, self.now, self.surprises, self.address, dice)
            self.courier = Courier(self.house, self.sockets)
            self.rates = Rates()

    def stand_at(self, address: str) -> None:
        """Say where this world is reached, which response_urls begin with."""
        self.address = self.house.address = address

    def close(self) -> None:
        """Stop the WebSocket side."""
        self.sockets.close()

    def now(self) -> float:
        """Return the time of this world (seconds), which a test may have made."""
        return self.clock()

    def _surprise(self, sentence: str) -> None:
        self.surprises.append(sentence)

    def handle(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Answer one request as Slack would, and wake those who wait with `until`."""
        answer = super().handle(method, path, query, headers, body)
        with self._changed:
            self._changed.notify_all()
        return answer

    def obey(self, request: Request, fault: Fault | None) -> Answer:
        """Answer by Slack's rules; raises Refused or Misunderstood."""
        del fault
        if request.path.startswith("/response/"):
            return respond(self.house, request)
        if request.path.startswith("/api/"):
            try:
                return web_api(self.house, self.sockets, self.rates, request)
            except Refused as refused:
                self.too_many += refused.status == 429
                raise
        raise Misunderstood(f"nothing answers {request.method} {request.path}", 404)

    def bewildered(self, problem: Misunderstood) -> Answer:
        """Return Slack's answer to something that was not understood."""
        told = {"messages": [f"[ERROR] {problem.sentence}"]}
        answer = {"ok": False, "error": error_of(problem), "response_metadata": told}
        return json_answer(200, answer)

    def broken(self, request: Request, fault: Fault) -> Answer:
        """Return Slack's error answer for a fault that strikes before the write."""
        del request
        if fault.kind == "429":
            self.too_many += 1
            body, headers = too_many(1 if fault.retry_after is None else fault.retry_after)
            return json_answer(429, body, headers)
        if fault.kind == "502":
            page = b"<html><head><title>502 Bad Gateway</title></head></html>"
            return Answer(502, {"Content-Type": "text/html"}, page)
        # 423 and 477 are HubSpot's own: here they strike as a service that is unavailable
        status = int(fault.kind) if fault.kind in ("500", "503") else 503
        error = "fatal_error" if status == 500 else "service_unavailable"
        return json_answer(status, {"ok": False, "error": error})

    def limits(self, *, tiers: bool = False, minute: Mapping[str, int] | None = None) -> None:
        """Keep Slack's own tiers, or so many requests a minute of single methods; nothing: none."""
        with self.lock:
            self.rates = Rates(tiers, dict(minute or {}))

    def until(self, look: Callable[[], Seen], within: float = 60.0) -> Seen:
        """Wait until `look` returns something true, and return that; TimeoutError after `within`.

        It looks again after every request of the app, so nothing has to sleep.
        """
        deadline = monotonic() + within
        # without the lock, so that `look` may be anything; hence now and then unasked, too
        while not (seen := look()):
            if monotonic() > deadline:
                raise TimeoutError(f"still {seen!r} after {within} s")
            with self._changed:
                self._changed.wait(0.05)
        return seen
