import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.changes import as_marked, change, kept_in_words
from rules.kinds import Kind
from rules.plan import GUARDED, Change, Mark, Plan, Written, digest, wanted

OWNER, OUTCOME, TITLE, BODY = (
    "hubspot_owner_id",
    "hs_call_disposition",
    "hs_call_title",
    "hs_call_body",
)
STAGED = {"hs_pipeline": "0", "hs_pipeline_stage": "2"}
TOLD = {**STAGED, "subject": "Voicemail", "content": "Listen"}
SAID = {"subject": digest("Missed"), "content": digest("Call back")}
HELD = {"hs_pipeline_stage": "1", "subject": "Missed", "content": "Call back"}
MISSED, VOICEMAIL = Kind.INBOUND_MISSED, Kind.INBOUND_VOICEMAIL


def plan(kind=MISSED, ticket=None, **properties):
    return Plan("call-1", kind, "calls", properties, ticket=ticket)


def written(kind=MISSED, **more):
    more.setdefault("properties", {})
    return Written("calls", kind, activity="7", **more)


@pytest.mark.parametrize("name", sorted(GUARDED - {BODY, "hs_communication_body"}))
def test_a_guarded_property_changes_only_while_hubspot_holds_ours(name):
    before = written(properties={name: "ours"})
    assert change(plan(**{name: "new"}), before, {name: "ours"}, None).properties == {name: "new"}
    assert change(plan(**{name: "new"}), before, {name: "mine"}, None).properties == {}
    assert change(plan(**{name: "new"}), before, {name: None}, None).properties == {}


def test_what_was_never_written_is_ours_while_hubspot_holds_nothing():
    assert change(plan(**{OWNER: "1"}), written(), {OWNER: None}, None).properties == {OWNER: "1"}
    assert change(plan(**{OWNER: "1"}), written(), {OWNER: "2"}, None).properties == {}


def test_what_hubspot_answered_counts_as_ours():
    before = written(properties={TITLE: "sent"}, answered={TITLE: "tidied"})
    assert change(plan(**{TITLE: "new"}), before, {TITLE: "tidied"}, None).properties
    assert not change(plan(**{TITLE: "new"}), before, {TITLE: "sent"}, None).properties


def test_what_is_not_guarded_is_sent_whatever_hubspot_holds():
    before = written(properties={"hs_call_status": "a"})
    assert change(plan(hs_call_status="b"), before, {}, None).properties == {"hs_call_status": "b"}


def test_an_edited_body_gets_our_new_lines_and_nothing_where_there_are_none():
    before = written(properties={BODY: "one"})
    longer = change(plan(**{BODY: "one<br>two"}), before, {BODY: "mine"}, None)
    assert longer.properties == {BODY: "mine<br>two"}
    same = change(plan(**{BODY: "one<br>two"}), before, {BODY: "mine<br>two"}, None)
    assert same.properties == {}
    emptied = change(plan(**{BODY: "one<br>two"}), before, {BODY: None}, None)
    assert emptied.properties == {BODY: "two"}


@pytest.mark.parametrize(
    ("kind", "ticket", "current", "moved"),
    [
        (VOICEMAIL, STAGED, "1", STAGED),
        (VOICEMAIL, STAGED, "4", {}),  # a person moved it
        (VOICEMAIL, STAGED, None, {}),  # there is none, or a person deleted it
        (VOICEMAIL, None, "1", {}),  # the new kind has no stage
        (MISSED, STAGED, "1", {}),  # the same kind: a stage chosen later moves nothing
        (VOICEMAIL, {**STAGED, "hs_pipeline_stage": "1"}, "1", {}),  # it is there already
    ],
)
def test_a_ticket_moves_only_with_its_kind_and_only_from_our_stage(kind, ticket, current, moved):
    before = written(ticket="9", stage="1")
    held = {"hs_pipeline_stage": current} if current else None
    assert change(plan(kind, ticket), before, {}, held).ticket == moved


@pytest.mark.parametrize(
    ("edited", "told", "note"),
    [
        ({}, TOLD, ()),
        ({"subject": "Mine"}, {**STAGED, "content": "Listen"}, ("ticket's subject",)),
        ({"content": None}, {**STAGED, "subject": "Voicemail"}, ("ticket's text",)),
        (
            {"hs_pipeline_stage": "4"},
            {"subject": "Voicemail", "content": "Listen"},
            ("ticket's stage",),
        ),
        (TOLD, {}, ()),  # it says so already
        (dict.fromkeys(HELD, "Mine"), {}, tuple(HELD)),
    ],
)
def test_what_a_ticket_says_follows_its_kind_while_it_is_ours(edited, told, note):
    before = written(ticket="9", stage="1", ticket_texts=SAID)
    sent = change(plan(VOICEMAIL, TOLD), before, {}, {**HELD, **edited})
    assert sent.ticket == told
    assert len(kept_in_words(sent)) == len(note)
    if len(note) == 1:
        assert kept_in_words(sent) == (f"a person changed the {note[0]}, it was left alone",)


def test_a_ticket_of_which_we_remember_no_text_keeps_it_without_a_word():
    before = written(ticket="9", stage="1")
    sent = change(plan(VOICEMAIL, TOLD), before, {}, HELD)
    assert (sent.ticket, sent.kept) == (STAGED, ())


def test_what_a_ticket_says_stays_while_the_kind_stays():
    before = written(ticket="9", stage="1", ticket_texts=SAID)
    assert change(plan(MISSED, TOLD), before, {}, HELD).ticket == {}


@pytest.mark.parametrize(
    ("name", "word"),
    [(OUTCOME, "outcome"), (OWNER, "owner"), (TITLE, "title"), (BODY, "text")],
)
def test_what_a_person_changed_is_told_in_words(name, word):
    before = written(properties={name: "ours", "a": "b"})
    sent = change(plan(**{name: ""}), before, {name: "mine"}, None)
    assert sent.properties == {}
    assert kept_in_words(sent) == (f"a person changed the {word}, it was left alone",)


def test_nothing_is_told_of_a_value_that_is_as_planned_or_that_nobody_remembers():
    before = written(properties={TITLE: "ours"})
    assert change(plan(**{TITLE: "new"}), before, {TITLE: "new"}, None).kept == ()
    assert change(plan(**{TITLE: "new"}), written(), {TITLE: "mine"}, None).kept == ()
    cleared = written(properties={OUTCOME: "x"})
    assert change(plan(), cleared, {OUTCOME: None}, None) == Change({})


def test_nothing_is_told_of_an_edited_body_that_got_our_new_lines():
    before = written(properties={BODY: "one"})
    assert change(plan(**{BODY: "one<br>two"}), before, {BODY: "mine"}, None).kept == ()


def test_half_a_sign_that_hubspot_answers_with_stops_nothing():
    before = written(properties={BODY: "one"}, ticket="9", stage="1", ticket_texts=SAID)
    held = {"hs_pipeline_stage": "1", "subject": "half \ud83d", "content": "Call back"}
    sent = change(plan(VOICEMAIL, TOLD, **{BODY: "one<br>two"}), before, {BODY: "a\ud83db"}, held)
    assert sent.properties == {BODY: "ab<br>two"}
    assert sent.ticket == {**STAGED, "content": "Listen"}
    nothing_new = change(plan(**{BODY: "two"}), before, {BODY: "two\ud83d"}, None)
    assert nothing_new.properties == {}


def marked(properties=(), ticket=(), **planned):
    return Mark(plan(**planned), Change(dict(properties), dict(ticket)))


def test_a_mark_of_a_creation_changes_nothing_in_what_we_wrote():
    before = written(properties={TITLE: "a"})
    assert as_marked(before, Mark(plan()), {TITLE: "b"}, None) is before


def test_a_marked_value_that_hubspot_holds_was_written_by_us():
    mark = marked({TITLE: "new"}, **{TITLE: "new"})
    before = written(properties={TITLE: "old"}, answered={TITLE: "tidied"})
    now = as_marked(before, mark, {TITLE: "new"}, None)
    assert (now.properties, now.answered) == ({TITLE: "new"}, {})
    assert as_marked(before, mark, {TITLE: "other"}, None) == before


def test_a_marked_addition_to_a_persons_body_stays_the_persons():
    mark = marked({BODY: "mine<br>two"}, **{BODY: "one<br>two"})
    now = as_marked(written(properties={BODY: "one"}), mark, {BODY: "mine<br>two"}, None)
    again = change(plan(**{BODY: "one<br>two<br>three"}), now, {BODY: "mine<br>two"}, None)
    assert again.properties == {BODY: "mine<br>two<br>three"}


def test_a_marked_clearing_that_hubspot_holds_counts_as_cleared():
    now = as_marked(written(properties={OUTCOME: "x"}), marked({OUTCOME: ""}), {}, None)
    assert wanted(plan(), now) == {}


def test_what_is_not_guarded_is_sent_again_after_a_doubtful_try():
    mark = marked({"hs_call_status": "b"}, hs_call_status="b")
    now = as_marked(written(properties={"hs_call_status": "a"}), mark, {}, None)
    assert wanted(plan(hs_call_status="b"), now) == {"hs_call_status": "b"}


@pytest.mark.parametrize(("current", "stage"), [("2", "2"), ("1", "1"), ("4", "1"), (None, "1")])
def test_a_marked_move_counts_if_the_ticket_stands_there(current, stage):
    before = written(ticket="9", stage="1")
    held = {"hs_pipeline_stage": current} if current else None
    assert as_marked(before, marked(ticket=STAGED), {}, held).stage == stage


def test_marked_texts_that_the_ticket_holds_are_ours():
    before = written(ticket="9", stage="1", ticket_texts=SAID)
    now = as_marked(before, marked(ticket=TOLD), {}, {**TOLD, "content": "Mine"})
    assert now.ticket_texts == {"subject": digest("Voicemail"), "content": SAID["content"]}


TEXTS = st.dictionaries(st.sampled_from(sorted(GUARDED)), st.sampled_from(["", "a", "b", "c"]))


@given(planned=TEXTS, before=TEXTS, current=TEXTS)
def test_a_value_that_a_person_chose_is_never_replaced(planned, before, current):
    sent = change(plan(**planned), written(properties=before), current, None).properties
    for name, text in sent.items():
        is_ours = current.get(name, "") == before.get(name, "")
        assert is_ours or text.startswith(current.get(name, ""))


@given(planned=TEXTS, before=TEXTS)
def test_after_a_change_is_sent_nothing_more_is_wanted(planned, before):
    first = written(properties=before)
    sent = change(plan(**planned), first, before, None).properties
    assert wanted(plan(**planned), written(properties={**before, **sent})) == {}
