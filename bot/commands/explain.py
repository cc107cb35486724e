"""`explain`: what was decided of a call or message, rule by rule; for the one who asks alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from bot.admins.refusal import refuse
from bot.asking.asked import Asked
from bot.asking.errors import later, notice
from bot.asking.routes import Action, Command, Routes
from bot.asking.standing import Rank, Right
from bot.blocks import (
    Block,
    Element,
    Option,
    actions,
    button,
    modal,
    overflow,
    section,
)
from bot.explain.found import PICK, several, unknown, usage
from bot.explain.reasons import section_of, setting_of
from bot.explain.story import Scene, paragraphs, title, told
from bot.explain.verdict import DECIDED_BY
from bot.failures.view import DISMISS, RETRY
from bot.integration.buttons import enable_button
from bot.labels import setting_name
from bot.markup import Markup, bold
from bot.status.fixes import CREATE
from bot.words import N_, Words
from rules.plan import Decision
from store.directory import known_from_store
from worker.cases import Case, case_of
from worker.finding import Found, find_here, find_in_hubspot

EXPLAIN: Final = "explain"
"""Explains the interaction whose id is the button's value."""
SETTINGS: Final = "explain.settings"
"""Opens the form of a setting that decided; the chosen value names it."""
MOST_OPTIONS: Final = 5
LONGEST_ID: Final = 1_900
"""Characters of an id that a button can name."""
FAILED: Final = frozenset({"failed", "dismissed"})


def explain_entries(right: Right, table: Callable[[], Routes]) -> Sequence[Command | Action]:
    """Make the sub-command and what can be clicked in its answers; `right` is who may ask."""
    return (
        Command(
            EXPLAIN,
            N_("Explain what was decided of a call or message, and why."),
            right,
            run,
            N_("ID, LINK OR PHONE"),
        ),
        Action(EXPLAIN, right, pick),
        Action(PICK, right, pick),
        Action(SETTINGS, "admins", lambda asked: open_setting(asked, table())),
    )


def run(asked: Asked, text: str) -> None:
    """Find what is meant, in our store and then in HubSpot, and tell of it."""
    if not text:
        asked.tell(usage(asked))
        return
    shop = asked.desk.shop
    found = find_here(shop.connection, text)
    if not found.ask:
        _answer(asked, text, found)
        return

    def ask_hubspot() -> None:
        try:
            _answer(asked, text, find_in_hubspot(shop, found))
        finally:
            shop.counts.flush()

    later(asked, ask_hubspot)


def pick(asked: Asked) -> None:
    """Explain the one that was chosen."""
    case = case_of(asked.desk.shop.connection, asked.act.value)
    if case is not None:
        show(asked, case)
        return
    message = unknown(asked, asked.act.value, Found(why="unknown"))
    if asked.act.view is not None:
        asked.open(notice(asked.words, message.text))
    else:
        asked.tell(message)


def show(asked: Asked, case: Case) -> None:
    """Tell of one interaction: in a form where one is open, else so that only they see it."""
    if asked.act.view is not None:
        asked.open(view(asked, case))
        return
    scene = scene_of(asked)
    message = told(case, scene)
    asked.tell(replace(message, blocks=(*message.blocks, *_buttons(case, scene))))


def view(asked: Asked, case: Case, notice: str = "") -> Block:
    """Build the same as a form, with perhaps a sentence on what was just done."""
    scene = scene_of(asked)
    said = [section(Markup(bold(notice)))] if notice else []
    return modal(
        title(case.id, scene.words),
        [*said, *paragraphs(case, scene), *_buttons(case, scene)],
        close=scene.words("Close"),
        callback=EXPLAIN,
        metadata=case.id[:LONGEST_ID],
    )


def scene_of(asked: Asked) -> Scene:
    """Gather by which names and for whom a case is told. Raises redis-py's errors."""
    shop = asked.desk.shop
    return Scene(
        asked.words,
        known_from_store(shop.connection),
        asked.standing.rank >= Rank.ADMIN,
        shop.revisions.current().settings.enabled,
        shop.file.retention.decisions,
    )


def open_setting(asked: Asked, routes: Routes) -> None:
    """Open the form of the setting that was chosen in the menu."""
    action, _, path = asked.act.value.partition(" ")
    form = routes.actions.get(action) if action.startswith("edit.") else None
    if form is None:
        raise LookupError(f"no form for {asked.act.value[:80]!r}")
    if asked.standing.may(form.right):
        form.run(replace(asked, act=replace(asked.act, value=path)))
    else:
        refuse(asked, form.right)


def _answer(asked: Asked, text: str, found: Found) -> None:
    shop = asked.desk.shop
    cases = [case for id_ in found.ids if (case := case_of(shop.connection, id_))]
    if not cases:
        asked.tell(unknown(asked, text, found))
    elif len(cases) == 1:
        show(asked, cases[0])
    else:
        asked.tell(several(asked, text, cases))


def _buttons(case: Case, scene: Scene) -> list[Block]:
    """What an admin may do next: at most two buttons and a menu of the settings that decided."""
    if not scene.admin:
        return []
    words, paths = scene.words, deciding(case)
    elements: list[Element] = []
    if case.state.place in FAILED and len(case.id) <= LONGEST_ID:
        elements += _failed_buttons(case, words)
    elif case.ticket == "left out" and len(case.id) <= LONGEST_ID:
        elements.append(replace(CREATE, value=f"id:{case.id}").button(words))
    elif case.decision.result == "ignored" and paths == ["enabled"]:
        if not scene.enabled:
            elements.append(enable_button(words, style=None))
    elif case.decision.result == "ignored":
        elements += [_edit(path, scene) for path in paths]
        paths = []
    options = [
        Option(words("Change: {setting}", setting=setting_name(path, scene.known, words)), value)
        for path in paths
        if path != "enabled" and len(value := f"edit.{section_of(path)} {path}") <= 150
    ]
    if options:
        elements.append(overflow(SETTINGS, options[:MOST_OPTIONS]))
    return [actions(*elements)] if elements else []


def _failed_buttons(case: Case, words: Words) -> list[Element]:
    name = title(case.id, words)
    again = button(
        words("Try again"),
        RETRY,
        label=words("Try again to write it: {name}", name=name),
        value=f"id:{case.id}",
        style="primary",
    )
    if case.state.place == "dismissed":
        return [again]
    give_up = button(
        words("Dismiss"),
        DISMISS,
        label=words("Give it up, with a reason: {name}", name=name),
        value=f"id:{case.id}",
    )
    return [again, give_up]


def _edit(path: str, scene: Scene) -> Element:
    name = setting_name(path, scene.known, scene.words)
    label = scene.words("Open the form with the setting {setting}", setting=name)
    text = scene.words("Change: {setting}", setting=name)
    return button(text, f"edit.{section_of(path)}", label=label, value=path, style="primary")


def deciding(case: Case) -> list[str]:
    """Return the settings that decided of a case, in the order of the rules, each once."""
    decision = case.decision
    if decision.result == "ignored":
        path = DECIDED_BY.get(decision.reason)
        return [path] if path else []
    return list(dict.fromkeys(_deciding(decision)))


def _deciding(decision: Decision) -> Sequence[str]:
    said = [
        part
        for rule in ("outcome", "ticket", "contact", "owner")
        for part in decision.choices.get(rule, "").split("; ")
    ]
    return [path for part in said if (path := setting_of(part, decision.kind))]
