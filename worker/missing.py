"""Find out what the settings name of HubSpot's ticket pipelines and is missing, and take it out.

One way for all who come upon it: the clock's look each minute, the form of tickets when it opens
and is saved, and the drain whose ticket is refused. A HubSpot that does not answer, or refuses to,
concludes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from clients.errors import NotFound, VendorError
from clients.hubspot import HubSpot
from clients.hubspot.portal import Stage
from rules.missing import Missing, is_suspect, kinds_of, missing_of, spoken, stages_of
from rules.settings import Settings, Stages, without_stages
from store.alerts import Alert, Alerts
from store.directory import Part, Pipeline
from store.settings import BY_SYSTEM, StaleSettings
from worker.directory import READERS
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import Workshop

WATCH: Final = "sync.pipelines.watch.look"
"""A job of a room above ours: it completes the alert, and follows it until it is over."""
ALERTS: Final = ("pipeline missing ", "stage missing ")
"""How the names of these alerts begin."""


def look(shop: Workshop) -> Mapping[Part, VendorError]:
    """Read the pipelines, and take out of the settings what is missing.

    One request where nothing is suspected; where something is, one more, and one for each stage
    that its pipeline does not show. Returns why they could not
    be read, if so: then the directory stays as it was. Raises redis-py's errors, those of settings
    that cannot be read, and LeaseLostError.
    """
    settings = shop.revisions.current().settings
    try:
        told = READERS["pipelines"](shop.hubspot, shop.aircall)
        listed = told if isinstance(told, tuple) else ()
        if is_suspect(settings, {each.id: each.stages for each in listed}):
            id_ = settings.tickets.pipeline or ""
            there = by_id(shop.hubspot, id_, stages_of(settings))
            conclude(shop, settings, there)
            listed = corrected(listed, id_, there)
    except VendorError as error:
        return {"pipelines": error}
    # Last: until here the directory told by which names people knew what is gone.
    shop.directory.write("pipelines", listed)
    return {}


def by_id(hubspot: HubSpot, pipeline: str, stages: Iterable[str]) -> Pipeline | None:
    """Ask for one pipeline by its id; None if HubSpot has it no more.

    Those of `stages` that it does not show are asked for by their ids as well: what it shows of
    them is only a list. Raises VendorError where HubSpot does not tell, and LeaseLostError.
    """
    try:
        there = hubspot.pipeline(pipeline)
    except NotFound:
        return None
    if there.archived:
        return None
    listed = {each.id: each for each in there.stages}
    for id_ in stages:
        if id_ not in listed and (found := _stage(hubspot, pipeline, id_)):
            listed[id_] = found
    labels = {id_: each.label for id_, each in listed.items() if not each.archived}
    return Pipeline(there.id, there.label, labels)


def _stage(hubspot: HubSpot, pipeline: str, stage: str) -> Stage | None:
    try:
        return hubspot.stage(pipeline, stage)
    except NotFound:
        return None


def conclude(shop: Workshop, settings: Settings, there: Pipeline | None) -> bool:
    """Take out what these settings name and their pipeline, as just read by id, does not have.

    Returns whether there was anything. Raises redis-py's errors.
    """
    missing = missing_of(settings, None if there is None else there.stages)
    for each in missing:
        take_out(shop, each)
    return bool(missing)


def corrected(listed: Iterable[Pipeline], id_: str, there: Pipeline | None) -> tuple[Pipeline, ...]:
    """Put what was read by id in the place of what the list says, or does not say, of it."""
    found = {each.id: each for each in listed}
    if there is None:
        found.pop(id_, None)
    else:
        found[id_] = there
    return tuple(found.values())


def take_out(shop: Workshop, missing: Missing) -> None:
    """Raise the alert, and save a revision by the system in which no kind uses it any more.

    The alert comes first: whoever dies between the two leaves a stage that is found missing again.
    Raises redis-py's errors, and those of settings that cannot be read.
    """
    while True:
        current = shop.revisions.current()
        kinds = kinds_of(current.settings, missing)
        if not kinds:
            return
        _raise(shop, missing, kinds, current.settings)
        try:
            saved = shop.revisions.save(
                without_stages(current.settings, kinds), BY_SYSTEM, current.number, missing.note
            )
        except StaleSettings:
            continue
        _raise(shop, missing, kinds, current.settings, str(saved.number))
        follow_up(shop)
        return


def follow_up(shop: Workshop) -> None:
    """Have the alerts completed and brought up to date soon; raises redis-py's errors."""
    enqueue(shop.connection, BACKGROUND, WATCH)


def _raise(
    shop: Workshop, missing: Missing, kinds: Iterable[str], settings: Settings, revision: str = ""
) -> None:
    """Raise the alert, or add to the one that is open; its names are those known until now."""
    open_ = next((each for each in shop.alerts.open() if each.name == missing.alert), None)
    before = open_.about if open_ else {}
    was = set(before.get("kinds", "").split(","))
    together = [
        kind
        for kind in Stages.model_fields
        if kind in kinds or (kind in was and not getattr(settings.tickets.stages, kind))
    ]
    pipeline, stage = _labels(shop, missing)
    about = {
        "pipeline": missing.pipeline,
        "stage": missing.stage or "",
        "pipeline_label": pipeline or before.get("pipeline_label", ""),
        "stage_label": stage or before.get("stage_label", ""),
        "kinds": ",".join(together),
        "revision": revision or before.get("revision", ""),
        "who": "" if before.get("back") else before.get("who", ""),
        "when": "" if before.get("back") else before.get("when", ""),
        "without": before.get("without", "0"),
        "back": "",
    }
    shop.alerts.raise_(missing.alert, sentence(about), about)


def _labels(shop: Workshop, missing: Missing) -> tuple[str, str]:
    """Return the names of the pipeline and of the stage that the directory knows."""
    known = {each.id: each for each in shop.directory.read().pipelines or ()}
    there = known.get(missing.pipeline)
    return (there.label, there.stages.get(missing.stage or "", "")) if there else ("", "")


def missing_in(alert: Alert) -> Missing:
    """Return what an alert is about."""
    return Missing(alert.about["pipeline"], alert.about.get("stage") or None)


def sentence(about: Mapping[str, str]) -> str:
    """Say such an alert in one or more sentences, by what it is about."""
    pipeline = _named(about["pipeline"], about.get("pipeline_label", ""))
    what = f"pipeline {pipeline}"
    if about.get("stage"):
        stage = _named(about["stage"], about.get("stage_label", ""))
        what = f"stage {stage} of pipeline {pipeline}"
    kinds = spoken(about["kinds"].split(","))
    if about.get("back"):
        said = f"Ticket {what} is back in HubSpot, but no tickets are made for {kinds}."
    else:
        said = f"Ticket {what} is missing in HubSpot: no tickets are made for {kinds}."
        if about.get("who"):
            said += f" It was deleted by {about['who']}."
    return said


def _named(id_: str, label: str) -> str:
    return f"“{label}” ({id_})" if label else id_


def open_missing(alerts: Alerts) -> tuple[Alert, ...]:
    """Return the open alerts of pipelines and stages; cheap where there are none."""
    if not any(name.startswith(ALERTS) for name in alerts.names()):
        return ()
    return tuple(each for each in alerts.open() if each.name.startswith(ALERTS))


def kinds_without(shop: Workshop, settings: Settings) -> frozenset[str]:
    """Return the kinds that open no ticket only because what they used is missing.

    Nobody has decided anew of them yet. Raises redis-py's errors.
    """
    kinds = {
        kind for alert in open_missing(shop.alerts) for kind in alert.about["kinds"].split(",")
    }
    return frozenset(
        kind
        for kind in Stages.model_fields
        if kind in kinds and not getattr(settings.tickets.stages, kind)
    )
