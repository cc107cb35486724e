"""The real door on a loopback port, in a thread of the test, and a sender of HTTP to it."""

import contextlib
import http.client
import itertools
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import redis

from sandbox.server import Sandbox
from settings.environment import Environment, load_environment
from settings.file import SettingsFile
from tests.patience import PATIENCE, until
from worker.intake.punctual import PunctualProtocol
from worker.intake.server import server
from worker.workshop import open_workshop

TOKEN = "a-token-for-the-door"
PATH = "/aircall/webhook"
_CALLS = itertools.count(1_000_000)


def environment(url: str | None, data_dir: Path, sandbox: Sandbox, **more: str) -> Environment:
    return load_environment(
        {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "AIRCALL_API_ID": "sandbox-id",
            "AIRCALL_API_TOKEN": "sandbox-token",
            "AIRCALL_WEBHOOK_TOKEN": TOKEN,
            "HUBSPOT_ACCESS_TOKEN": "sandbox-hubspot-token",
            "HUBSPOT_BASE_URL": sandbox.hubspot.url,
            "AIRCALL_BASE_URL": sandbox.aircall.url,
            "REDIS_URL": url or "",
            "DATA_DIR": str(data_dir),
            **more,
        },
        dotenv="",
    )


def event(name: str = "call.created", call_id: int | None = None, **data: object) -> dict[str, Any]:
    """An event without token, of a call of its own."""
    return {
        "resource": name.partition(".")[0],
        "event": name,
        "timestamp": 1_790_000_000,
        "data": {"id": next(_CALLS) if call_id is None else call_id, **data},
    }


class RunningDoor:
    """A door that listens; `close` ends it."""

    def __init__(
        self, environment: Environment, protocol: type[PunctualProtocol] = PunctualProtocol
    ) -> None:
        self.workshop = open_workshop(environment, SettingsFile())
        self._server = server(environment, self.workshop, protocol)
        self._server.config.port = 0
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until(lambda: self._server.started or not self._thread.is_alive())
        self.port: int = self._server.servers[0].sockets[0].getsockname()[1]

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(15)
        assert not self._thread.is_alive()

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    @contextlib.contextmanager
    def keep_alive(self) -> Iterator[Callable[[bytes], int]]:
        """Posts bodies over one connection."""
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        ) as connection:

            def post(body: bytes) -> int:
                connection.request("POST", PATH, body)
                answer = connection.getresponse()
                answer.read()
                return answer.status

            yield post

    def post(self, body: bytes) -> int:
        return self.ask("POST", PATH, body)[0]

    def deliver(self, event: Mapping[str, Any], token: object = TOKEN) -> int:
        return self.post(json.dumps({**event, "token": token}).encode())

    def raw(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def metric(self, line_start: str) -> float:
        """The value of the one sample whose line begins so; 0 if there is none."""
        status, text = self.ask("GET", "/metrics")
        assert status == 200
        lines = [line for line in text.splitlines() if line.startswith(line_start + " ")]
        assert len(lines) <= 1
        return float(lines[0].rpartition(" ")[2]) if lines else 0.0


def stored(client: redis.Redis, interaction: str) -> list[dict[str, Any]]:
    """The envelopes that wait to be folded."""
    return [json.loads(raw) for raw in client.lrange(f"ah:new:{interaction}", 0, -1)]


def head(*lines: str, length: int | None = None) -> bytes:
    """The head of a POST to the door."""
    told = [] if length is None else [f"Content-Length: {length}"]
    parts = [f"POST {PATH} HTTP/1.1", "Host: door", *told, *lines]
    return ("\r\n".join(parts) + "\r\n\r\n").encode("latin-1")
