"""The settings model: what may be chosen, how it is refused, compared and kept."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.settings import (
    PATHS,
    Change,
    Former,
    InvalidSettings,
    Known,
    Problem,
    Settings,
    diff,
    flat,
    from_defaults,
    new_problems,
    outcome_choices,
    path_by_id,
    path_with_label,
    problems,
    takes,
    to_json,
    validated,
    with_ids,
    with_labels,
    with_value,
    with_values,
    without_stages,
)
from settings.file import Defaults, load_file

KNOWN = Known(
    numbers={7: "Sales", 8: "Support"},
    pipelines={"0": {"1": "New", "2": "Closed"}, "5": {"50": "Inbox"}},
    pipeline_labels={"0": "Support", "5": "Sales"},
    owners={"11": True, "12": False},
    owner_names={"11": "Ann", "12": "Eve"},
    outcomes={"guid-live": "Left live message", "guid-busy": "Busy"},
    tags={"17": "VIP", "18": "Sales"},
)


def refused(defaults):
    with pytest.raises(InvalidSettings) as caught:
        from_defaults(defaults)
    return {each.path: each.sentence for each in caught.value.problems}


def found(known=KNOWN, **values):
    paths = {path.replace("__", "."): value for path, value in values.items()}
    return {each.path: each.sentence for each in problems(with_values(Settings(), paths), known)}


def test_defaults_are_those_of_the_specification():
    assert dict(flat(Settings())) == {
        "name": "Aircall – HubSpot",
        "enabled": False,
        "numbers": (),
        "outcomes.outbound_answered": "Connected",
        "outcomes.outbound_unanswered": "No answer",
        "outcomes.outbound_busy": "Busy",
        "outcomes.outbound_wrong_number": "Wrong number",
        "outcomes.inbound_answered": "Connected",
        "outcomes.inbound_missed": "No answer",
        "outcomes.inbound_voicemail": "Left voicemail",
        "tickets.pipeline": None,
        "tickets.stages.outbound_answered": None,
        "tickets.stages.outbound_unanswered": None,
        "tickets.stages.inbound_answered": None,
        "tickets.stages.inbound_missed": None,
        "tickets.stages.inbound_voicemail": None,
        "tickets.stages.outbound_message": None,
        "tickets.stages.inbound_message": None,
        "business_hours_only": False,
        "create_contacts": True,
        "sync_contacts": False,
        "fallback_owner": None,
    }


def test_file_without_a_key_gives_the_defaults(tmp_path: Path):
    (tmp_path / "settings.toml").write_text("")
    assert from_defaults(load_file(tmp_path / "settings.toml").defaults) == Settings()
    assert from_defaults(Defaults()) == from_defaults({}) == Settings()


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        ("outbound_answered", ("Connected", None)),
        ("outbound_unanswered", ("No answer", None)),
        ("outbound_busy", ("Busy", "No answer", None)),
        ("outbound_wrong_number", ("Wrong number", "No answer", None)),
        ("inbound_answered", ("Connected", None)),
        ("inbound_missed", ("No answer", None)),
        ("inbound_voicemail", ("Left voicemail", "No answer", None)),
    ],
)
def test_each_kind_takes_its_own_outcomes_and_no_other(kind, choices):
    assert outcome_choices(kind) == choices
    for label in ("Connected", "No answer", "Busy", "Wrong number", "Left voicemail", None):
        settings = {"outcomes": {kind: label}}
        if label in choices:
            assert getattr(from_defaults(settings).outcomes, kind) == label
        else:
            assert list(refused(settings)) == [f"defaults.outcomes.{kind}"]


@pytest.mark.parametrize("typed", ["Aircall\u00a0– HubSpot", "👩\u200d👧 family", "Ärger № 5"])
def test_whatever_people_can_read_is_a_name_and_a_tag(typed):
    chosen = from_defaults({"name": typed, "tag_outcomes": {typed: "Busy"}})
    assert (chosen.name, dict(chosen.tag_outcomes)) == (typed, {typed: "Busy"})


@pytest.mark.parametrize("typed", ["None", "none", " NONE ", "", None])
def test_none_is_understood_in_every_spelling(typed):
    chosen = from_defaults({"outcomes": {"inbound_missed": typed}, "fallback_owner": typed})
    assert chosen.outcomes.inbound_missed is None
    assert chosen.fallback_owner is None


def test_outcomes_are_understood_in_any_case():
    chosen = from_defaults({"outcomes": {"inbound_missed": " no ANSWER"}})
    assert chosen.outcomes.inbound_missed == "No answer"


def test_wrong_outcome_in_the_file_names_the_key_and_what_is_allowed():
    assert refused({"outcomes": {"inbound_missed": "Busy"}}) == {
        "defaults.outcomes.inbound_missed": "Must be No answer or None, not 'Busy'."
    }


def test_three_choices_are_listed_as_a_sentence():
    assert takes("outcomes.outbound_busy") == "Busy, No answer or None"


@pytest.mark.parametrize(
    ("defaults", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "half \ud800"}, "name"),
        ({"name": "turned \u202e"}, "name"),
        ({"name": "a\tb"}, "name"),
        ({"name": "\u200b\u200d"}, "name"),
        ({"name": 3}, "name"),
        ({"enabled": "yes"}, "enabled"),
        ({"business_hours_only": 1}, "business_hours_only"),
        ({"numbers": "ALL of them"}, "numbers"),
        ({"numbers": [True]}, "numbers"),
        ({"numbers": [0]}, "numbers"),
        ({"numbers": ["7"]}, "numbers"),
        ({"numbers": 7}, "numbers"),
        ({"fallback_owner": 11}, "fallback_owner"),
        ({"tickets": 3}, "tickets"),
        ({"tickets": {"stages": {"inbound_missed": 1}}}, "tickets.stages.inbound_missed"),
        ({"tag_outcomes": {"VIP": 3}}, "tag_outcomes.VIP"),
        ({"tag_outcomes": {"VIP": "Busy", "vip": "Busy"}}, "tag_outcomes"),
        ({"tag_outcomes": ["VIP"]}, "tag_outcomes"),
    ],
)
def test_wrong_value_is_refused_under_its_own_path(defaults, path):
    sentences = refused(defaults)
    assert list(sentences) == [f"defaults.{path}"]
    assert sentences[f"defaults.{path}"].startswith(f"Must be {takes(path)}, not ")


def test_every_wrong_field_is_named_at_once():
    assert set(refused({"name": "", "enabled": 3, "outcomes": {"inbound_missed": "x"}})) == {
        "defaults.name",
        "defaults.enabled",
        "defaults.outcomes.inbound_missed",
    }


def test_unknown_key_names_the_nearest_one():
    assert refused({"outcomes": {"inbound_mised": "x"}}) == {
        "defaults.outcomes.inbound_mised": (
            "There is no such setting; the nearest is defaults.outcomes.inbound_missed."
        )
    }


def test_file_may_not_enable_without_numbers_or_name_a_stage_without_a_pipeline():
    defaults = {"enabled": True, "tickets": {"stages": {"inbound_missed": "1"}}}
    assert set(refused(defaults)) == {
        "defaults.enabled",
        "defaults.tickets.stages.inbound_missed",
    }


def test_error_lists_one_line_per_problem():
    error = InvalidSettings([Problem("name", "Too long."), Problem("enabled", "No numbers.")])
    assert str(error) == "name: Too long.\nenabled: No numbers."


def test_settings_and_what_is_in_them_cannot_be_changed():
    settings = with_value(Settings(), "tag_outcomes.VIP", "Busy")
    for change in (
        lambda: setattr(settings, "name", "x"),
        lambda: setattr(settings.tickets, "pipeline", "x"),
        lambda: setattr(settings.outcomes, "inbound_missed", None),
    ):
        with pytest.raises(ValueError, match="frozen"):
            change()
    with pytest.raises(TypeError):
        settings.tag_outcomes["VIP"] = "Connected"


@pytest.mark.parametrize(
    ("numbers", "number", "connected"),
    [("all", 7, True), ([7], 7, True), ([7], 8, False), ([], 7, False), ([7], None, False)],
)
def test_number_is_connected_when_chosen_or_when_all_are(numbers, number, connected):
    assert with_value(Settings(), "numbers", numbers).connects(number) is connected


ids = st.none() | st.from_regex(r"[0-9a-f]{1,8}", fullmatch=True)
texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1)
any_settings = st.fixed_dictionaries(
    {
        "name": texts.filter(lambda text: len(text) <= 80 and text.strip()),
        "enabled": st.booleans(),
        "numbers": st.just("all") | st.lists(st.integers(1, 9)),
        "outcomes.outbound_busy": st.sampled_from(outcome_choices("outbound_busy")),
        "tag_outcomes": st.dictionaries(st.sampled_from(["VIP", "a.b", "ü", "17"]), texts),
        "tickets.pipeline": ids,
        "tickets.stages.inbound_missed": ids,
        "fallback_owner": ids,
    }
).map(lambda values: with_values(Settings(), values))


@given(any_settings)
def test_json_brings_the_same_settings_back(settings):
    read = validated(json.loads(to_json(settings)))
    assert read == settings
    assert to_json(read) == to_json(settings)


@given(any_settings, any_settings)
def test_applying_a_diff_leads_from_old_to_new(old, new):
    changes = diff(old, new)
    assert with_values(old, {change.path: change.new for change in changes}) == new
    assert with_values(new, {change.path: change.old for change in changes}) == old
    assert (changes == ()) == (old == new) == (to_json(old) == to_json(new))


def test_equal_settings_give_equal_json_whatever_the_order_they_came_in():
    one = from_defaults({"numbers": [8, 7], "tag_outcomes": {"b": "x", "a": "y"}})
    two = from_defaults({"tag_outcomes": {"a": "y", "b": "x"}, "numbers": [7, 8, 7]})
    assert to_json(one) == to_json(two)
    assert json.loads(to_json(one))["numbers"] == [7, 8]


def test_diff_shows_each_setting_and_each_tag_in_the_order_of_the_form():
    old = with_value(Settings(), "tag_outcomes.Sales", "Busy")
    new = with_values(
        Settings(),
        {"numbers": [8, 7], "tickets.pipeline": "0", "tag_outcomes.VIP": "Connected"},
    )
    assert diff(old, new) == (
        Change("numbers", (), (7, 8)),
        Change("tag_outcomes.Sales", "Busy", None),
        Change("tag_outcomes.VIP", None, "Connected"),
        Change("tickets.pipeline", None, "0"),
    )


@pytest.mark.parametrize("path", [path for path in PATHS if path != "tag_outcomes"])
def test_every_path_can_be_set_by_itself(path):
    value = flat(Settings())[path]
    different = {bool: not value, tuple: (7,)}.get(type(value), "x")
    if path.startswith("outcomes."):
        different = None
    assert diff(Settings(), with_value(Settings(), path, different)) == (
        Change(path, value, different),
    )


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("tickets.stage.inbound_missed", "tickets.stages.inbound_missed"),
        ("outcomes.missed", "outcomes.inbound_missed"),
        ("Name", "name"),
    ],
)
def test_wrong_path_names_the_nearest(path, nearest):
    with pytest.raises(InvalidSettings) as caught:
        with_value(Settings(), path, "x")
    [problem] = caught.value.problems
    assert problem == Problem(path, f"There is no such setting; the nearest is {nearest}.")


def test_wrong_paths_and_wrong_values_are_named_together():
    with pytest.raises(InvalidSettings) as caught:
        with_values(Settings(), {"nam": "x", "outcomes.inbound_missed": "Busy"})
    assert [each.path for each in caught.value.problems] == ["nam", "outcomes.inbound_missed"]


def test_tag_is_set_anew_in_another_case_and_taken_out_by_none():
    settings = with_value(Settings(), "tag_outcomes.VIP", "Busy")
    settings = with_value(settings, "tag_outcomes.vip", "Connected")
    assert dict(settings.tag_outcomes) == {"vip": "Connected"}
    assert dict(with_value(settings, "tag_outcomes.VIP", None).tag_outcomes) == {}


@pytest.mark.parametrize("nothing", ["", "None", None])
def test_tag_mapped_to_nothing_in_the_file_is_not_mapped(nothing):
    chosen = from_defaults({"tag_outcomes": {"VIP": nothing, "Sales": "Busy"}})
    assert dict(chosen.tag_outcomes) == {"Sales": "Busy"}


def test_kinds_without_stages_open_no_ticket_and_keep_all_else():
    settings = with_values(
        Settings(),
        {
            "tickets.pipeline": "0",
            "tickets.stages.inbound_missed": "1",
            "tickets.stages.inbound_voicemail": "1",
            "tickets.stages.inbound_message": "2",
        },
    )
    assert diff(settings, without_stages(settings, ["inbound_missed", "inbound_voicemail"])) == (
        Change("tickets.stages.inbound_missed", "1", None),
        Change("tickets.stages.inbound_voicemail", "1", None),
    )


def test_enabling_without_a_number_is_refused():
    assert list(found(Known(), enabled=True)) == ["enabled"]
    assert found(Known(), enabled=True, numbers="all") == {}
    assert found(Known(), enabled=True, numbers=[7]) == {}


def test_number_that_aircall_has_not_is_refused():
    assert found(numbers=[7, 9]) == {"numbers": "Aircall has no number with the id 9."}
    assert found(numbers=[7, 8]) == found(numbers="all") == {}


def test_stage_needs_a_pipeline():
    assert list(found(Known(), tickets__stages__inbound_missed="1")) == [
        "tickets.stages.inbound_missed"
    ]


def test_stage_of_another_pipeline_is_refused():
    chosen = {"tickets__pipeline": "0", "tickets__stages__inbound_missed": "50"}
    assert found(**chosen) == {
        "tickets.stages.inbound_missed": "The stage 50 is not one of pipeline 0 (Support)."
    }
    assert found(**chosen | {"tickets__stages__inbound_missed": "2"}) == {}


def test_unknown_pipeline_is_refused_once_and_not_for_each_stage():
    chosen = {"tickets__pipeline": "9", "tickets__stages__inbound_missed": "1"}
    assert list(found(**chosen)) == ["tickets.pipeline"]
    assert list(found(Known(pipelines={}), **chosen)) == ["tickets.pipeline"]


def test_archived_and_unknown_owners_are_refused():
    assert found(fallback_owner="12") == {
        "fallback_owner": "The owner 12 (Eve) is archived in HubSpot."
    }
    assert list(found(fallback_owner="13")) == ["fallback_owner"]
    assert found(fallback_owner="11") == {}


def test_unknown_tag_or_outcome_is_refused_under_its_tag():
    settings = {"VIP": "Left live message", "17x": "Busy", "18": "No such", "nothing": "nothing"}
    assert sorted(found(tag_outcomes=settings)) == [
        "tag_outcomes.17x",
        "tag_outcomes.18",
        "tag_outcomes.nothing",
    ]


def test_tags_and_outcomes_count_by_id_and_by_name_in_any_case():
    assert found(tag_outcomes={"vip": "LEFT live message", "18": "guid-busy"}) == {}


def test_one_tag_by_id_and_by_name_has_two_outcomes_and_is_refused():
    assert list(found(tag_outcomes={"VIP": "Busy", "17": "guid-live"})) == ["tag_outcomes.VIP"]


def test_what_is_not_known_is_not_checked():
    assert (
        found(
            Known(),
            numbers=[99],
            fallback_owner="99",
            tag_outcomes={"x": "y"},
            tickets__pipeline="99",
            tickets__stages__inbound_missed="99",
        )
        == {}
    )
    assert problems(Settings()) == []


def test_problem_that_was_there_before_does_not_refuse_another_field():
    old = with_value(Settings(), "fallback_owner", "12")
    assert new_problems(old, with_value(old, "name", "Phones"), KNOWN) == []
    [problem] = new_problems(old, with_value(old, "fallback_owner", "13"), KNOWN)
    assert problem.path == "fallback_owner"


def test_taking_the_last_number_of_an_enabled_integration_is_refused_under_the_numbers():
    old = with_values(Settings(), {"enabled": True, "numbers": [7]})
    [problem] = new_problems(old, with_value(old, "numbers", []), KNOWN)
    assert problem.path == "numbers"
    [problem] = new_problems(Settings(), with_values(Settings(), {"enabled": True}), KNOWN)
    assert problem.path == "enabled"
    assert new_problems(old, with_values(old, {"numbers": [], "enabled": False}), KNOWN) == []


def test_names_become_ids_where_they_are_known():
    settings = with_value(Settings(), "tag_outcomes", {"vip": "left live MESSAGE", "x": "y"})
    assert dict(with_ids(settings, KNOWN).tag_outcomes) == {"17": "guid-live", "x": "y"}
    assert with_ids(settings, Known()) == settings


@pytest.mark.parametrize(
    ("path", "by_id"),
    [
        ("tag_outcomes.vip", "tag_outcomes.17"),
        ("tag_outcomes.17", "tag_outcomes.17"),
        ("tag_outcomes.x.y", "tag_outcomes.x.y"),
        ("name", "name"),
    ],
)
def test_path_names_a_tag_by_its_id(path, by_id):
    assert path_by_id(path, KNOWN) == by_id


def test_id_wins_over_another_tag_of_that_name():
    known = Known(tags={"17": "VIP", "18": "17"})
    assert path_by_id("tag_outcomes.17", known) == "tag_outcomes.17"


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("enabled", True, "yes"),
        ("enabled", False, "no"),
        ("numbers", (), "none"),
        ("numbers", (7, 9), "7 (Sales), 9"),
        ("numbers", "all", "all"),
        ("name", "11", "11"),
        ("outcomes.inbound_missed", None, "none"),
        ("tag_outcomes.17", "guid-live", "guid-live (Left live message)"),
        ("tag_outcomes.17", "Busy", "Busy"),
        ("tickets.pipeline", "5", "5 (Sales)"),
        ("tickets.stages.inbound_missed", "50", "50 (Inbox)"),
        ("tickets.stages.inbound_missed", "1", "1"),
        ("fallback_owner", "12", "12 (Eve)"),
        ("fallback_owner", "13", "13"),
    ],
)
def test_what_is_kept_by_id_is_shown_with_its_label(path, value, shown):
    assert with_labels(path, value, KNOWN, pipeline="5") == shown


def test_what_is_gone_is_shown_with_its_last_label():
    former = Former({"5": "Selling", "6": "Old"}, {"5": {"1": "New", "50": "Before"}})
    known = replace(KNOWN, former=former)
    stage = "tickets.stages.inbound_missed"
    assert with_labels(stage, "1", known, pipeline="5") == "1 (New)"
    assert with_labels(stage, "50", known, pipeline="5") == "50 (Inbox)"
    assert with_labels("tickets.pipeline", "6", known, pipeline="5") == "6 (Old)"
    assert with_labels("tickets.pipeline", "5", known, pipeline="5") == "5 (Sales)"


def test_without_labels_ids_stand_alone():
    for path, value in flat(
        with_values(Settings(), {"numbers": [7], "fallback_owner": "1"})
    ).items():
        assert "(" not in with_labels(path, value, Known(), pipeline=None)


def test_tags_path_is_shown_with_its_name():
    assert path_with_label("tag_outcomes.17", KNOWN) == "tag_outcomes.17 (VIP)"
    assert path_with_label("tag_outcomes.VIP", KNOWN) == "tag_outcomes.VIP"
    assert path_with_label("fallback_owner", KNOWN) == "fallback_owner"
