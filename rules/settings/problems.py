"""What is wrong with settings in the light of what Aircall and HubSpot have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel

from rules.settings.changes import flat, with_values
from rules.settings.model import Settings
from rules.settings.reading import InvalidSettings, Problem, validated

_NO_NUMBER: Final = Problem(
    "enabled", "Choose at least one number before you enable the integration."
)
_LAST_NUMBER: Final = Problem(
    "numbers", "Keep at least one number while the integration is enabled, or disable it first."
)


@dataclass(frozen=True, slots=True)
class Former:
    """The labels of ticket pipelines and stages that were once there, by id: for words only."""

    pipelines: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By pipeline."""


@dataclass(frozen=True, slots=True)
class Known:
    """What Aircall and HubSpot were last seen to have; None is not known, so not checked."""

    numbers: Mapping[int, str] | None = None
    """Aircall numbers: name by id."""
    pipelines: Mapping[str, Mapping[str, str]] | None = None
    """HubSpot ticket pipelines by id, each with its stages' labels by id."""
    pipeline_labels: Mapping[str, str] = field(default_factory=dict)
    """The pipelines' own labels by id."""
    owners: Mapping[str, bool] | None = None
    """HubSpot owners by id; False for an archived one."""
    owner_names: Mapping[str, str] = field(default_factory=dict)
    """Names by owner id, or e-mails where there is none."""
    outcomes: Mapping[str, str] | None = None
    """HubSpot call outcomes: label by guid."""
    tags: Mapping[str, str] | None = None
    """Aircall tags: name by id."""
    former: Former = field(default_factory=Former)


def problems(settings: Settings, known: Known | None = None) -> list[Problem]:
    """List what may not be combined, and what names something that is not there."""
    known = known or Known()
    return [
        *_of_numbers(settings, known),
        *_of_tags(settings, known),
        *_of_tickets(settings, known),
        *_of_owner(settings, known),
    ]


def new_problems(old: Settings, new: Settings, known: Known | None = None) -> list[Problem]:
    """List the problems that a save from `old` to `new` would make.

    A pipeline that vanished under the settings must not keep an admin from saving another field.
    """
    there_before = problems(old, known)
    found = [each for each in problems(new, known) if each not in there_before]
    return [_LAST_NUMBER if old.enabled and each == _NO_NUMBER else each for each in found]


def with_ids(settings: Settings, known: Known) -> Settings:
    """Name tags and their outcomes by id wherever what is known tells it; the rest stays."""
    by_id = {
        _id_of(tag, known.tags): _id_of(outcome, known.outcomes)
        for tag, outcome in settings.tag_outcomes.items()
    }
    return with_values(settings, {"tag_outcomes": by_id})


def path_by_id(path: str, known: Known) -> str:
    """Name the tag in a path such as `tag_outcomes.VIP` by its id, where what is known tells it."""
    section, _, tag = path.partition(".")
    if section != "tag_outcomes":
        return path
    return f"{section}.{_id_of(tag, known.tags)}"


def from_defaults(defaults: BaseModel | Mapping[str, Any]) -> Settings:
    """Make the first revision's settings of settings.toml's `[defaults]`.

    Raises InvalidSettings naming `defaults.outcomes.inbound_missed` and what is allowed there; also
    for what contradicts itself (enabled without a number, a stage without a pipeline).
    """
    raw = defaults.model_dump() if isinstance(defaults, BaseModel) else defaults
    settings = validated(raw, "defaults.")
    found = [Problem(f"defaults.{each.path}", each.sentence) for each in problems(settings)]
    if found:
        raise InvalidSettings(found)
    return settings


def named(id_: str, labels: Mapping[str, str]) -> str:
    """Write what is kept by id as `id (label)`; an id without a label stands alone."""
    label = labels.get(id_)
    return f"{id_} ({label})" if label else id_


def _id_of(typed: str, names: Mapping[str, str] | None) -> str:
    """Give the id of what was typed as an id or as a name, in any case; unknown stays as typed."""
    if names is None or typed in names:
        return typed
    return {name.casefold(): each for each, name in names.items()}.get(typed.casefold(), typed)


def _of_numbers(settings: Settings, known: Known) -> Iterator[Problem]:
    if settings.enabled and not settings.numbers:
        yield _NO_NUMBER
    if settings.numbers == "all" or known.numbers is None:
        return
    # One each: whoever takes one of two that are gone away is not refused for the other.
    for gone in sorted(settings.numbers - frozenset(known.numbers)):
        yield Problem("numbers", f"Aircall has no number with the id {gone}.")


def _of_tags(settings: Settings, known: Known) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for path, outcome in flat(settings).items():
        section, _, tag = path.partition(".")
        if section != "tag_outcomes":
            continue
        tag_id = _id_of(tag, known.tags)
        if known.tags is not None and tag_id not in known.tags:
            yield Problem(path, f"Aircall has no tag “{tag}”.")
        if tag_id in seen:
            yield Problem(path, f"This tag already has an outcome, as “{seen[tag_id]}”.")
        seen[tag_id] = tag
        if (
            known.outcomes is not None
            and _id_of(str(outcome), known.outcomes) not in known.outcomes
        ):
            yield Problem(path, f"HubSpot has no call outcome “{outcome}”.")


def _of_tickets(settings: Settings, known: Known) -> Iterator[Problem]:
    pipeline = settings.tickets.pipeline
    stages = (known.pipelines or {}).get(pipeline or "")
    if pipeline and known.pipelines is not None and stages is None:
        yield no_pipeline(pipeline, known)
    for path, stage in flat(settings).items():
        if not path.startswith("tickets.stages.") or stage is None:
            continue
        if pipeline is None:
            yield Problem(path, "Choose a pipeline before you choose a stage of it.")
        elif stages is not None and stage not in stages:
            what = named(str(stage), known.former.stages.get(pipeline, {}))
            where = named(pipeline, known.pipeline_labels)
            yield Problem(path, f"The stage {what} is not one of pipeline {where}.")


def no_pipeline(id_: str, known: Known) -> Problem:
    """Refuse a pipeline that is gone, by the name it had last."""
    which = named(id_, known.former.pipelines)
    return Problem("tickets.pipeline", f"HubSpot has no ticket pipeline with the id {which}.")


def _of_owner(settings: Settings, known: Known) -> Iterator[Problem]:
    owner = settings.fallback_owner
    if owner is None or known.owners is None or known.owners.get(owner):
        return
    if owner in known.owners:
        who = named(owner, known.owner_names)
        yield Problem("fallback_owner", f"The owner {who} is archived in HubSpot.")
    else:
        yield Problem("fallback_owner", f"HubSpot has no owner with the id {owner}.")
