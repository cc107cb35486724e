"""Which ticket pipelines and stages that the settings name are missing: pure, from what was read.

A list proves nothing: what it does not show is only suspected, and asked for by id.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rules.settings import Settings

_NOTE: Final = re.compile(
    r"(?:stage (?P<stage>\S+) of )?pipeline (?P<pipeline>\S+) is missing in HubSpot"
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A pipeline that is missing, or, of one that is there, a stage (ids)."""

    pipeline: str
    stage: str | None = None

    @property
    def alert(self) -> str:
        """The name of the alert about it."""
        if self.stage is None:
            return f"pipeline missing {self.pipeline}"
        return f"stage missing {self.pipeline}/{self.stage}"

    @property
    def note(self) -> str:
        """What the revision that takes it out of the settings says of itself."""
        return f"{self.by_id} is missing in HubSpot"

    @property
    def by_id(self) -> str:
        """Name it by its ids."""
        if self.stage is None:
            return f"pipeline {self.pipeline}"
        return f"stage {self.stage} of pipeline {self.pipeline}"


def noted(note: str) -> Missing | None:
    """Return what a revision's note says is missing; None where it is another note."""
    found = _NOTE.fullmatch(note)
    return Missing(found["pipeline"], found["stage"]) if found else None


def kinds_of(settings: Settings, missing: Missing) -> tuple[str, ...]:
    """List the kinds whose ticket would open there."""
    if settings.tickets.pipeline != missing.pipeline:
        return ()
    wanted = (None, *stages_of(settings)) if missing.stage is None else (missing.stage,)
    return tuple(kind for kind, stage in settings.tickets.stages if stage and stage in wanted)


def stages_of(settings: Settings) -> tuple[str, ...]:
    """List the stages that the settings name, each once."""
    return tuple(dict.fromkeys(stage for _, stage in settings.tickets.stages if stage))


def is_suspect(settings: Settings, listed: Mapping[str, Collection[str]]) -> bool:
    """Tell whether a list (pipeline to its stages) lacks anything that tickets are made with."""
    pipeline, stages = settings.tickets.pipeline, stages_of(settings)
    if pipeline is None or not stages:
        return False
    return not set(stages) <= set(listed.get(pipeline, ()))


def missing_of(settings: Settings, there: Collection[str] | None) -> tuple[Missing, ...]:
    """List what is missing, by the stages of the settings' pipeline as it was read by its id.

    None means that HubSpot has that pipeline no more.
    """
    pipeline, stages = settings.tickets.pipeline, stages_of(settings)
    if pipeline is None or not stages:
        return ()
    if there is None:
        return (Missing(pipeline),)
    return tuple(Missing(pipeline, stage) for stage in stages if stage not in there)


def spoken(kinds: Iterable[str]) -> str:
    """Name kinds in a sentence of ours: "inbound missed, outbound message"."""
    return ", ".join(kind.replace("_", " ") for kind in kinds)
