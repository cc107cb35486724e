"""All that the bot says, in English: as its golden file has it, and by every rule."""

import pytest

import tests.bot.every.scenes  # noqa: F401 - they enter the table
from bot.words import LANGUAGES
from bot.words.catalogue import extracted
from bot.words.retold import RETOLD
from tests.bot.every.goldens import FOLDER, difference, path_of
from tests.bot.every.playing import SCENES
from tests.bot.every.reach import building_sites
from tests.bot.every.stage import route_names
from tests.bot.team import file_with


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_keeps_the_rules_and_says_what_it_said(stage, name):
    played = stage.play(SCENES[name], "en")
    assert list(played.broken) == []
    assert not (found := difference(name, "en", played.lines)), found


def test_every_route_is_taken_and_every_message_and_view_is_built(stage):
    recordings = [stage.play(scene, "en").recording for scene in SCENES.values()]
    taken = {route for each in recordings for route in each.routes}
    assert route_names(file_with()) - taken == set(), "no scene takes these routes"
    missing = [str(s) for s in building_sites() if not any(map(s.reached, recordings))]
    assert missing == [], "no scene builds these"


def test_every_sentence_of_the_code_is_said(stage):
    recordings = [stage.play(scene, "en").recording for scene in SCENES.values()]
    said = {text for each in recordings for text in each.sentences}
    assert extracted() - said - set(RETOLD) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_golden_file_is_left_of_a_scene_that_is_gone(language):
    there = {path.name for path in (FOLDER / language).iterdir()}
    assert there == {path_of(name, language).name for name in SCENES}
