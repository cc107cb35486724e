"""What tests of a deleted ticket stage begin with."""

import pytest

from store import keys
from sync.pipelines.watch import look
from tests.bot.tickets.gone_stage import OMAR, missed


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
