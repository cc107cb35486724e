"""Looks after the append-only file before the embedded server opens it.

The server itself would cut a torn end silently, and would do the same to everything behind a
broken length in the middle. Here a copy is kept first, and only a torn end is let through.
"""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal

from settings.errors import StartupError

FOLDER: Final = "appendonlydir"
MANIFEST: Final = "appendonly.aof.manifest"
_SINGLE_FILE: Final = "appendonly.aof"
_LISTED: Final = re.compile(r"^file (\S+) seq \d+ type [bi]", re.MULTILINE)
_NEXT_COMMAND: Final = re.compile(rb"\r\n\*\d+\r\n\$\d+\r\n")
_LONGEST_LINE: Final = 64


@dataclass(frozen=True)
class Reading:
    """What a log of commands looks like from its first byte to its last."""

    state: Literal["whole", "torn", "damaged"]
    """`torn`: it ends within a command or transaction, as after a kill or a power cut.

    So it does where a disk changed a length in the last one."""
    sound: int
    """Bytes from the beginning that can be used."""
    total: int


def prepare_append_only(data_dir: Path, binary: Path) -> list[str]:
    """Check the append-only files of `data_dir`; answer sentences an operator should read.

    A torn end is let through once a copy is kept. Anything else that the server's own checkers
    refuse raises `StartupError`, also with a copy kept. No file yet: nothing to say.
    """
    files = append_only_files(data_dir)
    broken = [path for path in files if not _valid(binary, path)]
    if not broken:
        return []
    reading = read_log(broken[0])
    copy = _keep_copy(files, broken[0], data_dir)
    if broken[0] == files[-1] and reading.state == "torn":
        sentence = (
            f"{broken[0]} ended within a command, as after a kill, a power cut, or a fault of the "
            f"disk in its last one. The last {reading.total - reading.sound} bytes could not be "
            "read and are left out; after a kill that is what was never answered as stored. "
            f"A copy is kept in {copy}."
        )
        return [sentence]
    raise StartupError(
        f"The append-only file {broken[0]} is damaged (sound up to byte {reading.sound} of "
        f"{reading.total}) and was left as it is; a copy is kept in {copy}. Restore a backup of "
        f"{broken[0].parent}, or run `python -m run repair`, which keeps the sound part only."
    )


def repair_append_only(data_dir: Path, binary: Path) -> str:
    """Cut the last append-only file where it stops being sound, a copy kept; say what was done.

    Raises `StartupError` when that does not mend it, because an earlier file is damaged.
    """
    files = append_only_files(data_dir)
    if not files:
        return f"There is no append-only file in {data_dir}; nothing was changed."
    broken = [path for path in files if not _valid(binary, path)]
    if not broken:
        return "The append-only file is sound; nothing was changed."
    reading = read_log(broken[0])
    copy = _keep_copy(files, broken[0], data_dir)
    if broken[0] != files[-1] or broken[0].suffix == ".rdb":
        raise StartupError(
            f"{broken[0]} cannot be repaired, others build on it. Restore a backup of "
            f"{broken[0].parent}; a copy of what is there is kept in {copy}."
        )
    os.truncate(broken[0], reading.sound)
    lost = reading.total - reading.sound
    return f"The last {lost} bytes of {broken[0]} were cut off. A copy is kept in {copy}."


def read_log(path: Path) -> Reading:
    """Read a log of commands to where it stops being sound.

    A broken length in the middle also runs into the end of the file. It is told from a torn end by
    a command that begins behind the break.
    """
    total = path.stat().st_size
    sound = end = 0
    within_transaction = False
    with path.open("rb") as stream:
        try:
            for end, name in _commands(stream):
                if name in (b"MULTI", b"EXEC"):
                    if within_transaction == (name == b"MULTI"):
                        return Reading("damaged", sound, total)
                    within_transaction = not within_transaction
                sound = sound if within_transaction else end
        except EOFError:
            stream.seek(end)
            torn = _NEXT_COMMAND.search(stream.read()) is None
            return Reading("torn" if torn else "damaged", sound, total)
        except ValueError:
            return Reading("damaged", sound, total)
    return Reading("torn" if within_transaction else "whole", sound, total)


def _commands(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The end (byte) and upper-case name of each command of a log.

    Raises `EOFError` where the file ends within a command, `ValueError` where it is none.
    """
    while sign := stream.read(1):
        if sign == b"#":
            _line(stream)
            continue
        if sign != b"*":
            raise ValueError("no command begins here")
        words = [_word(stream) for _ in range(_number(_line(stream)))]
        if not words:
            raise ValueError("a command without a name")
        yield stream.tell(), words[0].upper()


def _word(stream: BinaryIO) -> bytes:
    sign = stream.read(1)
    if sign not in (b"$", b""):
        raise ValueError("no word begins here")
    length = _number(_line(stream))
    word = stream.read(length + 2)
    if not b"\r\n".startswith(word[length:]):
        raise ValueError("a word is longer than it says")
    if len(word) < length + 2:
        raise EOFError
    return word[:-2]


def _line(stream: BinaryIO) -> bytes:
    line = stream.readline(_LONGEST_LINE)
    if line.endswith(b"\r\n"):
        return line[:-2]
    raise ValueError("a line has no end") if line.endswith(b"\n") or stream.read(1) else EOFError


def _number(digits: bytes) -> int:
    if not digits.isdigit():
        raise ValueError("a length is no number")
    return int(digits)


def append_only_files(data_dir: Path) -> tuple[Path, ...]:
    """The files that make up the store, in the order the server reads them; the last is written.

    Raises `StartupError` when files are there but the manifest that orders them is not.
    """
    folder = data_dir / FOLDER
    manifest = folder / MANIFEST
    if manifest.exists():
        names = _LISTED.findall(manifest.read_text(encoding="utf-8", errors="replace"))
        missing = [name for name in names if not (folder / name).is_file()]
        if missing or not names:
            lacks = ", ".join(missing) or "everything"
            raise StartupError(f"{folder} lacks {lacks}. Restore a backup of {folder}.")
        return tuple(folder / name for name in names)
    if any(folder.glob("*.aof")):
        raise StartupError(f"{folder} lacks {MANIFEST}. Restore a backup of {folder}.")
    single = data_dir / _SINGLE_FILE
    return (single,) if single.exists() else ()


def _valid(binary: Path, path: Path) -> bool:
    """Ask the server's own checkers, which its binary becomes under another name."""
    checker = "redis-check-rdb" if path.suffix == ".rdb" else "redis-check-aof"
    checked = subprocess.run(  # noqa: S603 - our own binary and file
        [checker, str(path)],
        executable=binary,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return checked.returncode == 0


def _keep_copy(files: Sequence[Path], broken: Path, data_dir: Path) -> Path:
    """Copy the append-only files aside; one copy per content, so that retries fill no disk."""
    try:
        with broken.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()[:12]
        copy = data_dir / f"kept-{digest}"
        if not copy.exists():
            part = data_dir / f"kept-{digest}.part"
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(mode=0o700)
            for path in (*files, *files[0].parent.glob("*.manifest")):
                shutil.copy2(path, part)
            part.rename(copy)
    except OSError as error:
        raise StartupError(
            f"{broken} needs care, but no copy of it can be kept in {data_dir}: {error.strerror}."
        ) from error
    return copy
