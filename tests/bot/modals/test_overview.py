"""The overview of all settings."""

from sandbox.hubspot.people import delete_pipeline
from tests.bot.team import ADMIN, OWNER

NOW = 1_790_000_000.0


def test_overview_says_every_setting_and_leads_to_each_form(team):
    team.set(
        numbers=[1001, 1003],
        tickets__pipeline="0",
        tickets__stages__inbound_missed="1",
        tickets__stages__inbound_voicemail="1",
        tag_outcomes={"33": "Busy"},
    )
    team.command(ADMIN, "settings")
    shown = team.shown(ADMIN)
    assert "2 numbers: Sales France and Berlin" in shown
    assert "Connected: Answered outgoing call and Answered incoming call" in shown
    assert "By tag: VIP → Busy" in shown
    assert (
        "New: Missed incoming call without voicemail and Missed incoming call with voicemail"
        in shown
    )
    assert "Owner where none is found: nobody" in shown
    for name, title in (
        ("numbers", "Connected numbers"),
        ("outcomes", "Outcomes"),
        ("tickets", "Tickets"),
        ("general", "General"),
    ):
        team.click(ADMIN, f"edit.{name}")
        assert team.shown(ADMIN).startswith(f"# {title}")
        team.slack.close_modal(ADMIN)


def test_overview_shows_what_was_saved_in_a_form_above_it(team):
    team.command(ADMIN, "settings")
    team.click(ADMIN, "edit.general")
    team.type(ADMIN, "name", "Phones of ours")
    team.submit(ADMIN)
    assert "Saved as revision 2" in team.shown(ADMIN)
    team.slack.close_modal(ADMIN)
    assert "Name: Phones of ours" in team.shown(ADMIN)


def test_overview_shows_what_was_saved_after_two_tries(team):
    team.command(ADMIN, "settings")
    team.click(ADMIN, "edit.general")
    team.set(sync_contacts=True)
    team.type(ADMIN, "name", "Phones of ours")
    team.submit(ADMIN)
    team.submit(ADMIN)
    team.slack.close_modal(ADMIN)
    shown = team.shown(ADMIN)
    assert "Name: Phones of ours" in shown
    assert "Copy contacts to Aircall: yes" in shown


def test_overview_warns_of_what_is_gone(team):
    team.set(numbers=[1001, 77], tickets__pipeline="0", fallback_owner="11349275750")
    delete_pipeline(team.product.hubspot.portal, "0", NOW)
    team.product.read_directory()
    team.command(ADMIN, "settings")
    shown = team.shown(ADMIN)
    assert "1 of them is gone from Aircall" in shown
    assert "The pipeline 0 is gone from HubSpot" in shown
    assert "This owner is not active in HubSpot any more" in shown


def test_disabling_and_enabling_in_the_overview_shows_there(team, stored):
    team.command(ADMIN, "settings")
    team.click(ADMIN, "Disable")
    assert stored().enabled is False
    shown = team.shown(ADMIN)
    assert "is disabled: nothing is written to HubSpot" in shown
    assert "Disabled since" in shown
    team.click(ADMIN, "Enable")
    assert stored().enabled is True
    assert "Enabled since" in team.shown(ADMIN)
    assert team.last_private(ADMIN) is None


def test_enabling_without_numbers_in_the_overview_offers_to_choose_them(team, stored):
    team.set(enabled=False)
    team.set(numbers=[])
    team.command(ADMIN, "settings")
    team.click(ADMIN, "Enable")
    assert "Choose at least one number before you enable the integration" in team.shown(ADMIN)
    team.click(ADMIN, "Choose numbers")
    team.choose(ADMIN, "numbers", ["Berlin"])
    team.submit(ADMIN)
    team.slack.close_modal(ADMIN)
    team.click(ADMIN, "Enable")
    assert stored().enabled is True


def test_any_setting_takes_at_most_three_clicks(team, stored):
    team.command(ADMIN, "settings")
    team.click(ADMIN, "edit.general")
    team.choose(ADMIN, "sync_contacts", "yes")
    team.submit(ADMIN)
    assert stored().sync_contacts is True


def test_overview_opens_from_home(team):
    team.open_home(OWNER)
    team.click(OWNER, "All settings")
    assert team.shown(OWNER).startswith("# Settings")


def test_save_counts_although_the_overview_below_could_not_be_shown_anew(team, stored):
    team.command(ADMIN, "settings")
    team.click(ADMIN, "edit.general")
    team.type(ADMIN, "name", "Phones")
    team.slack.fault("503", path="*/views.update")
    team.submit(ADMIN)
    assert "Saved as revision 2" in team.shown(ADMIN)
    assert stored().name == "Phones"


def test_overview_closed_before_it_could_answer_is_left_alone(team, stored):
    team.command(ADMIN, "settings")
    team.slack.modal(ADMIN).hash = "moved on"
    acted = team.click(ADMIN, "Disable")
    late = {**acted.payload, "trigger_id": team.slack.trigger(ADMIN)}
    team.close(ADMIN)
    team.slack.deliver("interactive", late)
    team.settle()
    assert stored().enabled is False
    assert team.slack.modal(ADMIN) is None
