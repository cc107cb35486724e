"""A backup taken while everything runs is whole, and put back it is the store of that moment."""

import io
import shutil
import stat
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from run import backup
from run import redis_server as embedded
from run.backup import back_up, restore
from run.redis_server import start, wait_until_ready
from settings.errors import StartupError
from store.connection import socket_url
from tests.patience import until
from tests.run.starting import ACCOUNTS

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


@pytest.fixture
def folder():
    """A data folder whose path is short enough for a socket."""
    path = Path(tempfile.mkdtemp(prefix="ah-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def running(folder):
    """Runs the server of the folder while the block lasts; hands out a client of it."""
    processes = []

    def run() -> redis.Redis:
        processes.append(start(folder))
        wait_until_ready(socket_url(folder), processes[-1])
        return redis.Redis.from_url(socket_url(folder))

    yield run
    for process in processes:
        process.kill()
        process.wait()


def stop(client: redis.Redis) -> None:
    with client:
        client.shutdown()


def test_a_backup_of_a_running_store_put_back_is_that_moment(running, folder, tmp_path):
    client = running()
    (folder / "initialised").write_text("store-1\n")
    client.set("kept", "before")
    sentence = back_up(folder, tmp_path, NOW)
    file = tmp_path / "aircall-hubspot-20261126T030000Z.tar.gz"
    assert str(file) in sentence
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    client.set("kept", "after")
    stop(client)
    (folder / "initialised").write_text("store-2\n")
    assert "What was there before is kept in" in restore(folder, file)
    (kept,) = folder.glob("kept-before-restore-*")
    assert (kept / "appendonlydir").is_dir()
    assert (folder / "initialised").read_text() == "store-1\n"
    with running() as again:
        assert again.get("kept") == b"before"


def test_a_backup_goes_into_a_new_folder_as_on_a_new_machine(running, folder, tmp_path):
    client = running()
    client.set("kept", "1")
    back_up(folder, tmp_path / "b.tar.gz")
    stop(client)
    shutil.rmtree(folder)
    assert "kept in" not in restore(folder, tmp_path / "b.tar.gz")
    with running() as again:
        assert again.get("kept") == b"1"


def test_a_command_half_copied_is_cut_off_when_it_is_put_back(running, folder, tmp_path):
    client = running()
    client.set("kept", "1")
    client.set("late", "2")
    stop(client)
    (log,) = (folder / "appendonlydir").glob("*.incr.aof")
    log.write_bytes(log.read_bytes()[:-3])
    back_up(folder, tmp_path / "b.tar.gz")
    restore(folder, tmp_path / "b.tar.gz")
    with running() as again:
        assert (again.get("kept"), again.get("late")) == (b"1", None)
    assert not list(folder.glob("kept-????????????"))


def test_nothing_is_put_back_while_the_store_runs(running, folder, tmp_path, monkeypatch):
    with running() as client:
        client.set("kept", "1")
        back_up(folder, tmp_path / "b.tar.gz")
        monkeypatch.setattr(embedded, "_LOCK_SECONDS", 0.1)
        with pytest.raises(StartupError, match="still running"):
            restore(folder, tmp_path / "b.tar.gz")
        assert client.get("kept") == b"1"


def packed(file: Path, **contents: bytes) -> Path:
    with tarfile.open(file, "w:gz") as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(name.replace("__", "/"))
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file


def test_what_is_no_backup_changes_nothing(running, folder, tmp_path):
    client = running()
    client.set("kept", "1")
    stop(client)
    (tmp_path / "text").write_text("no archive")
    manifest = b"file appendonly.aof.1.incr.aof seq 1 type i\n"
    damaged = {
        "appendonlydir__appendonly.aof.manifest": manifest,
        "appendonlydir__appendonly.aof.1.incr.aof": b"no log at all\r\n",
    }
    for file, words in (
        (tmp_path / "missing", "cannot be read as a backup"),
        (tmp_path / "text", "cannot be read as a backup"),
        (packed(tmp_path / "other", initialised=b"x"), "is no backup of ours"),
        (packed(tmp_path / "outside", **{"..__evil": b"x"}), "cannot be read as a backup"),
        (packed(tmp_path / "damaged", **damaged), "is damaged"),
    ):
        with pytest.raises(StartupError, match=words):
            restore(folder, file)
    assert not (folder.parent / "evil").exists()
    assert not (folder / "restoring").exists()
    with running() as again:
        assert again.get("kept") == b"1"


def test_a_folder_without_a_store_has_no_backup(folder, tmp_path):
    with pytest.raises(StartupError, match="There is no store in"):
        back_up(folder, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_rewrite_that_comes_between_is_waited_for(running, folder, tmp_path, monkeypatch):
    client = running()
    client.set("kept", "1")
    pack, packs = backup._pack, []

    def rewritten_meanwhile(data_dir, raw, paths):
        packs.append(paths)
        if len(packs) == 1:
            client.bgrewriteaof()
            until(lambda: not client.info("persistence")["aof_rewrite_in_progress"])
        pack(data_dir, raw, paths)

    monkeypatch.setattr(backup, "_pack", rewritten_meanwhile)
    monkeypatch.setattr(backup, "_BETWEEN_SECONDS", 0)
    back_up(folder, tmp_path / "b.tar.gz")
    assert len(packs) > 1
    stop(client)
    restore(folder, tmp_path / "b.tar.gz")
    with running() as again:
        assert again.get("kept") == b"1"


def test_a_store_that_lacks_a_file_has_no_backup(running, folder, tmp_path, monkeypatch):
    stop(running())
    for path in (folder / "appendonlydir").glob("*.aof"):
        path.unlink()
    monkeypatch.setattr(backup, "_BETWEEN_SECONDS", 0)
    with pytest.raises(StartupError, match="lacks appendonly"):
        back_up(folder, tmp_path / "b.tar.gz")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_told(running, folder, tmp_path):
    stop(running())
    with pytest.raises(StartupError, match="cannot be written"):
        back_up(folder, tmp_path / "missing" / "b.tar.gz")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("backup",), "error: REDIS_URL names a Redis of your own"),
        (("restore", "b.tar.gz"), "error: REDIS_URL names a Redis of your own"),
    ],
)
def test_a_redis_of_ones_own_is_copied_by_its_own_means(start_run, arguments, words):
    run = start_run(*arguments, **ACCOUNTS, REDIS_URL="redis://127.0.0.1:1/0")
    assert run.code() == 2
    assert run.text().startswith(words)


def test_restore_asks_for_the_backup(start_run):
    run = start_run("restore", **ACCOUNTS)
    assert run.code() == 2
    assert run.text().startswith("error: Name the backup:")
