"""All supervised processes: a loop that carries their lines and starts again what died."""

import os
import selectors
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from run.child import Child
from run.output import Output
from run.procfile import Command
from run.restarts import SETTLED, failures_in_a_row, restart_delay
from settings.errors import EXIT_CODE

_TURN_SECONDS: Final = 0.2
_FLUSH_SECONDS: Final = 0.5
_SIGNALS_AT_ONCE: Final = 4096


@dataclass
class _Place:
    """One process' place: who fills it now, or when it is filled again."""

    command: Command
    environ: Mapping[str, str]
    again: bool
    proven: bool = False
    """It once ran well: a file that was spoilt since must not end the others with it."""
    child: Child | None = None
    due: float | None = None
    failures: int = 0


class Children:
    """The processes of one supervisor, in the order of their start.

    Made in the main thread: it answers SIGTERM and SIGINT, and Linux ties each process to the
    thread that started it.
    """

    def __init__(self) -> None:
        self.stopping = False
        self.unfit = False
        """A process said (by its exit code) that its environment is bad."""
        self._places: dict[str, _Place] = {}
        self._selector = selectors.PollSelector()
        self._output = Output(self._selector, 1)
        self._wake_on_signals()

    def say(self, sentence: str) -> None:
        """Write a line of the supervisor's own."""
        self._output.line("run", sentence)

    def add(self, command: Command, environ: Mapping[str, str], *, again: bool = True) -> None:
        """Start `command`; with `again`, start it anew whenever it ends."""
        place = self._places[command.name] = _Place(command, environ, again)
        self._fill(place)

    def running(self, name: str) -> bool:
        """Whether the process `name` runs at this moment."""
        return self._places[name].child is not None

    def run_until(self, reached: Callable[[], bool], seconds: float | None = None) -> bool:
        """Keep all of them going until `reached()`, for at most `seconds`; whether it was reached.

        False at once when a signal asks to stop, or when a process is unfit.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while not (self.stopping or self.unfit):
            if reached():
                return True
            if deadline is not None and time.monotonic() > deadline:
                return False
            self._turn()
            self._restart()
        return False

    def stop(self, chosen: Callable[[str], bool], seconds: float) -> None:
        """End the processes whose names are chosen; after `seconds` those left are killed."""
        places = [place for name, place in self._places.items() if chosen(name)]
        for place in places:
            place.again, place.due = False, None
            if place.child is not None:
                place.child.terminate()
        if not self._end(places, time.monotonic() + seconds):
            for place in places:
                if place.child is not None:
                    self.say(f"{place.command.name} did not end in time and is killed")
                    place.child.kill()
            self._end(places, time.monotonic() + seconds)

    def close(self) -> None:
        """Write the last lines."""
        self._output.flush(_FLUSH_SECONDS)
        self._selector.close()

    def _fill(self, place: _Place) -> None:
        try:
            place.child = Child(place.command, place.environ, self._selector, self._output.line)
        except OSError as error:
            self.say(f"{place.command.name} cannot be started: {error.strerror}")
            self._plan_restart(place, lived=0.0)

    def _turn(self) -> None:
        for key, _ in self._selector.select(_TURN_SECONDS):
            key.data()
        for place in self._places.values():
            code = place.child.ended() if place.child else None
            if place.child and code is not None:
                lived = time.monotonic() - place.child.started
                place.child = None
                self._note_end(place, code, lived)

    def _note_end(self, place: _Place, code: int, lived: float) -> None:
        if not place.again:
            return
        if code == EXIT_CODE and not place.proven:
            self.unfit = True
            return
        place.proven = place.proven or lived >= SETTLED
        self.say(f"{place.command.name} ended ({_in_words(code)})")
        self._plan_restart(place, lived)

    def _plan_restart(self, place: _Place, lived: float) -> None:
        place.failures = failures_in_a_row(place.failures, lived)
        delay = restart_delay(place.failures)
        place.due = time.monotonic() + delay
        self.say(f"{place.command.name} starts again in {delay:g} s")

    def _restart(self) -> None:
        for place in self._places.values():
            if place.due is not None and time.monotonic() >= place.due:
                place.due = None
                self._fill(place)

    def _end(self, places: list[_Place], deadline: float) -> bool:
        while any(place.child for place in places):
            if time.monotonic() > deadline:
                return False
            self._turn()
        return True

    def _wake_on_signals(self) -> None:
        """Let a signal end the wait for lines, so that an end is seen when it happens."""
        reading, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self._selector.register(
            reading, selectors.EVENT_READ, lambda: os.read(reading, _SIGNALS_AT_ONCE)
        )
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for wish in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(wish, self._ask_to_stop)

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True


def _in_words(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
