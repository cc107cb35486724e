"""Rich text blocks, written down as lines of plain text."""

from sandbox.answer import Json
from sandbox.slack.marking import Reader


def rich_lines(reader: Reader, block: Json) -> list[str]:
    """Return the lines of a rich text block."""
    lines: list[str] = []
    for part in block["elements"]:
        if part["type"] == "rich_text_list":
            indent = "  " * part.get("indent", 0)
            for number, item in enumerate(part["elements"], part.get("offset", 0) + 1):
                sign = f"{number}." if part["style"] == "ordered" else "•"
                lines.append(f"{indent}{sign} {_words(reader, item)}")
            continue
        prefix = "> " if part["type"] == "rich_text_quote" else ""
        lines += [prefix + line for line in _words(reader, part).split("\n")]
    return lines


def _words(reader: Reader, part: Json) -> str:
    return "".join(_word(reader, one) for one in part["elements"])


def _word(reader: Reader, one: Json) -> str:
    match one["type"]:
        case "text":
            return str(one["text"])
        case "link":
            return f"{one['text']} ({one['url']})" if one.get("text") else str(one["url"])
        case "emoji":
            return f":{one['name']}:"
        case "user":
            return reader.names.get(one["user_id"], f"@{one['user_id']}")
        case "channel":
            return reader.names.get(one["channel_id"], f"#{one['channel_id']}")
        case "usergroup":
            return f"@{one['usergroup_id']}"
        case _:
            date = f"!date^{one['timestamp']}^{one['format']}"
            return reader.date(date, str(one.get("fallback", "")))
