"""Moving windows: never more than n requests in any span of so many seconds."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Window:
    """At most `most` admitted requests in any `seconds`; None admits all."""

    seconds: float
    most: int | None = None
    admitted: deque[float] = field(default_factory=deque)

    def full(self, now: float) -> bool:
        """Tell whether a request at `now` (seconds) would be one too many."""
        if self.most is None:
            return False
        while self.admitted and self.admitted[0] <= now - self.seconds:
            self.admitted.popleft()
        return len(self.admitted) >= self.most

    def admit(self, now: float) -> None:
        """Count a request that arrived at `now` (seconds)."""
        if self.most is not None:
            self.admitted.append(now)

    @property
    def remaining(self) -> int:
        """Return how many requests are left; 0 when nothing limits."""
        return 0 if self.most is None else max(0, self.most - len(self.admitted))
