"""Check: all is well, and each thing that may be wrong."""

from __future__ import annotations

from sandbox.faults import Fault
from sandbox.hubspot.people import delete_outcome, delete_stage
from sync.checks.slack import SCOPES
from tests.bot.every.playing import Play, scene
from tests.bot.team import OLD, RANDOM

NOW = 1_790_000_000.0


@scene("check")
def check(play: Play) -> None:
    team = play.team
    team.slack.grant(*SCOPES)
    play.command("check")
    team.slack.grant("commands", "chat:write", "users:read", "channels:history")
    (hook,) = team.product.shop.aircall.webhooks()
    team.product.shop.aircall.update_webhook(hook.id, events=["call.ended"])
    office = team.product.aircall.office
    office.messaging[1001] = "proxy"
    play.command("check")
    team.product.shop.aircall.update_webhook(hook.id, events=["call.ended"], active=False)
    play.command("check")
    team.product.shop.aircall.delete_webhook(hook.id)
    play.command("check")
    team.set(enabled=False)
    team.set(numbers=[])
    play.command("check")
    play.click("edit.numbers")
    play.close()


@scene("check of settings that name what is gone")
def gone(play: Play) -> None:
    team = play.team
    team.slack.grant(*SCOPES)
    team.set(
        numbers=[1001, 77],
        tickets__pipeline="0",
        tickets__stages__inbound_missed="1",
        fallback_owner="11349275740",
        tag_outcomes={"33": "Left live message"},
    )
    portal = team.product.hubspot.portal
    delete_stage(portal, "0", "1", NOW)
    outcomes = team.product.shop.directory.read().outcomes or {}
    for label in ("Left live message", "No answer"):
        delete_outcome(portal, next(id_ for id_, each in outcomes.items() if each == label))
    del portal.owners["11349275740"]
    hooks = team.product.aircall.office.webhooks
    (one,) = hooks.values()
    id_ = "c5b9c0f2-0000-4000-8000-000000000007"
    hooks[id_] = {**one, "webhook_id": id_}
    play.command("check")


@scene("check while vendors are away")
def away(play: Play) -> None:
    team = play.team
    team.slack.grant(*SCOPES)
    team.product.hubspot.faults.add(Fault("503", times=None))
    team.product.aircall.faults.add(Fault("503", times=None))
    play.command("check")


@scene("check with refused tokens")
def refused(play: Play) -> None:
    team = play.team
    team.slack.grant(*SCOPES)
    team.product.aircall.api_token = "another"
    team.product.hubspot.portal.switches.token = "another"
    team.slack.switches.app_token = "xapp-another"
    play.command("check")


@scene("check with a token that may do little")
def few_scopes(play: Play) -> None:
    team = play.team
    team.slack.grant(*SCOPES)
    portal = team.product.hubspot.portal
    portal.switches.missing_scopes = frozenset(
        {"crm.objects.owners.read", "tickets", "crm.objects.companies.read"}
    )
    del portal.properties["calls"]["aircall_id"]
    team.set(tickets__pipeline="0")
    play.command("check")


@scene("check without a channel", channel="")
def without_channel(play: Play) -> None:
    play.team.slack.grant(*SCOPES)
    play.command("check")


@scene("check with a channel the bot is not in", channel=RANDOM)
def not_in_channel(play: Play) -> None:
    play.team.slack.grant(*SCOPES)
    play.command("check")


@scene("check with an archived channel", channel=OLD)
def archived(play: Play) -> None:
    play.team.slack.grant(*SCOPES)
    play.command("check")


@scene("check with a channel that is not there", channel="C0NOWHERE")
def no_such_channel(play: Play) -> None:
    play.team.slack.grant(*SCOPES)
    play.command("check")
