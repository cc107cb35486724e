import json
from pathlib import Path

import pytest

from clients.errors import Misunderstood, NotFound, Rejected
from clients.hubspot import HubSpot
from clients.hubspot.portal import Audit, HubSpotOwner, Stage
from rules.outcomes import DEFAULT_OUTCOMES

SAMPLES = Path(__file__).parents[2] / "samples" / "hubspot"
DEFAULTS = {guid: label for label, guid in DEFAULT_OUTCOMES.items()}
CUSTOM = "0f0e0d0c-0000-4000-8000-00000000c0de"


def answer(value: object, status: int = 200) -> bytes:
    body = json.dumps(value).encode()
    return f"HTTP/1.1 {status} Word\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def sample(name: str) -> object:
    return json.loads((SAMPLES / f"{name}.json").read_text())


@pytest.fixture
def portal_answering(raw_vendor, http_to):
    return lambda *answers: HubSpot(http_to(raw_vendor(*answers).url))


def test_pipelines_come_with_their_stages_in_order(hubspot):
    pipelines = {each.id: each for each in hubspot.pipelines()}
    assert [stage.id for stage in pipelines["0"].stages] == ["1", "2", "3", "4"]
    assert [stage.closed for stage in pipelines["0"].stages] == [False, False, False, True]
    assert [stage.id for stage in pipelines["81234567"].stages] == ["158001", "158002"]
    assert hubspot.pipeline("0") == pipelines["0"]


def test_a_deleted_pipeline_is_not_found_and_its_audit_tells_when(hubspot, portal):
    portal.delete("pipelines", "81234567")
    assert [each.id for each in hubspot.pipelines()] == ["0"]
    with pytest.raises(NotFound):
        hubspot.pipeline("81234567")
    assert hubspot.pipeline_audit("81234567")[0].action == "DELETE"


def test_a_stage_is_read_by_its_id_until_it_or_its_pipeline_is_deleted(hubspot, portal):
    assert hubspot.stage("0", "2") == Stage("2", "Waiting on contact")
    portal.delete("stages", "2", "0")
    portal.delete("pipelines", "81234567")
    for pipeline, stage in [("0", "2"), ("81234567", "158001")]:
        with pytest.raises(NotFound):
            hubspot.stage(pipeline, stage)


@pytest.mark.parametrize("body", [{}, {"id": "3", "label": "Other"}, []])
def test_an_answer_that_is_not_the_stage_asked_for_tells_nothing_of_it(portal_answering, body):
    with pytest.raises(Misunderstood):
        portal_answering(answer(body)).stage("0", "2")


def test_the_audit_of_a_deleted_stage_names_a_user_who_is_an_owner(hubspot, portal):
    portal.delete("stages", "2", "0", by=113493)
    (entry,) = hubspot.stage_audit("0", "2")
    assert (entry.action, entry.user_id) == ("DELETE", "113493")
    assert hubspot.owner_of_user(entry.user_id).name == "Omar Haddad"


def test_a_user_who_left_is_an_archived_owner_and_one_who_is_none_is_not_found(hubspot):
    with pytest.raises(NotFound):
        hubspot.owner_of_user("113495")
    assert hubspot.owner_of_user("113495", archived=True).name == "Left Agent"
    with pytest.raises(NotFound):
        hubspot.owner_of_user("24681")


def test_an_archived_stage_is_told_as_such(portal_answering):
    rows = [
        {
            "id": 5,
            "label": "P",
            "stages": [
                {"id": "b", "displayOrder": 2, "archived": True},
                {"id": "a", "label": "A", "displayOrder": 1, "metadata": {"isClosed": "true"}},
                "nonsense",
            ],
        }
    ]
    (pipeline,) = portal_answering(answer({"results": rows})).pipelines()
    assert pipeline.stages[1:] == (Stage("a", "A", closed=True), Stage("b", "", archived=True))
    assert pipeline.id == "5"


@pytest.mark.parametrize(
    "body", [[], {}, {"results": {}}, {"results": [{"label": "no id"}]}, "x", None]
)
def test_a_list_of_pipelines_that_cannot_be_read_is_not_an_empty_one(portal_answering, body):
    with pytest.raises(Misunderstood):
        portal_answering(answer(body)).pipelines()


def test_the_audit_is_read(portal_answering):
    audit = portal_answering(answer(sample("pipeline_audit"))).pipeline_audit("81234567")
    assert audit == (Audit("DELETE", "2026-09-20T08:00:00.000Z", "Deleted pipeline", "24681"),)


def test_an_owner_is_read_by_its_id_though_it_is_archived_and_no_other_is_taken_for_it(
    hubspot, portal_answering
):
    for archived in (False, True):
        (there, *_) = hubspot.owners(archived=archived)
        assert hubspot.owner(there.id) == there
    with pytest.raises(NotFound):
        hubspot.owner("24681")
    with pytest.raises(Misunderstood):
        portal_answering(answer({"id": "9", "email": "z@example.com"})).owner("8")


def test_owners_are_read_page_by_page(raw_vendor, http_to):
    first, second = sample("owners_list"), {"results": [{"id": "9", "email": "z@example.com"}]}
    vendor = raw_vendor(answer(first), answer(second))
    owners = HubSpot(http_to(vendor.url)).owners()
    assert [request.split(b" ")[1] for request in vendor.requests] == [
        b"/crm/owners/2026-09?limit=100&archived=false",
        b"/crm/owners/2026-09?limit=100&archived=false&after=11349275741",
    ]
    assert [owner.id for owner in owners] == ["11349275740", "11349275741", "9"]
    jeanne = HubSpotOwner("11349275740", "jeanne.martin@example.com", "Jeanne Martin")
    assert owners[0] == jeanne


def test_a_page_that_leads_to_itself_ends_the_reading(portal_answering):
    assert len(portal_answering(answer(sample("owners_list"))).owners()) == 2


def test_active_and_archived_owners_are_told_apart(hubspot):
    active, archived = hubspot.owners(), hubspot.owners(archived=True)
    assert {owner.email for owner in active} >= {"jeanne.martin@example.com"}
    assert archived
    assert all(owner.archived for owner in archived)
    assert not any(owner.archived for owner in active)


def test_outcomes_include_custom_ones_and_not_deleted_ones(hubspot, portal):
    assert hubspot.outcomes() == {**DEFAULTS, CUSTOM: "Demo booked"}
    portal.delete("outcomes", CUSTOM)
    assert hubspot.outcomes() == DEFAULTS


def test_hidden_outcomes_are_left_out(portal_answering):
    listed = sample("property_hs_call_disposition")
    listed["options"][0]["hidden"] = True
    assert "Busy" not in portal_answering(answer(listed)).outcomes().values()


def test_outcomes_fall_back_to_the_old_list_and_then_to_the_known_ones(portal_answering):
    refused = answer({"message": "no", "category": "MISSING_SCOPES"}, 403)
    old = sample("dispositions_list_v1")
    old[0]["deleted"] = True
    outcomes = portal_answering(refused, answer(old)).outcomes()
    assert outcomes[CUSTOM] == "Demo booked"
    assert "Busy" not in outcomes.values()
    assert portal_answering(refused).outcomes() == DEFAULTS
    assert portal_answering(answer({"name": "x"}), answer([])).outcomes() == DEFAULTS


def test_properties_are_listed_by_name(hubspot):
    contacts = hubspot.properties("contacts")
    assert contacts["hs_searchable_calculated_phone_number"].name
    assert "no_such_property" not in contacts


def test_a_unique_property_is_created_once(hubspot):
    group = hubspot.property_groups("tickets")[0]
    wanted = {"label": "Aircall id", "group": group, "unique": True, "description": "d"}
    assert hubspot.create_property("tickets", "aircall_id", **wanted) is True
    assert hubspot.create_property("tickets", "aircall_id", **wanted) is False
    made = hubspot.properties("tickets")["aircall_id"]
    assert (made.unique, made.group, made.type) == (True, group, "string")


def test_a_creation_that_was_cut_off_is_repeated_and_found_done(hubspot, portal):
    portal.fault("reset_after", method="POST", path="*/properties/*")
    group = hubspot.property_groups("calls")[0]
    assert hubspot.create_property("calls", "aircall_id", label="A", group=group) is False
    assert "aircall_id" in hubspot.properties("calls")


def test_a_portal_that_allows_no_unique_property_refuses(hubspot, portal):
    portal.switches.no_unique_on = frozenset({"calls"})
    group = hubspot.property_groups("calls")[0]
    with pytest.raises(Rejected):
        hubspot.create_property("calls", "aircall_id", label="A", group=group, unique=True)


def test_the_portal_is_named(hubspot, portal_answering):
    account = hubspot.account()
    assert (account.portal_id, account.time_zone) == ("123456", "Europe/Paris")
    assert (
        portal_answering(answer(sample("account_info_details"))).account().domain
        == "app-eu1.hubspot.com"
    )
    with pytest.raises(Misunderstood):
        portal_answering(answer({})).account()
