"""Makes the data folder, or says in a sentence why it cannot be one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from settings.errors import StartupError


def make_data_dir(data_dir: Path) -> None:
    """Make the folder, for us alone, if it is not there; raises `StartupError`."""
    with usable(data_dir):
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(data_dir, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(0, "this user may not write there")


@contextmanager
def usable(data_dir: Path) -> Iterator[None]:
    """Turn the system's refusals within into a `StartupError` that names the folder."""
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename not in (None, str(data_dir)) else ""
        raise StartupError(
            f"DATA_DIR {data_dir} cannot be used: {error.strerror or error}{where}. Name a folder "
            "that this user may write to."
        ) from error
