"""What a list leaves out of what the settings name, asked for by id: absence proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from clients.errors import NotFound
from rules.missing import stages_of
from rules.outcomes import find_outcome
from rules.owners import Owner
from rules.settings import Settings
from store.directory import Number, Part, Pipeline
from sync.checks.world import World
from sync.directory.named import MOST_ASKED, chosen_outcomes, outcome_options, owner_by_id
from worker.missing import by_id, corrected


def with_unlisted(part: Part, listed: Any, world: World, settings: Settings) -> Any:  # noqa: ANN401 - each part has a shape of its own
    """Add to a part as listed what the settings name and is there though the list says nothing.

    Raises VendorErrors where nobody tells.
    """
    add = ADDING.get(part)
    return add(listed, world, settings) if add else listed


def _numbers(listed: tuple[Number, ...], world: World, settings: Settings) -> tuple[Number, ...]:
    if settings.numbers == "all":
        return listed
    absent = sorted(settings.numbers - {each.id for each in listed})
    found = [*listed]
    for id_ in absent[:MOST_ASKED]:
        try:
            found.append(Number(id_, world.aircall.number(id_).name, ""))
        except NotFound:
            continue
    # Of more nothing is proven: the look at the directory goes on with them.
    return (*found, *(Number(id_, str(id_), "") for id_ in absent[MOST_ASKED:]))


def _pipelines(
    listed: tuple[Pipeline, ...], world: World, settings: Settings
) -> tuple[Pipeline, ...]:
    id_, wanted = settings.tickets.pipeline, stages_of(settings)
    if id_ is None or any(each.id == id_ and set(wanted) <= set(each.stages) for each in listed):
        return listed
    return corrected(listed, id_, by_id(world.hubspot, id_, wanted))


def _owners(listed: tuple[Owner, ...], world: World, settings: Settings) -> tuple[Owner, ...]:
    id_ = settings.fallback_owner
    if id_ is None or any(each.id == id_ for each in listed):
        return listed
    found = owner_by_id(world.hubspot, id_)
    return listed if found is None else (*listed, found)


def _outcomes(listed: Mapping[str, str], world: World, settings: Settings) -> Mapping[str, str]:
    if all(find_outcome(each, listed) for each in chosen_outcomes(settings)):
        return listed
    # Where the list is refused, the six default ones stand for it.
    return outcome_options(world.hubspot) or listed


def _tags(listed: Mapping[int, str], world: World, settings: Settings) -> Mapping[int, str]:
    there = {str(each).casefold() for pair in listed.items() for each in pair}
    if all(tag.casefold() in there for tag in settings.tag_outcomes):
        return listed
    # A tag that is deleted while pages are read moves another one past them: read once more.
    return {**listed, **{tag.id: tag.name for tag in world.aircall.tags() if tag.id is not None}}


ADDING: Final[Mapping[Part, Callable[[Any, World, Settings], Any]]] = {
    "numbers": _numbers,
    "outcomes": _outcomes,
    "pipelines": _pipelines,
    "owners": _owners,
    "tags": _tags,
}
