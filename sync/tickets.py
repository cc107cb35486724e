"""Close the alerts of ticket pipelines and stages that are there again, or that no longer matter.

Such an alert is raised together with a revision of ours that takes the stage out of the settings.
So it is over only when HubSpot shows both again, or when a person has decided anew since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rules.settings import Settings
from store.alerts import Alert, Alerts
from store.directory import Pipeline
from store.settings import Revision, Revisions

MISSING = ("pipeline missing ", "stage missing ")


def resolve_missing(alerts: Alerts, revisions: Revisions, pipelines: Sequence[Pipeline]) -> None:
    """Close what is over, by the portal's pipelines as just read.

    Raises DamagedSettingsError and redis-py's errors.
    """
    missing = [each for each in alerts.open() if each.name.startswith(MISSING)]
    saved = revisions.all() if missing else ()
    for alert in missing:
        if is_there(alert, pipelines) or is_decided(alert, saved):
            alerts.resolve(alert.name)


def is_there(alert: Alert, pipelines: Iterable[Pipeline]) -> bool:
    """Whether HubSpot has the alert's pipeline again, and its stage if it is about one."""
    pipeline, stage = alert.about["pipeline"], alert.about["stage"]
    return any(each.id == pipeline and (not stage or stage in each.stages) for each in pipelines)


def is_decided(alert: Alert, revisions: Sequence[Revision]) -> bool:
    """Whether the settings (oldest first) name it no longer, and the last to touch them was not us.

    What counts is the newest change of the pipeline or of a stage that the alert is about.
    """
    about = {f"tickets.stages.{kind}" for kind in alert.about["kinds"].split(",")}
    about.add("tickets.pipeline")
    last = next(
        (
            each.author.kind
            for each in reversed(revisions)
            if any(change.path in about for change in each.changes)
        ),
        "system",
    )
    return last != "system" and not _names(alert, revisions[-1].settings)


def _names(alert: Alert, settings: Settings) -> bool:
    pipeline, stage = alert.about["pipeline"], alert.about["stage"]
    if settings.tickets.pipeline != pipeline:
        return False
    return not stage or any(used == stage for _, used in settings.tickets.stages)
