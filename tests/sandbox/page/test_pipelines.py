"""The ticket stages on the page: deleted and restored by a person, as in HubSpot's settings."""

from playwright.sync_api import expect


def part(page):
    return page.get_by_role("region", name="HubSpot's ticket stages")


def test_a_stage_is_deleted_and_the_bot_warns_then_it_is_restored(page, olivia, team):
    team.set(tickets__pipeline="0", tickets__stages__inbound_missed="2")
    part(page).get_by_text("HubSpot's ticket stages").click()
    part(page).get_by_role("button", name="Delete the stage Waiting on contact").click()
    expect(part(page).get_by_role("status")).to_contain_text("Deleted the stage Waiting on contact")
    olivia.say("tickets")
    expect(page.get_by_role("dialog")).to_contain_text("is missing in HubSpot")
    page.keyboard.press("Escape")
    part(page).get_by_role("button", name="Restore the stage Waiting on contact").click()
    expect(part(page).get_by_role("status")).to_contain_text("Restored")
    stages = team.product.hubspot.portal.pipelines["0"].stages
    assert [stage.id for stage in stages] == ["1", "2", "3", "4"]


def test_the_stages_of_a_deleted_pipeline_cannot_be_deleted(page, olivia, team):
    part(page).get_by_text("HubSpot's ticket stages").click()
    part(page).get_by_role("button", name="Delete the pipeline Call-backs").click()
    expect(part(page)).to_contain_text("Call-backs (deleted)")
    expect(part(page).get_by_role("button", name="Delete the stage Done")).to_have_count(0)
    part(page).get_by_role("button", name="Restore the pipeline Call-backs").click()
    expect(part(page).get_by_role("button", name="Delete the stage Done")).to_be_visible()
