"""Who makes things go wrong, by a timetable from one seed: kills, a stop, HubSpot's faults."""

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from sandbox.faults import BEFORE, KINDS, Fault
from sandbox.hubspot.world import HubSpotWorld
from tests.chaos.world import World

KILLED = ("intake", "sync", "clock")
WORKER, OTHER_WORKER = "worker", "worker-2"


@dataclass(frozen=True)
class Deed:
    """One thing that goes wrong, `at` seconds after the start."""

    at: float
    what: str
    """`kill`, `stop` or `continue`."""
    name: str


def timetable(seconds: float, seed: int, *, stop_for: float | None) -> list[Deed]:
    """Each kind of process is killed four times, Redis once.

    With `stop_for` one worker is stopped early for so long, while the other is killed again and
    again. Without, both are killed at the same moment, twice: whoever drains alone is missed for
    the time of its lease, and must drain long enough in between to meet HubSpot's faults.
    """
    dice = Random(seed)
    # One kill in each quarter of the time, so that what was killed works again before the next.
    deeds = [
        Deed((n + dice.uniform(0.1, 0.7)) * seconds / 4, "kill", name)
        for name in (*KILLED, WORKER)
        for n in range(4)
        if name != WORKER or stop_for is not None
    ]
    deeds.append(Deed(dice.uniform(0.3, 0.7) * seconds, "kill", "redis"))
    if stop_for is None:
        moments = (dice.uniform(0.25, 0.35) * seconds, dice.uniform(0.8, 0.9) * seconds)
        deeds += [Deed(at, "kill", name) for at in moments for name in (WORKER, OTHER_WORKER)]
    else:
        began = dice.uniform(3, 6)
        deeds += [Deed(began, "stop", OTHER_WORKER)]
        deeds += [Deed(began + stop_for, "continue", OTHER_WORKER)]
    return sorted(deeds, key=lambda deed: deed.at)


def arm(world: HubSpotWorld, seed: int, *, apart: int = 1) -> None:
    """5 % of requests fail in any way; and each way at least once, where it hurts the most.

    Ways that strike after the write meet the first creates, or each `apart`-th of them: two writes
    in a row that are not answered pause HubSpot for a while. The others meet every second request.
    """
    world.chaos(rate=0.05, seed=seed)
    writes = [kind for kind in KINDS if kind not in BEFORE]
    reads = [kind for kind in KINDS if kind in BEFORE]
    for kinds, path, every in ((writes, "*/batch/create", apart), (reads, "*/crm/objects/*", 2)):
        for n, kind in enumerate(kinds):
            retry = 1 if kind in ("429", "477") else None
            # A trickle that lasts to the client's deadline would only waste the run's time.
            hold = 0.0002 if kind == "trickle" else 0.02
            nth = 1 + every * n
            world.faults.add(Fault(kind, path=path, nth=nth, hold=hold, retry_after=retry))


def all_struck(world: HubSpotWorld) -> bool:
    """Whether each of the faults armed for once has happened."""
    return all(armed.struck for armed in world.faults.armed)


class Nemesis:
    """A thread that does its deeds and counts them."""

    def __init__(self, world: World, deeds: list[Deed]) -> None:
        self._world = world
        self._deeds = deeds
        self._thread = threading.Thread(target=self._run, name="nemesis", daemon=True)
        self.done: Counter[str] = Counter()
        """`kill worker` -> how often."""

    def start(self) -> None:
        """Begin; the deeds' times count from now."""
        self._thread.start()

    @property
    def planned(self) -> int:
        """How many deeds there are to do."""
        return len(self._deeds)

    @property
    def over(self) -> bool:
        """Whether nothing more will go wrong."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        began = time.monotonic()
        for deed in self._deeds:
            time.sleep(max(0.0, began + deed.at - time.monotonic()))
            if self._do(deed):
                self.done[f"{deed.what} {deed.name}"] += 1

    def _do(self, deed: Deed) -> bool:
        if deed.what == "kill":
            return until(lambda: self._world.kill(deed.name), 5.0)
        number = signal.SIGSTOP if deed.what == "stop" else signal.SIGCONT
        self._world.signal(deed.name, number)
        return True


def until(true: Callable[[], object], seconds: float, every: float = 0.05) -> bool:
    """Poll until `true()`; False after `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True
