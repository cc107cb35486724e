"""All that the bot says, in German: as its golden file has it, by every rule, and no English in it."""

import pytest

import tests.bot.every.scenes  # noqa: F401 - they enter the table
from tests.bot.every.goldens import difference
from tests.bot.every.playing import SCENES


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_keeps_the_rules_and_says_what_it_said(stage, name):
    played = stage.play(SCENES[name], "de")
    assert list(played.broken) == []
    assert not (found := difference(name, "de", played.lines)), found
