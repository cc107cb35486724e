import pytest

from sandbox.slack.workspace import ADMIN


def test_errors_stand_under_their_inputs_until_they_are_changed(still, script, open_modal):
    open_modal()
    still.type(ADMIN, "name", "x")
    script.answer = {"response_action": "errors", "errors": {"name": "Taken."}}
    assert still.submit(ADMIN).errors == {"name": "Taken."}
    assert still.modal(ADMIN).errors == {"name": "Taken."}
    still.type(ADMIN, "name", "y")
    assert still.modal(ADMIN).errors == {}


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"other": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"name": ""}},
        {"response_action": "errors"},
        {"response_action": "explode"},
        {"response_action": "clear", "view": {}},
        {"text": "Saved"},
    ],
)
def test_answer_to_a_submission_that_means_nothing_is_a_surprise(still, script, open_modal, answer):
    open_modal()
    still.type(ADMIN, "name", "x")
    script.answer = answer
    assert still.submit(ADMIN).trouble == "invalid answer"
    assert still.surprises
    assert still.modal(ADMIN) is not None


def test_submission_is_answered_with_another_view(still, script, open_modal, modal):
    first = open_modal()
    still.type(ADMIN, "name", "x")
    modal["title"]["text"] = "Next"
    script.answer = {"response_action": "update", "view": modal}
    still.submit(ADMIN)
    assert still.modal(ADMIN).id == first.id
    assert still.shown(first, ADMIN).startswith("# Next")
    script.answer = {"response_action": "push", "view": modal}
    for depth in (2, 3):
        still.submit(ADMIN)
        assert len(still.stack(ADMIN)) == depth
        still.type(ADMIN, "name", "x")
    assert still.submit(ADMIN).trouble == "push_limit_reached"
    script.answer = {"response_action": "clear"}
    still.submit(ADMIN)
    assert still.stack(ADMIN) == []


def test_view_in_an_answer_is_checked_like_any_other(still, script, open_modal):
    open_modal()
    still.type(ADMIN, "name", "x")
    script.answer = {"response_action": "update", "view": {"type": "modal"}}
    assert still.submit(ADMIN).trouble == "invalid_arguments"
    assert still.surprises


def test_failed_submission_leaves_the_modal_open(still, script, open_modal):
    open_modal()
    still.type(ADMIN, "name", "x")
    script.answer = 500
    assert still.submit(ADMIN).trouble == "status 500"
    assert still.modal(ADMIN).values["name", "value"]["value"] == "x"


def test_modal_without_submit_cannot_be_submitted(still, script, open_modal, modal):
    del modal["submit"]
    open_modal({"type": "divider"})
    with pytest.raises(LookupError):
        still.submit(ADMIN)


def test_closing_is_told_only_where_it_was_asked_for(still, script, open_modal, call, modal):
    open_modal()
    assert still.close_modal(ADMIN) == []
    assert script.sent == []
    view = open_modal(notify_on_close=True)
    top = call("views.push", trigger_id=still.house.trigger(ADMIN, view.id), view=modal)["view"]
    still.close_modal(ADMIN)
    assert [one.id for one in still.stack(ADMIN)] == [view.id]
    assert top["id"] != view.id
    still.close_modal(ADMIN, everything=True)
    assert script.last["type"] == "view_closed"
    assert script.last["is_cleared"]
    assert still.stack(ADMIN) == []
    with pytest.raises(LookupError):
        still.close_modal(ADMIN)


def test_clear_on_close_closes_the_whole_stack(still, script, open_modal, call, modal):
    view = open_modal()
    pushed = {**modal, "clear_on_close": True}
    call("views.push", trigger_id=still.house.trigger(ADMIN, view.id), view=pushed)
    still.close_modal(ADMIN)
    assert still.stack(ADMIN) == []
