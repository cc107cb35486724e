"""History and undo: pages, taken back, taken back in part, refused."""

from __future__ import annotations

from bot.channel.announcements import announce
from sandbox.hubspot.people import delete_pipeline
from settings.environment import load_environment
from store.settings import BY_SYSTEM
from tests.bot.every.playing import Play, scene
from tests.bot.every.scenes.announcements import save, tell, told_so_far
from tests.bot.team import ADMIN, CALLS, OWNER

NOW = 1_790_000_000.0


@scene("history")
def history(play: Play) -> None:
    play.command("history")
    play.close()
    save(play, name="Phones")
    save(play, BY_SYSTEM, "Undo of revision 1.", create_contacts=False)
    play.command("history")
    play.click("undo#2")
    play.click("undo#4")
    play.close()
    for n in range(20):
        save(play, name=f"Name {n}")
    play.command("history")
    play.click("history.page#older")
    play.click("history.page#newer")


@scene("history after a revision of many changes")
def many_changes(play: Play) -> None:
    save(play, **{f"tag_outcomes__tag {n}": "Busy" for n in range(30)})
    play.command("history")


@scene("undo in part")
def in_part(play: Play) -> None:
    told_so_far(play)
    tell(play, "adam changes two settings", name="Phones", create_contacts=False)
    tell(play, "adam changes one of them again", name="Telephones")
    first = play.team.slack.messages(CALLS)[0]
    play.click("undo#announced", user=OWNER, where=first)
    play.click("undo.rest", user=OWNER)
    play.click("undo#announced", user=OWNER, where=first) if "undo#" in str(first.blocks) else None
    play.background()


@scene("undo of what is as before, and of what cannot be")
def cannot(play: Play) -> None:
    team = play.team
    told_so_far(play)
    tell(play, "adam changes the name", name="Phones")
    tell(play, "and back", name="Aircall – HubSpot")
    play.click("undo#announced", user=OWNER, where=team.slack.messages(CALLS)[0])
    tell(play, "a pipeline is chosen", tickets__pipeline="0", tickets__stages__inbound_missed="1")
    tell(play, "no pipeline", tickets__pipeline=None, tickets__stages__inbound_missed=None)
    delete_pipeline(team.product.hubspot.portal, "0", NOW)
    team.product.read_directory()
    play.click("undo#announced", user=OWNER, where=team.slack.messages(CALLS)[-1])
    tell(play, "the name again", name="Phones")
    tell(play, "and again", name="Telephones")
    play.command("history")
    play.click("undo#6")
    play.close()


@scene("undo after many changes")
def after_many(play: Play) -> None:
    told_so_far(play)
    tags = {f"tag_outcomes__tag {n}": "Busy" for n in range(30)}
    tell(play, "thirty tags are mapped", **tags)
    others = dict.fromkeys(tags, "Connected")
    save(play, name="Phones", **others)
    announce(play.team.desk)
    play.recording.take()
    play.click("undo#announced", user=ADMIN, where=play.team.slack.messages(CALLS)[0])


@scene("undo of a delete")
def of_a_delete(play: Play) -> None:
    told_so_far(play)
    play.command("delete")
    play.type("name", "Aircall – HubSpot")
    play.submit()
    play.background()
    play.close()
    play.click("undo#announced", user=OWNER, where=play.team.slack.messages(CALLS)[-1])
    play.team.set(enabled=False)
    play.team.set(numbers=[])
    play.command("delete")
    play.type("name", "Aircall – HubSpot")
    play.submit()
    play.close()
    play.command("history")


@scene("undo of a delete with an address of ours")
def with_an_address(play: Play) -> None:
    told_so_far(play)
    variables = {**play.team.variables, "PUBLIC_URL": "https://phone.example.com"}
    environment = load_environment(variables, dotenv="")
    for frozen in (play.team.desk, play.team.product.shop):
        object.__setattr__(frozen, "environment", environment)
    play.command("delete")
    play.type("name", "Aircall – HubSpot")
    play.submit()
    play.background()
    play.close()
    play.click("undo#announced", user=OWNER, where=play.team.slack.messages(CALLS)[-1])


@scene("undo of what was saved in a form")
def saved_in_a_form(play: Play) -> None:
    play.command("general")
    play.type("name", "Phones")
    play.submit()
    play.click("undo#2")
    play.close()
    play.command("settings")
    play.click("edit.general")
    play.type("name", "Telephones")
    play.submit()
    play.click("undo#4")
    play.background()
