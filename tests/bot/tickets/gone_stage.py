"""Steps of the tests of a ticket stage that somebody deleted."""

from sandbox.traffic import call_events
from sync.pipelines.watch import look
from tests.bot.team import CALLS, OWNER
from tests.worker.product import KNOWN, START

OMAR = 113493

STAGE_GONE = "stage missing 0/2"

PUT_BACK, CREATE = "Put the old choice back", "Create the missing tickets"


def missed(id_=1):
    return call_events(id_, "inbound_missed", start=START, phone=KNOWN)


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


def back(team):
    team.product.hubspot.restore("stages", "2", "0")
    look()
    team.background()


def left(team):
    return next(each for each in reversed(team.slack.messages(CALLS))
                if CREATE in team.slack.shown(each, OWNER))  # fmt: skip
