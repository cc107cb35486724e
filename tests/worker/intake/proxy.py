"""A wire in front of Redis that a test can cut, reset, stall, or let answer with an error."""

import contextlib
import socket
import struct
import threading
from pathlib import Path

LOADING = "LOADING Valkey is loading the dataset in memory"


class Wire:
    """Carries bytes from a TCP port to Redis' unix socket, as long as `mode` is `pass`.

    Modes: `pass`, `refuse` (nobody listens), `reset` (RST at the next byte), `stall` (nothing is
    answered), `mute` (commands arrive, answers do not), or the words of an error that answers each
    command.
    """

    def __init__(self, target: Path) -> None:
        self._target = str(target)
        self.mode = "pass"
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._listen()

    def set(self, mode: str) -> None:
        """Change what happens from now on, also to connections that are open."""
        if self.mode == "refuse" and mode != "refuse":
            self._listener = socket.create_server(("127.0.0.1", self.port), backlog=256)
            self._listen()
        self.mode = mode
        if mode == "refuse":
            self._stop_listening()
            self._drop()

    def close(self) -> None:
        self._stop_listening()
        self._drop()

    def _listen(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _stop_listening(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _drop(self) -> None:
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open.add(client)
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as server, client:
            server.connect(self._target)
            back = threading.Thread(target=self._answer, args=(server, client), daemon=True)
            back.start()
            while sent := client.recv(65_536):
                match self.mode:
                    case "pass" | "mute":
                        server.sendall(sent)
                    case "reset":
                        linger = struct.pack("ii", 1, 0)
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        self._open.discard(client)
                        return
                    case "stall":
                        pass
                    case words:
                        client.sendall(f"-{words}\r\n".encode() * commands(sent))
        self._open.discard(client)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while told := server.recv(65_536):
                if self.mode == "pass":
                    client.sendall(told)


def commands(sent: bytes) -> int:
    """How many whole commands these bytes hold."""
    count = 0
    while sent.startswith(b"*"):
        head, _, sent = sent.partition(b"\r\n")
        for _ in range(int(head[1:])):
            size, _, sent = sent.partition(b"\r\n")
            sent = sent[int(size[1:]) + 2 :]
        count += 1
    return count
