"""The old choice put back once a deleted stage is there again."""

from store import keys
from sync.pipelines.watch import look
from tests.bot.team import ADMIN, MEMBER, OWNER
from tests.bot.tickets.gone_stage import PUT_BACK, STAGE_GONE, back, missed, stages, text, warning


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
