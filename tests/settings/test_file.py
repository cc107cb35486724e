from pathlib import Path

import pytest
from pydantic import ValidationError

from settings.errors import StartupError
from settings.file import SettingsFile, load_file

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def written(tmp_path):
    """Writes a settings file and loads it."""

    def load(text: str) -> SettingsFile:
        path = tmp_path / "settings.toml"
        path.write_text(text, encoding="utf-8")
        return load_file(path)

    return load


def refusal(written, text):
    with pytest.raises(StartupError) as caught:
        written(text)
    return str(caught.value)


def test_the_file_we_ship_shows_every_key_with_its_default():
    shipped = load_file(REPOSITORY / "settings.toml")
    assert shipped == SettingsFile()
    text = (REPOSITORY / "settings.toml").read_text(encoding="utf-8")
    assert all(f"\n{key} = " in text for key in keys_of(SettingsFile()))


def keys_of(section):
    for name, value in dict(section).items():
        if isinstance(value, str | int | tuple):
            yield name
        elif hasattr(value, "model_fields_set"):
            yield from keys_of(value)


def test_an_empty_file_is_all_defaults(written):
    file = written("")
    assert file.defaults.outcomes.inbound_voicemail == "Left voicemail"
    assert file.limits.hubspot_burst == 90
    assert file.intervals.pending == 600
    assert file.retention.ids == 200
    assert file.hangup_causes["user_busy"] == "busy"


def test_the_sandbox_file_is_sound_and_enabled():
    file = load_file(REPOSITORY / "settings" / "sandbox.toml")
    assert file.defaults.enabled
    assert file.defaults.numbers == "all"


def test_values_of_the_file_are_read(written):
    file = written(
        '[slack]\nadmins = ["U1"]\n[defaults]\nnumbers = [3, 1, 3]\n'
        '[defaults.tag_outcomes]\n"VIP" = "Demo"\n[defaults.tickets.stages]\ninbound_missed = "1"\n'
    )
    assert file.slack.admins == ("U1",)
    assert file.defaults.numbers == (3, 1)
    assert file.defaults.tag_outcomes == {"VIP": "Demo"}
    assert file.defaults.tickets.stages.inbound_missed == "1"


def test_a_table_of_hangup_causes_replaces_the_guesses_and_knows_no_case(written):
    file = written('[hangup_causes]\nUSER_GONE = "wrong_number"')
    assert dict(file.hangup_causes) == {"user_gone": "wrong_number"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[limits]\naircal = 1", "there is no key limits.aircal (did you mean limits.aircall?)"),
        ("[intervalls]\n", "there is no key intervalls (did you mean intervals?)"),
        (
            '[defaults.tickets.stages]\nmissed = "1"',
            "stages.missed (did you mean defaults.tickets.stages.inbound_missed?)",
        ),
        ('[limits]\naircall = "60"', "limits.aircall should be a whole number, not '60'"),
        ("[limits]\naircall = true", "limits.aircall should be a whole number, not True"),
        ("[limits]\naircall = 0", "limits.aircall should be greater than 0, not 0"),
        ("[retention]\ncalls = 1.5", "retention.calls should be a whole number, not 1.5"),
        ("[defaults]\nenabled = 1", "defaults.enabled should be true or false, not 1"),
        ('[defaults]\nname = ""', "defaults.name should have at least 1 character, not ''"),
        ("[defaults]\noutcomes = 4", "defaults.outcomes should be a table, not 4"),
        (
            '[defaults]\nnumbers = "some"',
            "defaults.numbers should be a list of Aircall number ids, or \"all\", not 'some'",
        ),
        (
            '[defaults]\nnumbers = ["1"]',
            "defaults.numbers should be a list of Aircall number ids, or \"all\", not ['1']",
        ),
        ("[slack]\nadmins = [1]", "slack.admins.0 should be text in quotes, not 1"),
        ('[slack]\nadmins = "U1"', "slack.admins should be a list, not 'U1'"),
        ('[slack]\nlanguage = "fr"', "slack.language should be 'en' or 'de', not 'fr'"),
        ('[hangup_causes]\nx = "bus"', "should be 'busy' or 'wrong_number', not 'bus'"),
        ("[defaults.tag_outcomes]\nVIP = 1", "defaults.tag_outcomes.VIP should be text in quotes"),
        ("slack = 3", "slack should be a table, not 3"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_key(written, tmp_path, text, words):
    sentence = refusal(written, text)
    assert sentence.startswith(f"{tmp_path / 'settings.toml'}: ")
    assert words in sentence
    assert sentence.endswith(".")


def test_everything_wrong_is_said_at_once(written):
    sentence = refusal(written, "[limits]\naircall = 0\nx = 1\n[retention]\nids = 0\n")
    assert all(word in sentence for word in ("limits.aircall", "limits.x", "retention.ids"))


def test_bad_toml_names_file_and_line(written, tmp_path):
    sentence = refusal(written, "[slack]\ncommand = \n")
    assert str(tmp_path / "settings.toml") in sentence
    assert "line 2" in sentence


def test_a_file_that_is_not_there_is_named_with_what_to_do(tmp_path):
    with pytest.raises(StartupError, match=r"missing\.toml cannot be read: No such file.*SETTINGS"):
        load_file(tmp_path / "missing.toml")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "settings.toml").write_bytes(b"# \xff")
    with pytest.raises(StartupError, match=r"not UTF-8 text \(byte 2\)"):
        load_file(tmp_path / "settings.toml")


def test_nothing_in_it_can_be_changed():
    file = SettingsFile()
    with pytest.raises(ValidationError):
        file.limits.aircall = 1
    with pytest.raises(TypeError):
        file.hangup_causes["x"] = "busy"
    with pytest.raises(TypeError):
        file.defaults.tag_outcomes["x"] = "Busy"


def test_it_can_be_written_as_json():
    assert SettingsFile.model_validate_json(SettingsFile().model_dump_json()) == SettingsFile()
