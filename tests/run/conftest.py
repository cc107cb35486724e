"""What the tests of starting share."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run.starting import Starter


@pytest.fixture
def start_run() -> Iterator[Starter]:
    """Starts `python -m run` in a new folder whose path is short enough for a socket."""
    starter = Starter(Path(tempfile.mkdtemp(prefix="ah-")))
    yield starter
    for run in starter.runs:
        run.process.kill()
        run.process.wait()
    shutil.rmtree(starter.folder, ignore_errors=True)
