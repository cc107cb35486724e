"""The form of tickets: a pipeline, and for each kind the stage of it in which a ticket opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.asking.acts import Typed
from bot.blocks import Block, Option, context, field, select
from bot.labels import KINDS, listed
from bot.markup import Markup, bold, clean
from bot.modals.form import NOTHING, Draft, Section, chosen
from bot.status.alerts import alert_sentence
from bot.words import N_, Words
from rules.settings import Known, Problem, Settings, Stages, flat, no_pipeline, with_values
from worker.missing import look, open_missing
from worker.workshop import Workshop

PIPELINE: Final = "tickets.pipeline"
STAGES: Final = "tickets.stages."
KIND_NAMES: Final = tuple(Stages.model_fields)


def blocks(draft: Draft) -> list[Block]:
    """Build the fields: without a pipeline, or with one that is gone, there are no stages."""
    pipeline = draft.shown.tickets.pipeline
    made = _pipeline(draft)
    if pipeline in (draft.known.pipelines or {}):
        made += [block for kind in KIND_NAMES for block in _stage(draft, kind)]
    return made


def _pipeline(draft: Draft) -> list[Block]:
    words, now = draft.words, draft.shown.tickets.pipeline
    is_shown = now is None or now in (draft.known.pipelines or {})
    made = [
        field(
            draft.block_id(PIPELINE),
            words("Ticket pipeline"),
            select(
                pipeline_options(draft), NOTHING if now is None else now, words("Choose a pipeline")
            ),
            hint=words(
                "Its stages can be chosen as soon as it is. “No pipeline” opens no tickets."
            ),
            # What is gone cannot be shown as chosen; left empty, it stays as it was.
            optional=not is_shown,
            dispatch=True,
        )
    ]
    if not is_shown and draft.known.pipelines is not None:
        said = words.md(
            ":warning: The pipeline chosen before ({pipeline}) is gone from HubSpot. Calls are "
            "logged without a ticket until you choose another one.",
            pipeline=now,
        )
        made.append(context(said))
    return made


def _stage(draft: Draft, kind: str) -> list[Block]:
    words, now = draft.words, getattr(draft.shown.tickets.stages, kind)
    options = stage_options(draft)
    is_shown = now is None or now in _stages(draft.known, draft.shown.tickets.pipeline)
    made = [
        field(
            draft.block_id(STAGES + kind),
            words(KINDS[kind]),
            select(options, NOTHING if now is None else now, words("Choose a stage")),
            optional=not is_shown,
        )
    ]
    if not is_shown:
        said = words.md(
            ":warning: The stage chosen before ({stage}) is not one of this pipeline (any more). "
            "Choose another one or “No ticket”.",
            stage=now,
        )
        made.append(context(said))
    return made


def _stages(known: Known, pipeline: str | None) -> Mapping[str, str]:
    return (known.pipelines or {}).get(pipeline or "", {})


def pipeline_options(draft: Draft, typed: str = "") -> Sequence[Option]:
    """List no pipeline, then those whose label contains what was typed, in HubSpot's order."""
    labels = {each.id: each.label for each in draft.directory.pipelines or ()}
    return [Option(draft.words("No pipeline"), NOTHING), *_options(labels, typed)]


def stage_options(draft: Draft, typed: str = "") -> Sequence[Option]:
    """List no ticket, then the stages of the chosen pipeline, in HubSpot's order."""
    labels = _stages(draft.known, draft.shown.tickets.pipeline)
    return [Option(draft.words("No ticket"), NOTHING), *_options(labels, typed)]


def _options(labels: Mapping[str, str], typed: str) -> list[Option]:
    """Make choices; those that read alike are told apart by their ids."""
    wanted, names = typed.strip().casefold(), [clean(each) for each in labels.values()]
    return [
        Option(name, id_, id_ if names.count(name) > 1 else "")
        for id_, name in zip(labels, names, strict=True)
        if wanted in name.casefold()
    ]


def read(values: Mapping[str, Typed], draft: Draft) -> dict[str, object]:
    """Read what was typed; stages that had no field go with the pipeline that they belong to."""
    typed = chosen(values)
    before = draft.base.tickets.pipeline
    if PIPELINE in typed and typed[PIPELINE] != before:
        typed = {f"{STAGES}{kind}": None for kind in KIND_NAMES} | typed
    if PIPELINE in typed and typed[PIPELINE] is None:
        # The fields of its stages may still stand there: the form was sent at once.
        typed |= {f"{STAGES}{kind}": None for kind in KIND_NAMES}
    return typed


def with_pipeline(draft: Draft, value: str) -> Draft:
    """Choose another pipeline; of the stages stays what fits.

    `shown` has the new pipeline already, for it was read like every other input, and the stages
    still are the former one's.
    """
    pipeline = None if value == NOTHING else value
    moved = fitted(draft.shown, pipeline, draft.base, draft.known)
    return _moved(draft, moved)


def fitted(shown: Settings, pipeline: str | None, base: Settings, known: Known) -> Settings:
    """Move all stages to a pipeline: the same stage, else one of the same label, else no ticket.

    Back at the pipeline that `base` has, its stages return where there is no other choice.
    """
    moved: dict[str, object] = {PIPELINE: pipeline}
    for kind, stage in shown.tickets.stages:
        wanted = stage
        if stage is None and pipeline is not None and pipeline == base.tickets.pipeline:
            wanted = getattr(base.tickets.stages, kind)
        moved[STAGES + kind] = _fitting(wanted, pipeline, known)
    return with_values(shown, moved)


def _fitting(stage: str | None, pipeline: str | None, known: Known) -> str | None:
    there = _stages(known, pipeline)
    if stage is None or stage in there:
        return stage
    labels = {
        id_: label for each in (known.pipelines or {}).values() for id_, label in each.items()
    }
    label = labels.get(stage)
    if label is None:
        return None
    return next((id_ for id_, each in there.items() if each.casefold() == label.casefold()), None)


def settle(draft: Draft) -> Draft:
    """Let stages follow the pipeline that somebody else, or this person, chose meanwhile."""
    shown = draft.shown
    pipeline = shown.tickets.pipeline
    if pipeline is not None and pipeline not in (draft.known.pipelines or {}):
        return draft
    return _moved(draft, fitted(shown, pipeline, shown, draft.known))


def _moved(draft: Draft, moved: Settings) -> Draft:
    """Show the stages of another pipeline, and name the kinds whose stage it does not have."""
    before, after = flat(draft.shown), flat(moved)
    lost = [path.removeprefix(STAGES) for path in after if before[path] and after[path] is None]
    if not lost or moved.tickets.pipeline is None:
        return replace(draft, shown=moved)
    kinds = listed([draft.words(KINDS[kind]) for kind in lost], draft.words)
    said = draft.words.md(
        "The stages chosen before are not in this pipeline, so these open no ticket unless you "
        "choose a stage: {kinds}.",
        kinds=bold(kinds),
    )
    return replace(draft, shown=moved, notices=(*draft.notices, said))


def objections(values: Mapping[str, Typed], draft: Draft) -> Sequence[Problem]:
    """Refuse a new stage of a pipeline that is gone, be it the one that was chosen before."""
    typed = read(values, draft)
    pipeline = typed.get(PIPELINE, draft.base.tickets.pipeline)
    known, before = draft.known.pipelines, flat(draft.base)
    if known is None or pipeline is None or pipeline in known:
        return ()
    if pipeline != draft.base.tickets.pipeline:
        return ()  # the settings themselves tell
    new = [each for each in typed if each.startswith(STAGES) and typed[each] is not None]
    if all(typed[each] == before.get(each) for each in new):
        return ()
    return (no_pipeline(str(pipeline), draft.known),)


def notices(shop: Workshop, words: Words) -> tuple[Markup, ...]:
    """Say what is missing, or back, since somebody last chose."""
    return tuple(
        words.md(":warning: {sentence}", sentence=alert_sentence(each, words))
        for each in open_missing(shop.alerts)
    )


TICKETS: Final = Section(
    name="tickets",
    title=N_("Tickets"),
    does=N_("Choose the pipeline, and the stage in which a ticket of each kind opens."),
    paths=(PIPELINE, STAGES),
    parts=("pipelines",),
    blocks=blocks,
    read=read,
    choices={PIPELINE: pipeline_options, STAGES: stage_options},
    live={PIPELINE: with_pipeline},
    settle=settle,
    objections=objections,
    look=look,
    notices=notices,
    fresh_for=0,
)
