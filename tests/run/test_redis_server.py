import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import redis

from run import redis_server as embedded
from run.redis_server import server_binary, start, wait_until_ready
from settings.environment import load_environment
from settings.errors import StartupError
from store.connection import redis_url, socket_path, socket_url
from tests.patience import until


@pytest.fixture
def folder():
    """A data folder whose path is short enough for a socket."""
    path = Path(tempfile.mkdtemp(prefix="ah-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def serve(folder):
    """Starts the embedded server of a folder and waits for its answer."""
    started = []

    def serve_and_wait(data_dir: Path = folder) -> subprocess.Popen:
        started.append(start(data_dir))
        wait_until_ready(socket_url(data_dir), started[-1])
        return started[-1]

    yield serve_and_wait
    for process in started:
        process.kill()
        process.wait()


def test_the_server_keeps_every_write_and_drops_none(redis_client):
    settings = redis_client.config_get("*")
    assert settings["appendonly"] == "yes"
    assert settings["appendfsync"] == "always"
    assert settings["maxmemory-policy"] == "noeviction"
    assert int(settings["maxmemory"]) > 0


def test_the_server_has_no_door_but_a_socket_of_our_own(redis_client, redis_server):
    assert redis_client.config_get("port") == {"port": "0"}
    place = socket_path(redis_server.data_dir)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_the_address_is_the_socket_unless_redis_url_is_set():
    sandbox = load_environment({"DATA_DIR": "/d a"}, dotenv="nowhere")
    assert redis_url(sandbox) == "unix:///d%20a/sandbox/redis.sock?db=0"
    own = load_environment({"REDIS_URL": "redis://h:1/2"}, dotenv="nowhere")
    assert redis_url(own) == "redis://h:1/2"


def test_a_folder_with_a_space_and_a_quote_can_hold_the_server(serve, folder):
    odd = folder / 'a "b\\'
    serve(odd)
    with redis.Redis.from_url(socket_url(odd)) as client:
        assert client.ping()


def test_a_socket_path_too_long_moves_to_a_private_folder_that_every_process_finds(serve, folder):
    deep = folder / ("d" * 60) / ("e" * 60)
    place = socket_path(deep)
    assert len(os.fsencode(place)) <= 107
    assert not place.is_relative_to(folder)
    assert place != socket_path(deep / "other")
    try:
        serve(deep)
        assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
        with redis.Redis.from_url(socket_url(deep)) as client:
            assert client.ping()
    finally:
        shutil.rmtree(place.parent, ignore_errors=True)


def test_the_longest_path_that_fits_stays_in_the_data_folder():
    root = Path("/" + "d" * (107 - len("/redis.sock") - 1))
    assert socket_path(root) == root / "redis.sock"
    assert socket_path(Path(f"{root}d")) != Path(f"{root}d") / "redis.sock"


def test_a_private_folder_that_others_can_open_is_refused(folder):
    deep = folder / ("d" * 120)
    place = socket_path(deep).parent
    place.mkdir(mode=0o755)
    try:
        with pytest.raises(StartupError, match="is not ours alone"):
            embedded.prepare(deep)
    finally:
        place.rmdir()


def test_what_the_server_writes_is_ours_alone_also_in_a_folder_others_may_enter(serve, folder):
    folder.chmod(0o755)
    serve()
    with redis.Redis.from_url(socket_url(folder)) as client:
        client.set("phone", "+33199887766")
    written = [path for path in folder.rglob("*") if not path.is_socket()]
    assert folder / "appendonlydir" in written
    assert {path.name for path in written if path.stat().st_mode & 0o077} == set()


def test_a_configuration_that_is_right_is_not_written_again(folder):
    # On a full disk that would end every start.
    _, (_, name) = embedded.prepare(folder)
    configuration = Path(name)
    before = configuration.stat().st_mtime_ns, configuration.stat().st_ino
    embedded._write(configuration, configuration.read_text(encoding="utf-8"))
    assert (configuration.stat().st_mtime_ns, configuration.stat().st_ino) == before
    embedded._write(configuration, "port 0\n")
    assert configuration.read_text(encoding="utf-8") == "port 0\n"


def test_what_was_stored_survives_a_killed_server(serve, folder):
    first = serve()
    with redis.Redis.from_url(socket_url(folder)) as client:
        client.set("kept", "1")
    first.kill()
    first.wait()
    serve()
    with redis.Redis.from_url(socket_url(folder)) as client:
        assert client.get("kept") == b"1"


def test_a_second_server_on_the_same_folder_is_refused(serve, folder, monkeypatch):
    serve()
    monkeypatch.setattr(embedded, "_LOCK_SECONDS", 0.1)
    with pytest.raises(StartupError, match="Another embedded Redis is still running"):
        embedded.prepare(folder)


def test_a_server_that_cannot_start_is_told_at_once(folder, capfd):
    (folder / "appendonlydir").mkdir()
    (folder / "appendonlydir" / "appendonly.aof.1.incr.aof").write_bytes(b"")
    process = start(folder)
    with pytest.raises(StartupError, match="ended at once"):
        wait_until_ready(socket_url(folder), process)
    assert process.wait() == 2
    assert "lacks appendonly.aof.manifest" in capfd.readouterr().err


def test_the_server_dies_with_the_process_that_started_it(folder):
    program = (
        "import pathlib, sys, time; from run.redis_server import *; from store.connection import *;"
        "d = pathlib.Path(sys.argv[1]);"
        "p = start(d); wait_until_ready(socket_url(d), p); print('up', flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    ) as parent:
        assert b"up\n" in iter(parent.stdout.readline, b"")
        assert embedded.answers(socket_url(folder))
        parent.kill()
    until(lambda: not embedded.answers(socket_url(folder)))


def test_without_the_bundled_server_one_on_the_path_is_taken(monkeypatch, tmp_path):
    monkeypatch.setattr(embedded, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StartupError, match="Install valkey-server or redis-server, or set REDIS"):
        server_binary()
    (tmp_path / "redis-server").touch(mode=0o755)
    assert server_binary() == tmp_path / "redis-server"
