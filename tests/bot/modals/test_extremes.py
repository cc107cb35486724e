"""Every form at the extremes: valid, small enough, and saving it untouched changes nothing."""

import json

import pytest

from bot.modals.deletion import form as deletion_form
from bot.modals.form import Memo
from bot.modals.general import GENERAL
from bot.modals.numbers import NUMBERS
from bot.modals.outcomes import OUTCOMES
from bot.modals.overview import view_of as overview_of
from bot.modals.saving import saved
from bot.modals.tickets import TICKETS
from bot.words import words_in
from rules.settings import Settings, diff, with_values
from sandbox.slack.blocks import problems
from sandbox.slack.markup import marked_up, mistakes
from store.directory import Directory, known_of
from store.settings import Author, Revision
from tests.bot.modals.drafts import WILD, directory, draft, reread, view_of, wild

ALL = (NUMBERS, OUTCOMES, TICKETS, GENERAL)
MOST_BYTES = 250_000

EMOJI = "📞" * 75


def settings_of(there: Directory, *, tags: int = 0, numbers: int = 0) -> dict[str, object]:
    values: dict[str, object] = {
        "name": WILD.replace("\u202e", "")[:80].strip(),
        "numbers": list(range(1, numbers + 1)),
        **{f"tag_outcomes.{n}": "guid-1" for n in range(1, tags + 1)},
    }
    if there.pipelines:
        last = there.pipelines[-1]
        stages = list(last.stages)
        values["tickets.pipeline"] = last.id
        for kind in ("outbound_answered", "inbound_missed", "inbound_message"):
            values[f"tickets.stages.{kind}"] = stages[-1]
    if there.owners:
        values["fallback_owner"] = there.owners[-1].id
    return values


CASES = {
    "nothing read": (Directory(), {}),
    "nothing there": (directory(outcomes=0), {}),
    "one of each": (directory(1, 1, 1, 1, 1, 1), {"tags": 1, "numbers": 1}),
    "a hundred": (directory(100, 3, 99, 99, 100, 99), {"tags": 30, "numbers": 100}),
    "a hundred and one": (directory(101, 40, 30, 300, 101, 101), {"tags": 101, "numbers": 101}),
    "a thousand": (directory(1000, 40, 100, 300, 1000, 300), {"tags": 1000, "numbers": 1000}),
    "two thousand": (directory(2000, 120, 120, 300, 150, 300), {"tags": 150, "numbers": 2000}),
    "emoji only": (
        directory(1000, 99, 99, 99, 90, 99, label=lambda n: EMOJI + str(n)),
        {"tags": 90, "numbers": 1000},
    ),
    "no names": (
        directory(101, 3, 3, 3, 3, 3, label=lambda _: ""),
        {"tags": 3, "numbers": 101},
    ),
}


@pytest.mark.parametrize("section", ALL, ids=lambda each: each.name)
@pytest.mark.parametrize("case", CASES)
def test_form_is_valid_and_saving_it_untouched_changes_nothing(section, case):
    there, chosen = CASES[case]
    made = draft(there, settings_of(there, **chosen))
    view = view_of(section, made)
    assert len(json.dumps(view, ensure_ascii=False).encode()) < MOST_BYTES
    assert diff(made.base, reread(section, made)) == ()
    assert [each for text in marked_up(view["blocks"]) for each in mistakes(text)] == []


@pytest.mark.parametrize("section", ALL, ids=lambda each: each.name)
@pytest.mark.parametrize("case", CASES)
def test_form_of_things_that_are_all_gone_is_valid_and_keeps_them(section, case):
    there, chosen = CASES[case]
    values = settings_of(there, **chosen)
    made = draft(directory(outcomes=0, label=wild), values)
    view_of(section, made)
    assert diff(made.base, reread(section, made)) == ()


@pytest.mark.parametrize("section", ALL, ids=lambda each: each.name)
@pytest.mark.parametrize("case", CASES)
def test_long_lists_are_answered_in_valid_options(section, case):
    there, chosen = CASES[case]
    made = draft(there, settings_of(there, **chosen))
    for find in section.choices.values():
        for typed in ("", "1", "<!channel>", "no such thing at all"):
            options = [each.block() for each in find(made, typed)[:100]]
            blocks = [
                {
                    "type": "input",
                    "label": {"type": "plain_text", "text": "-"},
                    "element": {"type": "static_select", "action_id": "value", "options": options},
                }
            ]
            view = {
                "type": "modal",
                "title": {"type": "plain_text", "text": "-"},
                "submit": {"type": "plain_text", "text": "-"},
                "blocks": blocks if options else [],
            }
            assert problems("modal", view) == []
            values = [each["value"] for each in options]
            assert len(set(values)) == len(values)


@pytest.mark.parametrize("case", CASES)
def test_overview_the_saved_form_and_the_deletion_are_valid(case):
    there, chosen = CASES[case]
    known = known_of(there)
    settings = with_values(Settings(), settings_of(there, **chosen))
    author = Author("admin", "U1", "Ada <!channel>")
    revision = Revision(9, 8, 1_790_000_000_000, author, settings, diff(Settings(), settings))
    words = words_in("en")
    made = draft(there, settings_of(there, **chosen))
    for view in (
        overview_of(revision, [revision], known, words),
        overview_of(revision, [revision], known_of(Directory()), words),
        overview_of(revision, [revision], known_of(directory(outcomes=0)), words),
        saved(made, revision),
        deletion_form(revision, Memo(9), words),
        *(section.loading(words) for section in ALL),
    ):
        assert problems("modal", view) == []
        assert [e for text in marked_up(view["blocks"]) for e in mistakes(text)] == []
