"""The rules that whatever the bot says keeps: Slack's, and ours for words, buttons and emoji."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bot.labels import KINDS, NAMES
from sandbox.slack.blocks import elements_of, problems, text_lengths
from sandbox.slack.markup import marked_up, mistakes
from tests.bot.every.recording import Json, Sent

MOST_BYTES = 250_000
MOST_BUTTONS, MOST_MENUS = 2, 1
MOST_BLOCKS = 40
MOST_TEXT = 12_000
USUAL_TEXT = 3_000
"""Characters of a message in an ordinary world."""
LONGEST_SPOKEN = 1_000
"""Characters of the sentence that is read aloud."""
EMOJI = {
    "white_check_mark",
    "warning",
    "x",
    "grey_question",
    "information_source",
    "double_vertical_bar",
    "arrow_down",
    "tada",
}
"""Those we use; each stands before words that say the same."""
EXPLAINED_PATHS = {"workspace_admins"}
"""Names of settings.toml that whoever runs the product has to find there."""
_CODE = re.compile(r"(?<!\w):([a-z][a-z0-9_+-]*):")
_BEGINS = re.compile(r"^(?:•\s*|→\s*)?:[a-z0-9_+-]+: \S")
_HOLE = re.compile(r"\{\w+\}")
_ENDS = re.compile(r"[.!?…]$")
_MARKED = re.compile(r"[*`]\S|<[^>]*>|:[a-z_]{2,}:")
_CUT = re.compile(r"\S…$")
_PATHS = re.compile(
    "|".join(
        rf"(?<![\w.]){re.escape(each)}(?!\w|\.\w)"
        for each in sorted({*NAMES, *KINDS, "workspace_admins"}, key=len, reverse=True)
        if "_" in each or "." in each
    )
)
_CODEY = re.compile(r"\b(?:(?<!or )None|True|False|Traceback|undefined|nan)\b|\bdisposition\b")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x09\x0b-\x1f]")
_DATES = re.compile(r"<!date\^[^>]*>")


def broken_rules(sent: Sent, secrets: frozenset[str], *, wild: bool = False) -> list[str]:
    """Return a sentence for each rule that was broken.

    In a `wild` world names hold anything, so what only our own words must keep is not asked.
    """
    raw = json.dumps(sent.payload, ensure_ascii=False)
    found = [f"tells the secret {each[:4]}…" for each in secrets if each in raw]
    if sent.surface == "errors":
        return [*found, *_of_errors(sent.payload, wild=wild)]
    if sent.surface == "options":
        return [*found, *_of_options(sent.payload)]
    found += problems(sent.surface, sent.payload)
    if found:
        return found
    blocks = sent.payload["blocks"]
    found += [each for text in marked_up(blocks) for each in mistakes(text)]
    found += _of_texts(blocks, wild=wild)
    found += _of_buttons(blocks, wild=wild)
    if sent.surface == "message":
        found += _of_message(sent, wild=wild)
    elif len(raw.encode()) > MOST_BYTES:
        found.append(f"a view of {len(raw.encode())} bytes")
    if not wild and sent.surface == "modal":
        found += _cut(sent.payload, ("title", "submit", "close"))
    return found


def texts(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every text object of blocks."""
    if isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, dict):
        if value.get("type") in {"plain_text", "mrkdwn"} and "text" in value:
            yield value
        for one in value.values():
            yield from texts(one)


def _of_texts(blocks: list[Json], *, wild: bool) -> Iterator[str]:
    for each in texts(blocks):
        said = each["text"]
        if each["type"] == "mrkdwn" and each.get("verbatim") is not True:
            yield f"Slack may link names in {said[:60]!r}"
        if each["type"] == "plain_text" and each.get("emoji") is not False:
            yield f"codes would become emoji in {said[:60]!r}"
        if turned := _TURNING.search(said):
            yield f"the mark {turned[0]!r} turns or breaks what follows in {said[:60]!r}"
        if not wild:
            yield from _of_words(said)


def _of_words(said: str) -> Iterator[str]:
    """Hold one of our own sentences to what people can read."""
    for line in _DATES.sub("", said).split("\n"):
        codes = _CODE.findall(line)
        if unknown := set(codes) - EMOJI:
            yield f"emoji that nobody explained: {unknown}"
        if codes and not (len(codes) == 1 and _BEGINS.match(line)):
            yield f"an emoji without words after it: {line[:60]!r}"
        if hole := _HOLE.search(line):
            yield f"a hole that nobody filled: {hole[0]} in {line[:60]!r}"
        for path in _PATHS.findall(line):
            if path not in EXPLAINED_PATHS:
                yield f"a path instead of words: {path}"
        if code := _CODEY.search(line):
            yield f"a word of ours, not theirs: {code[0]} in {line[:60]!r}"


def _of_buttons(blocks: list[Json], *, wild: bool) -> Iterator[str]:
    buttons = [one for block in blocks for _, one in elements_of(block) if one["type"] == "button"]
    labels = Counter(each.get("accessibility_label", "") for each in buttons)
    if not wild:
        yield from (f"{n} buttons are called {label!r}" for label, n in labels.items() if n > 1)
    for block in blocks:
        for _, element in elements_of(block):
            if element["type"] != "button":
                continue
            text, label = element["text"]["text"], element.get("accessibility_label", "")
            if not label:
                yield f"[{text}] has no label"
            elif label.casefold().strip(" .…") == text.casefold().strip(" .…"):
                yield f"the label of [{text}] only repeats it"
            elif not wild and _CUT.search(label):
                yield f"the label of [{text}] is cut: {label}"
            elif not wild and len(label.split()) < 2:
                yield f"the label of [{text}] is no sentence: {label}"
            if not wild:
                yield from _cut(element, ("text",))
                yield from _cut(element.get("confirm", {}), ("title", "text", "confirm", "deny"))


def _cut(thing: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    """Yield which of our own words did not fit."""
    for name in names:
        if name in thing and _CUT.search(thing[name]["text"]):
            yield f"{name} is cut: {thing[name]['text']}"


def _of_message(sent: Sent, *, wild: bool) -> Iterator[str]:
    blocks, text = sent.payload["blocks"], sent.payload["text"]
    elements = [one["type"] for block in blocks for _, one in elements_of(block)]
    if elements.count("button") > MOST_BUTTONS:
        yield f"{elements.count('button')} buttons in one message"
    if elements.count("overflow") > MOST_MENUS:
        yield f"{elements.count('overflow')} overflow menus in one message"
    length = sum(text_lengths(blocks))
    if len(blocks) > MOST_BLOCKS or length > (MOST_TEXT if wild else USUAL_TEXT):
        yield f"{len(blocks)} blocks of {length} characters in one message"
    if not sent.quiet:
        yield "its links would be unfolded"
    if not text.strip() or len(text) > LONGEST_SPOKEN:
        yield f"a text of {len(text)} characters"
    yield from mistakes(text)
    headings = {block["text"]["text"] for block in blocks if block["type"] == "header"}
    if text in headings:
        yield f"the text is only the heading: {text[:60]!r}"
    if not wild:
        if not _ENDS.search(text) or " " not in text:
            yield f"the text is no full sentence: {text[-60:]!r}"
        if marked := _MARKED.search(text):
            yield f"markup in the text: {marked[0]}"
        yield from _of_words(text)


def _of_errors(errors: Mapping[str, str], *, wild: bool) -> Iterator[str]:
    for block, sentence in errors.items():
        if len(sentence) > 500:
            yield f"{len(sentence)} characters under a field"
        if not wild:
            if not _ENDS.search(sentence) and ": " not in sentence:
                yield f"no full sentence under {block}: {sentence[-60:]!r}"
            yield from _of_words(sentence)


def _of_options(options: list[Json]) -> Iterator[str]:
    if len(options) > 100:
        yield f"{len(options)} options"
    values = [each["value"] for each in options]
    if len(set(values)) != len(values):
        yield "two options of one value"
    if not options:
        return
    element = {"type": "static_select", "action_id": "value", "options": options}
    label = {"type": "plain_text", "text": "-"}
    block = {"type": "input", "label": label, "element": element}
    view = {"type": "modal", "title": label, "submit": label, "blocks": [block]}
    yield from problems("modal", view)
