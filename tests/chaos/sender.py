"""Deliver events as Aircall does: at their time, from a pool, again until the answer is right."""

import heapq
import threading
import time
from collections.abc import Iterable
from itertools import count

import requests

from tests.chaos.traffic import Delivery

TIMEOUT = 5.0
"""Seconds; Aircall waits as long."""
THREADS = 16


class Sender:
    """Threads that share one queue of deliveries ordered by time."""

    def __init__(self, url: str, deliveries: Iterable[Delivery]) -> None:
        self._url = url
        self._order = count()
        self._queue = [(one.at, next(self._order), one) for one in deliveries]
        heapq.heapify(self._queue)
        self._lock = threading.Lock()
        self._open = len(self._queue)
        self._began = 0.0
        self.answers: dict[int, int] = {}
        """Status (0: none at all) -> how often."""
        self.wrong: list[str] = []
        """Answers that no fault excuses."""
        self.slowest = 0.0
        """Seconds."""
        self.outage = 0.0
        """The longest time (seconds) without an event taken."""
        self._taken_at = 0.0
        self._threads = [
            threading.Thread(target=self._work, name=f"sender-{n}", daemon=True)
            for n in range(THREADS)
        ]

    def start(self) -> None:
        """Begin: deliveries' times count from now."""
        self._began = self._taken_at = time.monotonic()
        for thread in self._threads:
            thread.start()

    @property
    def done(self) -> bool:
        """Whether everything was answered as it must be."""
        return self._open == 0

    def _work(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while not self.done:
                due = self._take()
                if due is None:
                    time.sleep(0.01)
                    continue
                status = self._post(session, due.body)
                with self._lock:
                    self._note(due, status)

    def _take(self) -> Delivery | None:
        with self._lock:
            if self._queue and self._queue[0][0] <= time.monotonic() - self._began:
                return heapq.heappop(self._queue)[2]
        return None

    def _post(self, session: requests.Session, body: bytes) -> int:
        began = time.monotonic()
        try:
            headers = {"Content-Type": "application/json"}
            answer = session.post(self._url, data=body, headers=headers, timeout=TIMEOUT)
        except requests.RequestException:
            return 0
        finally:
            self.slowest = max(self.slowest, time.monotonic() - began)
        return answer.status_code

    def _note(self, due: Delivery, status: int) -> None:
        self.answers[status] = self.answers.get(status, 0) + 1
        if status == 200:
            now = time.monotonic()
            self.outage, self._taken_at = max(self.outage, now - self._taken_at), now
        if status == due.answer:
            self._open -= 1
            return
        if status not in (0, 503) and len(self.wrong) < 20:
            self.wrong.append(f"{due.about}: {status} instead of {due.answer}: {due.body[:200]!r}")
        again = time.monotonic() - self._began + 0.5
        heapq.heappush(self._queue, (again, next(self._order), due))
