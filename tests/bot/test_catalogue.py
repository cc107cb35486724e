"""German is complete: every sentence of the code is there, said as the English says it."""

import ast
import re
from io import BytesIO
from itertools import zip_longest

import pytest
from babel.messages.pofile import read_po, write_po

from bot.words.catalogue import COUNTING, LOCALES, ROOM, SAYING, extracted, messages_in, updated
from bot.words.words import catalogue

GERMAN = LOCALES / "de.po"
HOLE = re.compile(r"\{(\w+)\}")
EMOJI = re.compile(r":[a-z_]+:")
ENDING = re.compile(r"(?:[.:?!…]| …)?\s*$")
MARKS = ("*", "`", "<", ">", "&", "•", "→", "\n")
ALIKE = {
    "Admins",
    "Aircall",
    "HubSpot",
    "Name",
    "Person",
    "Slack",
    "Status",
    "Ticket",
    "Tickets",
    "*Agent*: {agent}",
    "*Revision {number}*",
    "*Tags*: {tags}",
    "Pipeline {pipeline}",
    "Revision {number}, {when}",
    "Ticket in HubSpot",
    "ticket {id}",
}
"""What is the same word in both languages; sentences of nothing but holes and signs are, too."""
LIMITS = {
    "button": {0: 75, "label": 75},
    "channel_select": {1: 150},
    "confirm": {0: 100, 1: 300, 2: 30, 3: 30},
    "field": {1: 75},
    "header": {0: 150},
    "modal": {0: 24, "close": 24, "submit": 24},
    "multi_select": {2: 150},
    "Fix": {2: 75, 3: 75},
    "Option": {0: 75, 2: 75},
    "select": {2: 150},
    "text_input": {"placeholder": 150},
    "user_select": {0: 150},
}
"""Slack's limits by what is built: an argument's place or name -> characters."""


def messages():
    return [each for each in catalogue("de") if each.id]


def forms(text):
    return (text,) if isinstance(text, str) else tuple(text)


def pairs():
    """Each English form with the German one; of a counted sentence both."""
    return [
        (english, german)
        for message in messages()
        for english, german in zip_longest(forms(message.id), forms(message.string), fillvalue="")
    ]


def german():
    return dict(pairs())


def test_the_catalogue_holds_exactly_the_sentences_of_the_code():
    held = {each.id if isinstance(each.id, str) else tuple(each.id) for each in messages()}
    assert held ^ extracted() == set()


def test_extracting_anew_leaves_the_file_as_it_is():
    written = BytesIO()
    write_po(written, updated("de"), width=100, sort_output=True)
    assert written.getvalue() == GERMAN.read_bytes()


def test_no_sentence_is_unsaid_fuzzy_or_obsolete():
    with GERMAN.open("rb") as file:
        read = read_po(file)
    assert not read.obsolete
    assert not any(each.fuzzy for each in messages())
    assert [english for english, said in pairs() if not said.strip()] == []


def test_counted_sentences_have_a_form_for_one_and_one_for_many():
    counted = [each for each in messages() if not isinstance(each.id, str)]
    assert len(counted) > 20
    assert [each.id for each in counted if len(forms(each.string)) != 2] == []
    assert [each.id for each in counted if "{count}" not in each.id[1]] == []


def test_a_sentence_has_the_same_holes_in_both_languages():
    def holes(text):
        return set(HOLE.findall(text))

    assert [pair for pair in pairs() if holes(pair[0]) != holes(pair[1])] == []
    assert [said for _, said in pairs() if HOLE.sub("", said).count("{")] == []


def test_a_sentence_has_the_same_marks_in_both_languages():
    def marks(text):
        plain = HOLE.sub("", text)
        return (
            [plain.count(each) for each in MARKS],
            EMOJI.findall(text),
            len(re.findall(r"\b_|_\b", plain)),
        )

    assert [pair for pair in pairs() if marks(pair[0]) != marks(pair[1])] == []


def test_a_sentence_begins_and_ends_with_the_same_signs_in_both_languages():
    def edges(text):
        text = HOLE.sub("x", text.replace("„", "“"))
        end = ENDING.search(re.sub(r"[”“]", "", text))
        return end[0], len(text) - len(text.lstrip())

    assert [pair for pair in pairs() if edges(pair[0]) != edges(pair[1])] == []


def test_no_sentence_has_two_blanks_where_the_english_has_one():
    assert [
        said for english, said in pairs() if "  " in said.strip() and "  " not in english.strip()
    ] == []


def test_german_has_german_quotation_marks_and_as_many():
    wrong = [
        (english, said)
        for english, said in pairs()
        if "”" in said
        or (english.count("“"), english.count("”")) != (said.count("„"), said.count("“"))
    ]
    assert wrong == []


def test_german_is_formal():
    familiar = re.compile(r"\b(?:du|dich|dir|dein\w*|euch|eure?\w*)\b", re.IGNORECASE)
    assert [said for _, said in pairs() if familiar.search(said)] == []
    asking = re.compile(r"\b(?:sie|ihr|ihre[mnrs]?|ihnen) (?:bitte|können|dürfen|haben|möchten)\b")
    assert [said for _, said in pairs() if asking.search(said)] == []


def test_nothing_is_left_in_english():
    left = [
        english
        for english, said in pairs()
        if english == said
        and english not in ALIKE
        and re.search(r"[A-Za-z]{2}", EMOJI.sub("", HOLE.sub("", said)))
    ]
    assert left == []
    assert set(german()) >= ALIKE


TERMS = {
    r"\bcalls?\b(?! now| one of|s?:)": "[Aa]nruf|Call ID",
    r"\bstages?\b": "Phase",
    r"\bpipelines?\b": "Pipeline",
    r"\boutcomes?\b": "[Ee]rgebnis",
    r"\bowners?\b(?! of this Slack)": "Eigentümer|Inhaber",
    r"\brevisions?\b": "Revision",
    r"\bdisabled\b": "[Dd]eaktivier",
    r"\benabled\b": "[Aa]ktivier",
    r"\bignored\b": "[Ii]gnorier",
    r"\balerts?\b": "Warnung",
    r"\bbusiness hours\b": "Geschäftszeiten",
    r"\bconnected numbers?\b": "[Vv]erbundenen? Nummer",
    r"\bwebhooks?\b": "Webhook",
    r"\bcompan(?:y|ies)\b": "Unternehmen",
    r"\bhistory\b": "Verlauf",
    r"\bbackfill\b": "Nachtrag|backfill",
    r"\bcontact sync\b": "Kontaktabgleich",
    r"\bfetched\b": "nachgeholt",
    r"\bleft out\b": "[Aa]usgelassen",
    r"\bpreviews?\b": "Vorschau",
    r"\bremind": "erinner",
    r"\bresolved\b": "[Bb]ehoben",
    r"\bunique propert": "eindeutigen? Eigenschaft",
}


@pytest.mark.parametrize("english_term", TERMS)
def test_a_term_is_always_the_same_word(english_term):
    term, word = re.compile(english_term, re.IGNORECASE), re.compile(TERMS[english_term])
    wrong = [
        (english, said)
        for english, said in pairs()
        if term.search(HOLE.sub("", english)) and not word.search(said)
    ]
    assert wrong == []


def test_nothing_said_in_a_limited_place_is_longer_than_slack_takes():
    limited = [each for file in ROOM.rglob("*.py") for each in limits_in(file.read_text("utf-8"))]
    assert len(limited) > 100
    said = german()
    too_long = [
        (most, text, form)
        for text, most in limited
        for form in (text, said[text])
        if len(HOLE.sub("", form)) > most
    ]
    assert too_long == []


def limits_in(source):
    """Every text of the code that stands where Slack takes so many characters, and how many."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or name_of(call) not in LIMITS:
            continue
        places = LIMITS[name_of(call)]
        told = [*enumerate(call.args), *((each.arg, each.value) for each in call.keywords)]
        for place, argument in told:
            if place in places:
                yield from ((text, places[place]) for text in texts_in(argument))


def texts_in(argument):
    for node in ast.walk(argument):
        if isinstance(node, ast.Call) and name_of(node) in {*SAYING, COUNTING}:
            first_two = node.args[: 2 if name_of(node) == COUNTING else 1]
            yield from (each.value for each in first_two if isinstance(each, ast.Constant))


def name_of(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def test_sentences_are_found_wherever_a_name_like_words_is_passed_on():
    source = 'words.count("{count} a", "{count} b", len(ids), names=named(ids, words))'
    assert list(messages_in(source, "x.py")) == [("{count} a", "{count} b")]
    source = 'asked.words("One.", x=words("Two.")), scene.words.md("Three."), N_("Four.")'
    assert set(messages_in(source, "x.py")) == {"One.", "Two.", "Three.", "Four."}
    assert list(messages_in('words(NAMES[path]); "a*b".count("*"); words()', "x.py")) == []


@pytest.mark.parametrize(
    "source",
    ['words(f"It is {x}.")', 'words.md("a" + b)', 'words("a" if b else "c")', "words.md(1)"],
)
def test_a_sentence_that_is_put_together_is_refused(source):
    with pytest.raises(ValueError, match=r"x\.py:1: a sentence must be one literal text"):
        list(messages_in(source, "x.py"))
