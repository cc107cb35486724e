"""Hold each record's way through the run against the model: no older value after a newer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.chaos.calls import SAID
from tests.chaos.compare import BODY, Findings, Portal, activities, plain
from tests.chaos.model import Expected

History = Mapping[str, Mapping[str, Sequence[tuple[float, Mapping[str, Any]]]]]
LASTING = ("hs_call_duration", "hs_call_status", "hs_call_direction", "hs_call_external_id")
"""Known whenever a call may be written at all: never any other value."""


def check_history(
    wanted: Iterable[Expected], portal: Portal, before: Portal, history: History, findings: Findings
) -> None:
    """Note in `findings` whatever went back on its way."""
    all_ = {one.id: one for one in wanted}
    for own, ids in activities(portal, before, Findings(), set(all_)).items():
        if own in all_:
            for kind, id_ in ids:
                _check(all_[own], values_of(history[kind][id_]), kind, findings)
                for ticket in portal[kind][id_]["associations"].get("tickets", []):
                    stages = values_of(history["tickets"][ticket]).get("hs_pipeline_stage", [])
                    way = ["1", "3"] if all_[own].kind == "inbound_voicemail" else stages[:1]
                    if not leads_along(stages, [{stage} for stage in way]):
                        findings.say(own, f"ticket's stages went {stages}")


def values_of(changes: Sequence[tuple[float, Mapping[str, Any]]]) -> dict[str, list[str]]:
    """Each property's values one after the other, repeats left out; absent at creation is empty."""
    way: dict[str, list[str]] = {}
    for n, (_, changed) in enumerate(changes):
        for name, value in changed.items():
            held = way.setdefault(name, [""] if n else [])
            if held[-1:] != [value or ""]:
                held.append(value or "")
    return way


def leads_along(values: Iterable[str], way: Sequence[Iterable[str]]) -> bool:
    """Whether `values` can be met one after the other along the right values of each step."""
    at = 0
    for value in values:
        while at < len(way) and value not in way[at]:
            at += 1
        if at == len(way):
            return False
    return True


def _check(one: Expected, way: Mapping[str, list[str]], kind: str, findings: Findings) -> None:
    for name in LASTING:
        if kind == "calls" and way.get(name, [""]) != [one.properties.get(name)]:
            findings.say(one.id, f"{name} went {way.get(name)}")
    outcomes = way.get("hs_call_disposition", [])
    if kind == "calls" and not leads_along(outcomes, one.outcomes):
        findings.say(one.id, f"outcomes went {outcomes}, were right in turn: {one.outcomes}")
    if "true" in way.get("hs_call_has_voicemail", [])[:-1]:
        findings.say(one.id, f"voicemail went {way['hs_call_has_voicemail']}")
    bodies = [plain(body) for body in way.get(BODY[kind], [])]
    for said in (*SAID, "ot delivered"):
        counts = [body.count(said) for body in bodies]
        if counts != sorted(counts):
            findings.say(one.id, f"{said!r} went out of the body: {counts}")
