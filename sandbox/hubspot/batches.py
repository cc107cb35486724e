"""Batches of up to 100 records: what fails alone, what fails together, in which order it comes."""

from collections.abc import Callable, Iterable
from random import Random

from sandbox.answer import Answer, Json, Misunderstood, Refused, Request, json_answer
from sandbox.faults import Fault
from sandbox.hubspot.associations import Target, inline_targets
from sandbox.hubspot.errors import invalid, property_error, refusal, some_not_found
from sandbox.hubspot.errors import invalid_properties as refused_values
from sandbox.hubspot.objects import check_id_property, created, is_true, known_names, view
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Record, Values
from sandbox.hubspot.values import checked, unique_values
from sandbox.moments import iso_millis
from sandbox.shapes import Kinds, check_fields, check_query, check_strings, parse_object

MOST_INPUTS = 100
CREATE: tuple[Kinds, Kinds] = (
    {"properties": dict, "associations": list},
    {"objectWriteTraceId": str},
)
UPDATE: tuple[Kinds, Kinds] = (
    {"id": str, "properties": dict},
    {"idProperty": str, "objectWriteTraceId": str},
)
TRACE = "objectWriteTraceId"


class Batch:
    """One batch request: its inputs, its results and errors, and the fault striking some of it."""

    def __init__(self, request: Request, dice: Random, fault: Fault | None) -> None:
        self.now = request.time
        self.results: list[Json] = []
        self.errors: list[Json] = []
        self._dice = dice
        self._fault = fault if fault and fault.kind == "partial" else None

    def inputs(self, request: Request, shape: tuple[Kinds, Kinds]) -> list[Json]:
        """Return the checked inputs; Refused for none or too many, Misunderstood if misshapen."""
        check_query(request.query, frozenset())
        given = check_fields(parse_object(request.body), "body", {"inputs": list})["inputs"]
        checked_inputs = [check_fields(one, "inputs[]", *shape) for one in sized(given)]
        for one in checked_inputs:
            if "properties" in one:
                check_strings(one["properties"], "properties")
        return checked_inputs

    def sabotage(self, at: int, of: int) -> Refused | None:
        """Return the refusal with which a `partial` fault strikes the input `at`, if it does."""
        if self._fault is None:
            return None
        strikes = {"first": at == 0, "last": at == of - 1, "every": True}[self._fault.which]
        if not strikes:
            return None
        if self._fault.permanent:
            entry = property_error("hs_object_id", "INVALID_VALUE", "refused by the sandbox")
            return refused_values([entry])
        return refusal(500, "INTERNAL_ERROR", "internal error")

    def fail(self, refused: Refused, context: Json) -> None:
        """Keep the refusal of one input."""
        kept: Json = {
            name: refused.payload[name]
            for name in ("status", "category", "message", "errors")
            if name in refused.payload
        }
        self.errors.append({**kept, "context": context})

    def answer(self, success: int) -> Answer:
        """Return the batch answer: results in no order, 207 when anything failed."""
        self._dice.shuffle(self.results)
        payload: Json = {
            "status": "COMPLETE",
            "results": self.results,
            "startedAt": iso_millis(int(self.now * 1000)),
            "completedAt": iso_millis(int(self.now * 1000)),
        }
        if self.errors:
            payload.update(numErrors=len(self.errors), errors=self.errors)
        return json_answer(207 if self.errors else success, payload)


def sized(inputs: list[object]) -> list[object]:
    """Return the inputs; Refused (400) unless there are 1 to 100."""
    if not 1 <= len(inputs) <= MOST_INPUTS:
        raise invalid(f"inputs must hold between 1 and {MOST_INPUTS} entries, not {len(inputs)}")
    return inputs


def traced(view_: Json, given: Json) -> Json:
    """Return a result that carries the trace id of its input, if that had one."""
    return {**view_, TRACE: given[TRACE]} if TRACE in given else view_


def context_of(given: Json) -> Json:
    """Return what tells the client which input an error belongs to."""
    if TRACE in given:
        return {TRACE: [given[TRACE]]}
    return {"ids": [given["id"]]} if "id" in given else {}


def create_batch(portal: Portal, batch: Batch, request: Request, kind: str) -> Answer:
    """Answer `POST .../batch/create`: one by one only if every input has its own trace id."""
    inputs = batch.inputs(request, CREATE)
    traces = [one[TRACE] for one in inputs if TRACE in one]
    fails_alone = len(set(traces)) == len(inputs)
    plans: list[tuple[Json, Values, list[Target]]] = []
    claimed: dict[tuple[str, str], str] = {}
    for at, given in enumerate(inputs):
        try:
            targets = inline_targets(portal, kind, given["associations"])
            values = checked(portal, kind, given["properties"], claimed=claimed)
            sabotaged = batch.sabotage(at, len(inputs))
            if sabotaged:
                raise sabotaged
        except Refused as refused:
            if not fails_alone:
                raise
            batch.fail(in_batch(refused), context_of(given))
            continue
        next_id = str(portal.next_ids[kind] + len(plans))
        claimed.update(dict.fromkeys(unique_values(portal, kind, values), next_id))
        plans.append((given, values, targets))
    for given, values, targets in plans:
        record = created(portal, kind, values, targets, batch.now)
        batch.results.append(traced(view(record, values), given))
    return batch.answer(201)


def in_batch(refused: Refused) -> Refused:
    """Return a refusal as a batch words it: a duplicate e-mail has a category of its own there."""
    if refused.payload.get("category") == "CONFLICT":
        return Refused(409, {**refused.payload, "category": "OBJECT_ALREADY_EXISTS"})
    return refused


def read_batch(portal: Portal, batch: Batch, request: Request, kind: str) -> Answer:
    """Answer `POST .../batch/read`: 200, or 207 naming what was not found."""
    check_query(request.query, frozenset({"archived"}))
    required: Kinds = {"inputs": list, "properties": list, "propertiesWithHistory": list}
    given = check_fields(parse_object(request.body), "body", required, {"idProperty": str})
    check_strings(given["properties"], "properties")
    id_property = given.get("idProperty")
    check_id_property(portal, kind, id_property)
    archived = is_true(request.query.get("archived", "false"))
    ids = [check_fields(one, "inputs[]", {"id": str})["id"] for one in sized(given["inputs"])]
    names = known_names(portal, kind, given["properties"])
    missing: list[str] = []
    found: dict[str, Record] = {}
    for at, id_ in enumerate(dict.fromkeys(ids)):
        sabotaged = batch.sabotage(at, len(ids))
        record = portal.find_by(kind, id_property, id_, archived=archived)
        if sabotaged:
            batch.fail(sabotaged, {"ids": [id_]})
        elif record is None:
            missing.append(id_)
        else:
            found[record.id] = record
    batch.results += [view(record, names) for record in found.values()]
    if missing:
        batch.errors.append(some_not_found(kind, missing))
    return batch.answer(200)


def update_batch(portal: Portal, batch: Batch, request: Request, kind: str) -> Answer:
    """Answer `POST .../batch/update`: each input stands alone, 207 when some failed."""
    inputs = batch.inputs(request, UPDATE)
    refuse_repeated(one["id"] for one in inputs)
    for at, given in enumerate(inputs):
        check_id_property(portal, kind, given.get("idProperty"))
        record = portal.find_by(kind, given.get("idProperty"), given["id"])
        if record is None:
            batch.errors.append(
                {**some_not_found(kind, [given["id"]]), "context": context_of(given)}
            )
            batch.errors[-1]["context"].setdefault("ids", [given["id"]])
            continue
        change_one(portal, batch, record, given, batch.sabotage(at, len(inputs)))
    return batch.answer(200)


def change_one(
    portal: Portal, batch: Batch, record: Record, given: Json, sabotaged: Refused | None
) -> None:
    """Change one record of a batch, or keep why it was refused."""
    try:
        if sabotaged:
            raise sabotaged
        values = checked(portal, record.kind, given["properties"], record)
    except Refused as refused:
        batch.fail(in_batch(refused), context_of(given))
        return
    portal.write(record, values, batch.now)
    batch.results.append(traced(view(record, values), given))


def refuse_repeated(ids: Iterable[str]) -> None:
    """Raise Refused (400) when an id stands twice in one batch."""
    seen: set[str] = set()
    repeated = [id_ for id_ in ids if id_ in seen or seen.add(id_)]  # type: ignore[func-returns-value]  # add returns None
    if repeated:
        raise invalid(f"Duplicate IDs found in batch input: [{', '.join(repeated)}].")


def upsert_batch(portal: Portal, batch: Batch, request: Request, kind: str) -> Answer:
    """Answer `POST .../batch/upsert`: by a unique property given in each input."""
    inputs = batch.inputs(request, UPDATE)
    refuse_repeated(one["id"].lower() for one in inputs)
    for at, given in enumerate(inputs):
        id_property = given.get("idProperty")
        if not id_property:
            raise Misunderstood("inputs[] of an upsert need an idProperty")
        check_id_property(portal, kind, id_property)
        record = portal.find_by(kind, id_property, given["id"])
        sabotaged = batch.sabotage(at, len(inputs))
        if record is not None:
            before = len(batch.results)
            change_one(portal, batch, record, given, sabotaged)
            for result in batch.results[before:]:
                result["new"] = False
            continue
        try:
            if sabotaged:
                raise sabotaged
            wanted = {**given["properties"], id_property: given["id"]}
            values = checked(portal, kind, wanted)
        except Refused as refused:
            batch.fail(in_batch(refused), context_of(given))
            continue
        record = created(portal, kind, values, (), batch.now)
        batch.results.append({**traced(view(record, values), given), "new": True})
    return batch.answer(200)


def archive_batch(portal: Portal, batch: Batch, request: Request, kind: str) -> Answer:
    """Answer `POST .../batch/archive`: 204 also for what is not there."""
    for given in batch.inputs(request, ({"id": str}, {})):
        record = portal.records[kind].get(given["id"])
        if record is not None:
            portal.archive(record, batch.now)
    return Answer(204)


BATCHES: dict[str, Callable[[Portal, Batch, Request, str], Answer]] = {
    "create": create_batch,
    "read": read_batch,
    "update": update_batch,
    "upsert": upsert_batch,
    "archive": archive_batch,
}
