"""The load: deliveries over raw connections from a process of its own, cheap enough not to limit.

`closed`: each connection sends its next request when the last one is answered. `open`: requests
have their moments beforehand (a Poisson stream), and each is measured from its moment, so that a
stalled door cannot hide behind requests that were never sent. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import sys
from collections import Counter, deque
from collections.abc import Iterator

import uvloop

from bench.traffic import callers, calls

INTERACTIONS = 600
CONNECTIONS = 32
LONGEST_ANSWER = 20.0
WARM_UP = 1.0
"""Seconds at the beginning that do not count."""
END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


class Line(asyncio.Protocol):
    """One keep-alive connection; tells its load of each answer."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._begun = b""
        self.moment = 0.0
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvloop's own kind
        """Be ready."""
        self.transport = transport

    def send(self, request: bytes, moment: float) -> None:
        """Send one request, measured from `moment` (the loop's seconds)."""
        self.moment = moment
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Tell of the answer once it is whole."""
        self._begun += data
        head = self._begun.find(END_OF_HEAD)
        if head < 0:
            return
        length = self._begun.lower().find(LENGTH, 0, head)
        size = int(self._begun[length + len(LENGTH) :].split(b"\r\n", 1)[0]) if length >= 0 else 0
        if len(self._begun) >= head + len(END_OF_HEAD) + size:
            status = self._begun[9:12].decode()
            self._begun = b""
            self._load.answered(self, status)

    def connection_lost(self, _: Exception | None) -> None:
        """Count a connection that the other side closed."""
        self._load.lost()


class Load:
    """A stream of requests over a few connections, and what became of them."""

    def __init__(self, rate: float | None, seconds: float) -> None:
        """Prepare; `rate` per second, or None for as many as are answered."""
        self._rate = rate
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._dice = random.Random(1)
        self._free: deque[Line] = deque()
        self._waiting: deque[float] = deque()
        self._open = True
        self._in_flight = 0
        self._answered_all = asyncio.Event()
        self.broken = 0
        self.statuses: Counter[str] = Counter()
        self.waits: list[float] = []
        self.lateness: list[float] = []

    async def run(self, host: str, port: int, requests: Iterator[bytes]) -> None:
        """Send for the given seconds, then wait for what is still open."""
        self._requests = requests
        lines = [
            (await self._loop.create_connection(lambda: Line(self), host, port))[1]
            for _ in range(CONNECTIONS)
        ]
        self._began = self._loop.time()
        self._end = self._began + WARM_UP + self._seconds
        if self._rate is None:
            for line in lines:
                self._send(line, self._began)
            await asyncio.sleep(WARM_UP + self._seconds)
        else:
            self._free.extend(lines)
            await self._tick(self._rate)
        self._open = False
        if self._in_flight:
            await asyncio.wait_for(self._answered_all.wait(), LONGEST_ANSWER)
        for line in lines:
            line.transport.abort()

    async def _tick(self, rate: float) -> None:
        """Send each request at its moment, or as soon as a connection is free."""
        moment = self._began
        while moment < self._end:
            moment += self._dice.expovariate(rate)
            late = moment - self._loop.time()
            if late > 0:
                await asyncio.sleep(late)
            self.lateness.append(self._loop.time() - moment)
            if self._free:
                self._send(self._free.popleft(), moment)
            else:
                self._waiting.append(moment)

    def _send(self, line: Line, moment: float) -> None:
        self._in_flight += 1
        line.send(next(self._requests), moment)

    def answered(self, line: Line, status: str) -> None:
        """Note an answer, and let its connection send the next request."""
        now = self._loop.time()
        self._in_flight -= 1
        if self._began + WARM_UP <= line.moment < self._end:
            self.statuses[status] += 1
            self.waits.append(now - line.moment)
        if self._rate is None:
            if self._open:
                self._send(line, now)
        elif self._waiting:
            self._send(line, self._waiting.popleft())
        else:
            self._free.append(line)
        if not (self._open or self._in_flight):
            self._answered_all.set()

    def lost(self) -> None:
        """Count a connection that ended before the load did."""
        self.broken += self._open


def requests_for(host: str, port: int, path: str) -> Iterator[bytes]:
    """Return the deliveries of some hundred calls as whole HTTP requests, again and again."""
    made = []
    for event in calls(callers(INTERACTIONS)):
        body = json.dumps(event).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return itertools.cycle(made)


async def send(
    host: str, port: int, path: str, rate: float | None, seconds: float
) -> dict[str, object]:
    """Send the load and return what became of it, times in milliseconds.

    `late` is the sender's own lateness (p99), which is part of the answers' times.
    """
    requests = requests_for(host, port, path)
    load = Load(rate, seconds)
    await load.run(host, port, requests)
    waits, lateness = sorted(load.waits), sorted(load.lateness)
    return {
        "answers": len(waits),
        "statuses": load.statuses,
        "broken": load.broken,
        "per_second": len(waits) / seconds,
        "p50": 1000 * waits[len(waits) // 2],
        "p99": 1000 * waits[len(waits) * 99 // 100],
        "worst": 1000 * waits[-1],
        "late": 1000 * lateness[len(lateness) * 99 // 100] if lateness else 0.0,
    }


def main() -> int:
    """Send what the command line asks for."""
    parser = argparse.ArgumentParser(prog="bench.load", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("seconds", type=float)
    parser.add_argument("--rate", type=float, help="requests per second; left out: as many as go")
    asked = parser.parse_args()
    found = uvloop.run(send("127.0.0.1", asked.port, asked.path, asked.rate, asked.seconds))
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
