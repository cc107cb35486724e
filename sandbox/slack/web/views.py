"""views.open, views.push, views.update, views.publish."""

from sandbox.answer import Json
from sandbox.slack.errors import refusal
from sandbox.slack.house import House
from sandbox.slack.viewing import check_view, opened, pushed, showing
from sandbox.slack.views import Trigger, View
from sandbox.slack.web.arguments import Asked, arguments


def open_view(house: House, asked: Asked) -> Json:
    """Open a modal for whoever made the trigger_id."""
    given = arguments(asked, {"trigger_id": str, "view": dict}, {})
    trigger = _trigger(house, given["trigger_id"], asked.time)
    check_view(house, asked.method, "modal", given["view"])
    if house.views.modal(trigger.view):
        house.surprises.append(f"{asked.method}: a modal was open; views.push was to be used")
    trigger.used = True
    house.views.stacks[trigger.user] = []
    return {"ok": True, "view": opened(house, trigger.user, given["view"]).shown()}


def push(house: House, asked: Asked) -> Json:
    """Lay a modal on top of the one in which the trigger_id was made."""
    given = arguments(asked, {"trigger_id": str, "view": dict}, {})
    trigger = _trigger(house, given["trigger_id"], asked.time)
    below = house.views.modal(trigger.view)
    if below is None:
        house.surprises.append(f"{asked.method}: the trigger_id is of no open modal")
        raise refusal("not_found" if trigger.view else "invalid_trigger_id")
    check_view(house, asked.method, "modal", given["view"])
    view = pushed(house, trigger.user, given["view"])
    trigger.used = True
    return {"ok": True, "view": view.shown()}


def update(house: House, asked: Asked) -> Json:
    """Show other content in an open modal; with `hash` only if nothing changed since."""
    optional = {"view_id": str, "external_id": str, "hash": str}
    given = arguments(asked, {"view": dict}, optional)
    if ("view_id" in given) == ("external_id" in given):
        house.surprises.append(f"{asked.method}: view_id or external_id, and not both")
        raise refusal("invalid_arguments")
    view = house.views.modal(given.get("view_id", ""), given.get("external_id", ""))
    if view is None:
        raise refusal("not_found")
    if given.get("hash", view.hash) != view.hash:
        raise refusal("hash_conflict")
    check_view(house, asked.method, "modal", given["view"], itself=view)
    view.fill(showing(house, given["view"]), house.hash())
    return {"ok": True, "view": view.shown()}


def publish(house: House, asked: Asked) -> Json:
    """Show a Home tab to one person; with `hash` only if nothing changed since."""
    given = arguments(asked, {"user_id": str, "view": dict}, {"hash": str})
    person = house.workspace.people.get(given["user_id"])
    if person is None or person.is_bot:
        house.surprises.append(f"{asked.method}: {given['user_id']} is nobody with a Home tab")
        raise refusal("user_not_found")
    if not house.switches.home_enabled:
        raise refusal("not_enabled")
    home = house.views.homes.get(person.id)
    if given.get("hash") and home is not None and given["hash"] != home.hash:
        raise refusal("hash_conflict")
    check_view(house, asked.method, "home", given["view"], itself=home)
    if home is None:
        id_ = house.name("V")
        home = View(id_, person.id, "home", {"blocks": []}, "", id_)
        house.views.homes[person.id] = home
    home.fill(showing(house, given["view"]), house.hash())
    return {"ok": True, "view": home.shown()}


def _trigger(house: House, id_: str, now: float) -> Trigger:
    trigger = house.views.triggers.get(id_)
    if trigger is None:
        raise refusal("invalid_trigger_id")
    if trigger.used:
        raise refusal("exchanged_trigger_id")
    if now - trigger.at > house.switches.trigger_life:
        raise refusal("expired_trigger_id")
    return trigger
