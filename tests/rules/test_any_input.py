"""Whatever Aircall sends and people type: it can be decided, shown and sent, and harms nobody."""

from __future__ import annotations

import json
import re
import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.activities import EDITED_LIMIT, appended
from rules.contacts import ContactChoice
from rules.decide import Others, World, decide
from rules.events import KNOWN_EVENTS, Event, parse
from rules.folding import fold
from rules.hours import hours_of
from rules.judge import judge
from rules.kinds import kind_of
from rules.outcomes import DEFAULT_OUTCOMES
from rules.owners import Owner, owners_by
from rules.parties import parties_of
from rules.records import Line, with_known_line
from rules.settings import Settings, with_values
from settings.file import HANGUP_CAUSES

MARKUP = re.compile(r'</?strong>|<br>|<a href="https://assets\.aircall\.io/[^"<>\s]*">|</a>')
ESCAPED = re.compile(r"([^<>&\"']|&(amp|lt|gt|quot|#x27);)*")

TYPED = st.text(st.characters(), max_size=40) | st.sampled_from(
    [
        *("<script>alert(1)</script>", "<img src=x onerror='a()'>", '"><a href="//evil">', "&lt;b"),
        *(
            "<br>Call ID: 1",
            "</strong>",
            "a\x00b\x1b[31mc\x7f",
            "\u202egnp.exe",
            "\ud83d",
            "\udc00",
        ),
        *("line\r\none\u2028two", "javascript:alert(1)", "=HYPERLINK(1)", "  ", "&#60;", "\u0085"),
    ]
)
NUMBER = st.integers() | st.sampled_from([0, -1, 2**63, 10**19, 10**400, 1e308, -0.5])
WRONG = st.none() | st.booleans() | NUMBER | st.lists(st.none(), max_size=2) | st.just({})
MOMENT = st.sampled_from(
    [
        *(1_790_000_000, 1_790_000_000_123, "1790000000", 1_790_000_000.5, "2026-09-21T14:13:20Z"),
        *("2026-09-21 14:13:20 UTC", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
        *(99_999_999_999, 10**12, "\ud800", "yesterday"),
    ]
)
PHONE = st.sampled_from(
    [
        *("+33 1 99 00 45 67", "0199004567", "anonymous", "", " ", "112", "911", "15", "3631"),
        *("77", "+1 202-555-0177", "+442079460018", "33199004567", 442079460018, "+33199000123"),
        *("tel:+33199004567;ext=12", "Amazon", "+999 123", "+" + "9" * 300, "٠١٩٩٠٠٤٥٦٧", "+800"),
    ]
)
ID = st.sampled_from([1001, "1001", 0, 10**18, 2**64, "x", None])


def loosely(value):
    """The value, mostly; else one of a wrong type."""
    return value | WRONG


def some(fields):
    """An object with some of these fields, each perhaps of a wrong type; or something else."""
    return loosely(st.fixed_dictionaries({}, optional={k: loosely(v) for k, v in fields.items()}))


LINE = loosely(ID) | some(
    {
        "id": ID,
        "name": TYPED,
        "digits": PHONE,
        "e164_digits": PHONE,
        "country": st.sampled_from(["FR", "us", "ZZ", "France", "ßß", "\ud800\ud800"]),
        "open": st.booleans(),
        "availability_status": st.sampled_from(["open", "closed", "custom"]),
    }
)
USER = some({"id": ID, "name": TYPED, "email": TYPED | st.just("JEANNE@example.com")})
PERSON = some(
    {
        "id": ID,
        "first_name": TYPED,
        "last_name": TYPED,
        "company_name": TYPED,
        "emails": st.lists(some({"value": TYPED | st.just("c@example.com")}), max_size=2),
    }
)
COMMENT = some({"id": ID, "content": TYPED, "posted_at": MOMENT, "posted_by": USER})
CHOICE = some({"id": ID, "title": TYPED, "key": TYPED, "created_at": MOMENT})
MEDIUM = some({"file_name": TYPED, "presigned_url": TYPED})
DATA = {
    "direction": st.sampled_from(["inbound", "outbound", "internal"]),
    "status": st.sampled_from(["done", "answered", "failed"]) | TYPED,
    "raw_digits": PHONE | TYPED,
    "external_number": PHONE | TYPED,
    "external_transferred_to": PHONE | TYPED,
    **dict.fromkeys(("started_at", "answered_at", "ended_at", "sent_at", "created_at"), MOMENT),
    "missed_call_reason": st.sampled_from(["out_of_opening_hours", "abandoned_in_ivr"]) | TYPED,
    "hangup_cause": st.sampled_from(["busy", 17, "1"]) | TYPED,
    **dict.fromkeys(("voicemail", "recording", "body", "template_content", "channel"), TYPED),
    "asset": TYPED | TYPED.map(lambda text: f"https://assets.aircall.io/{text}"),
    "number": LINE,
    **dict.fromkeys(("user", "assigned_to", "transferred_by", "transferred_to"), USER),
    "contact": PERSON,
    "tags": st.lists(some({"id": ID, "name": TYPED}), max_size=3),
    "comments": st.lists(COMMENT, max_size=3),
    "ivr_options_selected": st.lists(CHOICE, max_size=2),
    "media_details": st.lists(MEDIUM, max_size=2),
    "media_url": st.lists(TYPED | st.just("https://x.example/<b>%3Cimg%3E.png"), max_size=2),
    "participants": st.lists(PHONE | TYPED | some({"phone_number": PHONE}), max_size=3),
}
EVENTS = st.sampled_from(["call.", "message.", "group_message."]).flatmap(
    lambda family: st.lists(
        st.fixed_dictionaries(
            {
                "event": st.sampled_from(
                    sorted(name for name in KNOWN_EVENTS if name.startswith(family))
                ),
                "timestamp": loosely(MOMENT),
                "data": st.fixed_dictionaries(
                    {"id": st.just(1)}, optional={k: loosely(v) for k, v in DATA.items()}
                ),
            }
        ),
        min_size=1,
        max_size=3,
    )
)
KINDS = Settings().tickets.stages.model_dump()
SETTINGS = with_values(
    Settings(),
    {
        "enabled": True,
        "numbers": "all",
        "business_hours_only": True,
        "tickets.pipeline": "0",
        **{f"tickets.stages.{kind}": "1" for kind in KINDS},
    },
)
WORLD = World(
    SETTINGS,
    1,
    owners_by([Owner("7", "jeanne@example.com", "Jeanne", active=True)]),
    {guid: label for label, guid in DEFAULT_OUTCOMES.items()},
    dict.fromkeys(("calls", "communications", "tickets", "contacts"), True),
)
OURS = "+33199000123"
LINES = {1001: Line(1001, "Sales", OURS, "FR")}


def folded(events, arrived=1_790_000_300_000):
    read = []
    for at, event in enumerate(events):
        envelope = {"arrived": arrived + at, "revision": 1, "source": "webhook", "event": event}
        parsed = parse(envelope)
        assert isinstance(parsed, Event)
        read.append(parsed)
    return with_known_line(fold(None, read), LINES)


def planned(interaction):
    hours = hours_of(interaction, None)
    judge(interaction, SETTINGS, SETTINGS, hours, logged=False)
    parties = parties_of(interaction, (OURS,))
    none = (ContactChoice(),) * len(parties)
    kind = kind_of(interaction, HANGUP_CAUSES)
    others = Others(parties, none, (None,) * len(parties))
    return decide(interaction.id, interaction, kind, others, hours, WORLD)


def is_safe(html):
    """Whether nothing but our own markup is left unescaped."""
    return ESCAPED.fullmatch(MARKUP.sub("", html)) is not None


def is_shown(text):
    """Whether it holds neither control characters (but line ends) nor lone surrogates."""
    return all(unicodedata.category(sign) not in ("Cc", "Cs") or sign == "\n" for sign in text)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EVENTS)
def test_whatever_is_sent_becomes_a_plan_that_harms_nobody(events):
    plan = planned(folded(events))
    body = plan.properties.get("hs_call_body") or plan.properties["hs_communication_body"]
    assert is_safe(body)
    assert len(body) < 65_536
    plain = (plan.properties.get("hs_call_title", ""), plan.ticket["subject"])
    assert not re.search("[<>\n]", "".join(plain))
    assert not re.search("[<>]", plan.ticket["content"])
    contact = plan.new_contact.properties if plan.new_contact else {}
    for text in (*plan.properties.values(), *plan.ticket.values(), *contact.values()):
        assert text
        assert is_shown(text)
    assert json.loads(json.dumps(dict(plan.properties))) == plan.properties
    if contact:
        assert re.fullmatch(r"\+[1-9][0-9]{4,17}", contact["phone"])
        assert contact["phone"] != OURS
    if plan.type == "calls":
        assert plan.properties["hs_call_duration"].isdecimal()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", plan.properties["hs_timestamp"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EVENTS, st.lists(TYPED, max_size=3))
def test_what_we_append_to_a_persons_body_is_escaped(events, typed):
    ours = planned(folded(events[:1])).properties
    later = planned(folded(events)).properties
    name = "hs_call_body" if "hs_call_body" in ours else "hs_communication_body"
    theirs = "<br>".join(typed)
    longer = appended(theirs, ours[name], later[name])
    assert longer.startswith(theirs)
    assert is_safe(longer.removeprefix(theirs))
    assert len(longer) <= EDITED_LIMIT
