import gzip
import json
import socket
import struct
import threading
import time

import pytest
from structlog.testing import capture_logs

from clients.errors import Misunderstood, NotFound, Rejected, Unavailable
from clients.gate import Headers, OpenGate
from clients.http import Http, Times
from clients.vendors import HUBSPOT
from tests.clients.conftest import HOLDS, IMPATIENT
from tests.patience import PATIENCE, until

LIMITS = ("hubspot_burst",)


def plain(body: bytes = b"{}", status: int = 200, headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status} Word\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


def silent(connection: socket.socket) -> bool:
    connection.settimeout(HOLDS)
    connection.recv(1)
    return False


def hang_up(connection: socket.socket) -> bool:
    return False


def reset(connection: socket.socket) -> bool:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def trickle_of(head: bytes, ended: list[bytes]):
    """Trickle after `head`, which joins `ended` only where nobody has gone before the end."""

    def trickle(connection: socket.socket) -> bool:
        connection.sendall(head)
        connection.settimeout(0.05)
        ends = time.monotonic() + HOLDS
        while time.monotonic() < ends:
            connection.sendall(b"1")
            try:
                if not connection.recv(1):
                    return False
            except TimeoutError:
                continue
        ended.append(head)
        return False

    return trickle


def test_a_request_carries_credentials_and_compact_json_and_gives_the_parsed_answer(
    raw_vendor, http_to, gate, counted
):
    vendor = raw_vendor(plain(b'{"id": 7}', 201, "X-Thing: a\r\n"))
    answer = http_to(vendor.url + "/").request(
        "POST", "/crm/{type}/x", at={"type": "a b/c"}, json={"a": ["é"]}, limits=LIMITS
    )
    assert (answer.status, answer.json, answer.headers["x-thing"]) == (201, {"id": 7}, "a")
    request = vendor.requests[0]
    assert request.startswith(b"POST /crm/a%20b%2Fc/x HTTP/1.1\r\n")
    assert b"Authorization: Bearer secret-token\r\n" in request
    assert b"Content-Type: application/json\r\n" in request
    assert request.endswith(b'\r\n\r\n{"a":["\\u00e9"]}')
    assert gate.entered == [("hubspot", LIMITS)]
    assert counted == ["201"]


def test_connections_are_used_again(raw_vendor, http_to):
    vendor = raw_vendor(plain())
    http = http_to(vendor.url)
    for _ in range(5):
        http.request("GET", "/", limits=LIMITS)
    assert vendor.connections == 1
    assert len(vendor.requests) == 5


def test_a_kept_connection_that_the_vendor_closed_meanwhile_does_no_harm(raw_vendor, http_to):
    def answer_and_close(connection):
        connection.sendall(plain())
        return False

    vendor = raw_vendor(answer_and_close, plain())
    http = http_to(vendor.url)
    assert http.request("POST", "/", json={}, limits=LIMITS).status == 200

    def goes_on() -> bool:
        try:
            return http.request("POST", "/", json={}, limits=LIMITS).status == 200
        except Unavailable:
            return False

    until(goes_on)
    assert vendor.connections == 2


def test_proxies_and_netrc_of_the_machine_are_not_used(raw_vendor, http_to, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    vendor = raw_vendor(plain())
    http_to(vendor.url).request("GET", "/", limits=LIMITS)
    assert b"Authorization: Bearer secret-token" in vendor.requests[0]


def test_cookies_are_not_kept(raw_vendor, http_to):
    vendor = raw_vendor(plain(headers="Set-Cookie: a=b\r\n"))
    http = http_to(vendor.url)
    http.request("GET", "/", limits=LIMITS)
    http.request("GET", "/", limits=LIMITS)
    assert b"Cookie" not in vendor.requests[1]


def test_a_redirect_is_not_followed(raw_vendor, http_to):
    other = raw_vendor(plain())
    vendor = raw_vendor(plain(b"", 302, f"Location: {other.url}/\r\n"))
    with pytest.raises(Unavailable) as caught:
        http_to(vendor.url).request("POST", "/", json={}, limits=LIMITS)
    assert not caught.value.maybe_written
    assert other.requests == []


def test_an_answer_without_a_body_is_fine_when_its_status_says_so(raw_vendor, http_to):
    vendor = raw_vendor(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert http_to(vendor.url).request("DELETE", "/", limits=LIMITS).json is None


def test_a_compressed_answer_is_read(raw_vendor, http_to):
    vendor = raw_vendor(plain(gzip.compress(b'{"a":1}'), headers="Content-Encoding: gzip\r\n"))
    assert http_to(vendor.url).request("GET", "/", limits=LIMITS).json == {"a": 1}


@pytest.mark.parametrize(
    "answer",
    [
        plain(b""),
        plain(b'{"a": '),
        plain(b"<html>ok</html>"),
        plain(b"[" * 100_000),
        plain(b"\xff\xfe\x00"),
    ],
)
def test_a_yes_that_cannot_be_read_leaves_a_write_open(raw_vendor, http_to, gate, answer):
    vendor = raw_vendor(answer)
    with pytest.raises(Misunderstood) as caught:
        http_to(vendor.url).request("POST", "/", json={}, limits=LIMITS)
    assert caught.value.maybe_written
    assert len(vendor.requests) == 1
    assert gate.pauses == []


def test_an_answer_over_ten_mebibytes_is_refused(raw_vendor, http_to, counted):
    huge = gzip.compress(b'"' + b"a" * (11 * 1024 * 1024) + b'"')
    vendor = raw_vendor(plain(huge, headers="Content-Encoding: gzip\r\n"))
    with pytest.raises(Misunderstood, match="10485760"):
        http_to(vendor.url).request("POST", "/", json={}, limits=LIMITS)
    assert counted == ["unreadable"]


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"",
    ],
    ids=["body", "body without length", "headers", "status line"],
)
def test_a_trickling_answer_ends_at_the_deadline(raw_vendor, http_to, counted, head):
    ended: list[bytes] = []
    vendor = raw_vendor(trickle_of(head, ended))
    began = time.monotonic()
    with pytest.raises(Unavailable, match="did not answer in time") as caught:
        http_to(vendor.url, IMPATIENT).request("POST", "/", json={}, limits=LIMITS)
    assert time.monotonic() - began >= IMPATIENT.total
    assert ended == []
    assert caught.value.maybe_written
    assert counted == ["timeout"]


def test_a_trickling_answer_on_a_kept_connection_ends_at_the_deadline_too(raw_vendor, http_to):
    ended: list[bytes] = []
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    vendor = raw_vendor(plain(), trickle_of(head, ended))
    http = http_to(vendor.url)
    http.request("GET", "/", limits=LIMITS)
    http._times = IMPATIENT
    with pytest.raises(Unavailable, match="did not answer in time"):
        http.request("POST", "/", json={}, limits=LIMITS)
    assert ended == []
    assert vendor.connections == 1


def test_silence_ends_after_the_reading_time(raw_vendor, http_to):
    vendor = raw_vendor(silent)
    with pytest.raises(Unavailable, match="did not answer in time") as caught:
        http_to(vendor.url, Times(20, 0.2, 60)).request("POST", "/", json={}, limits=LIMITS)
    assert caught.value.maybe_written


def test_a_silent_name_server_does_not_exceed_the_deadline_and_nothing_is_sent_later(
    raw_vendor, http_to, monkeypatch
):
    vendor = raw_vendor(plain())
    answered = threading.Event()
    ended: list[bool] = []
    look_up = socket.getaddrinfo

    def slow(*args, **kwargs):
        ended.append(answered.wait(HOLDS))
        return look_up("127.0.0.1", *args[1:], **kwargs)

    monkeypatch.setattr("clients.deadline.socket.getaddrinfo", slow)
    with pytest.raises(Unavailable, match="did not answer in time") as caught:
        http_to(vendor.url, IMPATIENT).request("POST", "/", json={}, limits=LIMITS)
    assert ended == []
    assert not caught.value.maybe_written
    answered.set()
    for thread in [each for each in threading.enumerate() if each.name == "look-up"]:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert (vendor.connections, vendor.requests) == (0, [])


def test_a_name_that_does_not_exist_was_not_written_to(http_to, gate, counted):
    with pytest.raises(Unavailable, match="could not be reached") as caught:
        http_to("http://nowhere.invalid").request("POST", "/", json={}, limits=LIMITS)
    assert not caught.value.maybe_written
    assert counted == ["unreachable", "unreachable"]
    assert gate.pauses == [("hubspot", 5, "down")]


def test_a_refused_connection_is_tried_once_more_and_then_pauses(http_to, gate, counted):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unavailable, match="could not be reached") as caught:
        http_to(f"http://127.0.0.1:{port}").request("POST", "/", json={}, limits=LIMITS)
    assert not caught.value.maybe_written
    assert len(gate.entered) == 2
    assert gate.pauses == [("hubspot", 5, "down")]


def test_one_reset_of_a_read_is_repaired_at_once(raw_vendor, http_to, gate, counted):
    vendor = raw_vendor(hang_up, plain(b'{"a":1}'))
    assert http_to(vendor.url).request("GET", "/", limits=LIMITS).json == {"a": 1}
    assert counted == ["reset", "200"]
    assert len(gate.entered) == 2
    assert gate.pauses == []


def test_a_post_that_is_safe_is_repaired_like_a_read(raw_vendor, http_to):
    vendor = raw_vendor(plain(b"<html>", 502), plain(b'{"a":1}'))
    answer = http_to(vendor.url).request("POST", "/", json={}, limits=LIMITS, safe=True)
    assert answer.json == {"a": 1}


def test_two_failures_of_a_read_pause_the_vendor(raw_vendor, http_to, gate):
    vendor = raw_vendor(plain(b"<html>", 502))
    with capture_logs() as logs, pytest.raises(Unavailable) as caught:
        http_to(vendor.url).request("GET", "/secret/{id}", at={"id": "+33199"}, limits=LIMITS)
    assert len(vendor.requests) == 2
    assert gate.pauses == [("hubspot", 5, "down")]
    assert not caught.value.maybe_written
    # What is told of a pause is told once, by the gate: a long outage is not a line per probe.
    assert [line["log_level"] for line in logs] == ["debug", "debug"]
    assert {line["path"] for line in logs} == {"/secret/{id}"}


@pytest.mark.parametrize("behaviour", [hang_up, reset, plain(b"{}", 500), plain(b"<html>", 503)])
def test_one_failed_write_is_left_to_the_caller(raw_vendor, http_to, gate, behaviour):
    vendor = raw_vendor(behaviour)
    with pytest.raises(Unavailable) as caught:
        http_to(vendor.url).request("POST", "/", json={}, limits=LIMITS)
    assert caught.value.maybe_written
    assert caught.value.reason == "down"
    assert len(vendor.requests) == 1
    assert gate.pauses == []


def test_an_answer_that_is_cut_leaves_a_write_open(raw_vendor, http_to):
    def cut(connection):
        connection.sendall(b'HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{"id":')
        return False

    with pytest.raises(Unavailable, match="broke the connection off") as caught:
        http_to(raw_vendor(cut).url).request("POST", "/", json={}, limits=LIMITS)
    assert caught.value.maybe_written


@pytest.mark.parametrize(
    ("status", "body", "headers", "wait", "reason"),
    [
        (429, {"policyName": "SECONDLY"}, "", 1, "rate limit"),
        (429, {"policyName": "TEN_SECONDLY_ROLLING"}, "", 10, "rate limit"),
        (429, {"policyName": "DAILY"}, "", 60, "daily limit"),
        (429, {"message": "You have reached your secondly limit."}, "", 1, "rate limit"),
        (429, {"message": "You have reached your daily limit."}, "", 60, "daily limit"),
        (429, {}, "", 10, "rate limit"),
        (429, {"policyName": "SECONDLY"}, "Retry-After: 7\r\n", 7, "rate limit"),
        (429, {"policyName": "SECONDLY"}, "Retry-After: soon\r\n", 1, "rate limit"),
        (423, {}, "", 2, "locked"),
        (477, {}, "Retry-After: 3600\r\n", 3600, "moving"),
        (477, {}, "Retry-After: 999999999\r\n", 86_400, "moving"),
        (477, {}, "", 60, "moving"),
        (401, {"category": "INVALID_AUTHENTICATION"}, "", 60, "credentials"),
    ],
)
def test_hubspots_own_pauses_are_taken_at_once_and_nothing_was_written(  # noqa: PLR0917
    raw_vendor, http_to, gate, status, body, headers, wait, reason
):
    vendor = raw_vendor(plain(json.dumps(body).encode(), status, headers))
    with pytest.raises(Unavailable) as caught:
        http_to(vendor.url).request("GET", "/", limits=LIMITS)
    assert (caught.value.wait, caught.value.reason) == (wait, reason)
    assert not caught.value.maybe_written
    assert gate.pauses == [("hubspot", wait, reason)]
    assert len(vendor.requests) == 1


def test_a_probe_that_is_answered_opens_the_gate(raw_vendor, http_to, gate):
    gate.probe = True
    http = http_to(raw_vendor(plain(), plain(b"{}", 404), plain(b"{}", 400)).url)
    http.request("GET", "/", limits=LIMITS)
    assert gate.resumed == ["hubspot"]
    with pytest.raises(NotFound):
        http.request("GET", "/", limits=LIMITS)
    with pytest.raises(Rejected):
        http.request("GET", "/", limits=LIMITS)
    assert gate.resumed == ["hubspot"] * 3
    assert gate.pauses == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_probe_that_fails_once_pauses_again(raw_vendor, http_to, gate, method):
    gate.probe = True
    vendor = raw_vendor(plain(b"{}", 500))
    with pytest.raises(Unavailable):
        http_to(vendor.url).request(method, "/", limits=LIMITS)
    assert gate.pauses == [("hubspot", 5, "down")]
    assert len(vendor.requests) == 1
    assert gate.resumed == []


def test_no_request_resumes_a_vendor_that_was_not_probed(raw_vendor, http_to, gate):
    http_to(raw_vendor(plain()).url).request("GET", "/", limits=LIMITS)
    assert gate.resumed == []


def test_what_the_gate_raises_is_passed_on_and_nothing_is_sent(raw_vendor):
    class LeaseLostError(Exception):
        pass

    class ShutGate(OpenGate):
        def enter(self, vendor, limits):
            raise LeaseLostError

    vendor = raw_vendor(plain())
    with pytest.raises(LeaseLostError):
        Http(HUBSPOT, vendor.url, "Bearer x", ShutGate()).request("GET", "/", limits=LIMITS)
    assert vendor.connections == 0


def test_limits_told_in_headers_are_learned_from_refusals_too(raw_vendor, http_to, gate):
    headers = (
        "X-HubSpot-RateLimit-Max: 190\r\nX-HubSpot-RateLimit-Remaining: 187\r\n"
        "X-HubSpot-RateLimit-Interval-Milliseconds: 10000\r\n"
        "X-HubSpot-RateLimit-Daily: 625000\r\nX-HubSpot-RateLimit-Daily-Remaining: nonsense\r\n"
    )
    http = http_to(raw_vendor(plain(headers=headers), plain(b"{}", 404, headers), plain()).url)
    http.request("GET", "/", limits=LIMITS)
    with pytest.raises(NotFound):
        http.request("GET", "/", limits=LIMITS)
    http.request("GET", "/", limits=LIMITS)
    seen = Headers(maximum=190, remaining=187, interval=10_000, daily=625_000)
    assert gate.learned == [("hubspot", seen)] * 2


def test_neither_secrets_nor_bodies_nor_addresses_are_logged(raw_vendor, http_to):
    vendor = raw_vendor(plain(b'{"answer":"private"}'), hang_up)
    http = http_to(vendor.url)
    with capture_logs() as logs:
        http.request("POST", "/a/{x}", at={"x": "+331"}, json={"b": "private"}, limits=LIMITS)
        with pytest.raises(Unavailable) as caught:
            http.request("GET", "/a", params={"phone": "+331"}, limits=LIMITS)
    assert logs
    told = repr(logs) + repr(caught.value)
    for secret in ("secret-token", "private", "+331", "%2B331"):
        assert secret not in told
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_closed_connection_leaves_no_thread_and_can_be_used_again(raw_vendor, http_to):
    http = http_to(raw_vendor(plain()).url)
    for _ in range(2):
        http.request("GET", "/", limits=LIMITS)
        watchdog = http._watchdog._thread
        assert watchdog.is_alive()
        http.close()
        watchdog.join(PATIENCE)
        assert not watchdog.is_alive()


def test_many_threads_share_one_connection_pool_and_each_has_its_own_deadline(raw_vendor, http_to):
    vendor = raw_vendor(plain(b'{"a":1}'))
    http = http_to(vendor.url)
    answers: list[object] = []

    def ask():
        answers.extend(http.request("GET", "/", limits=LIMITS).json for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert answers == [{"a": 1}] * 160
