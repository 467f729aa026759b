"""Names of streams."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.streams import account_stream, parse_stream, room_stream


@given(st.uuids())
def test_a_name_leads_back_to_its_stream(id_: UUID) -> None:
    for stream in (room_stream(id_), account_stream(id_)):
        assert parse_stream(stream.name) == stream
    assert room_stream(id_).name != account_stream(id_).name


@pytest.mark.parametrize("name", ["", "room", "room:", "room:x", "thing:" + "0" * 32, ":"])
def test_other_words_are_no_streams(name: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_stream(name)


@given(st.text())
def test_no_text_breaks_it(name: str) -> None:
    try:
        stream = parse_stream(name)
    except ValueError:
        return
    assert stream.kind in ("room", "account")
