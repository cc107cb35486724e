import pytest

from sandbox.aircall.events import EVENTS
from sandbox.traffic import Story, call_events, ended_of

NOW = 1_790_000_000
HOOK = "/v1/webhooks/c5b9c0f2-0000-4000-8000-00000000abcd"


def phones(*values):
    return [{"label": "Work", "value": value} for value in values]


def add_calls(aircall, amount, start=NOW - 1_000):
    for at in range(amount):
        events = call_events(9000 + at, "inbound_missed", start=start + at, phone="+33199004567")
        aircall.add_call(ended_of(events))


def test_no_credentials_are_a_401_and_wrong_ones_a_403(aircall):
    assert aircall.handle("GET", "/v1/ping").json() == {"message": "Unauthorized"}
    wrong = aircall.handle("GET", "/v1/ping", headers={"Authorization": "Basic bm86bm8="})
    assert (wrong.status, wrong.json()) == (403, {"message": "Forbidden"})


@pytest.mark.parametrize("path", ["/v1/users", "/v3/ping", "/v1", "/v1/ping/pong"])
def test_unknown_path_is_the_gateways_404_and_a_surprise(ask_aircall, aircall, path):
    assert ask_aircall("GET", path).json() == {"message": "Not Found"}
    assert len(aircall.surprises) == 1


def test_directory_lists_lines_users_teams_and_tags(ask_aircall):
    numbers = ask_aircall("GET", "/v1/numbers").json()["numbers"]
    assert [(one["id"], one["name"], one["country"]) for one in numbers] == [
        (1001, "Sales France", "FR"),
        (1002, "Support US", "US"),
        (1003, "Berlin", "DE"),
    ]
    assert "e164_digits" not in numbers[0]
    assert numbers[0]["users"][0]["email"] == "jeanne.martin@example.com"
    assert ask_aircall("GET", "/v1/numbers/1001").json()["number"] == numbers[0]
    assert ask_aircall("GET", "/v1/numbers/7").status == 404
    tags = ask_aircall("GET", "/v1/tags").json()["tags"]
    assert [(one["id"], one["name"]) for one in tags] == [
        (31, "Quote"),
        (32, "Hot lead"),
        (33, "VIP"),
    ]
    assert ask_aircall("GET", "/v1/teams").json()["teams"][0]["name"] == "Sales"
    assert ask_aircall("GET", "/v1/company").json()["company"]["numbers_count"] == 3
    assert ask_aircall("GET", "/v1/integrations/me").json()["integration"]["active"] is True


def test_users_are_read_by_id_or_email(ask_aircall):
    assert len(ask_aircall("GET", "/v2/users").json()["users"]) == 5
    for word in ("457", "omar.haddad@example.com"):
        assert ask_aircall("GET", f"/v2/users/{word}").json()["user"]["id"] == 457
    assert ask_aircall("GET", "/v2/users/1").status == 404


def test_message_configuration_tells_native_from_proxy(ask_aircall, aircall):
    path = "/v1/numbers/1001/messages/configuration"
    assert ask_aircall("GET", path).json()["type"] == "native"
    aircall.office.messaging[1001] = "proxy"
    assert ask_aircall("GET", path).json()["type"] == "proxy"


def test_calls_come_in_pages_within_from_and_to(ask_aircall, aircall):
    add_calls(aircall, 60)
    page = ask_aircall("GET", "/v1/calls", per_page="50", order="desc").json()
    assert page["meta"]["total"] == 60
    assert page["calls"][0]["id"] == 9059
    assert "page=2" in page["meta"]["next_page_link"]
    last = ask_aircall("GET", "/v1/calls", per_page="50", page="2").json()
    assert (last["meta"]["count"], last["meta"]["next_page_link"]) == (10, None)
    start = str(NOW - 990)
    some = ask_aircall("GET", "/v1/calls", **{"from": start, "to": str(NOW - 985)}).json()
    assert [one["id"] for one in some["calls"]] == list(range(9010, 9016))


@pytest.mark.parametrize(
    ("query", "surprises"),
    [({"per_page": "51"}, 0), ({"order": "up"}, 0), ({"limit": "5"}, 1), ({"from": "now"}, 1)],
)
def test_wrong_list_parameters_are_a_400(ask_aircall, aircall, query, surprises):
    assert ask_aircall("GET", "/v1/calls", **query).status == 400
    assert len(aircall.surprises) == surprises


def test_only_10000_calls_can_be_reached_though_all_are_counted(ask_aircall, aircall):
    one = ended_of(call_events(1, "inbound_missed", start=NOW, phone="+33199004567"))
    aircall.add_call(one)
    template = aircall.office.calls[1]
    aircall.office.calls = {at: {**template, "id": at} for at in range(10_020)}
    last = ask_aircall("GET", "/v1/calls", page="200", per_page="50").json()
    assert (last["meta"]["total"], last["meta"]["next_page_link"]) == (10_020, None)
    assert ask_aircall("GET", "/v1/calls", page="201", per_page="50").json()["calls"] == []


def test_calls_older_than_six_months_are_gone(ask_aircall, aircall):
    add_calls(aircall, 1, NOW - 200 * 86_400)
    assert ask_aircall("GET", "/v1/calls").json()["calls"] == []
    assert ask_aircall("GET", "/v1/calls/9000").status == 404


def test_call_is_shown_under_its_rest_names_and_flags(ask_aircall, aircall):
    contact = {"id": 710, "first_name": "Claire", "last_name": "Dubois"}
    events = call_events(
        9000,
        "inbound_answered",
        start=NOW - 300,
        phone="+33199004567",
        contact=contact,
        story=Story(ivr="Sales"),
    )
    aircall.add_call(ended_of(events))
    bare = ask_aircall("GET", "/v1/calls/9000").json()["call"]
    assert bare["sid"] == ended_of(events)["data"]["call_uuid"]
    assert bare["conference_participants"]
    assert not {"call_uuid", "participants", "ivr_options_selected"} & set(bare)
    assert "e164_digits" not in bare["number"]
    assert bare["contact"] is None
    flags = {"fetch_contact": "true", "fetch_call_timeline": "true", "fetch_short_urls": "true"}
    full = ask_aircall("GET", "/v1/calls/9000", **flags).json()["call"]
    assert full["contact"] == contact
    assert full["ivr_options_selected"][0]["title"] == "Sales"
    assert full["recording_short_url"].startswith("https://")


def test_contact_search_compares_digits(ask_aircall):
    for typed in ("+33199004567", "+33 1 99 00 45 67", "0033199004567"):
        found = ask_aircall("GET", "/v1/contacts/search", phone_number=typed).json()
        assert [one["id"] for one in found["contacts"]] == [710]
    by_email = ask_aircall("GET", "/v1/contacts/search", email="CLAIRE.dubois@example.com").json()
    assert by_email["meta"]["total"] == 1
    assert ask_aircall("GET", "/v1/contacts/search").status == 400


def test_repeated_create_makes_a_second_contact(ask_aircall):
    body = {"first_name": "Ada", "phone_numbers": phones("+442079460955")}
    first = ask_aircall("POST", "/v1/contacts", body)
    second = ask_aircall("POST", "/v1/contacts", body)
    assert (first.status, second.status) == (201, 201)
    assert first.json()["contact"]["id"] != second.json()["contact"]["id"]
    assert first.json()["contact"]["created_at"] == NOW
    assert ask_aircall("GET", "/v1/contacts").json()["meta"]["total"] == 3


@pytest.mark.parametrize(
    "body",
    [
        {"first_name": "Ada"},
        {"phone_numbers": []},
        {"phone_numbers": phones(*["+442079460955"] * 21)},
        {"phone_numbers": phones("+442079460955"), "emails": phones(*["a@example.com"] * 21)},
        {"phone_numbers": phones("ring me")},
        {"phone_numbers": phones("+442079460955"), "first_name": " "},
        {"phone_numbers": phones("+442079460955"), "first_name": "Ada 🚀"},
        {"phone_numbers": phones("+442079460955"), "emails": phones("nothing")},
        {"phone_numbers": phones("+442079460955"), "information": "x" * 256},
    ],
)
def test_contacts_that_aircall_refuses(ask_aircall, aircall, body):
    answer = ask_aircall("POST", "/v1/contacts", body)
    assert answer.status == 400
    assert answer.json()["success"] is False
    assert len(aircall.office.book.contacts) == 1
    assert aircall.surprises == []


@pytest.mark.parametrize(
    "body",
    [
        {"phone_numbers": ["+33199004567"]},
        {"phone_numbers": [{"value": "+33199004567"}]},
        {"phone_numbers": phones("+33199004567"), "name": "A"},
    ],
)
def test_misshapen_contacts_are_surprises(ask_aircall, aircall, body):
    assert ask_aircall("POST", "/v1/contacts", {"first_name": "A", **body}).status == 400
    assert len(aircall.surprises) == 1


def test_contact_is_updated_by_post_with_four_texts_only(ask_aircall, aircall):
    answer = ask_aircall("POST", "/v1/contacts/710", {"last_name": "Petit"})
    assert (answer.status, answer.json()["contact"]["last_name"]) == (200, "Petit")
    assert ask_aircall("POST", "/v1/contacts/710", {"last_name": ""}).status == 400
    assert ask_aircall("POST", "/v1/contacts/710", {"emails": []}).status == 400
    assert ask_aircall("PUT", "/v1/contacts/710", {"last_name": "X"}).status == 404
    assert len(aircall.surprises) == 2


def test_phones_and_emails_have_their_own_endpoints(ask_aircall):
    path = "/v1/contacts/710/phone_details"
    given = {"label": "Mobile", "value": "+33639980012"}
    added = ask_aircall("POST", path, given).json()["contact"]["phone_numbers"][1]
    changed = ask_aircall("PUT", f"{path}/{added['id']}", {**given, "label": "Home"})
    assert changed.json()["contact"]["phone_numbers"][1]["label"] == "Home"
    assert ask_aircall("DELETE", f"{path}/{added['id']}").status == 204
    assert ask_aircall("DELETE", f"{path}/{added['id']}").status == 404
    for _ in range(19):
        assert ask_aircall("POST", path, given).status == 201
    assert ask_aircall("POST", path, given).status == 400
    email = {"label": "Work", "value": "c@example.com"}
    assert ask_aircall("POST", "/v1/contacts/710/email_details", email).status == 201


def test_deleted_contact_is_gone(ask_aircall):
    assert ask_aircall("DELETE", "/v1/contacts/710").status == 204
    assert ask_aircall("GET", "/v1/contacts/710").status == 404


def test_writes_need_a_content_type(aircall, ask_aircall):
    headers = {"Authorization": ask_aircall.headers["Authorization"]}
    assert aircall.handle("DELETE", "/v1/contacts/710", {}, headers).status == 400
    assert len(aircall.surprises) == 1


def test_webhooks_show_their_tokens(ask_aircall):
    one = ask_aircall("GET", "/v1/webhooks").json()["webhooks"][0]
    assert one["token"] == "sandbox-webhook-token"
    assert one["url"].endswith("/aircall/webhook")
    assert ask_aircall("GET", HOOK).json()["webhook"] == one


def test_put_without_events_means_all_events(ask_aircall):
    def put(body, **query):
        return ask_aircall("PUT", HOOK, body, **query).json()["webhook"]

    assert put({"active": False, "events": ["call.ended"]})["events"] == ["call.ended"]
    more = put({"events": ["message.sent"]}, events_action="add")
    assert more["events"] == ["call.ended", "message.sent"]
    less = put({"events": ["call.ended"]}, events_action="remove")
    assert less["events"] == ["message.sent"]
    assert less["active"] is False
    again = put({"active": True})
    assert (again["active"], again["events"]) == (True, list(EVENTS))


@pytest.mark.parametrize(
    "body",
    [{}, {"url": "http://plain.example.com"}, {"url": "https://a.example.com", "events": ["no"]}],
)
def test_webhooks_that_aircall_refuses(ask_aircall, aircall, body):
    assert ask_aircall("POST", "/v1/webhooks", body).status == 400
    assert aircall.surprises == []


def test_there_are_100_webhooks_at_most(ask_aircall):
    body = {"url": "https://a.example.com/aircall/webhook", "events": ["call.ended"]}
    made = [ask_aircall("POST", "/v1/webhooks", body) for _ in range(100)]
    assert [one.status for one in made] == [201] * 99 + [400]
    tokens = {one.json()["webhook"]["token"] for one in made[:99]}
    assert len(tokens) == 99
    id_ = made[0].json()["webhook"]["webhook_id"]
    assert ask_aircall("DELETE", f"/v1/webhooks/{id_}").status == 204
    assert ask_aircall("POST", "/v1/webhooks", body).status == 201


def test_created_webhook_without_events_gets_all(ask_aircall):
    body = {"url": "https://a.example.com/aircall/webhook"}
    made = ask_aircall("POST", "/v1/webhooks", body).json()["webhook"]
    assert made["events"] == list(EVENTS)
    assert made["custom_name"] == "Webhook"


def test_people_meddle_in_aircall_too(aircall, ask_aircall):
    event = ended_of(call_events(9000, "inbound_missed", start=NOW, phone="+33199004567"))
    aircall.meddle("seed", {"calls": [event]})
    aircall.meddle("delete", {"kind": "numbers", "id_": 1003})
    aircall.meddle("edit", {"kind": "webhooks", "id_": HOOK[13:], "values": {"active": False}})
    assert ask_aircall("GET", "/v1/calls/9000").status == 200
    assert ask_aircall("GET", "/v1/numbers").json()["meta"]["total"] == 2
    assert ask_aircall("GET", HOOK).json()["webhook"]["active"] is False
    aircall.reset()
    state = aircall.state()
    assert (len(state["numbers"]), state["calls"]) == (3, [])
    assert state["webhooks"][0]["active"] is True


def test_67_events_are_published():
    assert len(EVENTS) == 67
    assert len(set(EVENTS)) == len(EVENTS)
