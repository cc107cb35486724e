import pytest

from clients.errors import Rejected, Unavailable
from clients.hubspot import HubSpot
from clients.hubspot.links import MOST_LINKS, TYPE_IDS, association_type

CALL = {"hs_timestamp": "2026-09-21T14:13:20Z"}


def test_pairs_are_linked_and_linked_again_without_harm(hubspot, portal):
    calls = [portal.add("calls", CALL) for _ in range(3)]
    pairs = [(id_, "12345") for id_ in calls]
    for _ in range(2):
        linked = hubspot.associate("calls", "contacts", pairs)
        assert (linked.done, linked.refused) == (frozenset(pairs), ())
    assert set(hubspot.associated("contacts", "calls", ["12345"])["12345"]) == set(calls)
    assert hubspot.associated("calls", "contacts", calls) == dict.fromkeys(calls, ("12345",))


def test_a_pair_that_is_refused_does_not_hinder_the_others(hubspot, portal):
    call = portal.add("calls", CALL)
    linked = hubspot.associate("calls", "contacts", [(call, "12345"), (call, "999999")])
    assert linked.done == {(call, "12345")}
    assert [type(error) for error in linked.refused] == [Rejected]


def test_a_record_without_links_has_none(hubspot, portal):
    call = portal.add("calls", CALL)
    assert hubspot.associated("calls", "contacts", [call]) == {call: ()}
    assert hubspot.associated("calls", "contacts", []) == {}


def test_nothing_to_link_takes_no_request(hubspot, portal):
    assert hubspot.associate("calls", "contacts", []).done == frozenset()
    assert portal.requests == []


def test_many_links_are_cut_into_several_requests(hubspot, portal):
    call = portal.add("calls", CALL)
    pairs = [(call, str(1_000_000 + n)) for n in range(MOST_LINKS + 1)]
    assert hubspot.associate("calls", "contacts", pairs).done == frozenset()
    assert portal.count("POST", "/crm/associations/") == 2


def test_an_interrupted_linking_is_repeated(hubspot, portal):
    call = portal.add("calls", CALL)
    portal.fault("reset_after", path="*/associate/default")
    assert hubspot.associate("calls", "contacts", [(call, "12345")]).done == {(call, "12345")}


def test_later_pages_of_one_record_are_read_too(raw_vendor, http_to):
    def answer(rows: bytes) -> bytes:
        body = b'{"results":[' + rows + b"]}"
        return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    vendor = raw_vendor(
        answer(
            b'{"from":{"id":"1"},"to":[{"toObjectId":7}],"paging":{"next":{"after":"9"}}},'
            b'{"from":{"id":"2"},"to":[{"toObjectId":"8"}]}'
        ),
        answer(b'{"from":{"id":"1"},"to":[{"toObjectId":7},{"toObjectId":9}]}'),
    )
    found = HubSpot(http_to(vendor.url)).associated("contacts", "calls", ["1", "2"])
    assert found == {"1": ("7", "9"), "2": ("8",)}
    assert vendor.requests[1].endswith(b'{"inputs":[{"id":"1","after":"9"}]}')


def test_links_that_could_not_be_read_just_now_are_not_taken_for_none(raw_vendor, http_to):
    body = b'{"results":[],"errors":[{"category":"INTERNAL_ERROR"}]}'
    head = f"HTTP/1.1 207 Multi-Status\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    hubspot = HubSpot(http_to(raw_vendor(head + body).url))
    with pytest.raises(Unavailable):
        hubspot.associated("contacts", "calls", ["1"])
    with pytest.raises(Unavailable):
        hubspot.associate("contacts", "calls", [("1", "2")])


def test_a_pair_that_we_never_link_has_no_type():
    assert association_type("calls", "contacts")["associationTypeId"] == 194
    assert ("contacts", "contacts") not in TYPE_IDS
    with pytest.raises(KeyError):
        association_type("contacts", "contacts")
