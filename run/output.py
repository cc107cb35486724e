"""Writes the lines of all processes to one place, without ever waiting for whoever reads them."""

import os
import selectors
import time
from collections import deque
from typing import Final

_NAME_WIDTH: Final = 8
_CHUNK: Final = 4096
"""A pipe that is ready takes so many bytes at once (PIPE_BUF)."""
_MOST_BYTES: Final = 1 << 20


class Output:
    """A bounded buffer before a file descriptor: a stalled reader costs lines, not processes."""

    def __init__(self, selector: selectors.BaseSelector, descriptor: int) -> None:
        self._selector = selector
        self._descriptor = descriptor
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._dropped = 0
        self._closed = False

    def line(self, name: str, text: bytes | str) -> None:
        """Write one line of the process `name`."""
        encoded = text.encode() if isinstance(text, str) else text
        if self._closed:
            return
        if self._bytes > _MOST_BYTES:
            self._dropped += 1
            return
        if self._dropped:
            lost, self._dropped = self._dropped, 0
            self.line("output", f"{lost} lines were left out: nobody read them")
        self._append(f"{name:<{_NAME_WIDTH}} | ".encode() + encoded + b"\n")

    def flush(self, seconds: float) -> None:
        """Write what is waiting, for at most `seconds`."""
        deadline = time.monotonic() + seconds
        with selectors.PollSelector() as alone:
            alone.register(self._descriptor, selectors.EVENT_WRITE)
            while self._waiting and time.monotonic() < deadline:
                if alone.select(deadline - time.monotonic()):
                    self._write()

    def _append(self, line: bytes) -> None:
        if not self._waiting:
            self._selector.register(self._descriptor, selectors.EVENT_WRITE, self._write)
        self._waiting += [line[start : start + _CHUNK] for start in range(0, len(line), _CHUNK)]
        self._bytes += len(line)

    def _write(self) -> None:
        chunk = self._waiting[0]
        try:
            written = os.write(self._descriptor, chunk)
        except OSError:
            self._closed = True
            self._waiting.clear()
        else:
            self._bytes -= written
            self._waiting.popleft()
            if written < len(chunk):
                self._waiting.appendleft(chunk[written:])
        if not self._waiting:
            self._selector.unregister(self._descriptor)
