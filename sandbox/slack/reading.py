"""What a person reads in a message, a modal or a Home tab, written down as plain text."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sandbox.answer import Json
from sandbox.slack.house import House
from sandbox.slack.inputs import FIELDS, Spot
from sandbox.slack.marking import Reader, plain_words
from sandbox.slack.messages import Message
from sandbox.slack.rich import rich_lines
from sandbox.slack.seeing import held
from sandbox.slack.views import View

MORE = "⋯"


def shown(house: House, thing: View | Message, user: str) -> str:
    """Return a view or message as `user` reads it, a line per thing.

    Buttons stand in brackets, `[Save]`; an overflow menu as `[⋯ Undo | Ignore]`; menus as
    `Outcome: (Connected)`, with `(…)` while nothing is chosen; ticked boxes as `[x] Sales`, the
    others as `[ ] Berlin`; errors under their input after `! `. A message without blocks is its
    text; one with blocks is its blocks, as Slack shows it.
    """
    reader = reader_of(house, user)
    lines = list(_head(thing, reader))
    for block in thing.blocks:
        lines += _block(reader, thing, user, block)
    if isinstance(thing, Message):
        if not thing.blocks:
            lines += reader.marked(thing.text).split("\n")
    else:
        ends = [thing.body[name]["text"] for name in ("submit", "close") if name in thing.body]
        lines += [" ".join(f"[{end}]" for end in ends)] if ends else []
    return "\n".join(lines)


def reader_of(house: House, user: str) -> Reader:
    """Return who reads: names of people and channels, and the time zone."""
    space = house.workspace
    person = space.people.get(user)
    zone = ZoneInfo(person.tz) if person else UTC
    names = {one.id: f"@{one.name}" for one in space.people.values()}
    names |= {one.id: f"#{one.name}" for one in space.channels.values()}
    return Reader(names, zone, datetime.fromtimestamp(house.clock(), zone))


def _head(thing: View | Message, reader: Reader) -> list[str]:
    if isinstance(thing, View) and "title" in thing.body:
        return [f"# {reader.text(thing.body['title'])}"]
    return []


def _block(reader: Reader, thing: View | Message, user: str, block: Json) -> list[str]:
    match block["type"]:
        case "divider":
            return ["---"]
        case "header":
            return [f"## {reader.text(block['text'])}"]
        case "context":
            return [" · ".join(_in_context(reader, one) for one in block["elements"])]
        case "image":
            return [f"({block['alt_text']})"]
        case "markdown":
            return str(block["text"]).split("\n")
        case "rich_text":
            return rich_lines(reader, block)
        case "section":
            return _section(reader, thing, user, block)
        case "actions":
            return [
                " ".join(_element(reader, thing, user, block, one) for one in block["elements"])
            ]
        case _:
            return _input(reader, thing, user, block)


def _in_context(reader: Reader, element: Json) -> str:
    return f"({element['alt_text']})" if element["type"] == "image" else reader.text(element)


def _section(reader: Reader, thing: View | Message, user: str, block: Json) -> list[str]:
    lines = reader.text(block["text"]).split("\n") if "text" in block else []
    lines += [line for one in block.get("fields", []) for line in reader.text(one).split("\n")]
    if "accessory" in block:
        lines[-1:] = [f"{lines[-1]} {_element(reader, thing, user, block, block['accessory'])}"]
    return lines


def _input(reader: Reader, thing: View | Message, user: str, block: Json) -> list[str]:
    mark = " (optional)" if block.get("optional") else ""
    element = _element(reader, thing, user, block, block["element"])
    lines = [f"{reader.text(block['label'])}{mark}: {element}"]
    if "hint" in block:
        lines.append(f"  {reader.text(block['hint'])}")
    if isinstance(thing, View) and block["block_id"] in thing.errors:
        lines.append(f"  ! {thing.errors[block['block_id']]}")
    return lines


def _element(reader: Reader, thing: View | Message, user: str, block: Json, element: Json) -> str:
    kind = element["type"]
    if kind == "button":
        return f"[{reader.text(element['text'])}]"
    if kind == "overflow":
        return f"[{MORE} {' | '.join(reader.text(one['text']) for one in element['options'])}]"
    if kind == "image":
        return f"({element['alt_text']})"
    spot = Spot(block, element)
    state = held(thing, user, spot.key) or {}
    value = state.get(FIELDS[kind])
    if kind in ("checkboxes", "radio_buttons"):
        return _ticks(reader, element, value)
    words = _chosen(reader, value)
    return f"({words or _placeholder(reader, element)})"


def _ticks(reader: Reader, element: Json, value: object) -> str:
    ticked = value if isinstance(value, list) else [value]
    open_, close, sign = ("[", "]", "x") if element["type"] == "checkboxes" else ("(", ")", "o")
    return " ".join(
        f"{open_}{sign if option in ticked else ' '}{close} {_option(reader, option)}"
        for option in element["options"]
    )


def _option(reader: Reader, option: Json) -> str:
    described = f" – {reader.text(option['description'])}" if "description" in option else ""
    return reader.text(option["text"]) + described


def _chosen(reader: Reader, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_chosen(reader, one) for one in value)
    if isinstance(value, dict):
        return (
            reader.text(value["text"]) if "text" in value else " ".join(rich_lines(reader, value))
        )
    return reader.names.get(str(value), plain_words(str(value))) if value is not None else ""


def _placeholder(reader: Reader, element: Json) -> str:
    return f"{reader.text(element['placeholder'])} …" if "placeholder" in element else "…"
