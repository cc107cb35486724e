"""The first revision: from the file, once, and never for a store that lost its own."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import redis

from rules.settings import Settings, with_value, with_values
from settings.errors import StartupError
from settings.file import Defaults, SettingsFile
from store import keys
from store.first_start import EMPTIED, MARKER, first_start
from store.settings import Author, DamagedSettingsError, Revisions

ENABLED = SettingsFile(defaults=Defaults(enabled=True, numbers=(7,), name="Phones"))
DISABLED = SettingsFile(defaults=Defaults(enabled=False, numbers=(7,), name="Phones"))
RENAMED = SettingsFile(defaults=Defaults(enabled=True, numbers=(7,), name="Lines"))


def test_file_makes_the_first_revision_and_leaves_the_stores_id_behind(redis_client, tmp_path):
    start = first_start(redis_client, ENABLED, tmp_path / "data")
    assert not start.emptied
    assert (start.revision.number, start.revision.author.kind) == (1, "file")
    assert start.revision.settings.enabled
    assert start.revision.settings.name == "Phones"
    marker = (tmp_path / "data" / MARKER).read_text()
    assert marker.strip().encode() == redis_client.get(keys.STORE_ID)
    assert [each.name for each in (tmp_path / "data").iterdir()] == [MARKER]


def test_second_start_changes_nothing(redis_client, tmp_path):
    start = first_start(redis_client, ENABLED, tmp_path)
    assert first_start(redis_client, ENABLED, tmp_path) == start


def test_changed_file_counts_while_nobody_else_made_a_revision(redis_client, tmp_path):
    first_start(redis_client, ENABLED, tmp_path)
    start = first_start(redis_client, RENAMED, tmp_path)
    assert (start.revision.number, start.revision.settings.name) == (2, "Lines")
    assert str(start.revision.author) == "settings.toml (file)"
    assert first_start(redis_client, ENABLED, tmp_path).revision.number == 3


@pytest.mark.parametrize("kind", ["admin", "system", "cli"])
def test_changed_file_does_not_count_after_anybody_elses_revision(redis_client, tmp_path, kind):
    first = first_start(redis_client, ENABLED, tmp_path).revision
    mine = with_value(first.settings, "create_contacts", value=False)
    saved = Revisions(redis_client).save(mine, Author(kind), 1)
    start = first_start(redis_client, RENAMED, tmp_path)
    assert start.revision == saved
    assert not start.emptied


def test_emptied_store_starts_disabled_with_all_else_as_in_the_file(redis_client, tmp_path):
    first_start(redis_client, ENABLED, tmp_path)
    redis_client.flushall()
    start = first_start(redis_client, ENABLED, tmp_path)
    assert start.emptied
    assert start.revision.author.kind == "system"
    assert start.revision.note == EMPTIED
    assert start.revision.settings == with_values(
        Settings(), {"name": "Phones", "numbers": [7], "enabled": False}
    )
    assert (tmp_path / MARKER).read_text().strip().encode() == redis_client.get(keys.STORE_ID)


def test_emptied_store_stays_disabled_and_alerted_until_somebody_saves(redis_client, tmp_path):
    first_start(redis_client, ENABLED, tmp_path)
    redis_client.flushall()
    start = first_start(redis_client, ENABLED, tmp_path)
    assert first_start(redis_client, RENAMED, tmp_path) == start
    enabled = with_value(start.revision.settings, "enabled", value=True)
    saved = Revisions(redis_client).save(enabled, Author("admin"), 1)
    again = first_start(redis_client, RENAMED, tmp_path)
    assert (again.revision, again.emptied) == (saved, False)


@pytest.mark.parametrize("elsewhere", [ENABLED, SettingsFile(), DISABLED])
def test_emptied_store_that_another_machine_took_for_new_is_disabled(
    redis_client, tmp_path, elsewhere
):
    first_start(redis_client, ENABLED, tmp_path / "here")
    redis_client.flushall()
    assert not first_start(redis_client, elsewhere, tmp_path / "elsewhere").emptied
    start = first_start(redis_client, ENABLED, tmp_path / "here")
    assert start.emptied
    assert not start.revision.settings.enabled
    assert first_start(redis_client, ENABLED, tmp_path / "elsewhere") == start


def test_filled_store_of_somebody_else_is_taken_as_it_is(redis_client, tmp_path):
    first = first_start(redis_client, ENABLED, tmp_path / "elsewhere").revision
    saved = Revisions(redis_client).save(
        with_value(first.settings, "name", "Ours"), Author("admin"), 1
    )
    (tmp_path / MARKER).write_text("id of a store that was used before\n")
    start = first_start(redis_client, ENABLED, tmp_path)
    assert (start.revision, start.emptied) == (saved, False)
    assert (tmp_path / MARKER).read_text().strip().encode() == redis_client.get(keys.STORE_ID)


def test_filled_store_without_a_marker_here_gets_one(redis_client, tmp_path):
    first = first_start(redis_client, ENABLED, tmp_path / "elsewhere")
    assert first_start(redis_client, ENABLED, tmp_path / "here") == first
    assert (tmp_path / "here" / MARKER).exists()


def test_store_filled_before_stores_had_ids_gets_one(redis_client, tmp_path):
    Revisions(redis_client).save(Settings(), Author("admin"), 0)
    redis_client.delete(keys.STORE_ID)
    assert not first_start(redis_client, ENABLED, tmp_path).emptied
    assert len(redis_client.get(keys.STORE_ID)) == 32


@pytest.mark.parametrize("lost", [False, True])
def test_many_processes_at_once_make_one_first_revision(redis_server, redis_client, tmp_path, lost):
    if lost:
        first_start(redis_client, ENABLED, tmp_path)
        redis_client.flushall()
    barrier = Barrier(8)

    def begin(_):
        with redis.Redis.from_url(redis_server.url) as connection:
            barrier.wait()
            return first_start(connection, ENABLED, tmp_path)

    with ThreadPoolExecutor(8) as pool:
        starts = list(pool.map(begin, range(8)))
    [revision] = Revisions(redis_client).all()
    assert {start.revision.number for start in starts} == {1}
    assert {start.emptied for start in starts} == {lost}
    assert revision.settings.enabled is not lost


def test_admin_who_saves_while_the_file_is_compared_wins(redis_client, tmp_path, monkeypatch):
    first = first_start(redis_client, ENABLED, tmp_path).revision
    read = Revisions.current

    def read_then_let_ann_save(revisions):
        current = read(revisions)
        if current == first:
            ours = with_value(first.settings, "name", "Ours")
            Revisions(redis_client).save(ours, Author("admin", "U1", "Ann"), 1)
        return current

    monkeypatch.setattr(Revisions, "current", read_then_let_ann_save)
    start = first_start(redis_client, RENAMED, tmp_path)
    assert (start.revision.number, start.revision.settings.name) == (2, "Ours")


def test_contradiction_in_the_file_ends_the_start_and_stores_nothing(redis_client, tmp_path):
    with pytest.raises(StartupError, match=r"defaults\.enabled: Choose at least one number"):
        first_start(redis_client, SettingsFile(defaults=Defaults(enabled=True)), tmp_path)
    assert redis_client.keys() == []
    assert list(tmp_path.iterdir()) == []


def test_lost_head_is_an_error_and_not_a_new_beginning(redis_client, tmp_path):
    first_start(redis_client, ENABLED, tmp_path)
    redis_client.delete(keys.SETTINGS_HEAD)
    with pytest.raises(DamagedSettingsError):
        first_start(redis_client, ENABLED, tmp_path)


def test_folder_that_cannot_be_written_ends_the_start(redis_client):
    with pytest.raises(StartupError, match="/proc/none/data cannot be written to"):
        first_start(redis_client, ENABLED, Path("/proc/none/data"))


def test_marker_that_cannot_be_read_ends_the_start(redis_client, tmp_path):
    (tmp_path / MARKER).mkdir()
    with pytest.raises(StartupError, match=f"{tmp_path / MARKER} cannot be read"):
        first_start(redis_client, ENABLED, tmp_path)


def test_marker_that_names_the_store_already_is_not_written_again(redis_client, tmp_path: Path):
    first_start(redis_client, ENABLED, tmp_path)
    (tmp_path / MARKER).chmod(stat.S_IRUSR)
    before = (tmp_path / MARKER).stat()
    first_start(redis_client, ENABLED, tmp_path)
    assert (tmp_path / MARKER).stat() == before
