"""A ticket stage was deleted: the warning, and the buttons that mend what it did."""

import threading

import pytest

from bot.channel.announcements import announce
from bot.tickets.telling import JOB
from sandbox.traffic import call_events
from store import keys
from store.left_out import asked, left_out
from sync.clock import tick
from sync.pipelines.watch import look
from tests.bot.passing import pass_time
from tests.bot.team import ADMIN, CALLS, MEMBER, OWNER
from tests.worker.product import KNOWN, START

OMAR = 113493
STAGE_GONE = "stage missing 0/2"
PUT_BACK, CREATE = "Put the old choice back", "Create the missing tickets"


def missed(id_=1):
    return call_events(id_, "inbound_missed", start=START, phone=KNOWN)


@pytest.fixture
def with_stage(team):
    team.redis.set(keys.ANNOUNCED, team.product.shop.revisions.current().number)
    team.set(
        tickets__pipeline="0",
        tickets__stages__inbound_missed="2",
        tickets__stages__outbound_unanswered="2",
        tickets__stages__inbound_answered="3",
    )
    team.redis.set(keys.ANNOUNCED, team.product.shop.revisions.current().number)
    return team


@pytest.fixture
def gone(with_stage):
    """Somebody deleted the stage, the clock found out, and all of it was told."""
    with_stage.product.hubspot.delete("stages", "2", "0", by=OMAR)
    look()
    with_stage.background()
    return with_stage


@pytest.fixture
def mended(gone):
    """Two calls went without a ticket; then somebody chose another stage for missed calls."""
    gone.product.log([*missed(1), *missed(2)])
    gone.set(tickets__stages__inbound_missed="1")
    look()
    gone.background()
    return gone


def stages(team):
    tickets = team.product.shop.revisions.current().settings.tickets
    return {kind: stage for kind, stage in tickets.stages if stage}


def warning(team, words="Waiting on contact"):
    """The message of the warning."""
    return next(each for each in reversed(team.slack.messages(CALLS))
                if words in team.slack.shown(each, OWNER) and "Revision" in
                team.slack.shown(each, OWNER))  # fmt: skip


def text(team, message):
    return team.slack.shown(message, OWNER)


def tickets(team):
    return sorted(each["properties"]["aircall_id"] for each in team.product.all("tickets"))


# the warning


def test_the_warning_names_labels_kinds_who_when_and_the_revision(gone):
    said = text(gone, warning(gone))
    assert "The stage “Waiting on contact” of the ticket pipeline “Support Pipeline” is" in said
    assert "Unanswered outgoing call, Missed incoming call without voicemail" in said
    assert "Deleted by Omar Haddad" in said
    assert "Revision 3 of the settings set these kinds to no ticket" in said
    assert "[Choose a new stage]" in said
    assert PUT_BACK not in said


def test_announcement_and_history_name_what_is_gone_as_people_knew_it(gone):
    announce(gone.desk)
    said = "stage “Waiting on contact” of pipeline “Support Pipeline” is missing in HubSpot"
    assert any(said in each and "[Undo]" in each for each in gone.messages(CALLS))
    gone.command(ADMIN, "history")
    assert said in gone.shown(ADMIN)


def test_the_warning_with_traffic_comes_from_the_drain_alone(with_stage):
    with_stage.product.hubspot.delete("stages", "2", "0")
    with_stage.product.log(missed())
    with_stage.background()
    assert "is missing in HubSpot" in text(with_stage, warning(with_stage))


def test_the_warning_counts_what_went_without(gone):
    gone.product.log([*missed(1), *missed(2)])
    look()
    pass_time(gone, 60_000)
    gone.background()
    assert any("2 calls or messages were logged without" in each for each in gone.messages(CALLS))


def test_choose_a_new_stage_opens_the_form_at_the_first_kind(gone):
    gone.click(ADMIN, "Choose a new stage", where=warning(gone))
    shown = gone.shown(ADMIN)
    assert "You came here for Ticket for an unanswered outgoing call" in shown
    assert "is missing in HubSpot" in shown


def test_choosing_anew_resolves_the_warning_at_once(gone):
    gone.click(ADMIN, "Choose a new stage", where=warning(gone))
    gone.choose(ADMIN, "Missed incoming call without voicemail", "Waiting on us")
    gone.submit(ADMIN)
    gone.background()
    assert gone.product.alerts() == {}
    assert any("Resolved" in each and "chosen anew" in each for each in gone.messages(CALLS))


# opening and saving the form


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


# the old choice


def back(team):
    team.product.hubspot.restore("stages", "2", "0")
    look()
    team.background()


def test_the_stage_is_back_and_the_message_offers_the_old_choice(gone):
    back(gone)
    said = text(gone, warning(gone))
    assert "is back in HubSpot. Still no tickets are opened for" in said
    assert PUT_BACK in said


def test_put_back_chooses_exactly_what_was_taken_out(gone):
    gone.product.log(missed(1))
    back(gone)
    gone.click(ADMIN, PUT_BACK, where=warning(gone))
    assert stages(gone) == {
        "outbound_unanswered": "2",
        "inbound_missed": "2",
        "inbound_answered": "3",
    }
    assert gone.product.shop.revisions.current().author.id == ADMIN
    assert "The old choice was put back, as revision 4" in gone.shown(ADMIN)
    gone.background()
    assert set(gone.product.alerts()) == {"tickets left out"}


def test_put_back_leaves_what_somebody_has_set_since(gone):
    gone.product.hubspot.restore("stages", "2", "0")
    look()
    gone.background()
    message = warning(gone)
    # The alert is open still: nobody has looked since.
    gone.set(tickets__stages__outbound_unanswered="4")
    gone.click(ADMIN, PUT_BACK, where=message)
    assert stages(gone) == {
        "outbound_unanswered": "4",
        "inbound_missed": "2",
        "inbound_answered": "3",
    }
    assert "Left alone, as chosen anew" in gone.shown(ADMIN)


def test_put_back_of_what_is_gone_again_is_refused(gone):
    back(gone)
    gone.product.hubspot.delete("stages", "2", "0")
    before = gone.product.shop.revisions.current().number
    gone.click(ADMIN, PUT_BACK, where=warning(gone))
    assert "the stage is missing in HubSpot again" in gone.shown(ADMIN)
    assert gone.product.shop.revisions.current().number == before
    assert STAGE_GONE in gone.product.alerts()


def test_put_back_after_another_pipeline_was_chosen_is_refused(gone):
    back(gone)
    message = warning(gone)
    gone.set(tickets__pipeline="81234567", tickets__stages__inbound_answered=None)
    gone.click(ADMIN, PUT_BACK, where=message)
    assert "somebody has chosen anew" in gone.shown(ADMIN)
    assert stages(gone) == {}


def test_put_back_twice_acts_once(gone):
    back(gone)
    message = warning(gone)
    gone.click(ADMIN, PUT_BACK, where=message)
    before = gone.product.shop.revisions.current().number
    gone.click(OWNER, PUT_BACK, where=message)
    assert "This is over already" in gone.shown(OWNER)
    assert gone.product.shop.revisions.current().number == before


def test_put_back_while_hubspot_is_away_changes_nothing(gone):
    back(gone)
    gone.product.hubspot.fault("503", times=None)
    gone.click(ADMIN, PUT_BACK, where=warning(gone))
    gone.product.hubspot.faults.clear()
    assert "Please try again" in gone.shown(ADMIN)
    assert stages(gone) == {"inbound_answered": "3"}


def test_put_back_of_a_pipeline_chooses_each_kinds_own_stage(team):
    team.set(
        tickets__pipeline="81234567",
        tickets__stages__inbound_missed="158001",
        tickets__stages__inbound_answered="158002",
    )
    team.redis.set(keys.ANNOUNCED, team.product.shop.revisions.current().number)
    team.product.hubspot.delete("pipelines", "81234567")
    look()
    team.product.hubspot.restore("pipelines", "81234567")
    look()
    team.background()
    team.click(ADMIN, PUT_BACK, where=warning(team, "Call-backs"))
    assert stages(team) == {"inbound_missed": "158001", "inbound_answered": "158002"}


def test_a_member_may_not_put_it_back(gone):
    back(gone)
    gone.click(MEMBER, PUT_BACK, where=warning(gone))
    assert stages(gone) == {"inbound_answered": "3"}


# the tickets that were left out


def left(team):
    return next(each for each in reversed(team.slack.messages(CALLS))
                if CREATE in team.slack.shown(each, OWNER))  # fmt: skip


def test_after_mending_the_missing_tickets_are_offered_and_made(mended):
    assert "2. Their tickets can be made now" in text(mended, left(mended))
    mended.click(ADMIN, CREATE, where=left(mended))
    assert "2 tickets that were left out are being made" in mended.shown(ADMIN)
    mended.product.drain()
    assert JOB in mended.background()
    assert tickets(mended) == ["call-1", "call-2"]
    assert "2 tickets that were left out were made" in mended.direct(ADMIN)[-1]
    assert mended.product.alerts() == {}
    assert asked(mended.redis) == ()


def test_two_admins_who_click_make_each_ticket_once(mended):
    message = left(mended)
    mended.click(ADMIN, CREATE, where=message)
    mended.click(OWNER, CREATE, where=message)
    mended.product.drain()
    mended.background()
    assert tickets(mended) == ["call-1", "call-2"]
    for user in (ADMIN, OWNER):
        assert "2 tickets that were left out were made" in mended.direct(user)[-1]


def test_a_click_after_all_were_made_says_so(mended):
    message = left(mended)
    mended.click(ADMIN, CREATE, where=message)
    mended.product.drain()
    mended.click(OWNER, CREATE, where=message)
    assert "all were made" in mended.shown(OWNER)
    assert tickets(mended) == ["call-1", "call-2"]


def test_what_came_of_each_is_told(mended):
    mended.product.log([*missed(3), *missed(4)])
    for id_ in ("call-3", "call-4"):
        assert id_ not in left_out(mended.redis)
    mended.product.hubspot.delete("calls", mended.product.one("calls", "call-1")["id"])
    mended.product.hubspot.fault("partial", path="*/tickets/batch/create", permanent=True)
    mended.click(ADMIN, CREATE, where=left(mended))
    mended.product.drain()
    mended.background()
    said = mended.direct(ADMIN)[-1]
    assert "0 tickets that were left out were made" in said
    assert "1 was refused by HubSpot and stands among the failures" in said
    assert "1 gets none" in said


def test_who_asked_is_told_also_after_the_nudge_was_lost(mended):
    mended.click(ADMIN, CREATE, where=left(mended))
    mended.product.drain()
    mended.redis.delete("rq:queue:background")
    look()
    mended.background()
    assert "2 tickets that were left out were made" in mended.direct(ADMIN)[-1]


def test_whoever_slack_does_not_take_a_word_for_is_told_later(mended):
    mended.click(ADMIN, CREATE, where=left(mended))
    mended.product.drain()
    mended.slack.fault("503", path="/api/chat.postMessage", times=2)
    mended.background()
    mended.slack.faults.clear()
    look()
    mended.background()
    assert "2 tickets that were left out were made" in mended.direct(ADMIN)[-1]


def test_while_disabled_it_is_said_that_they_wait(mended):
    mended.set(enabled=False)
    mended.click(ADMIN, CREATE, where=left(mended))
    assert "this goes on once it is enabled" in mended.shown(ADMIN)
    mended.product.drain()
    assert tickets(mended) == []
    mended.set(enabled=True)
    tick(mended.product.shop)
    mended.product.drain()
    mended.background()
    assert tickets(mended) == ["call-1", "call-2"]
    assert "2 tickets that were left out were made" in mended.direct(ADMIN)[-1]


def test_a_member_may_not_create_them(mended):
    mended.click(MEMBER, CREATE, where=left(mended))
    mended.product.drain()
    assert tickets(mended) == []


# explain


def test_explain_tells_that_the_ticket_was_left_out_and_makes_it(mended):
    mended.command(ADMIN, "explain 1")
    said = mended.shown(ADMIN)
    assert "Its ticket was left out" in said
    assert "the ticket's pipeline or stage is missing in HubSpot" in said
    mended.click(ADMIN, CREATE)
    mended.product.drain()
    assert tickets(mended) == ["call-1"]
    mended.command(ADMIN, "explain 1")
    assert "made when an admin asked for it" in mended.shown(ADMIN)
    assert left_out(mended.redis) == ("call-2",)


def test_explain_of_one_that_has_no_stage_yet_says_what_to_do(gone):
    gone.product.log(missed(1))
    gone.command(ADMIN, "explain 1")
    gone.click(ADMIN, CREATE)
    assert "its kind has no stage now" in gone.shown(ADMIN)
