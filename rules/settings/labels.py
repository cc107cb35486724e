"""The words for what settings keep by id, as far as Aircall and HubSpot told them."""

from __future__ import annotations

from collections.abc import Mapping

from rules.settings.changes import Value
from rules.settings.problems import Known, named


def with_labels(path: str, value: Value, known: Known, *, pipeline: Value) -> str:
    """Write a setting's value for people, what is kept by id as `id (label)`.

    `pipeline` is the id of the pipeline that a stage belongs to; an unknown id stands alone.
    """
    match value:
        case True:
            return "yes"
        case False:
            return "no"
        case None | ():
            return "none"
        case tuple():
            names = {str(number): name for number, name in (known.numbers or {}).items()}
            return ", ".join(named(str(number), names) for number in value)
        case _:
            return named(value, labels_of(path, known, str(pipeline)))


def path_with_label(path: str, known: Known) -> str:
    """Write a path for people: `tag_outcomes.17 (VIP)`, any other as it is."""
    section, _, tag = path.partition(".")
    return f"{section}.{named(tag, known.tags or {})}" if section == "tag_outcomes" else path


def labels_of(path: str, known: Known, pipeline: str) -> Mapping[str, str]:
    """Return the labels by id of what may be chosen at `path`, or once could be.

    There are none for what is no id. `pipeline` is the id of the pipeline that a stage belongs to.
    """
    if path.startswith("tag_outcomes."):
        return known.outcomes or {}
    if path.startswith("tickets.stages."):
        now = (known.pipelines or {}).get(pipeline, {})
        return {**known.former.stages.get(pipeline, {}), **now}
    if path == "tickets.pipeline":
        return {**known.former.pipelines, **known.pipeline_labels}
    return known.owner_names if path == "fallback_owner" else {}
