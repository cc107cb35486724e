"""The HubSpot world: routes, token, scopes, limits, and what tests look at afterwards."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from time import time

from sandbox.answer import Answer, Json, Misunderstood, Request, json_answer
from sandbox.chance import chance
from sandbox.faults import Fault
from sandbox.hubspot import account, associations, definitions, people
from sandbox.hubspot.dump import account_of, dump, history
from sandbox.hubspot.errors import (
    refusal,
    too_many,
    unauthorised,
)
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Record, Switches
from sandbox.hubspot.routes import VERSION, route
from sandbox.hubspot.seed import seeded_portal
from sandbox.limits import Window
from sandbox.moments import iso_millis
from sandbox.shapes import check_fields
from sandbox.world import Clock, World

USAGE = f"/account-info/{VERSION}/api-usage/daily/private-apps"
DAY = 86_400.0


@cache
def fresh_portal() -> Portal:
    """Return the seeded portal that every reset copies; never change it."""
    return seeded_portal()


class HubSpotWorld(World):
    """One HubSpot portal; see `handle`, `add`, `edit`, `delete`, `dump`, `history`, `limits`."""

    def __init__(self, clock: Clock = time) -> None:
        super().__init__(clock)
        self.reset()

    def reset(self) -> None:
        """Return to the seeded state, with faults, limits, switches and logs forgotten."""
        with self.lock:
            self._forget()
            self.portal = fresh_portal().copy()
            self.dice = chance(0)
            self.limits()

    @property
    def switches(self) -> Switches:
        """Return what a test may choose where portals differ."""
        return self.portal.switches

    def limits(
        self, burst: int | None = None, search: int | None = None, daily: int | None = None
    ) -> None:
        """Allow so many requests in any 10 s, searches in any 1 s, requests in any day.

        None is no limit. Searches count for the day, not for the burst.
        """
        with self.lock:
            self.burst = Window(10.0, burst)
            self.searches = Window(1.0, search)
            self.daily = Window(DAY, daily)

    def obey(self, request: Request, fault: Fault | None) -> Answer:
        """Answer by HubSpot's rules; raises Refused or Misunderstood."""
        if request.headers.get("authorization") != f"Bearer {self.switches.token}":
            raise unauthorised()
        is_search = request.path.endswith("/search")
        self._spend(request.time, is_search=is_search)
        if request.method == "GET" and request.path == USAGE:
            most = 625_000 if self.daily.most is None else self.daily.most
            return self._with_rates(account.usage(request, most, len(self.requests)))
        answer = route(self.portal, request, self.dice, fault)
        return answer if is_search else self._with_rates(answer)

    def _spend(self, now: float, *, is_search: bool) -> None:
        window, policy = (
            (self.searches, "SECONDLY") if is_search else (self.burst, "TEN_SECONDLY_ROLLING")
        )
        if self.daily.full(now):
            window, policy = self.daily, "DAILY"
        if window.full(now):
            self.too_many += 1
            raise too_many(policy, {} if is_search else self._rates())
        window.admit(now)
        self.daily.admit(now)

    def _rates(self) -> dict[str, str]:
        most = 190 if self.burst.most is None else self.burst.most
        daily = 625_000 if self.daily.most is None else self.daily.most
        left = most if self.burst.most is None else self.burst.remaining
        daily_left = daily if self.daily.most is None else self.daily.remaining
        return {
            "X-HubSpot-RateLimit-Max": str(most),
            "X-HubSpot-RateLimit-Remaining": str(left),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Daily": str(daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(daily_left),
        }

    def _with_rates(self, answer: Answer) -> Answer:
        return replace(answer, headers={**answer.headers, **self._rates()})

    def bewildered(self, problem: Misunderstood) -> Answer:
        """Return HubSpot's answer to something that was not understood."""
        category = "OBJECT_NOT_FOUND" if problem.status == 404 else "VALIDATION_ERROR"
        refused = refusal(problem.status, category, problem.sentence)
        return json_answer(problem.status, refused.payload)

    def broken(self, request: Request, fault: Fault) -> Answer:
        """Return HubSpot's error answer for a fault that strikes before the write."""
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        if fault.kind == "429":
            refused = too_many(fault.policy, headers)
            return json_answer(429, refused.payload, headers)
        if fault.kind == "502":
            page = b"<html><head><title>502 Bad Gateway</title></head><body>cloud</body></html>"
            return Answer(502, {"Content-Type": "text/html"}, page)
        sentence = {
            "500": "internal error",
            "503": "Service is temporarily unavailable",
            "423": "Resource is locked, try again later",
            "477": "This account is being moved to another data center",
        }.get(fault.kind, "refused by the sandbox")
        at = iso_millis(int(request.time * 1000))
        payload = {"status": "error", "message": sentence, "correlationId": f"sandbox-{at}"}
        return json_answer(int(fault.kind), payload, headers)

    def record(self, kind: str, id_: str) -> Record:
        """Return a record, archived or not. KeyError when there is none."""
        return self.portal.records[kind][id_]

    def add(
        self, kind: str, values: Mapping[str, str], links: Mapping[str, list[str]] | None = None
    ) -> str:
        """Create a record as a person would, linked by default types; return its id."""
        with self.lock:
            now = self.clock()
            record = self.portal.add(kind, values, now)
            for to, ids in (links or {}).items():
                for id_ in ids:
                    other = self.record(to, id_)
                    type_id = associations.default_type(record, other)
                    associations.link(self.portal, record, other, type_id, now)
            return record.id

    def edit(self, kind: str, id_: str, values: Mapping[str, str]) -> None:
        """Change properties of a record as a person would. KeyError when there is none."""
        with self.lock:
            people.edit(self.portal, self.record(kind, id_), values, self.clock())

    def delete(self, kind: str, id_: str, inside: str = "", by: int = people.EDITOR) -> None:
        """Delete as a person: a record, `pipelines`, `stages` (of pipeline `inside`), `owners`,
        `outcomes`, `properties` (of the type `inside`). `by` is the HubSpot user of whom the
        pipelines' audit tells. KeyError when there is none.
        """  # noqa: D205 - the list of kinds needs both lines
        with self.lock:
            now = self.clock()
            match kind:
                case "pipelines":
                    people.delete_pipeline(self.portal, id_, now, by)
                case "stages":
                    people.delete_stage(self.portal, inside, id_, now, by)
                case "owners":
                    people.archive_owner(self.portal, id_)
                case "outcomes":
                    people.delete_outcome(self.portal, id_)
                case "properties":
                    definitions.drop_definition(self.portal, inside, id_)
                case _:
                    self.portal.archive(self.record(kind, id_), now)

    def restore(self, kind: str, id_: str, inside: str = "") -> None:
        """Bring back a record, `pipelines`, or `stages` (of pipeline `inside`).

        KeyError when there is none.
        """
        with self.lock:
            now = self.clock()
            match kind:
                case "pipelines":
                    people.restore_pipeline(self.portal, id_, now)
                case "stages":
                    people.restore_stage(self.portal, inside, id_, now)
                case _:
                    people.restore(self.portal, self.record(kind, id_), now)

    def merge(self, kind: str, winner: str, loser: str) -> None:
        """Merge `loser` into `winner` as a person would. KeyError when one is not there."""
        with self.lock:
            pair = self.record(kind, winner), self.record(kind, loser)
            people.merge(self.portal, *pair, self.clock())

    @property
    def history(self) -> dict[str, dict[str, list[tuple[float, Json]]]]:
        """Return {type: {id: [(seconds, changed values), ...]}}, oldest change first."""
        with self.lock:
            return history(self.portal)

    def dump(self) -> dict[str, dict[str, Json]]:
        """Return {type: {id: {properties, associations, archived, createdAt}}}, archived too."""
        with self.lock:
            return dump(self.portal)

    def meddle(self, what: str, given: Json) -> None:
        """Do what `POST /_sandbox/{what}` asks: seed, edit, delete, restore, merge, set."""
        match what:
            case "seed":
                for kind, records in given.items():
                    for values in records:
                        self.add(kind, values)
            case "edit":
                self.edit(**check_fields(given, "edit", {"kind": str, "id_": str, "values": dict}))
            case "delete":
                fields = {"kind": str, "id_": str}
                self.delete(**check_fields(given, "delete", fields, {"inside": str, "by": int}))
            case "restore":
                fields = {"kind": str, "id_": str}
                self.restore(**check_fields(given, "restore", fields, {"inside": str}))
            case "merge":
                fields = {"kind": str, "winner": str, "loser": str}
                self.merge(**check_fields(given, "merge", fields))
            case "set":
                self._set(given)
            case _:
                raise Misunderstood(f"nothing to do under {what}")

    def _set(self, given: Json) -> None:
        for name, value in given.items():
            if name == "ready_delay":
                self.ready_delay = float(value)
            elif name in Switches.__slots__:
                setattr(self.switches, name, frozenset(value) if isinstance(value, list) else value)
            else:
                raise Misunderstood(f"there is no switch {name}")

    def state(self) -> Json:
        """Return everything a test in another process may want to see, as JSON."""
        with self.lock:
            return {
                "objects": dump(self.portal),
                **account_of(self.portal),
                "surprises": list(self.surprises),
                "tooMany": self.too_many,
                "requests": len(self.requests),
            }
