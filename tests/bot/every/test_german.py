"""All that the bot says, in German: as its golden file has it, by every rule, nothing English."""

import pytest

import tests.bot.every.scenes  # noqa: F401 - they enter the table
from tests.bot.every.foreign import alike, english_words
from tests.bot.every.goldens import difference, read
from tests.bot.every.playing import SCENES

TYPED = (
    "First", "Second", "Mine", "Same", "Two", "Three", "Typed", "Telephones", "Name", "Line", "Tag",
    "Busy", "Connected", "New", "Done", "Closed", "Quote", "VIP", "Berlin", "Refusé",
)  # fmt: skip
"""What scenes type and vendors call things, alone in a line."""


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_keeps_the_rules_and_says_what_it_said(stage, name):
    played = stage.play(SCENES[name], "de")
    assert list(played.broken) == []
    assert not (found := difference(name, "de", played.lines)), found


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_all_german(stage, name):
    played = stage.play(SCENES[name], "de")
    assert alike(played.lines, read(name, "en"), TYPED) == []
    assert english_words(played.lines) == []
    assert english_words(sorted(played.recording.untold)) == []
