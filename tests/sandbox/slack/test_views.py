import pytest

from sandbox.slack.workspace import ADMIN, MEMBER


@pytest.fixture
def opened(call, still, modal):
    """Return the view of a modal that the admin has open."""
    return call("views.open", trigger_id=still.trigger(ADMIN), view=modal)["view"]


def inside(still, user=ADMIN):
    """Return a trigger_id made inside the open modal."""
    return still.house.trigger(user, still.modal(user).id)


def home(text="Status"):
    section = {"type": "section", "text": {"type": "plain_text", "text": text}}
    return {"type": "home", "blocks": [section]}


def test_modal_opens_for_whoever_made_the_trigger(still, opened):
    assert opened["type"] == "modal"
    assert opened["root_view_id"] == opened["id"] == still.modal(ADMIN).id
    assert opened["previous_view_id"] is None
    assert opened["hash"]
    state = {"name": {"value": {"type": "plain_text_input", "value": None}}}
    assert opened["state"] == {"values": state}
    assert still.modal(MEMBER) is None
    assert still.surprises == []


def test_trigger_lives_three_seconds(call, still, hands, modal):
    trigger = still.trigger(ADMIN)
    hands.turn(3.1)
    answer = call("views.open", trigger_id=trigger, view=modal)
    assert answer["error"] == "expired_trigger_id"
    still.switches.trigger_life = 10
    assert call("views.open", trigger_id=trigger, view=modal)["ok"]


def test_trigger_is_exchanged_once(call, still, modal):
    trigger = still.trigger(ADMIN)
    assert call("views.open", trigger_id=trigger, view=modal)["ok"]
    answer = call("views.open", trigger_id=trigger, view=modal)
    assert answer["error"] == "exchanged_trigger_id"
    assert call("views.open", trigger_id="1.2", view=modal)["error"] == "invalid_trigger_id"


def test_refused_view_leaves_the_trigger_unused(call, still, modal):
    trigger = still.trigger(ADMIN)
    answer = call("views.open", trigger_id=trigger, view={**modal, "id": "V1"})
    assert answer["error"] == "invalid_arguments"
    assert "unknown field: id [json-pointer:/view]" in answer["response_metadata"]["messages"][0]
    assert still.surprises
    assert call("views.open", trigger_id=trigger, view=modal)["ok"]


def test_three_views_are_a_full_stack(call, still, opened, modal):
    ids = [opened["id"]]
    for _ in range(2):
        view = call("views.push", trigger_id=inside(still), view=modal)["view"]
        assert view["previous_view_id"] == ids[-1]
        assert view["root_view_id"] == ids[0]
        ids.append(view["id"])
    answer = call("views.push", trigger_id=inside(still), view=modal)
    assert answer["error"] == "push_limit_reached"
    assert [view.id for view in still.stack(ADMIN)] == ids


def test_pushing_needs_a_trigger_of_the_modal(call, still, opened, modal):
    answer = call("views.push", trigger_id=still.trigger(ADMIN), view=modal)
    assert answer["error"] == "invalid_trigger_id"
    trigger = inside(still)
    still.close_modal(ADMIN)
    assert call("views.push", trigger_id=trigger, view=modal)["error"] == "not_found"


def test_opening_inside_a_modal_is_a_surprise(call, still, opened, modal):
    assert call("views.open", trigger_id=inside(still), view=modal)["ok"]
    assert "views.push" in still.surprises[0]
    assert len(still.stack(ADMIN)) == 1


def test_hash_changes_with_each_update_and_guards_it(call, still, opened, modal):
    modal["title"]["text"] = "Changed"
    answer = call("views.update", view_id=opened["id"], hash=opened["hash"], view=modal)
    assert answer["view"]["hash"] != opened["hash"]
    assert answer["view"]["title"]["text"] == "Changed"
    answer = call("views.update", view_id=opened["id"], hash=opened["hash"], view=modal)
    assert answer["error"] == "hash_conflict"
    assert call("views.update", view_id=opened["id"], view=modal)["ok"]


def test_what_was_typed_survives_an_update_only_under_the_same_ids(call, still, opened, modal):
    still.type(ADMIN, "name", "Typed")
    view = call("views.update", view_id=opened["id"], view=modal)["view"]
    assert view["state"]["values"]["name"]["value"]["value"] == "Typed"
    modal["blocks"][0]["block_id"] = "name#2"
    modal["blocks"][0]["element"]["initial_value"] = "Fresh"
    view = call("views.update", view_id=opened["id"], view=modal)["view"]
    assert view["state"]["values"] == {
        "name#2": {"value": {"type": "plain_text_input", "value": "Fresh"}}
    }


def test_closed_view_is_not_found(call, still, opened, modal):
    still.close_modal(ADMIN)
    assert call("views.update", view_id=opened["id"], view=modal)["error"] == "not_found"


def test_view_is_found_by_its_external_id(call, still, modal):
    modal["external_id"] = "general:1"
    assert call("views.open", trigger_id=still.trigger(ADMIN), view=modal)["ok"]
    assert call("views.update", external_id="general:1", view=modal)["ok"]
    answer = call("views.open", trigger_id=still.trigger(MEMBER), view=modal)
    assert answer["error"] == "duplicate_external_id"
    answer = call("views.update", external_id="general:1", view_id="V1", view=modal)
    assert answer["error"] == "invalid_arguments"


def test_view_of_a_quarter_megabyte_is_too_large(call, still, modal):
    blocks = [
        {"type": "section", "text": {"type": "plain_text", "text": "x" * 2700}} for _ in range(99)
    ]
    answer = call("views.open", trigger_id=still.trigger(ADMIN), view={**modal, "blocks": blocks})
    assert answer["error"] == "view_too_large"


def test_home_is_published_per_person(call, still):
    first = call("views.publish", user_id=ADMIN, view=home())["view"]
    assert first["type"] == "home"
    second = call("views.publish", user_id=ADMIN, view=home("Later"), hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    assert second["hash"] != first["hash"]
    answer = call("views.publish", user_id=ADMIN, view=home(), hash=first["hash"])
    assert answer["error"] == "hash_conflict"
    assert still.shown(still.home(ADMIN), ADMIN) == "Later"
    assert still.home(MEMBER) is None


def test_home_must_be_enabled_and_somebodys(call, still):
    assert call("views.publish", user_id="U0NOBODY", view=home())["error"] == "user_not_found"
    still.switches.home_enabled = False
    assert call("views.publish", user_id=ADMIN, view=home())["error"] == "not_enabled"


def test_home_is_no_modal(call, still, modal):
    assert call("views.publish", user_id=ADMIN, view=modal)["error"] == "invalid_arguments"
    answer = call("views.open", trigger_id=still.trigger(ADMIN), view=home())
    assert answer["error"] == "invalid_arguments"
