"""The forms of the settings: loading, filled, refused, merged, saved, and with vendors away."""

from __future__ import annotations

from dataclasses import replace

from bot.blocks import Message, actions, button
from bot.channel.posting import post
from rules.settings import Settings
from sandbox.hubspot.people import (
    add_pipeline,
    archive_owner,
    delete_outcome,
    delete_pipeline,
    delete_stage,
)
from store import keys
from store.directory import Account
from store.settings import BY_SYSTEM
from tests.bot.every.playing import Play, scene
from tests.bot.every.stage import read_now
from tests.bot.modals.forging import forge, picked, picked_many, typed
from tests.bot.team import ADMIN, OWNER

NOW = 1_790_000_000.0
MISSED = "tickets.stages.inbound_missed"
SECTIONS = ("numbers", "outcomes", "tickets", "general")


@scene("overview")
def overview(play: Play) -> None:
    team = play.team
    play.command("settings")
    for name in SECTIONS:
        play.click(f"edit.{name}")
        team.slack.close_modal(ADMIN)
    play.close()
    team.set(
        numbers=[1001, 1003],
        tickets__pipeline="0",
        tickets__stages__inbound_missed="1",
        tickets__stages__inbound_voicemail="1",
        tag_outcomes={"33": "Busy", "31": "Connected"},
        fallback_owner="11349275740",
        business_hours_only=True,
        outcomes__inbound_missed=None,
    )
    play.command("settings")
    play.close()
    team.set(
        tag_outcomes={f"tag {n}": "Busy" for n in range(8)},
        tickets__stages__inbound_missed=None,
        tickets__stages__inbound_voicemail=None,
    )
    play.command("settings")
    play.click("edit.general")
    play.type("name", "Phones")
    play.submit()


@scene("overview of what is gone")
def overview_of_what_is_gone(play: Play) -> None:
    team = play.team
    _gone(play)
    play.command("settings")
    delete_pipeline(team.product.hubspot.portal, "0", NOW)
    team.product.read_directory()
    play.close()
    play.command("settings")


def _gone(play: Play) -> None:
    """Let much of what the settings name be gone."""
    team = play.team
    portal = team.product.hubspot.portal
    team.set(
        numbers=[1001, 77],
        tickets__pipeline="0",
        tickets__stages__inbound_missed="1",
        fallback_owner="11349275740",
        tag_outcomes={"33": "Left live message", "99": "Busy"},
    )
    delete_stage(portal, "0", "1", NOW)
    archive_owner(portal, "11349275740")
    outcomes = team.product.shop.directory.read().outcomes or {}
    guid = next(id_ for id_, label in outcomes.items() if label == "Left live message")
    delete_outcome(portal, guid)
    team.product.read_directory()


@scene("forms of what is gone")
def forms_of_what_is_gone(play: Play) -> None:
    _gone(play)
    for name in SECTIONS:
        play.command(name)
        play.close()
    play.team.set(numbers=[1001, 77, 78])
    play.command("numbers")
    play.close()
    delete_pipeline(play.team.product.hubspot.portal, "0", NOW)
    play.team.product.read_directory()
    play.command("tickets")
    play.close()
    play.team.set(tickets__stages__inbound_missed=None)
    play.command("tickets")


@scene("forms of what was read long ago")
def read_long_ago(play: Play) -> None:
    for section in SECTIONS:
        read_now(play.team, 1)
        play.team.product.shop.directory.write("account", Account("123456"))
        play.command(section)
        play.close()


@scene("numbers")
def numbers(play: Play) -> None:
    play.command("numbers")
    play.choose("numbers", ["1001", "1003"])
    play.submit()
    play.close()
    play.command("numbers")
    play.submit()
    play.close()
    play.command("numbers")
    play.choose("numbers", [])
    play.submit()
    play.close()
    forge_in(play, "numbers", numbers=picked_many("4711"))


@scene("many numbers")
def many_numbers(play: Play) -> None:
    office = play.team.product.aircall.office
    for id_ in range(2001, 3121):
        office.numbers[id_] = {**office.numbers[1003], "id": id_, "name": f"Line {id_}"}
        office.messaging[id_] = "native"
    play.team.product.read_directory()
    play.command("numbers")
    play.search("numbers", "line 30")
    play.close()
    play.team.set(numbers=[*range(2001, 3121), 9, 10])
    play.command("numbers")
    play.submit()


@scene("outcomes")
def outcomes(play: Play) -> None:
    play.command("outcomes")
    play.choose("outcomes.inbound_missed", "-")
    play.choose("tag_outcomes", "33")
    play.submit()
    play.choose("tag_outcomes.33#1", _outcome(play, "Busy"))
    play.submit()
    play.close()
    play.command("outcomes")
    play.submit()
    play.close()
    forge_in(play, "outcomes", **{"outcomes.inbound_missed": picked("Busy")})
    forge_in(play, "outcomes", tag_outcomes=picked("31"))
    forge_in(play, "outcomes", **{"tag_outcomes.33": picked("no such outcome")})
    nothing = {"type": "static_select", "selected_option": None}
    forge_in(play, "outcomes", tag_outcomes=picked("31"), **{"tag_outcomes.31": nothing})


def _outcome(play: Play, label: str) -> str:
    found = play.team.product.shop.directory.read().outcomes or {}
    return next(id_ for id_, each in found.items() if each == label)


@scene("many tags")
def many_tags(play: Play) -> None:
    office = play.team.product.aircall.office
    for id_ in range(100, 250):
        office.tags[id_] = {**office.tags[33], "id": id_, "name": f"Tag {id_}"}
    play.team.product.read_directory()
    play.team.set(tag_outcomes={str(id_): "Busy" for id_ in range(100, 150)})
    play.command("outcomes")
    play.search("tag_outcomes", "tag 11")
    play.choose("tag_outcomes", "149")
    for id_ in range(150, 186):
        play.team.choose(ADMIN, f"tag_outcomes#{id_ - 149}", str(id_))
    play.recording.take()
    play.choose("tag_outcomes#37", "200")


@scene("many outcomes")
def many_outcomes(play: Play) -> None:
    definitions = play.team.product.hubspot.portal.properties["calls"]
    kept = definitions["hs_call_disposition"]
    more = tuple((f"Outcome {n}", f"guid-{n}") for n in range(120))
    definitions["hs_call_disposition"] = replace(kept, options=(*kept.options, *more))
    play.team.product.read_directory()
    play.command("outcomes")
    play.choose("tag_outcomes", "33")
    play.search("tag_outcomes.33#1", "outcome 11")


@scene("no tags")
def no_tags(play: Play) -> None:
    play.team.product.aircall.office.tags.clear()
    play.team.product.read_directory()
    play.command("outcomes")


@scene("tickets")
def tickets(play: Play) -> None:
    team = play.team
    play.command("tickets")
    play.choose("tickets.pipeline", "81234567")
    play.choose(f"{MISSED}#1", "158001")
    play.submit()
    play.close()
    play.command("tickets")
    play.choose("tickets.pipeline", "0")
    play.choose("tickets.pipeline#1", "-")
    play.submit()
    play.close()
    team.set(tickets__pipeline="0")
    forge_in(play, "tickets", **{MISSED: picked("158001")})
    forge_in(play, "tickets", **{"tickets.pipeline": picked("nowhere")})
    team.set(tickets__pipeline=None)
    forge_in(play, "tickets", **{MISSED: picked("1")})


@scene("tickets with long lists")
def long_lists(play: Play) -> None:
    portal = play.team.product.hubspot.portal
    add_pipeline(portal, "7", "Long", {f"s{n}": f"Stage {n}" for n in range(120)}, NOW)
    for n in range(120):
        add_pipeline(portal, f"9{n}", f"Pipeline {n}", {f"9{n}s": "New"}, NOW)
    play.command("tickets")
    play.search("tickets.pipeline", "pipeline 11")
    play.choose("tickets.pipeline", "7")
    play.search(f"{MISSED}#1", "stage 11")


@scene("buttons of other messages")
def of_other_messages(play: Play) -> None:
    play.team.set(tickets__pipeline="0")
    for action, value in (
        ("edit.tickets", MISSED), ("history", ""), ("delete", ""), ("open.settings", ""),
    ):  # fmt: skip
        element = button("x", f"{action}#9", label="Go there", value=value)
        post(play.team.desk, Message("Choose one.", (actions(element),)))
        play.recording.take()
        play.click(f"{action}#9")
        play.close()


@scene("general")
def general(play: Play) -> None:
    play.command("general")
    play.type("name", "Phones")
    play.choose("create_contacts", "no")
    play.choose("business_hours_only", "yes")
    play.choose("sync_contacts", "yes")
    play.choose("fallback_owner", "11349275740")
    play.submit()
    play.close()
    play.command("general")
    play.submit()
    play.close()
    forge_in(play, "general", name=typed("x" * 81))
    forge_in(play, "general", name=typed(None))
    forge_in(play, "general", fallback_owner=picked("4711"))
    forge_in(play, "general", **{"outcomes.inbound_missed": picked("-")})
    forge_in(play, "general", create_contacts=picked("perhaps"))
    archive_owner(play.team.product.hubspot.portal, "11349275740")
    play.team.set(fallback_owner=None)
    play.team.product.read_directory()
    forge_in(play, "general", fallback_owner=picked("11349275740"))


@scene("many owners")
def many_owners(play: Play) -> None:
    portal = play.team.product.hubspot.portal
    one = next(iter(portal.owners.values()))
    for n in range(120):
        portal.owners[f"5{n}"] = replace(one, id=f"5{n}", email=f"owner{n}@example.com")
    play.team.product.read_directory()
    play.command("general")
    play.search("fallback_owner", "owner11")


def forge_in(play: Play, section: str, **values: object) -> None:
    """Open a form, and send what Slack's own client would not."""
    play.command(section)
    play.meanwhile(
        f"it is sent with {', '.join(values)} made up",
        lambda: forge(play.team, ADMIN, values),
    )
    play.close()


@scene("two admins on one form")
def two_admins(play: Play) -> None:
    play.command("general")
    play.command("general", OWNER)
    play.type("name", "First")
    play.type("name", "Second", OWNER)
    play.submit()
    play.submit(OWNER)
    play.submit(OWNER)
    play.close()
    play.close(OWNER)
    play.command("general")
    for number in range(6):
        play.team.set(name=f"Name {number}")
    play.type("name", "Mine")
    play.submit()
    play.close()
    play.command("general")
    play.command("general", OWNER)
    for user in (ADMIN, OWNER):
        play.type("name", "Same", user)
        play.submit(user)


@scene("two admins on the form of tickets")
def two_on_tickets(play: Play) -> None:
    play.team.set(tickets__pipeline="0")
    play.command("tickets")
    play.choose(MISSED, "1")
    play.team.set(tickets__pipeline="81234567")
    play.submit()


@scene("the store was emptied while a form was open")
def emptied(play: Play) -> None:
    play.team.set(name="Two")
    play.command("general")
    play.type("name", "Typed")
    _empty(play)
    play.submit()
    play.submit()
    play.close()
    play.team.set(name="Three")
    play.command("general")
    _empty(play)
    forged = {"name": typed("x" * 81)}
    play.meanwhile("too long a name is sent", lambda: forge(play.team, ADMIN, forged))


def _empty(play: Play) -> None:
    play.team.redis.delete(keys.SETTINGS_HEAD, keys.SETTINGS_REVISIONS)
    play.team.product.shop.revisions.save(Settings(), BY_SYSTEM, 0)


@scene("forms while HubSpot is away")
def hubspot_away(play: Play) -> None:
    play.team.product.hubspot.fault("500", times=None)
    play.command("tickets")
    play.close()
    play.team.redis.hdel(keys.DIRECTORY, "pipelines", "outcomes", "owners")
    for name in ("tickets", "outcomes", "general"):
        play.command(name)
        play.close()
    forge_in(play, "tickets", **{"tickets.pipeline": picked("0")})


@scene("forms while Aircall is away")
def aircall_away(play: Play) -> None:
    play.team.product.aircall.fault("500", times=None)
    play.team.redis.hdel(keys.DIRECTORY, "numbers", "tags")
    for name in ("numbers", "outcomes"):
        play.command(name)
        play.close()
    play.team.set(numbers=[1001])
    play.command("numbers")
    play.close()
    play.team.set(enabled=False)
    play.team.set(numbers=[])
    play.command("numbers")
    play.close()
    forge_in(play, "numbers", numbers=picked_many("1002"))


@scene("forms of a former version")
def former(play: Play) -> None:
    play.command("tickets")
    modal = play.team.slack.modal(ADMIN)
    assert modal is not None
    modal.body["private_metadata"] = "{}"
    play.choose("tickets.pipeline", "81234567")
    play.close()
    for section in ("general", "delete"):
        play.command(section)
        play.meanwhile(
            "a form of a former version is sent",
            lambda: forge(play.team, ADMIN, {}, private_metadata="{}"),
        )
        play.close()
