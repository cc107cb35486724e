"""The ticket pipelines of the sandbox's HubSpot, to be deleted and restored as a person would."""

from sandbox.answer import Json
from sandbox.hubspot.world import HubSpotWorld
from sandbox.shapes import check_fields

EDITOR = 113493
"""The HubSpot user behind the page: Omar Haddad, whom HubSpot's audit names."""


def shown(hubspot: HubSpotWorld) -> Json:
    """Return every pipeline with its stages, the deleted ones too, and which of them are gone."""
    with hubspot.lock:
        portal = hubspot.portal
        every = {**portal.removed, **portal.pipelines}
        return {
            "pipelines": [
                {
                    "id": one.id,
                    "label": one.label,
                    "gone": one.id not in portal.pipelines,
                    "stages": _stages(hubspot, one.id),
                }
                for one in sorted(every.values(), key=lambda one: one.order)
            ]
        }


def _stages(hubspot: HubSpotWorld, pipeline: str) -> list[Json]:
    portal = hubspot.portal
    there = portal.pipelines.get(pipeline) or portal.removed[pipeline]
    gone = [stage for (inside, _), stage in portal.removed_stages.items() if inside == pipeline]
    every = sorted((*there.stages, *gone), key=lambda one: one.order)
    return [{"id": one.id, "label": one.label, "gone": one in gone} for one in every]


def change(hubspot: HubSpotWorld, given: Json) -> Json:
    """Delete or restore a pipeline, or a `stage` of it; returns all as it is then.

    LookupError for what is not there, Misunderstood for what is no such wish.
    """
    asked = check_fields(given, "body", {"pipeline": str, "gone": bool}, {"stage": str})
    pipeline, stage = asked["pipeline"], asked.get("stage", "")
    kind, id_ = ("stages", stage) if stage else ("pipelines", pipeline)
    inside = pipeline if stage else ""
    if asked["gone"]:
        hubspot.delete(kind, id_, inside, by=EDITOR)
    else:
        hubspot.restore(kind, id_, inside)
    return shown(hubspot)
