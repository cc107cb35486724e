"""Follow the alerts of missing pipelines and stages until somebody has decided anew.

Such an alert stands beside a revision of ours that took the stage out of the settings. That it is
back in HubSpot does not end it: still no ticket is made. A person does, who chooses another one or
puts the old choice back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from clients.errors import VendorError
from rules.missing import Missing
from store.alerts import Alert
from store.connection import now_ms
from store.directory import Pipeline
from store.settings import Revision
from sync.pipelines.who import who_deleted
from sync.slices import Slice
from worker.left_out import count_without
from worker.missing import by_id, missing_in, open_missing, sentence
from worker.workshop import Workshop

AUDIT_MS: Final = 300_000
"""For so long HubSpot is asked who deleted it: its audit may come late."""
DECIDED: Final = "An admin has chosen anew."
BACK_IN_USE: Final = "It is there again, and in use."
NOT_USED: Final = "It is there again, and nothing in the settings would use it."


def follow(shop: Workshop, piece: Slice) -> None:
    """Resolve what is over, and bring the others up to date, by the directory as just read.

    Raises redis-py's errors, SliceLostError, LeaseLostError, and those of settings that cannot be
    read.
    """
    alerts = open_missing(shop.alerts)
    if not alerts:
        return
    revisions = shop.revisions.all()
    pipelines = {each.id: each for each in shop.directory.read().pipelines or ()}
    for alert in alerts:
        piece.keep()
        because = over(alert, revisions, pipelines)
        if because:
            shop.alerts.resolve(alert.name, because)
        else:
            about = _completed(shop, alert, revisions, pipelines)
            shop.alerts.raise_(alert.name, sentence(about), about)


def over(alert: Alert, revisions: Sequence[Revision], pipelines: Mapping[str, Pipeline]) -> str:
    """Say why an alert is over; nothing while it is not. `revisions` are all, oldest first."""
    missing = missing_in(alert)
    back = is_back(missing, taken_out(alert, revisions), pipelines)
    if _last_author(alert, revisions) == "system":
        unused = back and not taken_out(alert, revisions)
        return NOT_USED if unused else ""
    if not _names(missing, revisions[-1]):
        return DECIDED
    return BACK_IN_USE if _is_whole(missing, revisions[-1], pipelines) else ""


def taken_out(alert: Alert, revisions: Sequence[Revision]) -> Mapping[str, str]:
    """Return the stage of each kind that we took out for this, and that nobody has set since.

    Nothing once another pipeline was chosen: its stages would not fit.
    """
    missing = missing_in(alert)
    found: dict[str, str] = {}
    if not revisions or revisions[-1].settings.tickets.pipeline != missing.pipeline:
        return found
    for kind in alert.about["kinds"].split(","):
        last = _last_change(revisions, f"tickets.stages.{kind}")
        if last is not None and last[0].note == missing.note and last[0].author.kind == "system":
            found[kind] = last[1]
    return found


def _last_change(revisions: Sequence[Revision], path: str) -> tuple[Revision, str] | None:
    """Return the newest revision that changed a setting, and what it was before."""
    for revision in reversed(revisions):
        for change in revision.changes:
            if change.path == path:
                return revision, str(change.old or "")
    return None


def is_back(missing: Missing, taken: Mapping[str, str], pipelines: Mapping[str, Pipeline]) -> bool:
    """Whether HubSpot has it again; of a pipeline also any stage that was used.

    One that only has its id, with other stages, is another pipeline.
    """
    there = pipelines.get(missing.pipeline)
    if there is None:
        return False
    if missing.stage is not None:
        return missing.stage in there.stages
    return not taken or any(stage in there.stages for stage in taken.values())


def _last_author(alert: Alert, revisions: Sequence[Revision]) -> str:
    """Return what kind of author was the last to change anything that the alert is about."""
    about = {f"tickets.stages.{kind}" for kind in alert.about["kinds"].split(",")}
    about.add("tickets.pipeline")
    return next(
        (
            each.author.kind
            for each in reversed(revisions)
            if any(change.path in about for change in each.changes)
        ),
        "system",
    )


def _names(missing: Missing, current: Revision) -> bool:
    tickets = current.settings.tickets
    if tickets.pipeline != missing.pipeline:
        return False
    return missing.stage is None or any(used == missing.stage for _, used in tickets.stages)


def _is_whole(missing: Missing, current: Revision, pipelines: Mapping[str, Pipeline]) -> bool:
    """Whether HubSpot has all that the settings name there."""
    there = pipelines.get(missing.pipeline)
    used = {stage for _, stage in current.settings.tickets.stages if stage}
    wanted = {missing.stage} if missing.stage else used
    return there is not None and wanted <= set(there.stages)


def _completed(
    shop: Workshop,
    alert: Alert,
    revisions: Sequence[Revision],
    pipelines: Mapping[str, Pipeline],
) -> Mapping[str, str]:
    """Return what it is about, as the world is now."""
    missing, about = missing_in(alert), dict(alert.about)
    taken = taken_out(alert, revisions)
    about["back"] = "1" if _still_back(shop, alert, taken, pipelines) else ""
    # Of two stages that are missing each tells of its own.
    about["without"] = str(count_without(shop, about["kinds"].split(","), alert.since))
    ours = (
        str(each.number)
        for each in reversed(revisions)
        if each.author.kind == "system" and each.note == missing.note
    )
    about["revision"] = about.get("revision") or next(ours, "")
    lately = now_ms(shop.connection) - alert.since < AUDIT_MS
    if lately and not (about.get("who") or about.get("when") or about["back"]):
        found = who_deleted(shop, missing)
        about["who"], about["when"] = found.name, found.at
    return about


def _still_back(
    shop: Workshop, alert: Alert, taken: Mapping[str, str], pipelines: Mapping[str, Pipeline]
) -> bool:
    """Whether it is back; one that was, and that a list shows no more, is asked for by its id."""
    missing = missing_in(alert)
    if is_back(missing, taken, pipelines) or not alert.about.get("back"):
        return is_back(missing, taken, pipelines)
    try:
        stages = (missing.stage,) if missing.stage else taken.values()
        there = by_id(shop.hubspot, missing.pipeline, stages)
    except VendorError:
        return True
    return is_back(missing, taken, {} if there is None else {there.id: there})
