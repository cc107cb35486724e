"""What is said in German: numbers, spans of time, holes, and what other rooms said in English."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.status.sentences import PAUSES
from bot.words import language_of, words_in
from bot.words.retold import RETOLD
from bot.words.words import AGAIN
from sync.gaps.telling import MESSAGES, SENTENCES
from worker.gate import WHY

GERMAN, ENGLISH = words_in("de"), words_in("en")
HOLE = re.compile(r"\{(\w+)\}")
ROOT = Path(__file__).parents[2]
ROOMS = ("rules", "worker", "store", "sync", "clients")
SAMPLE = "⟨7⟩"
"""Fills the holes of what other rooms say."""


@pytest.mark.parametrize(
    ("locale", "language"),
    [("de-DE", "de"), ("de_AT", "de"), ("DE", "de"), ("en-GB", "en"), ("fr-FR", "en"), ("", "en")],
)
def test_german_is_spoken_to_readers_of_german_and_english_to_all_others(locale, language):
    assert language_of(locale) == language


def test_numbers_and_spans_of_time_are_written_as_the_language_does():
    assert (ENGLISH.number(12345), GERMAN.number(12345)) == ("12,345", "12.345")
    assert (ENGLISH.duration(7200), GERMAN.duration(7200)) == ("2 hours", "2 Stunden")
    assert (ENGLISH.duration(-3), GERMAN.duration(3 * 86400)) == ("0 seconds", "3 Tage")


def test_one_and_many_are_told_apart():
    said = ("and {count} more alert", "and {count} more alerts")
    assert GERMAN.count(*said, 1) == "und 1 weitere Warnung"
    assert GERMAN.count(*said, 0) == "und 0 weitere Warnungen"
    assert GERMAN.count(*said, 1200) == "und 1.200 weitere Warnungen"


def test_values_are_escaped_in_mrkdwn_and_never_looked_into_again():
    assert GERMAN.md("*What*: {kind}", kind="<!channel> {kind}") == (
        "*Was*: &lt;!channel&gt; {kind}"
    )
    assert GERMAN("Call {id}", id="{id}") == "Anruf {id}"


def test_what_is_not_in_the_catalogue_stays_english():
    assert GERMAN("Nobody says this.") == "Nobody says this."


@pytest.mark.parametrize("text", RETOLD)
def test_each_shape_is_found_and_said_in_german_with_its_values(text):
    values = {name: f"⟨{name}⟩" for name in HOLE.findall(text)}
    told = GERMAN.retell(ENGLISH(text, **values))
    assert told == GERMAN(text, **values)
    assert all(value in told for value in values.values())
    assert told != ENGLISH(text, **values)


def test_values_of_a_retold_sentence_stay_as_the_vendor_said_them():
    assert GERMAN.retell("by tag: Connected") == "nach Tag: Connected"
    said = "The stage Busy is not one of pipeline disabled."
    assert GERMAN.retell(said) == "Die Phase Busy gehört nicht zur Pipeline disabled."


def test_a_sentence_of_ours_within_a_sentence_is_said_again_too():
    assert {"because", "why", "reason", "choices"} == AGAIN
    said = "HubSpot refuses our requests: HubSpot refuses our access token"
    assert GERMAN.retell(said) == (
        "HubSpot lehnt unsere Anfragen ab: HubSpot lehnt unser Zugriffstoken ab"
    )
    said = "No events are taken in: only 12 MiB of disk are free. "
    said += "Make room; Aircall delivers again for some hours."
    assert "nur 12 MiB Speicherplatz sind frei" in GERMAN.retell(said)


def test_several_sentences_and_a_full_stop_after_one_are_said_again():
    assert GERMAN.retell("Slack did not answer.") == "Slack hat nicht geantwortet."
    said = "Slack does not answer (a); we try again. Slack is in trouble (b); we try again."
    assert GERMAN.retell(said) == (
        "Slack antwortet nicht (a); wir versuchen es weiter. "
        "Slack ist gestört (b); wir versuchen es weiter."
    )


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Property values were not valid",
        "You and I",
        "Owner: none",
        "The deal is enabled and {said} (no)",
        "A contact of 3 has a name.",
        "Slack did not answer. Property values were not valid.",
    ],
)
def test_a_vendors_own_words_stay_as_they_are(said):
    assert GERMAN.retell(said) == said


def test_why_a_vendor_is_not_asked_is_said_in_the_same_words_everywhere():
    assert dict(PAUSES) == dict(WHY)
    assert GERMAN.retell("HubSpot is not asked now: it does not answer.") == (
        "HubSpot wird gerade nicht gefragt: es kommt keine Antwort."
    )


def test_a_value_may_have_sentences_of_its_own():
    refused = "Method Not Allowed. The user is away. Try later"
    said = f"Our webhook was made at Aircall, for x. It refused to make one: {refused}."
    assert GERMAN.retell(said) == (
        "Unser Webhook wurde bei Aircall angelegt, für x. "
        f"Aircall hat es abgelehnt, einen anzulegen: {refused}."
    )


def test_how_many_contacts_were_refused_is_said_in_german():
    said = "Aircall refused 3 contacts, the last one because: no valid phone. "
    said += "What it refused is tried again when the contact changes in HubSpot."
    assert GERMAN.retell(said).startswith(
        "Aircall hat 3 Kontakte abgelehnt, zuletzt wegen: keine gültige Telefonnummer."
    )


def test_a_full_stop_is_no_part_of_a_value():
    assert GERMAN.retell("HubSpot is in trouble: it answered 503.") == (
        "HubSpot ist gestört und hat mit 503 geantwortet."
    )


def test_english_readers_are_told_what_was_said():
    assert ENGLISH.retell("Slack did not answer") == "Slack did not answer"


SAYING = {
    "Finding": (1, 2),
    "Hours": (1,),
    "Misunderstood": (1,),
    "NotFound": (1,),
    "OutcomeChoice": (1,),
    "OwnerChoice": (1,),
    "Problem": (1,),
    "Rejected": (1,),
    "Unavailable": (1,),
    "Verdict": (1,),
    "DamagedSettingsError": (0,),
    "_because": (0, 1, 2, 3),
    "_unavailable": (1,),
    "_unknown": (0,),
    "append": (0,),
    "broken": (1, 2),
    "ok": (1,),
    "parked": (2,),
    "raise_": (1,),
    "save": (3,),
    "tell_contact": (0,),
    "unknown": (1, 2),
    "warning": (1, 2),
}
"""Calls of lower rooms that say something to admins -> the places of their sentences."""
NAMED = {"because", "mend", "message", "note", "said", "sentence", "why", "why_not", "words"}
"""What sentences are called where they are kept for a moment, or given by name."""
ELSEWHERE = {
    "worker/__main__.py": "a shell's command speaks English",
    "worker/failures_command.py": "a shell's command speaks English",
    "worker/status.py": "a shell's command speaks English",
    "worker/explain.py": "a shell's command speaks English",
    "worker/cases.py": "a shell's command speaks English; the bot has `bot.explain.verdict`",
    "store/settings_command.py": "a shell's command speaks English",
    "worker/intake/app.py": "Aircall and probes read the door's answers",
    "worker/intake/body.py": "Aircall reads the door's answers",
    "worker/intake/metrics.py": "Prometheus reads it",
    "worker/meaning.py": "what people typed",
    "worker/intake/names.py": "names of events",
    "worker/setup.py": "what HubSpot shows of our properties is English",
    "rules/kinds.py": "what is written into HubSpot is English",
    "rules/activities.py": "what is written into HubSpot is English",
    "rules/summaries.py": "what is written into HubSpot is English",
    "rules/tickets.py": "what is written into HubSpot is English",
    "rules/events.py": "why a delivery was put aside is read in the store",
    "rules/settings/values.py": "`Must be …` is said in its place",
    "clients/deadline.py": "`did not answer in time` is said in its place",
    "sync/webhook/sentences.py": "put together of sentences: `test_retold_directory` hears each",
}
"""Files whose sentences Slack never shows as they stand there, and why."""
NOT_SHOWN = {
    f"Ticket {SAMPLE} is missing in HubSpot: no tickets are made for {SAMPLE}.": (
        "`bot.status.alerts.alert_sentence` says it by what the alert is about"
    ),
    f"Ticket {SAMPLE} is back in HubSpot, but no tickets are made for {SAMPLE}.": "so is this",
    f" It was deleted by {SAMPLE}.": "`bot.status.missing.missing_facts` says it",
    f"{SAMPLE} and {SAMPLE} more": "`bot.explain.story` counts a group's members itself",
    f"A revision of the settings in {SAMPLE} cannot be read ({SAMPLE}): {SAMPLE}.": "see `DAMAGED`",
    f"{SAMPLE} is no revision's number: {SAMPLE}.": "see `DAMAGED` of `bot.asking.errors`",
    f"Revision {SAMPLE} of the settings is in force and not in the store.": "see `DAMAGED`",
    f"Revision {SAMPLE} of the settings is in force, and a later one is there.": "see `DAMAGED`",
    f"{SAMPLE} holds {SAMPLE}, which is no revision's number.": "see `DAMAGED`",
    f"Revision {SAMPLE} of the settings is there although {SAMPLE} says {SAMPLE}.": "see `DAMAGED`",
}
"""Sentences that Slack does not show, and why."""
LISTED = {
    f"a person changed the {SAMPLE}, it was left alone": ("ticket's stage", "text"),
    f"no contact is made of: {SAMPLE}": ("one of our own numbers", "not a phone number"),
    f"the event says that it was {SAMPLE}": ("open", "closed"),
    f"the number had {SAMPLE} before": ("opened", "closed"),
    f"hours unknown: {SAMPLE}": ("the number opened or closed meanwhile",),
    f"{SAMPLE}: HubSpot refused the owner, written without": ("call", "ticket"),
    f"{SAMPLE}: HubSpot refused the owner, changed without": ("call", "message"),
    f"{SAMPLE}: a linked record was merged or deleted": ("call", "ticket"),
    f"HubSpot does not let us read {SAMPLE}.": ("contacts", "owners"),
    f"HubSpot refuses our tickets: {SAMPLE}. Calls and messages are logged without; "
    "once that is mended, retry the failures.": ("the token may not write them",),
    f"{SAMPLE} is missing in HubSpot": ("pipeline 1", "stage 2 of pipeline 1"),
    f"{SAMPLE} {SAMPLE} and was put among the failures. See python -m worker explain {SAMPLE}.": (),
    f"Aircall {SAMPLE}": ("could not be reached", "did not answer in time"),
    f"Aircall is not asked now: {SAMPLE}": WHY.values(),
    f"Aircall refused {SAMPLE} because: {SAMPLE}. What it refused is tried again when the contact "
    "changes in HubSpot.": ("a contact",),
    f"{SENTENCES['door'].removesuffix(MESSAGES)}{SAMPLE}": (MESSAGES,),
    f"{SENTENCES['webhook'].removesuffix(MESSAGES)}{SAMPLE}": (MESSAGES,),
}
"""Sentences whose holes hold words of ours: they are listed once for each, as for these."""
PARTS = {
    "ticket's stage", "ticket's subject", "ticket's text", "one of our own numbers",
    "not a phone number", "short code", "emergency number", "hours unknown",
    "the number never told of its hours", "no word of the number's hours at that time",
    "the number opened or closed meanwhile", "could not be reached", "did not answer in time",
    "broke the connection off", "could not be reached: its certificate was not accepted",
    f" (missing scopes: {SAMPLE})", f"{SAMPLE} contacts, the last one",
    f"stage {SAMPLE} of pipeline {SAMPLE}",
}  # fmt: skip
"""What fills those holes."""
NAMES = {
    "hubspot refuses", "tickets scope missing", "door closed", "store emptied",
    "no unique properties", "daily limit near", "pipeline missing ", "stage missing ",
    "not in hubspot", "other account", "not ours", "rate limit", "daily limit",
    "Mapping[str, Any]", f"pipeline missing {SAMPLE}", f"stage missing {SAMPLE}/{SAMPLE}",
    "tickets left out", "number gone ", "number new ", "owner archived ", "tag gone ",
    "outcome gone ", "foreign app", "contacts refused", "waiting long", "our own limit",
    "background jobs stand still", "store damaged",
}  # fmt: skip
"""Names of alerts, reasons and answers: what is said of each stands elsewhere."""


def spoken():
    """Whatever lower rooms say to admins."""
    return {
        sentence
        for room in ROOMS
        for file in sorted((ROOT / room).rglob("*.py"))
        if str(file.relative_to(ROOT)) not in ELSEWHERE
        for sentence in sentences_in(file.read_text(encoding="utf-8"))
        if is_sentence(sentence)
    }


def is_german(sentence):
    return GERMAN.retell(sentence) != sentence or all(
        GERMAN.retell(part) != part for part in sentence.split("; ")
    )


def test_whatever_lower_rooms_say_to_admins_is_said_in_german():
    said = spoken()
    assert len(said) > 150
    excepted = {*NOT_SHOWN, *LISTED, *PARTS, *NAMES}
    assert sorted(each for each in said - excepted if not is_german(filled(each))) == []


def filled(sentence):
    """Take the part of a choice that is added to others, and fill holes that are left."""
    part = sentence.removeprefix(f"{SAMPLE}; ").removeprefix("; ")
    return HOLE.sub(lambda hole: "Aircall" if hole[1] == "vendor" else SAMPLE, part)


@pytest.mark.parametrize("sentence", LISTED)
def test_a_sentence_with_words_of_ours_in_it_is_listed_for_each(sentence):
    for word in LISTED[sentence]:
        said = sentence.replace(SAMPLE, word)
        told = GERMAN.retell(said)
        assert told != said
        assert len(word.split()) < 3 or word not in told


def test_every_exception_still_stands_for_something():
    assert [name for name in ELSEWHERE if not (ROOT / name).exists()] == []
    assert {*NOT_SHOWN, *PARTS, *NAMES} - spoken() == set()


def is_sentence(text):
    """Tell words of ours from names, keys and codes."""
    own = text.replace(SAMPLE, "")
    return len(re.findall(r"[a-z]{2,}", own)) > 1 and " " in own.strip()


def sentences_in(source):
    """Every text that is said by a call or kept under a telling name, its holes filled."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            name = node.func.attr if isinstance(node.func, ast.Attribute) else name
            if isinstance(node.func, ast.Attribute) and is_log(node.func):
                continue
            places = SAYING.get(name, ())
            told = [node.args[place] for place in places if place < len(node.args)]
            told += [each.value for each in node.keywords if each.arg in NAMED]
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {each.id for each in targets if isinstance(each, ast.Name)}
            told = (
                [node.value] if {each.lower() for each in names} & NAMED or shouted(names) else []
            )
        elif isinstance(node, ast.Return) and node.value is not None:
            told = [node.value]
        else:
            continue
        for each in told:
            yield from texts_of(each)


def shouted(names):
    return any(each.isupper() and len(each) > 2 for each in names)


def is_log(function):
    return isinstance(function.value, ast.Name) and function.value.id in {"log", "_log"}


def texts_of(node):  # noqa: C901 - one case for each kind of expression
    """The texts that an expression may come to; parts of a tuple or a table each by itself."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(
                part.value if isinstance(part, ast.Constant) else SAMPLE for part in values
            )
        case ast.IfExp(body=body, orelse=orelse):
            yield from texts_of(body)
            yield from texts_of(orelse)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from (a + b for a in texts_of(left) for b in texts_of(right))
        case ast.BoolOp(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
            for each in values:
                yield from texts_of(each)
        case ast.Dict(values=values):
            for each in values:
                yield from texts_of(each)
        case ast.Call(args=args, keywords=keywords) if isinstance(node.func, ast.Name):
            for each in [*args, *(keyword.value for keyword in keywords)]:
                yield from texts_of(each)
        case ast.GeneratorExp(elt=each) | ast.ListComp(elt=each):
            yield from texts_of(each)
        case _:
            return
