import pytest

from store.records import DamagedError, read_ids, read_mark, read_record

PRIVATE = b'{"message":{"id":"message-1","body":["Anna"],"phone":{"is":"+33612345678"}}}'


def test_what_cannot_be_read_is_told_by_its_places_and_without_its_values():
    with pytest.raises(DamagedError) as told:
        read_record(PRIVATE)
    assert "message.body: string_type" in str(told.value)
    assert "message.phone: string_type" in str(told.value)
    assert "Anna" not in repr(told.value)
    assert "336" not in repr(told.value)
    assert told.value.__suppress_context__


@pytest.mark.parametrize("read", [read_record, read_mark, read_ids])
@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"1"])
def test_damage_of_any_kind_is_one_error(read, raw):
    with pytest.raises(DamagedError):
        read(raw)
