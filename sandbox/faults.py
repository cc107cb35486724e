"""What can go wrong with a vendor, on demand or by seeded chance, before or after the write."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from random import Random
from typing import Literal

from sandbox.answer import Request
from sandbox.chance import chance

Kind = Literal[
    "reset",
    "reset_after",
    "timeout",
    "timeout_after",
    "429",
    "500",
    "500_after",
    "502",
    "503",
    "423",
    "477",
    "partial",
    "cut",
    "trickle",
    "empty_200",
    "empty_200_after",
]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]  # Literal keeps its members there
Refusal = Literal["400", "403", "405", "422"]
"""A vendor that will not have it, whatever was sent. Chaos draws none of these, for they last."""
REFUSALS: tuple[Refusal, ...] = Refusal.__args__  # type: ignore[attr-defined]  # the same
BEFORE: frozenset[str] = frozenset(
    ("reset", "timeout", "429", "500", "502", "503", "423", "477", "empty_200", *REFUSALS)
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing going wrong for requests that match.

    `path` is a shell pattern over the path (`*/calls/batch/create`). Of the matching requests it
    strikes from the `nth` (1 = the first), `times` times (None: for ever), each with probability
    `rate`. `hold` (seconds) is the silence of timeouts and the pause between trickled bytes.
    `which` and `permanent` shape `partial`; `retry_after` (seconds) and `policy` shape 429.
    """

    kind: Kind | Refusal
    method: str = "*"
    path: str = "*"
    nth: int = 1
    times: int | None = 1
    rate: float = 1.0
    seed: int = 0
    hold: float = 0.2
    retry_after: int | None = None
    policy: str = "TEN_SECONDLY_ROLLING"
    which: Literal["first", "last", "every"] = "first"
    permanent: bool = False

    def __post_init__(self) -> None:
        """Refuse kinds that nobody knows."""
        known = (*KINDS, *REFUSALS)
        if self.kind not in known:
            raise ValueError(f"unknown kind of fault {self.kind!r}; known: {', '.join(known)}")

    @property
    def before(self) -> bool:
        """Tell whether it strikes before the request had any effect."""
        return self.kind in BEFORE

    def concerns(self, request: Request) -> bool:
        """Tell whether method and path match; `partial` only ever concerns batches of objects."""
        if self.kind == "partial" and not is_object_batch(request.path):
            return False
        return self.method in ("*", request.method) and fnmatchcase(request.path, self.path)


def is_object_batch(path: str) -> bool:
    """Tell whether a path is a HubSpot batch whose inputs can fail one by one."""
    return path.startswith("/crm/objects/") and path.endswith(
        ("/batch/create", "/batch/update", "/batch/upsert", "/batch/read")
    )


@dataclass(slots=True)
class Armed:
    """A fault with its own count of matching requests, strikes left and dice."""

    fault: Fault
    dice: Random
    seen: int = 0
    struck: int = 0

    def strikes(self, request: Request) -> bool:
        """Tell whether it strikes this request, and count it."""
        fault = self.fault
        if fault.times is not None and self.struck >= fault.times:
            return False
        if not fault.concerns(request):
            return False
        self.seen += 1
        if self.seen < fault.nth or (fault.rate < 1 and self.dice.random() >= fault.rate):
            return False
        self.struck += 1
        return True


@dataclass(slots=True)
class Faults:
    """All faults armed in one world, and its chaos."""

    armed: list[Armed] = field(default_factory=list)
    rate: float = 0.0
    dice: Random = field(default_factory=lambda: chance(0))
    kinds: tuple[Kind, ...] = KINDS
    hold: float = 0.05
    struck: list[tuple[str, str, Kind | Refusal]] = field(default_factory=list)

    def add(self, fault: Fault) -> Armed:
        """Arm a fault and return it with its counters."""
        armed = Armed(fault, chance(fault.seed))
        self.armed.append(armed)
        return armed

    def clear(self) -> None:
        """Disarm everything, chaos too."""
        self.armed.clear()
        self.rate = 0.0

    def chaos(
        self, rate: float, seed: int = 0, kinds: Iterable[Kind] = KINDS, hold: float = 0.05
    ) -> None:
        """Let each request fail with probability `rate`, in a way drawn from `kinds`."""
        self.rate, self.dice, self.kinds, self.hold = rate, chance(seed), tuple(kinds), hold

    def pick(self, request: Request) -> Fault | None:
        """Return the fault that strikes this request, if any; armed ones come before chaos."""
        fault = next((armed.fault for armed in self.armed if armed.strikes(request)), None)
        if fault is None and self.rate and self.dice.random() < self.rate:
            fault = self._drawn(request)
        if fault is not None:
            self.struck.append((request.method, request.path, fault.kind))
        return fault

    def _drawn(self, request: Request) -> Fault | None:
        fault = Fault(self.dice.choice(self.kinds), times=None, hold=self.hold)
        if not fault.concerns(request):
            return None
        if fault.kind == "trickle":
            return replace(fault, hold=min(self.hold, 0.001))
        if fault.kind == "477":
            return replace(fault, retry_after=1)
        if fault.kind == "429":
            policy = self.dice.choice(("SECONDLY", "TEN_SECONDLY_ROLLING"))
            return replace(fault, policy=policy, retry_after=1)
        if fault.kind == "partial":
            which = self.dice.choice(("first", "last", "every"))
            return replace(fault, which=which)  # type: ignore[arg-type]  # one of the three
        return fault
