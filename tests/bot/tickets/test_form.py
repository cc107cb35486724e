"""The tickets form while what it shows is deleted."""

import threading

from tests.bot.team import ADMIN
from tests.bot.tickets.gone_stage import (
    OMAR,
    STAGE_GONE,
    stages,
    text,
    warning,
)


def test_opening_the_form_finds_what_is_missing(with_stage):
    with_stage.product.hubspot.delete("stages", "2", "0", by=OMAR)
    with_stage.command(ADMIN, "tickets")
    assert set(with_stage.product.alerts()) == {STAGE_GONE}
    assert stages(with_stage) == {"inbound_answered": "3"}
    with_stage.background()
    assert "Deleted by Omar Haddad" in text(with_stage, warning(with_stage))


def test_a_stage_deleted_while_the_form_is_open_and_not_touched_is_left_out(with_stage):
    with_stage.command(ADMIN, "tickets")
    with_stage.choose(ADMIN, "Incoming message", "New")
    with_stage.product.hubspot.delete("stages", "2", "0")
    with_stage.submit(ADMIN)
    assert "Saved as revision 4" in with_stage.shown(ADMIN)
    assert stages(with_stage) == {"inbound_answered": "3", "inbound_message": "1"}
    assert set(with_stage.product.alerts()) == {STAGE_GONE}


def test_a_stage_deleted_while_the_form_is_open_and_chosen_is_refused_there(with_stage):
    with_stage.command(ADMIN, "tickets")
    with_stage.choose(ADMIN, "Incoming message", "Waiting on contact")
    with_stage.choose(ADMIN, "Outgoing message", "New")
    with_stage.product.hubspot.delete("stages", "2", "0")
    acted = with_stage.submit(ADMIN)
    assert acted.errors == {
        "tickets.stages.inbound_message": "The stage 2 (Waiting on contact) is not one of pipeline "
        "0 (Support Pipeline)."
    }
    assert stages(with_stage) == {"inbound_answered": "3"}
    # The form stands there with its error, and now the whole pipeline goes.
    with_stage.product.hubspot.delete("pipelines", "0")
    again = with_stage.submit(ADMIN)
    assert again.errors == {
        "tickets.pipeline": "HubSpot has no ticket pipeline with the id 0 (Support Pipeline)."
    }
    assert stages(with_stage) == {}


def test_a_pipeline_deleted_while_the_form_is_open_is_refused_and_nothing_half_saved(with_stage):
    with_stage.command(ADMIN, "tickets")
    with_stage.choose(ADMIN, "Incoming message", "New")
    with_stage.product.hubspot.delete("pipelines", "0")
    acted = with_stage.submit(ADMIN)
    assert list(acted.errors) == ["tickets.pipeline"]
    assert "HubSpot has no ticket pipeline with the id 0" in acted.errors["tickets.pipeline"]
    assert stages(with_stage) == {}
    assert set(with_stage.product.alerts()) == {"pipeline missing 0"}


def test_a_pipeline_newly_chosen_and_deleted_meanwhile_is_refused(with_stage):
    with_stage.command(ADMIN, "tickets")
    with_stage.choose(ADMIN, "Ticket pipeline", "Call-backs")
    with_stage.product.hubspot.delete("pipelines", "81234567")
    acted = with_stage.submit(ADMIN)
    assert "id 81234567" in acted.errors["tickets.pipeline#1"]
    assert stages(with_stage)["inbound_missed"] == "2"


def test_a_hubspot_that_does_not_answer_keeps_nobody_from_saving(with_stage):
    with_stage.command(ADMIN, "tickets")
    with_stage.choose(ADMIN, "Incoming message", "New")
    with_stage.product.hubspot.fault("503", times=None)
    with_stage.submit(ADMIN)
    with_stage.product.hubspot.faults.clear()
    assert stages(with_stage)["inbound_message"] == "1"


def test_a_slow_hubspot_keeps_a_save_no_longer_than_slack_waits(with_stage, monkeypatch):
    with_stage.command(ADMIN, "tickets")
    with_stage.choose(ADMIN, "Incoming message", "New")
    answered = threading.Event()
    monkeypatch.setattr("bot.modals.saving.LOOKS_FOR", 0.05)
    real = type(with_stage.product.shop.hubspot).pipelines

    def pipelines(self):
        assert answered.wait(15)
        return real(self)

    monkeypatch.setattr(type(with_stage.product.shop.hubspot), "pipelines", pipelines)
    with_stage.slack.submit(ADMIN)
    assert stages(with_stage)["inbound_message"] == "1"
    answered.set()
    with_stage.settle()
