"""What admins read of background work: short while all is well, and what is late stands out."""

from dataclasses import replace

import pytest

from bot.asking.standing import Rank, Standing
from bot.markup import Markup
from bot.status.background import NAMES, background, job_name
from bot.status.card import card
from bot.status.home import view_of
from bot.words import words_in
from settings.file import Intervals
from store.operations import Operation
from store.runs import Run
from store.schedule import Planned
from sync.clock import jobs
from tests.bot.team import ADMIN, MEMBER
from tests.bot.test_card import NOW, ODD, QUIET

EN = words_in("en")
ADMINS = Standing(Rank.ADMIN, "listed")
LOOK, GAPS = "sync.pipelines.watch.look", "sync.gaps.repair.repair"


def planned(job=LOOK, every=60, ago=20_000, **run):
    began = NOW - ago
    return Planned(job, every, began, Run(began, **{"ended": began + 1, "well": began + 1, **run}))


def told(*planned, **facts):
    facts = replace(QUIET, jobs=planned, beating=NOW - 86_400_000, **facts)
    return [str(each) for each in background(facts, EN)]


def test_what_is_done_often_is_told_by_when_it_was_done_what_is_done_seldom_by_when_it_will_be():
    assert told(planned(), planned(GAPS, 3600, 1_200_000)) == [
        "Background: ticket pipelines 20 seconds ago · calls that never arrived in 40 minutes."
    ]


def test_what_never_ran_is_not_told_of_before_it_is_late():
    assert told(Planned(LOOK, 60, NOW)) == [":warning: Late: *ticket pipelines*, never done yet."]
    facts = replace(QUIET, jobs=(Planned(LOOK, 60, NOW),), beating=NOW - 5_000)
    assert [*background(facts, EN)] == []


def test_what_is_late_stands_out_and_is_not_among_the_others():
    late = told(planned(), planned(GAPS, 600, 7_200_000))
    assert late[0] == "Background: ticket pipelines 20 seconds ago."
    assert late[1].startswith(":warning: Late: *calls that never arrived*, last done <!date^")


def test_while_the_clock_stands_that_alone_is_told():
    assert told(planned(ago=7_200_000), beat=NOW - 7_200_000) == [
        "Background: ticket pipelines 2 hours ago."
    ]


def test_what_is_in_trouble_is_told_with_the_reason_and_since_when():
    trouble = told(planned(trouble="HubSpot does not answer", troubled=NOW - 60_000))
    assert trouble[1].startswith(":warning: *ticket pipelines*, since <!date^")
    assert trouble[1].endswith(": HubSpot does not answer")


def test_long_work_that_is_under_way_is_told():
    copy = Operation("1", "contacts", ADMIN, "adam", NOW, {}, counts={"done": 5}, total=10)
    assert told(operations=(copy,)) == ["Copy of all contacts to Aircall: 5 of 10 contacts."]


def test_every_job_of_the_clock_has_a_name():
    for job in jobs(Intervals()):
        assert job_name(job, EN) != job
    for start, _ in NAMES:
        assert job_name(f"{start}x", EN) in {name for _, name in NAMES}


def test_one_that_nobody_named_is_called_by_its_own_name():
    assert job_name("some.job", EN) == "some.job"


def test_it_speaks_the_readers_language():
    facts = replace(QUIET, jobs=(planned(),), beating=NOW)
    assert "vor 20 Sekunden" in next(iter(background(facts, words_in("de"))))


def test_admins_read_it_in_the_card_and_at_home_and_nobody_else_does():
    facts = replace(QUIET, jobs=(planned(),), beating=NOW)
    assert "20 seconds ago" in str(card(facts, EN, ADMINS).blocks)
    assert "20 seconds ago" in str(view_of(facts, EN, ADMINS))
    for shown in (card, view_of):
        assert "20 seconds ago" not in str(shown(facts, EN, Standing(Rank.MEMBER, "member")))


def test_at_its_worst_it_still_fits():
    worst = [
        planned(f"{ODD}{n}", ago=10**7, trouble=ODD * 20, troubled=0) for n in range(12)
    ]  # more than there are
    facts = replace(QUIET, jobs=tuple(worst), beating=0)
    said = [*background(facts, EN)]
    assert all(isinstance(each, Markup) for each in said)
    for block in card(facts, EN, ADMINS).blocks:
        for element in block.get("elements", ()):
            assert len(str(element.get("text", ""))) <= 3000


def test_the_status_of_a_running_product_tells_it(team, redis_client):
    from sync.clock import tick  # noqa: PLC0415 - only here

    tick(team.product.shop)
    team.background()
    team.command(ADMIN, "status")
    assert "Background: " in team.shown(ADMIN)
    assert "ticket pipelines" in team.shown(ADMIN)
    team.command(MEMBER, "status")
    assert "Background: " not in team.shown(MEMBER)


@pytest.mark.parametrize("ago", [1_000, 59_000, 2_599_000])
def test_no_moment_is_said_as_nothing(ago):
    assert " ago" in told(planned(ago=ago, every=900))[0]
