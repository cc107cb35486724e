"""What people do in HubSpot itself: edit, delete, restore, merge, remove pipelines and owners."""

from collections.abc import Mapping
from dataclasses import replace

from sandbox.hubspot.associations import PRIMARIES, link, unlink
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Pipeline, Record, Stage
from sandbox.moments import iso_millis


def merge(portal: Portal, winner: Record, loser: Record, now: float) -> None:
    """Merge `loser` into `winner`: its links and missing values move, its id leads there."""
    kind = winner.kind
    moved = {
        name: value
        for name, value in loser.properties.items()
        if value
        and not winner.properties.get(name)
        and name in portal.properties[kind]
        and not portal.properties[kind][name].read_only
    }
    for key in [key for key, id_ in portal.unique.items() if id_ == loser.id and key[0] == kind]:
        del portal.unique[key]
    here = (kind, loser.id)
    for target, types in list(portal.links.get(here, {}).items()):
        other = portal.records[target[0]][target[1]]
        unlink(portal, here, target)
        if other is not winner:
            has_primary = bool(winner.properties.get("associatedcompanyid"))
            for type_id in sorted(types):
                if not (has_primary and type_id in PRIMARIES.values()):
                    link(portal, winner, other, type_id, now)
    portal.write(winner, moved, now)
    past = winner.properties.get("hs_merged_object_ids", "")
    winner.properties["hs_merged_object_ids"] = f"{past};{loser.id}".strip(";")
    del portal.records[kind][loser.id]
    portal.merged[kind, loser.id] = winner.id


def restore(portal: Portal, record: Record, now: float) -> None:
    """Bring a record back from the recycle bin."""
    record.archived = None
    portal.write(
        record,
        {name: record.properties[name] for name in ("email",) if name in record.properties},
        now,
    )


def edit(portal: Portal, record: Record, values: Mapping[str, str], now: float) -> None:
    """Change properties as a person at the screen does; nothing is checked."""
    portal.write(record, values, now)


EDITOR = 24681
"""The HubSpot user who edits at the screen, unless another is named; no owner is that user."""


def _note(  # noqa: PLR0913, PLR0917 - an entry of the audit, field by field
    portal: Portal, identifier: str, action: str, sentence: str, now: float, by: int = EDITOR
) -> None:
    entry = (identifier, action, sentence, iso_millis(int(now * 1000)), by)
    portal.audits[identifier] = (*portal.audits.get(identifier, ()), entry)


def delete_pipeline(portal: Portal, pipeline_id: str, now: float, by: int = EDITOR) -> None:
    """Delete a pipeline; it leaves the list, its audit stays. KeyError when there is none."""
    portal.removed[pipeline_id] = portal.pipelines.pop(pipeline_id)
    _note(portal, pipeline_id, "DELETE", "Deleted pipeline", now, by)


def restore_pipeline(portal: Portal, pipeline_id: str, now: float) -> None:
    """Bring a deleted pipeline back as it was. KeyError when none was deleted."""
    portal.pipelines[pipeline_id] = portal.removed.pop(pipeline_id)
    _note(portal, pipeline_id, "RESTORE", "Restored pipeline", now)


def restore_stage(portal: Portal, pipeline_id: str, stage_id: str, now: float) -> None:
    """Bring a deleted stage back in its place. KeyError when none was deleted."""
    stage = portal.removed_stages.pop((pipeline_id, stage_id))
    pipeline = portal.pipelines[pipeline_id]
    stages = sorted((*pipeline.stages, stage), key=lambda each: each.order)
    portal.pipelines[pipeline_id] = replace(
        pipeline, stages=tuple(stages), updated=iso_millis(int(now * 1000))
    )
    _note(portal, stage_id, "RESTORE", "Restored stage", now)


def delete_stage(
    portal: Portal, pipeline_id: str, stage_id: str, now: float, by: int = EDITOR
) -> None:
    """Delete one stage of a pipeline; tickets in it keep its id."""
    pipeline = portal.pipelines[pipeline_id]
    kept = tuple(stage for stage in pipeline.stages if stage.id != stage_id)
    if len(kept) == len(pipeline.stages):
        raise KeyError(stage_id)
    (gone,) = set(pipeline.stages) - set(kept)
    portal.removed_stages[pipeline_id, stage_id] = gone
    portal.pipelines[pipeline_id] = replace(
        pipeline, stages=kept, updated=iso_millis(int(now * 1000))
    )
    _note(portal, stage_id, "DELETE", "Deleted stage", now, by)
    _note(portal, pipeline_id, "UPDATE", f"Deleted stage {stage_id}", now, by)


def add_pipeline(
    portal: Portal, pipeline_id: str, label: str, stages: Mapping[str, str], now: float
) -> None:
    """Add a pipeline, or replace the one of that id; `stages` maps stage ids to labels."""
    made = tuple(Stage(id_, text, order) for order, (id_, text) in enumerate(stages.items()))
    at = iso_millis(int(now * 1000))
    portal.pipelines[pipeline_id] = Pipeline(
        pipeline_id, label, len(portal.pipelines), made, created=at, updated=at
    )
    _note(portal, pipeline_id, "CREATE", "Created pipeline", now)


def archive_owner(portal: Portal, owner_id: str) -> None:
    """Deactivate the user behind an owner. KeyError when there is none."""
    portal.owners[owner_id] = replace(portal.owners[owner_id], archived=True)


def delete_outcome(portal: Portal, value: str) -> None:
    """Remove a call outcome (GUID) from the portal's list."""
    definition = portal.properties["calls"]["hs_call_disposition"]
    kept = tuple(option for option in definition.options if option[1] != value)
    if len(kept) == len(definition.options):
        raise KeyError(value)
    portal.properties["calls"]["hs_call_disposition"] = replace(definition, options=kept)
