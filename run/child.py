"""One supervised process: its start, its lines, its end."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from run.parent import dies_with_parent
from run.procfile import Command

_READ_BYTES: Final = 1 << 16
_LONGEST_LINE: Final = 1 << 16


class Child:
    """A running process in a session of its own, which Linux ends when the supervisor dies."""

    def __init__(
        self,
        command: Command,
        environ: Mapping[str, str],
        selector: selectors.BaseSelector,
        line: Callable[[str, bytes], None],
    ) -> None:
        """Start `command`; each line it writes goes to `line(name, text)`.

        Raises `OSError` when there is no such program.
        """
        self.name = command.name
        self.started = time.monotonic()
        self._line = line
        self._selector = selector
        self._begun = b""
        self._process = subprocess.Popen(  # noqa: S603 - the Procfile is ours
            command.words,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_parent(),  # noqa: PLW1509 - it calls prctl only
        )
        assert self._process.stdout is not None
        self._pipe = self._process.stdout
        os.set_blocking(self._pipe.fileno(), False)
        selector.register(self._pipe, selectors.EVENT_READ, self._read)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def terminate(self) -> None:
        """Ask it to end."""
        with suppress(ProcessLookupError):
            self._process.terminate()

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def ended(self) -> int | None:
        """None while it runs; else its exit code (negative: the signal), with nothing left of it.

        What it started itself is killed before its id is given back to the system.
        """
        if self._process.returncode is None:
            options = os.WEXITED | os.WNOHANG | os.WNOWAIT
            if os.waitid(os.P_PID, self._process.pid, options) is None:
                return None
            self.kill()
            self._process.wait()
            while self._read():
                pass
            self._close()
        return self._process.returncode

    def _read(self) -> bool:
        """Take what the pipe holds; whether there may be more."""
        if self._pipe.closed:
            return False
        try:
            data = os.read(self._pipe.fileno(), _READ_BYTES)
        except BlockingIOError:
            return False
        *lines, self._begun = (self._begun + data).split(b"\n")
        if self._begun and (not data or len(self._begun) > _LONGEST_LINE):
            lines, self._begun = [*lines, self._begun], b""
        for text in lines:
            self._line(self.name, text)
        if not data:
            self._close()
        return bool(data)

    def _close(self) -> None:
        if not self._pipe.closed:
            self._selector.unregister(self._pipe)
            self._pipe.close()
