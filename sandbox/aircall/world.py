"""The Aircall world: Basic auth, the limit per minute, and what people do there."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import replace
from time import time

from sandbox.aircall.calls import from_event
from sandbox.aircall.delivery import Deliveries
from sandbox.aircall.errors import edge, refusal
from sandbox.aircall.routes import Office, route
from sandbox.answer import Answer, Json, Misunderstood, Request, json_answer
from sandbox.faults import REFUSALS, Fault
from sandbox.limits import Window
from sandbox.shapes import Kinds, check_fields
from sandbox.world import Clock, World

SWITCHES: Kinds = {
    "ready_delay": (int, float),
    "door": str,
    "reachable": bool,
    "first_pause": (int, float),
    "keep_trying": (int, float),
}
"""Of `set`: seconds before each answer; where the product's door is, whether it can be reached from
Aircall, seconds before the first retry and for how long a delivery is tried."""
API_ID = "sandbox-id"
API_TOKEN = "sandbox-token"  # noqa: S105 - fixed on purpose, opens nothing

STATE = "The contact is currently unavailable"


class AircallWorld(World):
    """One Aircall company; see `handle`, `office`, `add_call`, `limits`, `state`."""

    def __init__(self, clock: Clock = time) -> None:
        super().__init__(clock)
        self.office = Office()
        # Both may be replaced by others later on.
        self.deliveries = Deliveries(lambda: self.office.webhooks, lambda: self.clock())  # noqa: PLW0108
        self.reset()

    def reset(self) -> None:
        """Return to the seeded state, with faults, limits and logs forgotten."""
        with self.lock:
            self._forget()
            self.api_id, self.api_token = API_ID, API_TOKEN
            self.office = Office()
            self.limits()
        self.deliveries.reset()

    def limits(self, minute: int | None = None) -> None:
        """Allow so many requests in any 60 s; None is no limit."""
        with self.lock:
            self.minute = Window(60.0, minute)

    def obey(self, request: Request, fault: Fault | None) -> Answer:
        """Answer by Aircall's rules; raises Refused or Misunderstood."""
        del fault
        self._check_credentials(request)
        if self.minute.full(request.time):
            self.too_many += 1
            raise refusal(429, "You have reached the rate limit", self._rates(request.time))
        self.minute.admit(request.time)
        is_json = request.headers.get("content-type", "").startswith("application/json")
        if request.method in ("POST", "PUT", "DELETE") and not is_json:
            raise Misunderstood("Content-Type: application/json is required")
        answer = route(self.office, request)
        return replace(answer, headers={**answer.headers, **self._rates(request.time)})

    def _check_credentials(self, request: Request) -> None:
        given = request.headers.get("authorization")
        if not given:
            raise edge(401)
        pair = b64encode(f"{self.api_id}:{self.api_token}".encode()).decode()
        if given != f"Basic {pair}":
            raise edge(403)

    def _rates(self, now: float) -> dict[str, str]:
        if self.minute.most is None:
            return {}
        oldest = self.minute.admitted[0] if self.minute.admitted else now
        return {
            "X-AircallApi-Limit": str(self.minute.most),
            "X-AircallApi-Remaining": str(self.minute.remaining),
            "X-AircallApi-Reset": str(int(oldest + 60) + 1),
        }

    def bewildered(self, problem: Misunderstood) -> Answer:
        """Return Aircall's answer to something that was not understood."""
        refused = edge(404) if problem.status == 404 else refusal(problem.status, problem.sentence)
        return json_answer(refused.status, refused.payload)

    def broken(self, request: Request, fault: Fault) -> Answer:
        """Return Aircall's error answer for a fault that strikes before the write."""
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        if fault.kind == "502":
            page = b"<html><head><title>502 Bad Gateway</title></head></html>"
            return Answer(502, {"Content-Type": "text/html"}, page)
        if fault.kind == "429":
            reset = int(request.time) + (60 if fault.retry_after is None else fault.retry_after)
            headers |= {"X-AircallApi-Remaining": "0", "X-AircallApi-Reset": str(reset)}
            refused = refusal(429, "You have reached the rate limit")
            return json_answer(429, refused.payload, headers)
        if fault.kind in REFUSALS:
            if fault.kind == "403":
                return json_answer(403, edge(403).payload)
            return json_answer(int(fault.kind), refusal(int(fault.kind), STATE).payload)
        # 423 and 477 are HubSpot's own: here they strike as a service that is unavailable
        status = int(fault.kind) if fault.kind in ("500", "503") else 503
        return json_answer(status, refusal(status, "Please try again").payload, headers)

    def add_call(self, event: Json) -> None:
        """Keep the call of a webhook event for the REST API; the newest event of a call counts."""
        with self.lock:
            call = from_event(event["data"])
            self.office.calls[call["id"]] = call

    def happen(self, events: Iterable[Json]) -> dict[int, int]:
        """Let events happen: their calls are in the REST API at once, and webhooks are told.

        Returns how often the product's door gave which status (0: no answer).
        """
        told = list(events)
        for event in told:
            if event["resource"] == "call":
                self.add_call(event)
        return self.deliveries.tell(told)

    def meddle(self, what: str, given: Json) -> Json | None:
        """Do what `POST /_sandbox/{what}` asks: seed, happen, edit, delete, set.

        What is seeded was told to nobody; what happens is told to the webhooks.
        """
        if what == "happen":
            events = check_fields(given, "happen", {"events": list})["events"]
            return {"answers": {str(status): n for status, n in self.happen(events).items()}}
        with self.lock:
            match what:
                case "seed":
                    for event in check_fields(given, "seed", {"calls": list})["calls"]:
                        self.add_call(event)
                case "edit":
                    fields: Kinds = {"kind": str, "id_": (int, str), "values": dict}
                    asked = check_fields(given, "edit", fields)
                    self._things(asked["kind"])[asked["id_"]].update(asked["values"])
                case "delete":
                    asked = check_fields(given, "delete", {"kind": str, "id_": (int, str)})
                    del self._things(asked["kind"])[asked["id_"]]
                case "set":
                    self._set(check_fields(given, "set", {}, SWITCHES))
                case _:
                    raise Misunderstood(f"nothing to do under {what}")
        return None

    def _set(self, asked: Json) -> None:
        deliveries = self.deliveries
        self.ready_delay = float(asked.get("ready_delay", self.ready_delay))
        deliveries.door = asked.get("door", deliveries.door)
        deliveries.reachable = asked.get("reachable", deliveries.reachable)
        deliveries.first_pause = float(asked.get("first_pause", deliveries.first_pause))
        deliveries.keep_trying = float(asked.get("keep_trying", deliveries.keep_trying))

    def _things(self, kind: str) -> dict[int | str, Json]:
        office = self.office
        things: dict[str, object] = {
            "numbers": office.numbers,
            "users": office.users,
            "tags": office.tags,
            "contacts": office.book.contacts,
            "calls": office.calls,
            "webhooks": office.webhooks,
        }
        return things[kind]  # type: ignore[return-value]  # webhooks go by text, the rest by number

    def state(self) -> Json:
        """Return everything a test in another process may want to see, as JSON."""
        with self.lock:
            kinds = ("numbers", "users", "tags", "contacts", "calls", "webhooks")
            return {
                **{kind: list(self._things(kind).values()) for kind in kinds},
                "deliveries": self.deliveries.state(),
                "surprises": list(self.surprises),
                "tooMany": self.too_many,
                "requests": len(self.requests),
            }
