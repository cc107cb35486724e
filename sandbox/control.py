"""The side door `/_sandbox/` through which a test in another process looks and meddles."""

from collections import Counter
from collections.abc import Callable, Mapping

from sandbox.answer import Answer, Json, Misunderstood, json_answer
from sandbox.faults import KINDS
from sandbox.shapes import check_fields, parse_object
from sandbox.world import World

PREFIX = "/_sandbox/"


def control(world: World, method: str, path: str, query: Mapping[str, str], body: bytes) -> Answer:
    """Answer one request below `/_sandbox/`; needs no credentials, is never logged or spoilt.

    `GET state`, `GET requests`, `POST reset`, `POST faults` ({"clear": true}, {"add": {...}},
    {"chaos": {"rate", "seed"}}), `POST limits`, `POST seed`, `POST edit`, `POST delete`,
    `POST set` (ready_delay and the world's switches), and whatever else a world offers; 204, or
    200 with what came of it. 400 with a sentence for anything else.
    """
    what = path.removeprefix(PREFIX)
    try:
        if method == "GET":
            return _look(world, what, query)
        given = parse_object(body or b"{}")
        told = world.meddle(what, given) if what not in SHARED else SHARED[what](world, given)
        return Answer(204) if told is None else json_answer(200, told)
    except (Misunderstood, LookupError, TypeError, ValueError) as problem:
        return json_answer(400, {"message": f"{type(problem).__name__}: {problem}"})


def _look(world: World, what: str, query: Mapping[str, str]) -> Answer:
    if what == "state":
        return json_answer(200, world.state())
    if what == "requests":
        log = world.log()
        counts = Counter(f"{one['method']} {one['path']}" for one in log)
        last = log[-int(query["last"]) :] if "last" in query else log
        return json_answer(200, {"requests": last, "counts": counts})
    return json_answer(200, world.look(what, query))


def _reset(world: World, given: Json) -> None:
    check_fields(given, "body", {})
    world.reset()


def _faults(world: World, given: Json) -> None:
    check_fields(given, "body", {}, {"clear": bool, "add": dict, "chaos": dict})
    if given.get("clear"):
        world.faults.clear()
    if "add" in given:
        world.fault(**given["add"])
    if "chaos" in given:
        chaos = check_fields(
            given["chaos"],
            "chaos",
            {"rate": (int, float)},
            {"seed": int, "kinds": list, "hold": (int, float)},
        )
        world.faults.chaos(
            chaos["rate"], chaos.get("seed", 0), chaos.get("kinds", KINDS), chaos.get("hold", 0.05)
        )


def _limits(world: World, given: Json) -> None:
    world.limits(**given)


SHARED: Mapping[str, Callable[[World, Json], None]] = {
    "reset": _reset,
    "faults": _faults,
    "limits": _limits,
}
