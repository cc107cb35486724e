import json

import pytest

PATH = "/crm/objects/2026-09/contacts/search"


def one(name, operator, **how):
    return {"propertyName": name, "operator": operator, **how}


def body_of(groups, **more):
    filters = [{"filters": list(group)} for group in groups]
    body = {"filterGroups": filters, "sorts": [], "properties": [], "limit": 100, "after": "0"}
    return {**body, **more}


def ids(answer):
    assert answer.status == 200, answer.body
    return [found["id"] for found in answer.json()["results"]]


def search(ask, *groups, **more):
    return ask("POST", PATH, body_of(groups, **more))


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (one("firstname", "EQ", value="claire"), ["12345"]),
        (one("lastname", "IN", values=["shared"]), ["12351", "12352"]),
        (one("lastname", "IN", values=["Shared"]), []),
        (one("hs_object_id", "GT", value="12362"), ["12363", "12364"]),
        (one("hs_object_id", "LTE", value="12346"), ["12345", "12346"]),
        (one("hs_object_id", "BETWEEN", value="12346", highValue="12347"), ["12346", "12347"]),
        (one("hs_object_id", "IN", values=["12346", "7"]), ["12346"]),
        (one("createdate", "LT", value="1756000001000"), ["12345"]),
        (one("country", "HAS_PROPERTY"), ["12353", "12355", "12356", "12357", "12359"]),
        (
            one("hs_searchable_calculated_phone_number", "IN", values=["199004567", "2025550178"]),
            ["12345", "12354"],
        ),
        (one("phone", "EQ", value="+33199004580"), ["12352"]),
        (
            one("hs_searchable_calculated_phone_number", "CONTAINS_TOKEN", value="*4567"),
            ["12345"],
        ),
        (one("phone", "CONTAINS_TOKEN", value="poste"), ["12362"]),
        (one("email", "EQ", value="CLAIRE.DUBOIS@example.com"), ["12345"]),
        (one("associations.company", "EQ", value="8001"), ["12345"]),
    ],
)
def test_filters(ask, given, found):
    assert ids(search(ask, [given])) == found


def test_groups_are_or_and_filters_in_a_group_are_and(ask):
    last = one("lastname", "EQ", value="Shared")
    first = one("firstname", "EQ", value="Emma")
    odd = one("firstname", "EQ", value="Odd")
    assert ids(search(ask, [last, first], [odd])) == ["12351", "12361"]


def test_not_filters_pass_the_others(ask):
    assert len(ids(search(ask, [one("lastname", "NEQ", value="Shared")]))) == 18
    assert len(ids(search(ask, [one("country", "NOT_HAS_PROPERTY")]))) == 15
    assert len(ids(search(ask, [one("lastname", "NOT_IN", values=["shared"])]))) == 18


@pytest.mark.parametrize(
    "groups",
    [
        [[one("nobody", "EQ", value="1")]],
        [[one("firstname", "EQ", value="a")]] * 6,
        [[one("firstname", "EQ", value="a")] * 7],
        [[one("firstname", "EQ", value="a")] * 6] * 4,
        [[one("createdate", "GT", value="soon")]],
        [[one("firstname", "IN", values=[])]],
    ],
)
def test_refused_searches_are_understood_all_the_same(ask, hubspot, groups):
    assert search(ask, *groups).status == 400
    assert hubspot.surprises == []


@pytest.mark.parametrize(
    "more",
    [
        {"limit": 201},
        {"limit": 0},
        {"after": "9901"},
        {"properties": ["nobody"]},
        {"sorts": [{"propertyName": "nobody"}]},
        {"sorts": ["firstname", "lastname"]},
    ],
)
def test_refused_pages_properties_and_sorts(ask, more):
    assert search(ask, **more).status == 400


@pytest.mark.parametrize(
    "body",
    [
        {"filterGroups": []},
        body_of([], archived=True),
        body_of([[one("firstname", "LIKE", value="a")]]),
        body_of([[one("firstname", "EQ", values=["a"])]]),
        body_of([[one("firstname", "IN", values=[1])]]),
        body_of([], after=0),
    ],
)
def test_misshapen_searches_are_surprises(ask, hubspot, body):
    assert ask("POST", PATH, body).status == 400
    assert len(hubspot.surprises) == 1


def test_body_of_more_than_3000_characters_is_refused(ask):
    values = ["1" * 9] * 100
    body = body_of([[one("phone", "IN", values=values)]])
    room = 3_000 - len(json.dumps(body))
    padded = body_of([[one("phone", "IN", values=[*values, "2" * (room - 4)])]])
    assert len(json.dumps(padded)) == 3_000
    assert ask("POST", PATH, padded).status == 200
    padded["filterGroups"][0]["filters"][0]["values"][-1] += "2"
    assert ask("POST", PATH, padded).status == 400


def test_results_come_in_pages_in_the_asked_order(ask):
    rule = [{"propertyName": "lastmodifieddate", "direction": "DESCENDING"}]
    first = search(ask, sorts=rule, limit=3).json()
    assert first["total"] == 20
    assert [found["id"] for found in first["results"]] == ["12364", "12363", "12362"]
    after = first["paging"]["next"]["after"]
    assert after == "3"
    assert ids(search(ask, sorts=rule, limit=2, after=after)) == ["12361", "12360"]
    assert "paging" not in search(ask, limit=100).json()


def test_new_record_shows_only_after_the_lag(ask, hubspot, hands):
    hubspot.switches.search_lag = 10.0
    made = hubspot.add("contacts", {"firstname": "New", "phone": "+33199008888"})
    group = [one("hs_searchable_calculated_phone_number", "EQ", value="199008888")]
    assert ids(search(ask, group)) == []
    hands.turn(9.9)
    assert ids(search(ask, group)) == []
    hands.turn(0.2)
    assert ids(search(ask, group)) == [made]


def test_changed_record_shows_its_old_values_until_the_lag_is_over(ask, hubspot, hands):
    hubspot.switches.search_lag = 10.0
    hubspot.edit("contacts", "12345", {"phone": "+33199008888"})
    old = [one("phone", "EQ", value="01 99 00 45 67")]
    new = [one("phone", "EQ", value="+33199008888")]
    assert (ids(search(ask, old)), ids(search(ask, new))) == (["12345"], [])
    hands.turn(11)
    assert (ids(search(ask, old)), ids(search(ask, new))) == ([], ["12345"])
    hubspot.switches.search_lag = 0.0
    hubspot.edit("contacts", "12345", {"phone": "1"})
    assert ids(search(ask, [one("phone", "EQ", value="1")])) == ["12345"]


def test_archived_records_never_appear(ask, hubspot):
    hubspot.delete("contacts", "12345")
    assert ids(search(ask, [one("firstname", "EQ", value="claire")])) == []


def test_words_are_looked_for_in_names_and_phones(ask):
    assert ids(search(ask, query="claire dubois")) == ["12345"]


def test_results_show_the_asked_properties(ask):
    found = search(
        ask, [one("firstname", "EQ", value="claire")], properties=["phone", "mobilephone"]
    ).json()["results"][0]
    assert found["properties"]["phone"] == "01 99 00 45 67"
    assert found["properties"]["mobilephone"] is None
    assert "email" not in found["properties"]
