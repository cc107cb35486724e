"""A data folder that cannot be one ends the start with a sentence, whoever finds it out."""

import errno
import stat

import pytest

from run import data_dir as module
from run.data_dir import make_data_dir, usable
from settings.errors import StartupError
from tests.run.starting import ACCOUNTS


@pytest.mark.parametrize("arguments", [(), ("redis",)])
@pytest.mark.parametrize("name", ["taken/data", "d" * 300])
def test_a_data_folder_that_cannot_be_made_is_one_sentence_and_exit_2(start_run, arguments, name):
    (start_run.folder / "taken").touch()
    data_dir = str(start_run.folder / name)
    run = start_run(*arguments, procfile="a: b", **{**ACCOUNTS, "DATA_DIR": data_dir})
    assert run.code() == 2
    (line,) = run.text().splitlines()
    assert line.startswith(f"error: DATA_DIR {data_dir} cannot be used: ")


def test_a_file_is_no_data_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StartupError, match="cannot be used: File exists"):
        make_data_dir(tmp_path / "file")


def test_a_folder_we_may_not_write_to_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module.os, "access", lambda *_: False)
    with pytest.raises(StartupError, match="this user may not write there"):
        make_data_dir(tmp_path)


def test_a_new_folder_is_ours_alone(tmp_path):
    make_data_dir(tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_the_file_in_the_folder_that_could_not_be_written_is_named(tmp_path):
    refused = OSError(errno.EACCES, "Permission denied", str(tmp_path / "run.lock"))
    with pytest.raises(StartupError, match=r"Permission denied \(.*run.lock\)"), usable(tmp_path):
        raise refused
