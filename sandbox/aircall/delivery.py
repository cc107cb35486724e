"""How Aircall tells webhooks of events: at least once, again for hours, not for ever in vain."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Event, RLock, Thread
from urllib.parse import urlsplit

import requests

from sandbox.aircall.webhooks import Webhooks
from sandbox.answer import Json

PATH = "/aircall/webhook"
TIMEOUT = 5.0
"""Seconds that Aircall waits for an answer."""
FAILURES = 10
"""So many in a row switch a webhook off."""
LONGEST_PAUSE = 300.0
LOOK_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Pending:
    """An event that a webhook did not take: to be sent again at `due` (seconds since 1970)."""

    webhook: str
    event: Json
    since: float
    due: float
    pause: float


class Deliveries:
    """One company's deliveries to the product's `door`, the full URL of its webhook.

    Those webhooks count whose address ends in the product's path. `reachable` False makes an outage
    of the way between; `first_pause` and `keep_trying` (seconds) may be shortened by a test.
    """

    def __init__(self, webhooks: Callable[[], Webhooks], clock: Callable[[], float]) -> None:
        self.door = ""
        self._webhooks = webhooks
        self._clock = clock
        self._lock = RLock()
        self._ended = Event()
        self._thread: Thread | None = None
        self.reset()

    def reset(self) -> None:
        """Forget what waits and what failed, and reach the door as Aircall does."""
        with self._lock:
            self.reachable = True
            self.first_pause = 1.0
            self.keep_trying = 12 * 3600.0
            self.pending: list[Pending] = []
            self.lost: list[Json] = []
            self._failures: Counter[str] = Counter()
            self._switched_off: set[str] = set()

    def start(self) -> None:
        """Send again what is due, in a thread, until `stop`."""
        self._thread = Thread(target=self._go_on, name="aircall-deliveries", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(TIMEOUT + 1)

    def tell(self, events: Iterable[Json]) -> dict[int, int]:
        """Tell every active webhook of events in their order; how often which status came back.

        Status 0 is no answer. What failed is sent again; what no active webhook wants is lost.
        """
        answers: Counter[int] = Counter()
        with self._lock:
            for event in events:
                hooks = [hook for hook in self._leading_here() if self._wants(hook, event)]
                if not hooks:
                    self.lost.append(event)
                now = self._clock()
                for hook in hooks:
                    pause = self.first_pause
                    first = Pending(hook["webhook_id"], event, now, now + pause, pause)
                    status = self._send(hook, first)
                    answers[status] += 1
        return dict(answers)

    def retry(self) -> None:
        """Send again what is due now, and give up what was tried for too long."""
        with self._lock:
            now = self._clock()
            due = [one for one in self.pending if one.due <= now]
            self.pending = [one for one in self.pending if one.due > now]
            for one in due:
                hook = self._webhooks().get(one.webhook)
                by_hand = hook is not None and not hook["active"] and not self._is_off(hook)
                if hook is None or by_hand or now - one.since > self.keep_trying:
                    self.lost.append(one.event)
                    continue
                pause = min(2 * one.pause, LONGEST_PAUSE)
                self._send(hook, replace(one, due=now + pause, pause=pause))

    def state(self) -> Json:
        """Return what waits, what was lost, and how often each webhook failed in a row."""
        # Without the lock: it is held while the door is asked, which may ask Aircall meanwhile.
        return {
            "pending": [one.event["event"] for one in list(self.pending)],
            "lost": [one["event"] for one in list(self.lost)],
            "failures": dict(self._failures),
        }

    def _send(self, hook: Json, one: Pending) -> int:
        id_ = hook["webhook_id"]
        if hook["active"] and id_ in self._switched_off:
            # Somebody switched it on again: it begins anew.
            self._switched_off.discard(id_)
            self._failures[id_] = 0
        status = self._post({**one.event, "token": hook["token"]})
        if 200 <= status < 300:
            self._failures[id_] = 0
            if id_ in self._switched_off:
                self._switched_off.discard(id_)
                hook["active"] = True
            return status
        self.pending.append(one)
        self._failures[id_] += 1
        if self._failures[id_] >= FAILURES and hook["active"]:
            hook["active"] = False
            self._switched_off.add(id_)
        return status

    def _post(self, event: Json) -> int:
        if self.reachable and self.door:
            with suppress(requests.RequestException):
                return requests.post(self.door, json=event, timeout=TIMEOUT).status_code
        return 0

    def _leading_here(self) -> list[Json]:
        hooks = self._webhooks().values()
        return [hook for hook in hooks if urlsplit(hook["url"]).path.rstrip("/").endswith(PATH)]

    @staticmethod
    def _wants(hook: Json, event: Json) -> bool:
        return bool(hook["active"]) and event["event"] in hook["events"]

    def _is_off(self, hook: Json) -> bool:
        return hook["webhook_id"] in self._switched_off

    def _go_on(self) -> None:
        while not self._ended.wait(LOOK_EVERY):
            if self.pending:
                self.retry()
