import shutil
import tempfile
from pathlib import Path

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from run.append_only import Reading, prepare_append_only, read_log, repair_append_only
from run.redis_server import server_binary, start, wait_until_ready
from settings.errors import StartupError
from store.connection import socket_url
from tests.patience import PATIENCE

WORD = st.binary(max_size=20)
COMMAND = st.lists(WORD, min_size=1, max_size=4)


def encoded(words) -> bytes:
    body = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
    return b"*%d\r\n%s" % (len(words), body)


def reading(content: bytes) -> Reading:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return read_log(Path(file.name))


@pytest.fixture(scope="module")
def written():
    """A folder as a killed server leaves it, with plain commands, transactions and scripts."""
    folder = Path(tempfile.mkdtemp(prefix="ah-"))
    process = start(folder)
    wait_until_ready(socket_url(folder), process)
    with redis.Redis.from_url(socket_url(folder)) as client:
        for number in range(5):
            client.set(f"plain-{number}", b"\r\n\x00binary")
            with client.pipeline() as pipeline:
                pipeline.set("both", number).rpush("list", number).execute()
        client.eval("redis.call('SET', KEYS[1], 1) return redis.call('ZADD', 'z', 1, 'm')", 1, "k")
    process.kill()
    process.wait()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(written):
    copy = Path(tempfile.mkdtemp(prefix="ah-"))
    shutil.copytree(written / "appendonlydir", copy / "appendonlydir")
    yield copy
    shutil.rmtree(copy)


def log_of(folder: Path) -> Path:
    return folder / "appendonlydir" / "appendonly.aof.1.incr.aof"


def held(folder: Path) -> set[bytes]:
    """Start the server of `folder` and answer its keys."""
    process = start(folder)
    try:
        wait_until_ready(socket_url(folder), process)
        with redis.Redis.from_url(socket_url(folder)) as client:
            return set(client.keys())
    finally:
        process.kill()
        process.wait()


def test_a_sound_file_needs_no_word_and_no_copy(folder):
    assert prepare_append_only(folder, server_binary()) == []
    assert not list(folder.glob("kept-*"))


def test_a_new_folder_needs_no_word(tmp_path):
    assert prepare_append_only(tmp_path, server_binary()) == []


@pytest.mark.parametrize("cut", [1, 7, 60])
def test_a_torn_end_starts_by_itself_with_a_copy_kept_and_said(folder, capfd, cut):
    log = log_of(folder)
    torn = log.read_bytes()[:-cut]
    log.write_bytes(torn)
    keys = held(folder)
    assert {b"plain-0", b"both", b"list"} <= keys
    assert b"k" not in keys
    said = capfd.readouterr().err
    assert "ended within a command" in said
    (copy,) = folder.glob("kept-*")
    assert str(copy) in said
    assert (copy / log.name).read_bytes() == torn


def test_a_last_command_that_a_disk_changed_is_not_said_to_have_never_been_answered(folder):
    log = log_of(folder)
    before, command, end = log.read_bytes().rpartition(b"$4\r\nEXEC")
    log.write_bytes(before + command.replace(b"4", b"6") + end)
    (said,) = prepare_append_only(folder, server_binary())
    assert "fault of the disk" in said
    assert "could not be read and are left out; after a kill that is what was never" in said


def test_a_file_damaged_in_the_middle_is_refused_and_left_as_it_was(folder, capfd):
    log = log_of(folder)
    damaged = log.read_bytes().replace(b"$7\r\nplain-1", b"$7\r\nplain", 1)
    log.write_bytes(damaged)
    process = start(folder)
    assert process.wait(PATIENCE) == 2
    said = capfd.readouterr().err
    assert said.startswith(f"error: The append-only file {log} is damaged (sound up to byte ")
    assert "python -m run repair" in said
    assert "Traceback" not in said
    assert log.read_bytes() == damaged
    (copy,) = folder.glob("kept-*")
    assert (copy / log.name).read_bytes() == damaged


def test_a_broken_length_that_swallows_the_rest_is_not_taken_for_a_torn_end(folder):
    log = log_of(folder)
    log.write_bytes(log.read_bytes().replace(b"$7\r\nplain-1", b"$9999\r\nplain-1", 1))
    with pytest.raises(StartupError, match="is damaged"):
        prepare_append_only(folder, server_binary())


def test_a_damaged_base_is_refused_and_cannot_be_repaired(folder):
    (base,) = (folder / "appendonlydir").glob("*.rdb")
    content = bytearray(base.read_bytes())
    content[30] ^= 1
    base.write_bytes(content)
    with pytest.raises(StartupError, match="is damaged"):
        prepare_append_only(folder, server_binary())
    with pytest.raises(StartupError, match="cannot be repaired"):
        repair_append_only(folder, server_binary())


def test_a_file_that_the_manifest_names_and_is_gone_is_said(folder):
    log_of(folder).unlink()
    with pytest.raises(StartupError, match=r"lacks appendonly.aof.1.incr.aof. Restore a backup"):
        prepare_append_only(folder, server_binary())


def test_trying_again_keeps_one_copy_only(folder):
    log_of(folder).write_bytes(b"no command" + log_of(folder).read_bytes())
    for _ in range(3):
        with pytest.raises(StartupError):
            prepare_append_only(folder, server_binary())
    assert len(list(folder.glob("kept-*"))) == 1


def test_repair_keeps_what_is_sound_and_a_copy_of_all(folder):
    log = log_of(folder)
    damaged = log.read_bytes().replace(b"$7\r\nplain-3", b"$7\r\nplain", 1)
    log.write_bytes(damaged)
    assert "were cut off" in repair_append_only(folder, server_binary())
    (copy,) = folder.glob("kept-*")
    assert (copy / log.name).read_bytes() == damaged
    assert repair_append_only(folder, server_binary()).endswith("nothing was changed.")
    keys = held(folder)
    assert b"plain-2" in keys
    assert b"plain-3" not in keys


@given(st.lists(COMMAND), COMMAND, st.data())
def test_a_log_cut_anywhere_is_whole_up_to_its_last_command(before, last, data):
    transaction = {b"MULTI", b"EXEC"}
    commands = [words for words in (*before, last) if words[0].upper() not in transaction]
    content = b"".join(map(encoded, commands))
    whole = [0]
    for words in commands:
        whole.append(whole[-1] + len(encoded(words)))
    cut = data.draw(st.integers(0, len(content)))
    found = reading(content[:cut])
    sound = max(end for end in whole if end <= cut)
    assert found == Reading("whole" if sound == cut else "torn", sound, cut)


@given(st.lists(COMMAND.filter(lambda words: words[0].upper() not in {b"MULTI", b"EXEC"})))
def test_a_transaction_without_its_end_is_left_out_as_a_whole(commands):
    kept = encoded([b"SET", b"a", b"1"])
    torn = encoded([b"MULTI"]) + b"".join(map(encoded, commands))
    assert reading(kept + torn) == Reading("torn", len(kept), len(kept) + len(torn))
    whole = kept + torn + encoded([b"exec"])
    assert reading(whole) == Reading("whole", len(whole), len(whole))


@given(st.integers(0, 40), st.integers(0, 255))
def test_a_changed_byte_of_the_frame_is_never_taken_for_a_torn_end(place, byte):
    words = encoded([b"SET", b"a", b"1"])
    content = bytearray(words * 3)
    place %= len(words)
    changed = content[place] != byte
    content[place] = byte
    found = reading(bytes(content))
    assert found.state != "torn"
    assert changed or found.state == "whole"
