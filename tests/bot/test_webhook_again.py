"""With PUBLIC_URL our webhook goes with the integration and comes back with it."""

from __future__ import annotations

import pytest

from settings.environment import load_environment
from store.tombstone import DELETED
from sync.webhook.watch import look
from tests.bot.team import ADMIN, CALLS, OWNER

PUBLIC = "https://phone.example.com"
URL = f"{PUBLIC}/aircall/webhook"


@pytest.fixture
def public(team):
    """A team whose product knows where Aircall reaches it, with its webhook made."""
    environment = load_environment({**team.variables, "PUBLIC_URL": PUBLIC}, dotenv="")
    for frozen in (team.desk, team.product.shop):
        object.__setattr__(frozen, "environment", environment)
    look()
    assert URL in urls(team)
    return team


def urls(team) -> list[str]:
    return [each["url"] for each in team.product.aircall.office.webhooks.values()]


def delete(team) -> None:
    team.command(ADMIN, "delete")
    team.type(ADMIN, "name", "Aircall – HubSpot")
    team.submit(ADMIN)
    assert team.product.shop.revisions.current().note == DELETED
    team.close(ADMIN)


def test_it_goes_with_a_delete_and_no_look_brings_it_back(public):
    delete(public)
    public.background()
    look()
    assert URL not in urls(public)


def test_an_undone_delete_makes_it_again_and_says_so(public):
    delete(public)
    public.background()
    public.click(OWNER, "Undo", where=public.slack.messages(CALLS)[-1])
    assert "it is made again within minutes" in public.shown(OWNER)
    public.background()
    assert urls(public).count(URL) == 1


def test_a_delete_that_is_undone_before_it_was_removed_keeps_it(public):
    delete(public)
    public.command(OWNER, "history")
    public.click(OWNER, "undo#2")
    public.background()
    assert urls(public).count(URL) == 1


def test_who_begins_anew_has_it_again(public):
    delete(public)
    public.background()
    public.set(numbers=[1001])
    public.command(ADMIN, "enable")
    public.background()
    assert urls(public).count(URL) == 1
