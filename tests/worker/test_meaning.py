"""What people type, paste and copy when they mean a call."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.meaning import meant_by, phones_in

UUID = "0b8f8ca4-7b1e-4d8e-9f5e-2f5a7a1b2c3d"


def ids(own):
    return (f"call-{own}", f"message-{own}", f"group-{own}")


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("4001", "4001"),
        (" 4001 ", "4001"),
        ("#4001", "4001"),
        ("`4001`", "4001"),
        ("“4001”.", "4001"),
        ("\u200b4001\u2060", "4001"),
        (UUID, UUID),
        ("Call ID: 4001", "4001"),
        ("… something Message ID: abc-1", "abc-1"),
        ("https://api.aircall.io/v1/calls/4001", "4001"),
        ("api.aircall.io/v1/calls/4001", "4001"),
        ("https://dashboard.aircall.io/calls/4001/timeline?x=1#y", "4001"),
        ("https://assets.aircall.io/calls/4001/recording/info", "4001"),
        ("https://assets.aircall.io/voicemail/4001", "4001"),
        (f"<https://api.aircall.io/v1/messages/{UUID}|this>", UUID),
    ],
)
def test_an_own_id_is_understood_in_each_dress(said, own):
    assert meant_by(said, ()).ids == ids(own)


@pytest.mark.parametrize("said", ["call-7", "Call-7", "message-x", "GROUP-x-y"])
def test_our_own_ids_are_meant_as_they_are(said):
    kind, _, own = said.partition("-")
    assert meant_by(said, ()).ids == (f"{kind.lower()}-{own}",)


@pytest.mark.parametrize(
    "said",
    [
        "https://api.aircall.io/v1/numbers/1001",
        "https://api.aircall.io/v1/users/12",
        "https://dashboard.aircall.io/",
    ],
)
def test_a_link_to_something_else_of_aircall_means_no_call(said):
    assert meant_by(said, ()).ids == ()


@pytest.mark.parametrize(
    ("path", "records"),
    [
        ("record/0-48/71", (("calls", "71"),)),
        ("record/0-18/71?x=1", (("communications", "71"),)),
        ("record/0-5/71/", (("tickets", "71"),)),
        ("record/0-1/71/view/1", (("contacts", "71"),)),
        ("record/0-2/71", (("companies", "71"),)),
        ("record/0-3/71", ()),
        ("contact/71", (("contacts", "71"),)),
        ("ticket/71", (("tickets", "71"),)),
        ("record/0-1/71/?engagement=99", (("calls", "99"), ("communications", "99"))),
    ],
)
@pytest.mark.parametrize("host", ["app.hubspot.com", "app-eu1.hubspot.com"])
def test_a_link_to_hubspot_names_the_account_and_the_record(host, path, records):
    meant = meant_by(f"https://{host}/contacts/123456/{path}", ())
    assert (meant.records, meant.portal, meant.ids) == (records, "123456", ())


def test_the_page_on_which_hubspot_reviews_a_call_names_it():
    meant = meant_by("https://app.hubspot.com/calls/123456/review/71", ())
    assert (meant.records, meant.portal) == ((("calls", "71"),), "123456")


def test_a_bare_number_may_be_a_call_a_phone_or_a_record_of_hubspot():
    meant = meant_by("33199004567", ["FR"])
    assert meant.ids[0] == "call-33199004567"
    assert meant.phones == ("+33199004567",)
    assert [kind for kind, _ in meant.records] == ["calls", "communications", "tickets"]


@pytest.mark.parametrize(
    ("typed", "countries"),
    [
        ("+33 1 99 00 45 67", []),
        ("+33 (0)1 99 00 45 67", []),
        ("0199004567", ["FR"]),
        ("01.99.00.45.67", ["DE", "FR"]),
        ("0033 199 004 567", ["FR"]),
        ("33199004567", []),
        ("tel:+33199004567", []),
    ],
)
def test_a_phone_is_read_in_any_usual_spelling(typed, countries):
    assert "+33199004567" in meant_by(typed, countries).phones


def test_a_phone_without_its_country_is_read_by_each_of_our_lines():
    assert set(phones_in("030 901820", ["DE", "FR"])) >= {"+4930901820"}


@pytest.mark.parametrize("said", ["", "   ", "<>", "hello there", "http://[", "https://", "?" * 9])
def test_what_means_nothing_means_nothing(said):
    meant = meant_by(said, ["FR"])
    assert not meant.phones
    assert not meant.records


@given(st.text(max_size=200), st.lists(st.sampled_from(["FR", "DE", "US", "XX"]), max_size=3))
def test_whatever_is_typed_is_read_without_an_error(said, countries):
    meant = meant_by(said, countries)
    assert len(meant.phones) <= 10
