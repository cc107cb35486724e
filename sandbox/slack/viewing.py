"""Views put before a person: checked by Slack's rules, opened, laid on top, filled anew."""

import json

from sandbox.answer import Json
from sandbox.slack.blocks import Surface, findings
from sandbox.slack.errors import invalid_kit, refusal
from sandbox.slack.house import House
from sandbox.slack.kit.kept import kept
from sandbox.slack.markup import marked_up
from sandbox.slack.views import DEEPEST, MOST_BYTES, View
from sandbox.slack.writing import note_mistakes


def check_view(
    house: House, where: str, surface: Surface, view: Json, itself: View | None = None
) -> None:
    """Refuse a view that Slack refuses; `itself` is the open view it is to replace.

    Refused: `view_too_large`, `invalid_arguments`, `duplicate_external_id`.
    """
    words = json.dumps(view, separators=(",", ":"), ensure_ascii=False)
    size = len(words.encode("utf-8", "replace"))
    if size > MOST_BYTES:
        house.surprises.append(f"{where}: a view of {size} bytes")
        raise refusal("view_too_large")
    found = findings(surface, view)
    if found:
        house.surprises += [f"{where}: {problem}" for problem in found]
        raise invalid_kit(found, "invalid_arguments")
    external = view.get("external_id")
    if external and any(
        one is not itself and one.external_id == external for one in house.views.every()
    ):
        raise refusal("duplicate_external_id")
    note_mistakes(house, where, list(marked_up(view["blocks"])))


def showing(house: House, view: Json) -> Json:
    """Return a checked view as Slack keeps it."""
    return {**view, "blocks": kept(view["blocks"], house.block_id)}


def opened(house: House, user: str, view: Json) -> View:
    """Lay a checked view on top of what a person has open, and return it."""
    stack = house.views.stack(user)
    id_ = house.name("V")
    root, previous = (stack[0].id, stack[-1].id) if stack else (id_, "")
    made = View(id_, user, "modal", {"blocks": []}, "", root, previous)
    made.fill(showing(house, view), house.hash())
    made.updates = 0
    stack.append(made)
    return made


def pushed(house: House, user: str, view: Json) -> View:
    """Do the same, or refuse (`push_limit_reached`) where three are open already."""
    if len(house.views.stack(user)) >= DEEPEST:
        raise refusal("push_limit_reached")
    return opened(house, user, view)
