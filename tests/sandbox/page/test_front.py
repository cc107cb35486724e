"""What the page's address answers, without a browser."""

import json

import pytest

from sandbox.page.files import FOLDER, TYPES
from sandbox.page.screen import command_words
from sandbox.server import Sandbox

CALL = {"kind": "inbound_answered", "caller": "+33199004567", "line": "1001"}


@pytest.fixture
def front(served: Sandbox):
    """Ask as the HTTP shell does: front("GET", "/path", body, user="U0OWNER")."""

    def ask(method, path, body=None, **query):
        return served.slack.front(method, path, query, json.dumps(body or {}).encode())

    return ask


def test_the_page_and_each_of_its_files_are_served_with_a_closed_policy(front):
    page = front("GET", "/")
    assert b"<title>" in page.body
    for file in FOLDER.iterdir():
        answer = front("GET", f"/page/{file.name}")
        assert answer.body == file.read_bytes()
        assert answer.headers["Content-Type"] == TYPES[file.suffix]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_no_file_names_an_address_elsewhere(front):
    for file in FOLDER.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text
        assert "https://" not in text


@pytest.mark.parametrize(
    "path",
    ["/page/", "/page/none.js", "/page/../front.py", "/page/%2e%2e/front.py", "/page/index", "/x"],
)
def test_nothing_else_is_served(front, path):
    assert front("GET", path) is None


def test_slack_itself_answers_all_that_is_not_the_pages(front):
    assert front("POST", "/api/auth.test") is None
    assert front("POST", "/") is None
    assert front("GET", "/_sandbox/state") is None


def test_the_screen_shows_what_one_person_has_before_them(front):
    screen = front("GET", "/_sandbox/page/screen", user="U0SINGLE").json()
    mine = [one["name"] for one in screen["channels"] if one["isMine"]]
    assert mine == ["leads"]
    assert screen["messages"] == []
    assert screen["direct"] == "D0SINGLE"


def test_who_asks_again_with_the_tag_is_told_only_of_what_changed(front, served):
    first = front("GET", "/_sandbox/page/screen", user="U0OWNER").json()
    asked = {"user": "U0OWNER", "tag": first["tag"]}
    assert front("GET", "/_sandbox/page/screen", **asked).status == 204
    served.slack.world.house.board.put(1.0, "C0CALLS", "Hello")
    assert front("GET", "/_sandbox/page/screen", **asked).json()["messages"]


def test_nobody_has_no_screen(front):
    answer = front("GET", "/_sandbox/page/screen", user="U0NOBODY")
    assert answer.status == 400
    assert "U0NOBODY" in answer.json()["message"]


def test_people_who_cannot_act_are_not_offered(front):
    people = front("GET", "/_sandbox/page/workspace").json()["people"]
    roles = {one["name"]: one["role"] for one in people}
    assert roles == {
        "olivia": "Owner",
        "adam": "Admin",
        "jeanne": "Member",
        "omar": "Member",
        "sofia": "Member",
        "gina": "Guest",
        "sam": "Guest of one channel",
        "stella": "Of another company",
    }


def test_the_command_is_described_as_the_manifest_has_it(tmp_path):
    words = command_words()
    assert "status" in words["hint"]
    assert words["description"]
    assert command_words(tmp_path / "none") == {"description": "", "hint": ""}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kind": "carrier pigeon"}, "not among what can happen"),
        ({"caller": "+1"}, "not among what can happen"),
        ({"line": "7"}, "not among what can happen"),
        ({"tag": "1"}, "not among what can happen"),
        ({"line": "x"}, "ValueError"),
        ({"caller": "anonymous", "kind": "outbound_busy"}, "Nobody can call"),
        ({"caller": "anonymous", "kind": "inbound_message"}, "can neither send"),
        ({}, "Nobody said where the product's door is"),
    ],
)
def test_the_phone_refuses_what_cannot_happen(front, changed, sentence):
    answer = front("POST", "/_sandbox/page/phone", {**CALL, **changed})
    assert answer.status == 400
    assert sentence in answer.json()["message"]


def test_no_two_calls_have_one_id(served, monkeypatch):
    sent = []
    monkeypatch.setattr(served.phone, "door", "http://127.0.0.1:9")
    deliveries = served.phone.aircall.deliveries
    monkeypatch.setattr(deliveries, "tell", lambda events: sent.extend(events) or {200: 1})
    ids = {served.phone.happen(CALL)["id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(one["timestamp"] for one in sent)


PIPELINES = "/_sandbox/page/pipelines"


def test_stages_and_pipelines_are_deleted_and_restored_as_by_a_person(front, served):
    gone = front("POST", PIPELINES, {"pipeline": "0", "stage": "2", "gone": True}).json()
    assert [one["gone"] for one in gone["pipelines"][0]["stages"]] == [False, True, False, False]
    assert "2" not in [stage.id for stage in served.hubspot.world.portal.pipelines["0"].stages]
    assert served.hubspot.world.portal.audits["2"][-1][4] == 113493
    back = front("POST", PIPELINES, {"pipeline": "0", "stage": "2", "gone": False}).json()
    assert not any(one["gone"] for one in back["pipelines"][0]["stages"])
    assert [stage.id for stage in served.hubspot.world.portal.pipelines["0"].stages] == list("1234")
    front("POST", PIPELINES, {"pipeline": "81234567", "gone": True})
    assert [one["gone"] for one in front("GET", PIPELINES).json()["pipelines"]] == [False, True]
    front("POST", PIPELINES, {"pipeline": "81234567", "gone": False})
    assert [one["gone"] for one in front("GET", PIPELINES).json()["pipelines"]] == [False, False]


@pytest.mark.parametrize(
    "wish",
    [
        {"pipeline": "0", "stage": "99", "gone": True},
        {"pipeline": "0", "gone": False},
        {"pipeline": "0"},
    ],
)
def test_what_is_no_pipeline_to_delete_or_restore_is_refused(front, wish):
    assert front("POST", PIPELINES, wish).status == 400
