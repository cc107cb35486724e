"""`history` and *Undo*, from the list, from a form, from an announcement."""

import pytest

from bot.asking.errors import DAMAGED
from bot.channel.announcements import announce
from rules.settings import Settings, with_values
from store import keys
from store.settings import BY_SYSTEM, Author
from tests.bot.team import ADMIN, CALLS, MEMBER, OWNER
from worker.directory import refresh

ADAM = Author("admin", ADMIN, "adam")


@pytest.fixture
def adam(team):
    """Save as ADMIN, and have it announced."""
    team.redis.set(keys.ANNOUNCED, 1)

    def save(author=ADAM, **values):
        revisions = team.product.shop.revisions
        current = revisions.current()
        wanted = {path.replace("__", "."): value for path, value in values.items()}
        saved = revisions.save(with_values(current.settings, wanted), author, current.number)
        announce(team.desk)
        return saved.number

    return save


def settings(team):
    return team.product.shop.revisions.current().settings


def test_history_lists_who_changed_what(team, adam):
    adam(name="Phones")
    adam(BY_SYSTEM, create_contacts=False)
    team.command(ADMIN, "history")
    shown = team.shown(ADMIN)
    assert shown.startswith("# History\nRevision 3, in force")
    assert "Create unknown contacts: yes → no [Undo]" in shown
    assert "by the integration itself" in shown
    assert "Name: Aircall – HubSpot → Phones [Undo]" in shown
    assert "by @adam" in shown
    assert shown.count("[Undo]") == 2, "there is nothing before the first"


def test_an_announcement_leads_to_the_history(team, adam):
    adam(name="Phones")
    team.click(OWNER, "History")
    assert team.shown(OWNER).startswith("# History\nRevision 2, in force")


def test_undo_from_history_makes_a_new_revision_and_says_so(team, adam):
    adam(name="Phones")
    team.command(ADMIN, "history")
    team.click(ADMIN, "undo#2")
    assert settings(team).name == "Aircall – HubSpot"
    shown = team.shown(ADMIN)
    assert "What revision 2 changed was taken back, as revision 3." in shown
    assert "Revision 3, in force" in shown
    assert "Undo of revision 2." in shown
    assert team.product.shop.revisions.current().author == Author("admin", ADMIN, "adam")
    team.background()
    assert "Name: Phones → Aircall – HubSpot" in team.channel(CALLS)


def test_undo_asks_first_and_keeps_it_when_told_so(team, adam):
    adam(name="Phones")
    team.command(ADMIN, "history")
    acted = team.click(ADMIN, "undo#2", confirm=False)
    assert acted.confirm["title"]["text"] == "Undo revision 2?"
    assert settings(team).name == "Phones"


def test_an_undo_is_undone(team, adam):
    adam(name="Phones")
    team.command(ADMIN, "history")
    team.click(ADMIN, "undo#2")
    team.click(ADMIN, "undo#3")
    assert settings(team).name == "Phones"


def test_an_announcement_is_undone_with_one_click_and_says_by_whom(team, adam):
    adam(name="Phones")
    team.click(OWNER, "Undo")
    assert settings(team).name == "Aircall – HubSpot"
    assert "was taken back, as revision 3" in team.shown(OWNER)
    first = team.messages(CALLS)[0]
    assert "Taken back by @olivia as revision 3" in first
    assert "[Undo]" not in first
    assert "[History]" in first


def test_a_second_click_on_an_announcement_says_it_is_as_before(team, adam):
    adam(name="Phones")
    adam(name="Aircall – HubSpot")
    team.click(OWNER, "undo#announced", where=team.slack.messages(CALLS)[0])
    assert "What revision 2 changed is already as before." in team.shown(OWNER)
    assert team.product.shop.revisions.current().number == 3
    assert "[Undo]" not in team.messages(CALLS)[0]


def test_nothing_is_half_undone_and_the_rest_takes_one_click(team, adam):
    adam(name="Phones", create_contacts=False)
    adam(name="Telephones")
    team.click(OWNER, "undo#announced", where=team.slack.messages(CALLS)[0])
    shown = team.shown(OWNER)
    assert "Revision 2 cannot be taken back as a whole; nothing was changed yet." in shown
    assert "Name: It was changed again later. Now: Telephones" in shown
    assert "Create unknown contacts: no → yes" in shown
    assert settings(team).create_contacts is False
    team.click(OWNER, "Undo the rest")
    assert settings(team).create_contacts is True
    assert settings(team).name == "Telephones"


def test_the_rest_is_shown_again_where_somebody_saved_in_between(team, adam):
    adam(name="Phones", create_contacts=False, business_hours_only=True)
    adam(name="Telephones")
    team.click(OWNER, "undo#announced", where=team.slack.messages(CALLS)[0])
    adam(business_hours_only=False)
    team.click(OWNER, "Undo the rest")
    assert settings(team).create_contacts is False, "what is done now is not what was shown"
    assert "cannot be taken back as a whole" in team.shown(OWNER)
    team.click(OWNER, "Undo the rest")
    assert settings(team).create_contacts is True


def test_the_rest_from_history_too(team, adam):
    adam(name="Phones", create_contacts=False)
    adam(name="Telephones")
    team.command(ADMIN, "history")
    team.click(ADMIN, "undo#2")
    assert "cannot be taken back as a whole" in team.shown(ADMIN)
    team.click(ADMIN, "Undo the rest")
    assert settings(team).create_contacts is True
    assert "was taken back, as revision 4" in team.shown(ADMIN)


def test_a_stage_that_hubspot_deleted_does_not_come_back(team, adam):
    adam(tickets__pipeline="0", tickets__stages__inbound_missed="1")
    adam(tickets__pipeline=None, tickets__stages__inbound_missed=None)
    del team.product.hubspot.portal.pipelines["0"]
    assert not refresh(team.product.shop, ["pipelines"])
    team.click(OWNER, "undo#announced", where=team.slack.messages(CALLS)[1])
    assert "Nothing of revision 3 can be taken back any more." in team.shown(OWNER)
    assert "HubSpot has no ticket pipeline with the id 0 (Support Pipeline)." in team.shown(OWNER)
    assert settings(team).tickets.pipeline is None


def test_a_saved_form_is_undone_from_its_own_end(team):
    team.command(ADMIN, "general")
    team.type(ADMIN, "Name", "Phones")
    team.submit(ADMIN)
    team.click(ADMIN, "Undo")
    assert settings(team).name == "Aircall – HubSpot"
    assert "was taken back, as revision 3" in team.shown(ADMIN)


def test_a_hundred_revisions_are_paged(team, adam):
    for number in range(100):
        save = team.product.shop.revisions
        current = save.current()
        save.save(
            with_values(current.settings, {"name": f"{number} " + "<&>" * 20}),
            Author("admin", ADMIN, "adam"),
            current.number,
        )
    team.command(ADMIN, "history")
    assert "Revision 101, in force" in team.shown(ADMIN)
    assert "Revision 92\n" in team.shown(ADMIN)
    assert "Newer" not in team.shown(ADMIN)
    for _ in range(10):
        team.click(ADMIN, "Older")
    assert "Revision 1\n" in team.shown(ADMIN)
    assert "Older" not in team.shown(ADMIN)
    team.click(ADMIN, "Newer")
    assert "Revision 11\n" in team.shown(ADMIN)


def test_an_undo_on_an_older_page_stays_on_it(team, adam):
    for number in range(15):
        adam(name=f"Phones {number}")
    team.command(ADMIN, "history")
    team.click(ADMIN, "Older")
    team.click(ADMIN, "undo#2")
    assert "Nothing of revision 2 can be taken back any more." in team.shown(ADMIN)
    assert "Revision 2\n" in team.shown(ADMIN)


def test_a_delete_is_undone_with_a_word_on_the_webhook(team, adam):
    adam(name="Phones", create_contacts=False)
    before = settings(team)
    team.command(ADMIN, "delete")
    team.type(ADMIN, "name", "Phones")
    team.submit(ADMIN)
    assert settings(team) == Settings()
    team.background()
    team.click(OWNER, "Undo", where=team.slack.messages(CALLS)[-1])
    assert settings(team) == before
    shown = team.shown(OWNER)
    assert "The webhook at Aircall is not part of the settings" in shown
    assert "With PUBLIC_URL set, this is done by itself." in shown
    assert "sync.webhook.watch.look" in team.background()


def test_a_revision_that_cannot_be_read_hides_no_other(team, adam):
    adam(name="Phones")
    adam(name="Telephones")
    team.redis.hset(keys.SETTINGS_REVISIONS, "2", "{}")
    team.command(ADMIN, "history")
    assert "Revision 3, in force" in team.shown(ADMIN)
    assert "Revision 1\n" in team.shown(ADMIN)
    team.click(OWNER, "undo#announced", where=team.slack.messages(CALLS)[0])
    assert team.shown(OWNER) == DAMAGED


def test_an_old_button_of_a_member_changes_nothing(team, adam):
    adam(name="Phones")
    team.click(MEMBER, "Undo")
    assert "Only admins of this integration may do this." in team.shown(MEMBER)
    assert settings(team).name == "Phones"


@pytest.mark.parametrize("value", ["999", "x", "", "-1", "2:2:2"])
def test_a_made_up_number_is_answered_in_words(team, adam, value):
    adam(name="Phones")
    button = team.slack.messages(CALLS)[0].blocks[-1]["elements"][0]
    button["value"] = value
    team.click(OWNER, "Undo")
    assert "from a former version" in team.shown(OWNER)
    assert settings(team).name == "Phones"


def press(team, view, action, value):
    """Press a button in a modal as it stood then, whatever it shows now."""
    payload = {
        "type": "block_actions",
        "team": {"id": "T0SANDBOX"},
        "user": {"id": ADMIN, "team_id": "T0SANDBOX"},
        "trigger_id": team.slack.house.trigger(ADMIN, view["id"]),
        "view": view,
        "actions": [{"type": "button", "action_id": action, "value": value, "action_ts": "7.0"}],
    }
    team.slack.deliver("interactive", payload)
    team.settle()


def test_an_undo_in_a_list_that_changed_meanwhile_is_said_to_be_done(team, adam):
    adam(name="Phones")
    team.command(ADMIN, "history")
    view = team.slack.modal(ADMIN).shown()
    press(team, view | {"hash": "1.former"}, "undo#2", "2")
    assert settings(team).name == "Aircall – HubSpot"
    assert "What revision 2 changed was taken back, as revision 3." in team.shown(ADMIN)


def test_an_undo_in_a_list_that_was_closed_meanwhile_is_told_directly(team, adam):
    adam(name="Phones")
    team.command(ADMIN, "history")
    view = team.slack.modal(ADMIN).shown()
    team.close(ADMIN)
    press(team, view, "undo#2", "2")
    assert settings(team).name == "Aircall – HubSpot"
    assert "What revision 2 changed was taken back, as revision 3." in team.direct(ADMIN)[-1]
