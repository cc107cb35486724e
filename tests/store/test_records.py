import pytest

from rules.kinds import Kind
from rules.plan import Decision, Mark, Plan, Record
from rules.records import Call
from store.records import (
    DamagedError,
    Ids,
    ids_json,
    mark_json,
    read_event,
    read_ids,
    read_mark,
    read_record,
    record_json,
)

PRIVATE = b'{"message":{"id":"message-1","body":["Anna"],"phone":{"is":"+33612345678"}}}'
RECORD = Record(call=Call("call-1"), decision=Decision("failed", "no"))
MARK = Mark(Plan("call-1", Kind.INBOUND_MISSED, "calls", {"hs_call_title": "Übergröße"}), at=3)
IDS = Ids("logged", "calls", "77")
READERS = [read_record, read_mark, read_ids, read_event]
KEPT = [
    (read_record, record_json(RECORD), RECORD),
    (read_record, record_json(Record()), Record()),
    (read_mark, mark_json(MARK), MARK),
    (read_ids, ids_json(IDS, "call-1"), IDS),
]


def test_what_cannot_be_read_is_told_by_its_places_and_without_its_values():
    with pytest.raises(DamagedError) as told:
        read_record(PRIVATE)
    assert "message.body: string_type" in str(told.value)
    assert "message.phone: string_type" in str(told.value)
    assert "Anna" not in repr(told.value)
    assert "336" not in repr(told.value)
    assert told.value.__suppress_context__


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"1"])
def test_damage_of_any_kind_is_one_error(read, raw):
    with pytest.raises(DamagedError):
        read(raw, "call-1")


@pytest.mark.parametrize(("read", "kept", "value"), KEPT)
def test_what_is_kept_is_read_back_and_every_changed_bit_is_noticed(read, kept, value):
    raw = kept.encode()
    assert read(raw, "call-1") == value
    for place in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(DamagedError):
            read(bytes(changed), "call-1")


@pytest.mark.parametrize(
    ("read", "kept"),
    [
        (read_record, record_json(RECORD)),
        (read_mark, mark_json(MARK)),
        (read_ids, ids_json(IDS, "call-1")),
    ],
)
def test_what_is_kept_under_the_id_of_another_is_noticed(read, kept):
    with pytest.raises(DamagedError):
        read(kept.encode(), "call-3")


def test_what_the_version_before_kept_has_no_checksum_and_is_read():
    assert read_record(b'{"decision":{"result":"failed","reason":"no"}}').decision.reason == "no"
    assert read_ids(b'{"result":"logged","type":"calls","activity":"77"}', "call-1") == IDS
    envelope = b'{"arrived":5,"revision":1,"source":"webhook","event":{}}'
    assert read_event(envelope, "call-1")["arrived"] == 5
