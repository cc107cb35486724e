import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.bodies import compact
from clients.hubspot.queries import (
    HOLDING,
    LONGEST_BODY,
    MOST_GROUPS,
    Filter,
    Query,
    Wanted,
    searches_for,
)

PROPERTIES = (
    "phone",
    "mobilephone",
    "hs_calculated_phone_number",
    "hs_calculated_mobile_number",
    "email",
    "hubspot_owner_id",
    "associatedcompanyid",
    "lastmodifieddate",
)


def people(count: int, *, emails: bool = False) -> list[Wanted]:
    return [
        Wanted(f"1990{n:05}", f"+331990{n:05}", f"someone.{n:04}@example.com" if emails else "")
        for n in range(count)
    ]


def values_of(queries: list[Query], name: str) -> list[str]:
    return [
        value
        for query in queries
        for group in query.groups
        for each in group
        if each.name == name
        for value in each.values
    ]


def test_a_hundred_phones_take_three_searches():
    queries = list(searches_for(people(100), HOLDING, PROPERTIES))
    assert len(queries) == 3
    assert len(values_of(queries[:1], "phone")) >= 39


def test_a_search_holds_twenty_two_phones_with_emails():
    queries = list(searches_for(people(100, emails=True), HOLDING, PROPERTIES))
    assert len(values_of(queries[:1], "email")) >= 22
    assert len(queries) <= 5


def test_what_is_sent_is_what_hubspot_reads():
    query = next(searches_for([Wanted("199", "+33199", "A@B.c")], HOLDING, ["phone"]))
    assert query.body() == {
        "filterGroups": [
            {"filters": [{"propertyName": name, "operator": "IN", "values": [value]}]}
            for name, value in [
                ("hs_searchable_calculated_phone_number", "199"),
                ("hs_searchable_calculated_mobile_number", "199"),
                ("phone", "+33199"),
                ("mobilephone", "+33199"),
                ("email", "a@b.c"),
            ]
        ],
        "sorts": [],
        "properties": ["phone"],
        "limit": 200,
        "after": "0",
    }


def test_other_conditions_and_sorts_are_sent_as_hubspot_reads_them():
    filters = (Filter("lastmodifieddate", "GTE", ("5",)), Filter("email", "HAS_PROPERTY"))
    body = Query((filters,), ("email",), (("lastmodifieddate", "ASCENDING"),)).body("200")
    assert body["filterGroups"][0]["filters"] == [
        {"propertyName": "lastmodifieddate", "operator": "GTE", "value": "5"},
        {"propertyName": "email", "operator": "HAS_PROPERTY"},
    ]
    assert body["sorts"] == [{"propertyName": "lastmodifieddate", "direction": "ASCENDING"}]
    assert body["after"] == "200"


def test_properties_that_the_portal_lacks_are_not_named():
    queries = list(searches_for(people(3, emails=True), {"phone", "domain"}, ["phone"]))
    assert [group[0].name for query in queries for group in query.groups] == ["phone"]


@pytest.mark.parametrize("nobody", [[], [Wanted()], [Wanted(email="a" * 300)]])
def test_nobody_wanted_takes_no_search(nobody):
    assert list(searches_for(nobody, HOLDING, PROPERTIES)) == []


def test_nothing_searchable_takes_no_search():
    assert list(searches_for(people(3), (), PROPERTIES)) == []


@pytest.mark.parametrize("padding", range(1, 80))
def test_every_page_of_a_full_search_is_short_enough_and_one_more_would_not_fit(padding):
    everyone, properties = people(100, emails=True), ("x" * padding,)
    queries = list(searches_for(everyone, HOLDING, properties))
    lengths = [len(compact(query.body("9800"))) for query in queries]
    assert max(lengths) <= LONGEST_BODY
    one_more = (
        2 * len('"199000000",') + 2 * len('"+33199000000",') + len('"someone.0000@example.com",')
    )
    assert min(lengths[:-1]) > LONGEST_BODY - one_more


wanted = st.builds(
    Wanted,
    national=st.text("0123456789", max_size=14),
    e164=st.from_regex(r"(\+[0-9]{5,15})?", fullmatch=True),
    email=st.text(max_size=120),
)


@given(st.lists(wanted, max_size=120), st.sets(st.sampled_from(sorted(HOLDING))))
def test_everyone_wanted_is_searched_once_within_hubspots_limits(everyone, searchable):
    queries = list(
        searches_for(everyone, searchable, PROPERTIES, (("lastmodifieddate", "DESCENDING"),))
    )
    for query in queries:
        for after in ("0", "9800"):
            assert len(json.dumps(query.body(after), separators=(",", ":"))) <= LONGEST_BODY
            assert len(compact(query.body(after)).encode()) <= LONGEST_BODY
        assert 1 <= len(query.groups) <= MOST_GROUPS
        for group in query.groups:
            assert group[0].values
            assert all(value == value.lower() for value in group[0].values)
    for name in searchable:
        asked = {getattr(one, HOLDING[name]) for one in everyone}
        if HOLDING[name] == "email":
            asked = {email.strip().lower() for email in asked}
            asked = {email for email in asked if len(email) <= 254}
        assert set(values_of(queries, name)) == asked - {""}
