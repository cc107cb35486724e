"""Copies the embedded store while it runs, and puts such a copy back while it does not.

The log only grows between two rewrites, so that whatever part of it is copied is the store of a
moment; the manifest, read before and after, tells that no rewrite came between.
"""

import os
import shutil
import tarfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from run.append_only import (
    FOLDER,
    MANIFEST,
    append_only_files,
    prepare_append_only,
    repair_append_only,
)
from run.data_dir import make_data_dir, usable
from run.redis_server import lock, server_binary
from settings.errors import StartupError
from store.first_start import MARKER

_TRIES: Final = 10
_BETWEEN_SECONDS: Final = 0.5


def back_up(data_dir: Path, target: Path, now: datetime | None = None) -> str:
    """Write `target`, or a new file in it if it is a folder; say what was written.

    A `.tar.gz` that only this user can read. Raises `StartupError` if there is no store, or if it
    does not hold still.
    """
    moment = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    file = target / f"aircall-hubspot-{moment}.tar.gz" if target.is_dir() else target
    with usable(data_dir):
        if not (data_dir / FOLDER / MANIFEST).is_file():
            raise StartupError(f"There is no store in {data_dir} to back up.")
    part = file.with_name(f"{file.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            _write(data_dir, raw)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(file)
    except OSError as error:
        raise StartupError(f"{file} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)
    size = file.stat().st_size
    return f"{file} holds the store of {data_dir}, {size} bytes. Keep it safe: it tells of people."


def restore(data_dir: Path, source: Path) -> str:
    """Put the store of a backup into `data_dir`, what was there kept beside it; say where.

    Raises `StartupError` while a server runs there, or if the backup is none; then nothing changes.
    """
    make_data_dir(data_dir)
    with usable(data_dir):
        held = lock(data_dir / "redis.lock")
        new = data_dir / "restoring"
        try:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(mode=0o700)
            _unpack(source, new)
            prepare_append_only(new, server_binary())
            # The last command may have been half written when it was copied.
            repair_append_only(new, server_binary())
            kept = _swap(data_dir, new)
        finally:
            shutil.rmtree(new, ignore_errors=True)
            os.close(held)
    before = f" What was there before is kept in {kept}." if kept else ""
    return f"The store of {source} is in {data_dir}.{before} Start with `make run`."


def _write(data_dir: Path, raw: BinaryIO) -> None:
    """Pack the store until no rewrite of the server's came between; raises `StartupError`."""
    manifest = data_dir / FOLDER / MANIFEST
    trouble = StartupError(f"The store in {data_dir} is being rewritten all the time; try again.")
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_BETWEEN_SECONDS)
        raw.seek(0)
        raw.truncate()
        before = manifest.read_bytes()
        try:
            _pack(data_dir, raw, [manifest, *append_only_files(data_dir)])
        except FileNotFoundError:
            continue  # A rewrite took a file away.
        except StartupError as error:
            trouble = error  # The same, or it is gone for good.
            continue
        if manifest.read_bytes() == before:
            return
    raise trouble


def _pack(data_dir: Path, raw: BinaryIO, paths: Sequence[Path]) -> None:
    marker = data_dir / MARKER
    with tarfile.open(fileobj=raw, mode="w:gz") as archive:
        for path in [*paths, marker] if marker.exists() else paths:
            with path.open("rb") as stream:
                # Its size now: what is appended meanwhile is not part of this copy.
                name = str(path.relative_to(data_dir))
                archive.addfile(archive.gettarinfo(arcname=name, fileobj=stream), stream)


def _unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
    except (OSError, tarfile.TarError, EOFError) as error:
        raise StartupError(f"{source} cannot be read as a backup: {error}.") from error
    if not (folder / FOLDER / MANIFEST).is_file():
        raise StartupError(f"{source} is no backup of ours: it lacks {FOLDER}/{MANIFEST}.")


def _swap(data_dir: Path, new: Path) -> Path | None:
    kept = None
    if (data_dir / FOLDER).exists():
        kept = data_dir / f"kept-before-restore-{time.time_ns()}"
        kept.mkdir(mode=0o700)
        (data_dir / FOLDER).rename(kept / FOLDER)
    (new / FOLDER).rename(data_dir / FOLDER)
    if (new / MARKER).exists():
        (new / MARKER).replace(data_dir / MARKER)
    return kept
