"""What became of calls that were handed to the door: logged, ignored and why, or failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from store import keys
from store.due import Due, Loaded
from store.records import DamagedError, read_ids, read_record


def became(due: Due, ids: Sequence[str]) -> Mapping[str, str]:
    """Return `logged`, `partly`, `failed` or `ignored|<reason>` for those that are settled.

    What was logged and has a part that HubSpot refused, such as its ticket, is `partly`. The others
    are still on their way. Raises redis-py's errors.
    """
    if not ids:
        return {}
    pipeline = due.connection.pipeline(transaction=False)
    for id_ in ids:
        pipeline.zscore(keys.DUE, id_)
        pipeline.zscore(keys.FAILURES, id_)
        for why in keys.WAITS_FOR:
            pipeline.zscore(keys.parked(why), id_)
    rows = zip(*[iter(pipeline.execute())] * (2 + len(keys.WAITS_FOR)), strict=True)
    found: dict[str, str] = {}
    settled: list[str] = []
    refused: set[str] = set()
    for id_, (waits, failed, *parked) in zip(ids, rows, strict=True):
        if waits is None and not any(score is not None for score in parked):
            settled.append(id_)
        if failed is not None:
            refused.add(id_)
    for loaded in due.load(settled):
        if loaded.events and loaded.id not in refused:
            continue  # it has just come in
        result = _result(loaded)
        found[loaded.id] = "partly" if result == "logged" and loaded.id in refused else result
    return found


def _result(loaded: Loaded) -> str:
    try:
        decision = read_record(loaded.record).decision
        ids = read_ids(loaded.ids, loaded.id)
    except DamagedError:
        return "failed"
    if decision is not None and decision.result == "ignored":
        return f"ignored|{decision.reason}"
    if decision is not None and decision.result in ("logged", "failed"):
        return decision.result
    return "logged" if ids is not None and ids.result == "logged" else "failed"
