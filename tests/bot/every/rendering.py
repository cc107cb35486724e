"""Writes down what was said as people read it, with what only screen readers and menus tell.

Below what is seen stand the sentences that are read for buttons (`[Edit] = Edit the numbers`),
questions that are asked first (`? …`), what menus offer (`⋮ …`) and say while empty (`… …`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sandbox.slack.blocks import elements_of
from sandbox.slack.house import House
from sandbox.slack.messages import Message
from sandbox.slack.reading import reader_of, shown
from sandbox.slack.viewing import showing
from sandbox.slack.views import View
from tests.bot.every.recording import Json, Sent

MOST_OPTIONS = 12
"""Options of a list that are written down; longer ones are a vendor's names."""
LONGEST = 600
"""Characters of a line that are written down."""
_DATE = re.compile(r"<!date\^\d+\^((?:\{\w+\} ?)+)\|[^>]*>")
_FIELD = {"errors": "under its field", "options": "the list offers"}


def written(house: House, sent: Sent, user: str) -> list[str]:
    """Return what was said as lines, as `user` reads it."""
    if sent.surface == "options":
        return ["== the list offers", f"  ⋮ {_options(sent.payload)}"]
    if sent.surface == "errors":
        view = house.views.stack(user)[-1] if house.views.stack(user) else None
        return ["== the form answers", *_errors(view, sent.payload)]
    payload = undated(sent.payload)
    if sent.surface == "message":
        text = reader_of(house, user).marked(payload["text"])
        thing = _message(house, payload)
        head = [f"== {_where(house, sent, user)}", f"text: {text}"]
    else:
        thing = _view(house, sent, payload, user)
        head = [f"== {_where(house, sent, user)}"]
    lines = [*shown(house, thing, user).split("\n"), *_besides(thing.blocks)]
    return [*head, *(_cut(line.rstrip()) for line in lines)]


def _cut(line: str) -> str:
    """Leave out the end of a line of a vendor's many names."""
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} … ({len(line)})"


def undated(payload: Any) -> Any:
    """Return a payload whose moments are only told by how they are written: `‹time›`."""
    raw = json.dumps(payload, ensure_ascii=False)
    return json.loads(
        _DATE.sub(lambda found: f"‹{found[1].replace('{', '').replace('}', '')}›", raw)
    )


def _message(house: House, payload: Json) -> Message:
    blocks = showing(house, {"blocks": payload["blocks"]})["blocks"]
    return Message("", "", payload["text"], blocks)


def _view(house: House, sent: Sent, payload: Json, user: str) -> View:
    view = View("", user, "home" if sent.surface == "home" else "modal", {}, "", "")
    view.fill(showing(house, payload), "")
    return view


def _where(house: House, sent: Sent, user: str) -> str:
    name = name_of(house, sent.to or user)
    match sent.how:
        case "respond" if sent.replaces:
            return f"message to {name} alone, in the place of the one that was clicked"
        case "respond":
            return f"message to {name} alone"
        case "chat.update":
            return f"in the place of a message in {name}"
        case "chat.postMessage":
            return f"message in {name}"
        case "views.open":
            return "form opens"
        case "views.push":
            return "form opens on top"
        case "views.publish":
            return f"Home of {name}"
        case "made":
            return sent.surface
        case _:
            return "form becomes"


def name_of(house: House, id_: str) -> str:
    """Name a person or a conversation as Slack does."""
    if id_ in house.workspace.people:
        return f"@{house.workspace.people[id_].name}"
    channel = house.workspace.channels.get(id_)
    if channel is None:
        return id_
    if channel.is_direct:
        partner = house.workspace.people[house.workspace.partner(channel)]
        return f"the direct messages with @{partner.name}"
    return f"#{channel.name}"


def _errors(view: View | None, errors: Json) -> Iterator[str]:
    labels = (
        {each["block_id"]: each["label"]["text"] for each in view.blocks if "label" in each}
        if view
        else {}
    )
    for block, sentence in errors.items():
        yield f"{labels.get(block, block)} ! {sentence}"


def _besides(blocks: list[Json]) -> Iterator[str]:
    """Yield what is not seen at once: labels of buttons, questions, and what menus offer."""
    for block in blocks:
        for _, element in elements_of(block):
            kind = element["type"]
            if kind == "button":
                yield f"  [{element['text']['text']}] = {element['accessibility_label']}"
            if "confirm" in element:
                asked = element["confirm"]
                parts = [asked[name]["text"] for name in ("title", "text")]
                answers = [asked[name]["text"] for name in ("confirm", "deny")]
                yield f"    ? {' '.join(parts)} [{answers[0]}] [{answers[1]}]"
            if kind.endswith("static_select"):
                yield f"  ⋮ {_options(element['options'])}"
            if "placeholder" in element and kind != "plain_text_input":
                yield f"  … {element['placeholder']['text']}"


def _options(options: list[Json]) -> str:
    told = [
        each["text"]["text"]
        + (f" – {each['description']['text']}" if "description" in each else "")
        for each in options[:MOST_OPTIONS]
    ]
    more = len(options) - len(told)
    return " | ".join([*told, *([f"… + {more}"] if more else [])]) or "–"
