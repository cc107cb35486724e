from pathlib import Path

import pytest

from run.processes import PROCESSES
from run.procfile import Command, read_procfile
from settings.errors import StartupError


@pytest.fixture
def procfile(tmp_path):
    def write(text: str) -> Path:
        (tmp_path / "Procfile").write_text(text)
        return tmp_path / "Procfile"

    return write


def test_each_line_is_a_name_and_a_command_split_as_a_shell_would(procfile):
    path = procfile("# all\n\nweb: python -c 'a b'\n  clock:  run it \n")
    assert read_procfile(path) == (
        Command("web", ("python", "-c", "a b")),
        Command("clock", ("run", "it")),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("web: x\nnonsense", r"line 2 should read `name: command`\."),
        ("web:", r"line 1 should read"),
        ("web: x 'y", r"line 1: No closing quotation\."),
    ],
)
def test_a_line_that_cannot_be_read_is_named(procfile, text, words):
    with pytest.raises(StartupError, match=words):
        read_procfile(procfile(text))


def test_a_procfile_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StartupError, match="Start from the product's own folder"):
        read_procfile(tmp_path / "Procfile")


def test_our_procfile_starts_each_process_by_its_own_name():
    commands = read_procfile(Path(__file__).parents[2] / "Procfile")
    assert [command.name for command in commands] == ["intake", "bot", "worker", "sync", "clock"]
    for command in commands:
        assert command.words == ("python", "-m", "run", command.name)
        assert command.name in PROCESSES
