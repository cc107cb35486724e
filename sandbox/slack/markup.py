"""Slack's markup in texts: what an app that forgot to escape gives itself away by."""

import re
from collections.abc import Iterator
from typing import Any

_ANGLES = re.compile(r"<([^<>]*)>")
_KNOWN = re.compile(
    r"@[UW][A-Z0-9]+(\|[^|]*)?"
    r"|#[CG][A-Z0-9]+(\|[^|]*)?"
    r"|!subteam\^S[A-Z0-9]+(\|[^|]*)?"
    r"|!date\^\d+\^[^|^]+(\^[^|]+)?\|[^|]+"
    r"|(https?|mailto|tel|slack):[^|]+(\|[^|]*)?"
)
_EVERYBODY = re.compile(r"!(channel|here|everyone)\b")
_HALF = re.compile(r"[<>]")


def mistakes(text: str) -> Iterator[str]:
    """Yield what no app means to write: mentions of everybody, angles left bare."""
    for found in _ANGLES.findall(text):
        if _EVERYBODY.match(found):
            yield f"everybody would be called by <{found}>"
        elif not _KNOWN.fullmatch(found):
            yield f"<{found}> is no markup: a text was not escaped"
    rest = _ANGLES.sub("", text)
    # a quote begins a line with >, which is markup too
    bare = [line for line in rest.split("\n") if _HALF.search(line.removeprefix(">"))]
    if bare:
        yield f"an angle bracket is not escaped in {bare[0][:60]!r}"


def marked_up(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield every text of blocks that Slack reads as markup."""
    if isinstance(value, list):
        for one in value:
            yield from marked_up(one)
    elif isinstance(value, dict):
        if value.get("type") == "mrkdwn" and isinstance(value.get("text"), str):
            yield value["text"]
        for one in value.values():
            yield from marked_up(one)
