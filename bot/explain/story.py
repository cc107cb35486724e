"""One interaction explained to an admin, rule by rule: pure, from what is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.blocks import Block, Message, context, header, section
from bot.explain.reasons import why
from bot.explain.verdict import verdict
from bot.labels import KINDS, outcome_name
from bot.markup import Markup, bold, clean, date, join, lines, link, mention, shortened
from bot.words import N_, Words
from rules.plan import Decision
from rules.records import Call, Interaction
from rules.records import Message as TextMessage
from rules.settings import Known
from rules.who import name_of, phone_text
from worker.cases import Case

LONGEST_NAME: Final = 80
MOST_NOTES: Final = 5
MOST_TAGS: Final = 10
MOST_MEMBERS: Final = 3
"""Of a group that are named before the rest is only counted."""
OWNER: Final = "hubspot_owner_id"
OUTCOME: Final = "hs_call_disposition"

LINKS: Final = (
    ("contact", N_("Contact in HubSpot")),
    ("company", N_("Company in HubSpot")),
    ("ticket", N_("Ticket in HubSpot")),
    ("recording", N_("Recording in Aircall")),
    ("aircall", N_("Timeline in Aircall")),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is needed to speak of a case: in whose words, by which names, for whom."""

    words: Words
    known: Known
    admin: bool
    enabled: bool
    """Whether the integration is enabled now."""
    days: int
    """For which decisions are kept."""


def title(id_: str, words: Words) -> str:
    """Name an interaction as people do: "Call 4001"."""
    kind, _, own = id_.partition("-")
    own = shortened(clean(own), LONGEST_NAME)
    match kind:
        case "call":
            return words("Call {id}", id=own)
        case "group":
            return words("Group message {id}", id=own)
        case _:
            return words("Message {id}", id=own)


def told(case: Case, scene: Scene) -> Message:
    """Tell the whole story as a message, without its buttons."""
    name, said = title(case.id, scene.words), verdict(case, scene.words, scene.days)
    text = scene.words("{name}: {verdict}", name=name, verdict=said.plain)
    return Message(text, (header(name), *paragraphs(case, scene)))


def paragraphs(case: Case, scene: Scene) -> Iterator[Block]:
    """Build what the message and the form say alike: verdict, facts, rules, notes, links."""
    words, decision = scene.words, case.decision
    yield section(verdict(case, words, scene.days).said)
    if facts := _facts(case.record.interaction, decision, words):
        yield section(facts)
    if rules := _rules(case, scene):
        yield section(lines(bold(words("Rule by rule")), *rules))
    if notes := _notes(decision, words):
        yield section(lines(bold(words("What went differently")), *notes))
    if links := _links(case, words):
        yield section(join("  ·  ", links))
    yield context(_small_print(case, words))


def _facts(interaction: Interaction | None, decision: Decision, words: Words) -> Markup:
    rows: list[Markup] = []
    if decision.kind:
        kind = words(KINDS[decision.kind])
        rows.append(words.md("*What*: {kind}", kind=kind))
    if interaction is None:
        return lines(*rows)
    rows.append(_when(interaction, words))
    rows.append(words.md("*With*: {who}", who=_who(interaction, words)))
    if line := interaction.line:
        rows.append(words.md("*Number*: {number}", number=_short(line.name or line.digits)))
    if interaction.agent and interaction.agent.name:
        rows.append(words.md("*Agent*: {agent}", agent=_short(interaction.agent.name)))
    if isinstance(interaction, Call) and interaction.tags:
        names = [_short(tag.name) for tag in interaction.tags[:MOST_TAGS]]
        if more := len(interaction.tags) - len(names):
            names.append(words.count("{count} more", "{count} more", more))
        rows.append(words.md("*Tags*: {tags}", tags=join(", ", names)))
    return lines(*rows)


def _when(interaction: Interaction, words: Words) -> Markup:
    began = date(interaction.start * 1000)
    if isinstance(interaction, Call) and interaction.ended_at:
        ended = date(interaction.ended_at * 1000, "{time_secs}")
        return words.md("*When*: {began}, ended {ended}", began=began, ended=ended)
    return words.md("*When*: {began}", began=began)


def _who(interaction: Interaction, words: Words) -> str:
    if isinstance(interaction, TextMessage) and interaction.group:
        return _several([phone_text(raw, interaction) for raw in interaction.participants], words)
    name = name_of(interaction)
    phone = phone_text(interaction.phone, interaction)
    if name == phone:
        return words.retell(_short(phone))
    return f"{_short(name)} ({words.retell(_short(phone))})"


def _several(phones: list[str], words: Words) -> str:
    names = [words.retell(_short(each)) for each in phones[:MOST_MEMBERS]]
    if more := len(phones) - len(names):
        names.append(words.count("{count} more", "{count} more", more))
    return ", ".join(names) or words("a group")


def _rules(case: Case, scene: Scene) -> list[Markup]:
    """Say each choice: what was chosen (None: nothing; empty: not known), and why."""
    words, choices, kind = scene.words, case.decision.choices, case.decision.kind
    values = {
        "hours": "",
        "contact": _contact(case, words),
        "outcome": _outcome(case, scene),
        "owner": _owner(case, scene),
        "ticket": _ticket(case, scene),
    }
    names = {
        "hours": words("Business hours"),
        "contact": words("Contact"),
        "outcome": words("Outcome"),
        "owner": words("Owner"),
        "ticket": words("Ticket"),
    }
    rows = []
    for rule, value in values.items():
        if rule not in choices:
            continue
        because = why(choices[rule], kind, scene.known, words)
        if rule == "owner" and value is None:
            because = words(
                "HubSpot did not take the one that was chosen ({reason})", reason=because
            )
        rows.append(_rule(bold(names[rule]), value, because, words))
    return rows


def _rule(name: Markup, value: str | None, because: str, words: Words) -> Markup:
    if value is None:
        return words.md("{rule}: none – {because}", rule=name, because=because)
    if value:
        return words.md("{rule}: {value} – {because}", rule=name, value=value, because=because)
    return words.md("{rule}: {because}", rule=name, because=because)


def _contact(case: Case, words: Words) -> str | None:
    id_ = case.hubspot.get("contact")
    if id_:
        return link(case.links.get("contact", ""), words("contact {id}", id=id_))
    company = case.hubspot.get("company")
    if company:
        return link(case.links.get("company", ""), words("company {id}", id=company))
    return None if case.record.written else ""


def _outcome(case: Case, scene: Scene) -> str | None:
    written = case.record.written
    if written is None or written.type != "calls":
        return ""
    guid = written.properties.get(OUTCOME)
    if not guid:
        return None
    return _short(outcome_name((scene.known.outcomes or {}).get(guid, guid), scene.words))


def _owner(case: Case, scene: Scene) -> str | None:
    written = case.record.written
    if written is None or not written.properties:
        return ""
    if owner := written.answered.get(OWNER, written.properties.get(OWNER)):
        return _short(scene.known.owner_names.get(owner, owner))
    # Where nobody was chosen, the reason begins with that.
    return "" if case.decision.choices.get("owner", "").startswith("nobody") else None


def _ticket(case: Case, scene: Scene) -> str | None:
    written, words = case.record.written, scene.words
    if written is None:
        return ""
    if not written.ticket:
        return None
    named = link(case.links.get("ticket", ""), words("ticket {id}", id=written.ticket))
    pipelines = (scene.known.pipelines or {}).values()
    set_last = written.stage or ""
    stage = next((each[set_last] for each in pipelines if set_last in each), "")
    return words.md("{ticket} in “{stage}”", ticket=named, stage=_short(stage)) if stage else named


def _notes(decision: Decision, words: Words) -> list[Markup]:
    shown = decision.notes[-MOST_NOTES:]
    rows = [words.md("• {note}", note=_short(words.retell(each), 300)) for each in shown]
    if more := len(decision.notes) - len(shown):
        rows.append(Markup(words.count("and {count} more", "and {count} more", more)))
    return rows


def _links(case: Case, words: Words) -> list[Markup]:
    """Link what the rules did not link already."""
    links = case.links
    named = [(name, words(text)) for name, text in LINKS if name not in case.decision.choices]
    kind = words("Call in HubSpot") if case.id.startswith("call-") else words("Message in HubSpot")
    return [link(links[name], text) for name, text in [("activity", kind), *named] if name in links]


def _small_print(case: Case, words: Words) -> Markup:
    decision, parts = case.decision, []
    interaction = case.record.interaction
    arrival = interaction.accepted if interaction else None
    if arrival is not None and arrival.source == "gap":
        parts.append(words.md("It was found by comparing with Aircall's list of calls."))
    if interaction is not None and interaction.backfilled is not None:
        parts.append(_brought(case, interaction.backfilled.at, words))
    if decision.accepted_revision is not None and arrival and arrival.source == "backfill":
        parts.append(
            words.md(
                "Whether to log it was judged by revision {number} of the settings: the one in "
                "force when it ended, or the newest if there was none yet.",
                number=decision.accepted_revision,
            )
        )
    elif decision.accepted_revision is not None and arrival and arrival.source != "webhook":
        parts.append(
            words.md(
                "Whether to log it was judged by revision {number} of the settings, in force when "
                "it ended.",
                number=decision.accepted_revision,
            )
        )
    elif decision.accepted_revision is not None:
        parts.append(
            words.md(
                "Whether to log it was judged by revision {number} of the settings, in force when "
                "it arrived.",
                number=decision.accepted_revision,
            )
        )
    if decision.planned_revision is not None:
        parts.append(
            words.md(
                "All else was decided by revision {number}, the newest then.",
                number=decision.planned_revision,
            )
        )
    if decision.at:
        parts.append(words.md("Decided {when}.", when=date(decision.at)))
    parts.append(words.md("Its id is {id}.", id=_short(case.id)))
    return join(" ", parts)


def _brought(case: Case, at: int, words: Words) -> Markup:
    """Say who had it logged on purpose, and when (ms)."""
    if case.backfill is None:
        return words.md("It was brought by a backfill, {when}.", when=date(at))
    return words.md(
        "It was brought by a backfill that {who} started, {when}.",
        who=mention(case.backfill.by),
        when=date(at),
    )


def _short(text: str, most: int = LONGEST_NAME) -> str:
    return shortened(clean(text), most)
