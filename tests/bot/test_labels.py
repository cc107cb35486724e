"""Settings and their changes, in the words of people."""

import pytest

from bot.labels import (
    MOST_LINES,
    NAMES,
    author_name,
    diff_lines,
    listed,
    note_in_words,
    number_names,
    setting_name,
    value_in_words,
)
from bot.words import words_in
from rules.settings import PATHS, Change, Known
from store.settings import BY_FILE, BY_SYSTEM, Author

EN = words_in("en")
KNOWN = Known(
    numbers={1: "Sales", 2: "Support", 3: "<!channel>"},
    pipelines={"0": {"1": "New"}, "9": {"1": "To do"}},
    pipeline_labels={"0": "Desk", "9": "Calls"},
    owners={"11": True},
    owner_names={"11": "Ada & Co"},
    outcomes={"g": "Busy"},
    tags={"17": "VIP"},
)


def said(*changes, pipeline="0"):
    return [str(each) for each in diff_lines(changes, KNOWN, EN, pipeline=pipeline)]


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("pipeline 9 is missing in HubSpot", "pipeline “Calls” is missing in HubSpot"),
        ("pipeline 7 is missing in HubSpot", "pipeline “7” is missing in HubSpot"),
        (
            "stage 1 of pipeline 0 is missing in HubSpot",
            "stage “New” of pipeline “Desk” is missing in HubSpot",
        ),
        ("whatever a person wrote", "whatever a person wrote"),
    ],
)
def test_what_a_note_names_by_id_is_named_as_people_knew_it(note, words):
    assert note_in_words(note, KNOWN, EN) == words


def test_every_setting_has_a_name():
    assert set(NAMES) == set(PATHS)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("name", "A <b>", "A <b>"),
        ("enabled", True, "yes"),
        ("create_contacts", False, "no"),
        ("numbers", "all", "all numbers, new ones too"),
        ("numbers", (), "none"),
        ("numbers", (1, 2), "Sales and Support"),
        ("numbers", (99,), "99"),
        ("outcomes.inbound_missed", None, "no outcome"),
        ("outcomes.inbound_missed", "No answer", "No answer"),
        ("tag_outcomes.17", "g", "Busy"),
        ("tag_outcomes.17", None, "not mapped"),
        ("tickets.pipeline", "0", "Desk"),
        ("tickets.pipeline", None, "none"),
        ("tickets.stages.inbound_missed", "1", "New"),
        ("tickets.stages.inbound_missed", "7", "7"),
        ("tickets.stages.inbound_missed", None, "no ticket"),
        ("fallback_owner", "11", "Ada & Co"),
        ("fallback_owner", None, "nobody"),
    ],
)
def test_value_is_said_with_its_label(path, value, words):
    assert value_in_words(path, value, KNOWN, EN, pipeline="0") == words


def test_numbers_are_said_as_added_and_removed():
    assert said(Change("numbers", (1,), (1, 2))) == ["*Connected numbers*: Support added"]
    assert said(Change("numbers", (1, 3), (1,))) == [
        "*Connected numbers*: &lt;!channel&gt; removed"
    ]
    assert said(Change("numbers", (1,), (2,))) == [
        "*Connected numbers*: Support added, Sales removed"
    ]
    assert said(Change("numbers", (1,), ())) == ["*Connected numbers*: Sales → none"]
    assert said(Change("numbers", (), (1,))) == ["*Connected numbers*: none → Sales"]


def test_stage_is_said_with_the_pipeline_of_its_own_time():
    changes = (
        Change("tickets.pipeline", "0", "9"),
        Change("tickets.stages.inbound_missed", "1", "1"),
    )
    assert said(*changes, pipeline="9")[1].endswith("New → To do")


def test_many_changes_are_counted_beyond_a_screenful():
    changes = [Change(f"tag_outcomes.{n}", None, "g") for n in range(100)]
    lines = said(*changes)
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == "and 80 more changes"


def test_long_lists_and_labels_are_cut():
    assert number_names(range(1, 11), KNOWN, EN).endswith("5 and 5 more")
    tag = setting_name("tag_outcomes." + "x" * 500, KNOWN, EN)
    assert len(tag) < 120
    assert setting_name("former.setting", KNOWN, EN) == "former.setting"


@pytest.mark.parametrize(
    ("author", "name"),
    [
        (Author("admin", "U1", "Ada"), "<@U1>"),
        (Author("admin", "", "Ada <b>"), "Ada &lt;b&gt;"),
        (Author("cli", "0", "root"), "root in a shell"),
        (BY_SYSTEM, "the integration itself"),
        (BY_FILE, "settings.toml"),
    ],
)
def test_author_is_named(author, name):
    assert author_name(author, EN) == name


@pytest.mark.parametrize(
    ("names", "words"), [(["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_names_are_listed_as_a_person_would(names, words):
    assert listed(names, EN) == words
