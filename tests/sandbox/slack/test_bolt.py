import pytest

from sandbox.slack.workspace import ADMIN, CALLS


@pytest.fixture
def wired(app, modal):
    """Return the app with a command that opens a modal, and what it was submitted."""
    submitted = []

    @app.command("/aircall-hubspot")
    def command(ack, body, client):
        if body["text"] == "status":
            ack(text="All is well")
            return
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal)

    @app.view("settings.general")
    def submission(ack, view):
        name = view["state"]["values"]["name"]["value"]["value"]
        submitted.append(name)
        if name == "taken":
            ack(response_action="errors", errors={"name": "This name is taken."})
        else:
            ack()

    return submitted


@pytest.fixture(params=["socket", "http"])
def joined(request, wired):
    """Return what was submitted, with the app joined in both manners of delivery."""
    if request.param == "socket":
        request.getfixturevalue("by_socket")()
    else:
        request.getfixturevalue("by_http")
    return wired


def test_command_is_answered_to_its_author_alone(slack, joined):
    acted = slack.command(ADMIN, "status")
    assert acted.acked  # within Slack's own three seconds
    assert [one.text for one in slack.ephemerals(ADMIN)] == ["All is well"]
    assert slack.messages(CALLS) == []
    assert slack.surprises == []


def test_modal_is_opened_filled_in_and_submitted(slack, joined):
    assert slack.command(ADMIN).acked
    slack.until(lambda: slack.modal(ADMIN))
    slack.type(ADMIN, "name", "taken")
    assert slack.submit(ADMIN).errors == {"name": "This name is taken."}
    assert "! This name is taken." in slack.shown(slack.modal(ADMIN), ADMIN)
    slack.type(ADMIN, "Name", "free")
    assert slack.submit(ADMIN).acked
    assert slack.modal(ADMIN) is None
    assert joined == ["taken", "free"]
    assert slack.surprises == []
