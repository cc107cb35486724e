"""The warning of a ticket stage that was deleted: what it says, and what resolves it."""

from bot.channel.announcements import announce
from sync.pipelines.watch import look
from tests.bot.passing import pass_time
from tests.bot.team import ADMIN, CALLS
from tests.bot.tickets.gone_stage import PUT_BACK, missed, text, warning


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
