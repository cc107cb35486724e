"""Rich text: sections, lists, quotes and preformatted text, and what stands inside them."""

from sandbox.slack.kit.checks import (
    Check,
    anything,
    by_type,
    flag,
    items,
    one_of,
    shape,
    string,
    whole,
)

_TYPE = {"type": anything}
_STYLE = {
    "style": shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag))
}
_WORDS: dict[str, Check] = {
    "text": shape({**_TYPE, "text": string(1, 3000)}, _STYLE),
    "link": shape(
        {**_TYPE, "url": string(1, 3000)}, {**_STYLE, "text": string(0, 3000), "unsafe": flag}
    ),
    "emoji": shape({**_TYPE, "name": string(1, 255)}, {"unicode": string(), **_STYLE}),
    "user": shape({**_TYPE, "user_id": string(1, 255)}, _STYLE),
    "channel": shape({**_TYPE, "channel_id": string(1, 255)}, _STYLE),
    "usergroup": shape({**_TYPE, "usergroup_id": string(1, 255)}, _STYLE),
    "date": shape(
        {**_TYPE, "timestamp": whole(0, 9_999_999_999), "format": string(1, 255)},
        {"url": string(1, 3000), "fallback": string(1, 3000), **_STYLE},
    ),
}
_LINE = items(by_type(_WORDS, "rich text element"), 0, 1000)
_BORDER = {"border": whole(0, 1)}
_SECTION = shape({**_TYPE, "elements": _LINE})
PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": shape({**_TYPE, "elements": _LINE}, _BORDER),
    "rich_text_preformatted": shape(
        {**_TYPE, "elements": _LINE}, {**_BORDER, "language": string(1, 255)}
    ),
    "rich_text_list": shape(
        {
            **_TYPE,
            "style": one_of("bullet", "ordered"),
            "elements": items(by_type({"rich_text_section": _SECTION}, "list item"), 1, 1000),
        },
        {**_BORDER, "indent": whole(0, 8), "offset": whole(0, 10_000)},
    ),
}
RICH_TEXT: Check = shape(
    {**_TYPE, "elements": items(by_type(PARTS, "rich text part"), 1, 1000)},
    {"block_id": string(1, 255)},
)
