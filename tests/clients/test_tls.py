"""TLS as a vendor speaks it, with a certificate of our own that no machine trusts."""

import contextlib
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest

from clients.errors import Unavailable
from clients.http import Times
from tests.clients.conftest import HOLDS

SAMPLES = Path(__file__).parents[1] / "samples" / "tls"
CERTIFICATE = SAMPLES / "certificate.pem"
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"a":1}'

ENDED: list[socket.socket] = []
"""Connections that trickled to the end, because nobody had gone before."""
RECORD = b"\x16\x03\x03\x40\x00"
"""The head of a handshake's record of 16 KiB: what follows is not looked at before it is whole."""


def trickle(connection: socket.socket) -> None:
    ends = time.monotonic() + HOLDS
    connection.settimeout(0.05)
    while time.monotonic() < ends:
        connection.sendall(b"1")
        with contextlib.suppress(TimeoutError):
            if not connection.recv(1):
                return
    ENDED.append(connection)


@pytest.fixture
def secure_vendor(monkeypatch):
    """Listen with TLS; the list names what each connection does: answer, trickle, no handshake."""
    listener = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, SAMPLES / "key.pem")
    conduct: list[str] = []
    requests: list[bytes] = []

    def serve(plain: socket.socket, what: str) -> None:
        with contextlib.suppress(OSError), plain:
            if what == "no handshake":
                plain.recv(10_000)
                plain.sendall(RECORD)
                trickle(plain)
                return
            with context.wrap_socket(plain, server_side=True) as connection:
                while request := connection.recv(65_536):
                    requests.append(request)
                    if what == "trickle":
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                        trickle(connection)
                        return
                    connection.sendall(ANSWER)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                what = conduct.pop(0) if conduct else "answer"
                threading.Thread(target=serve, args=(connection, what), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield f"https://127.0.0.1:{listener.getsockname()[1]}", conduct, requests
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent(
    secure_vendor, http_to, monkeypatch
):
    url, _, requests = secure_vendor
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with pytest.raises(Unavailable, match="certificate") as caught:
        http_to(url).request("POST", "/", json={}, limits=())
    assert not caught.value.maybe_written
    assert requests == []


def test_a_certificate_for_another_name_is_refused(secure_vendor, http_to):
    url, _, requests = secure_vendor
    http = http_to(url.replace("127.0.0.1", "127.0.0.2"))
    http._session.verify = str(CERTIFICATE)
    with pytest.raises(Unavailable) as caught:
        http.request("POST", "/", json={}, limits=())
    assert not caught.value.maybe_written
    assert requests == []


def test_requests_go_over_one_kept_connection(secure_vendor, http_to):
    url, conduct, requests = secure_vendor
    http = http_to(url)
    http._session.verify = str(CERTIFICATE)
    conduct.extend(["answer", "no handshake"])
    for _ in range(3):
        assert http.request("GET", "/", limits=()).json == {"a": 1}
    assert len(requests) == 3
    assert conduct == ["no handshake"]


def test_a_trickling_answer_ends_at_the_deadline(secure_vendor, http_to):
    url, conduct, _ = secure_vendor
    http = http_to(url, Times(20, 20, 2))
    http._session.verify = str(CERTIFICATE)
    conduct.append("trickle")
    began = time.monotonic()
    with pytest.raises(Unavailable, match="in time") as caught:
        http.request("POST", "/", json={}, limits=())
    assert time.monotonic() - began >= 2
    assert ENDED == []
    assert caught.value.maybe_written


def test_a_trickling_handshake_ends_at_the_deadline_and_nothing_was_sent(secure_vendor, http_to):
    url, conduct, requests = secure_vendor
    conduct.extend(["no handshake"] * 2)
    http = http_to(url, Times(20, 20, 0.5))
    http._session.verify = str(CERTIFICATE)
    with pytest.raises(Unavailable, match="in time") as caught:
        http.request("POST", "/", json={}, limits=())
    assert not caught.value.maybe_written
    assert requests == []
    assert ENDED == []
