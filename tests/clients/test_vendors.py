import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.errors import NotFound, Rejected, Unavailable
from clients.gate import Headers
from clients.vendors import (
    AIRCALL,
    HUBSPOT,
    Reply,
    aircall_limits,
    aircall_verdict,
    hubspot_limits,
    hubspot_verdict,
    retry_after,
)

HTML = object()


def reply(status: int, body: object = None, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is HTML:
        return Reply(status, named, None, is_json=False)
    return Reply(status, named, body, is_json=body is not None, empty=body is None)


@pytest.mark.parametrize("status", [400, 403, 405, 409, 414, 422])
def test_hubspots_refusals_ask_for_a_person(status):
    error = hubspot_verdict(reply(status, {"message": "no", "category": "X"}))
    assert isinstance(error, Rejected)
    assert (error.status, error.message, error.category) == (status, "no", "X")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 521, 522, 523, 524, 525, 526, 408])
def test_a_hubspot_in_trouble_may_have_written(status):
    error = hubspot_verdict(reply(status, HTML))
    assert isinstance(error, Unavailable)
    assert (error.reason, error.wait, error.maybe_written) == ("down", 5, True)


@pytest.mark.parametrize("vendor", [HUBSPOT, AIRCALL])
@pytest.mark.parametrize("status", [301, 302, 400, 404, 418])
def test_a_page_of_html_says_nothing_of_our_record(vendor, status):
    error = vendor.verdict(reply(status, HTML))
    assert isinstance(error, Unavailable)
    assert error.reason == "down"
    assert not error.maybe_written


@pytest.mark.parametrize("body", [{"message": "gone", "category": "OBJECT_NOT_FOUND"}, None])
@pytest.mark.parametrize("verdict", [hubspot_verdict, aircall_verdict])
def test_404_is_an_answer(verdict, body):
    assert isinstance(verdict(reply(404, body)), NotFound)


@pytest.mark.parametrize("status", [401, 403])
def test_both_of_aircalls_refusals_of_the_key_park(status):
    error = aircall_verdict(reply(status, {"message": "Forbidden"}))
    assert isinstance(error, Unavailable)
    assert (error.reason, error.wait) == ("credentials", 60)


@pytest.mark.parametrize("status", [400, 405, 422])
def test_aircalls_refusals_ask_for_a_person(status):
    error = aircall_verdict(reply(status, {"error": "no", "troubleshoot": "why"}))
    assert isinstance(error, Rejected)
    assert error.message == "no: why"


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"retry_after": "7"}, 7, 7),
        ({}, 60, 60),
        ({"x_aircallapi_reset": "soon"}, 60, 60),
        ({"x_aircallapi_reset": "{in30}"}, 28, 30),
        ({"x_aircallapi_reset": "{in30}000"}, 28, 30),
        ({"x_aircallapi_reset": "{past}"}, 1, 1),
        ({"x_aircallapi_reset": "{far}"}, 60, 60),
    ],
)
def test_aircalls_limit_is_waited_for_as_the_headers_say(headers, low, high):
    now = int(time.time())
    moments = {"{in30}": now + 30, "{past}": now - 30, "{far}": now + 99_999}
    for word, moment in moments.items():
        headers = {name: value.replace(word, str(moment)) for name, value in headers.items()}
    error = aircall_verdict(reply(429, {"error": "Too Many Requests"}, **headers))
    assert isinstance(error, Unavailable)
    assert error.reason == "rate limit"
    assert low <= error.wait <= high


@given(st.text())
def test_no_retry_after_breaks_the_reading(value):
    wait = retry_after({"retry-after": value})
    assert wait is None or 0 < wait <= 86_400


def test_headers_without_limits_teach_nothing():
    assert hubspot_limits({"date": "x"}) is None
    assert aircall_limits({"date": "x"}) is None


def test_aircalls_limits_are_read():
    headers = {
        "x-aircallapi-limit": "120",
        "x-aircallapi-remaining": "0",
        "x-aircallapi-reset": "1790000000000",
    }
    assert aircall_limits(headers) == Headers(maximum=120, remaining=0, reset=1_790_000_000)
