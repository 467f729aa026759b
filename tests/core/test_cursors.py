"""Opaque cursors."""

from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core import cursors
from tertulia.core.errors import Invalid


class Key(NamedTuple):
    rank: int
    name: str


@given(st.integers(-(2**53), 2**53), st.text().filter(lambda text: "\0" not in text))
def test_a_key_comes_back(rank: int, name: str) -> None:
    assert cursors.decode(cursors.encode(Key(rank, name)), Key) == Key(rank, name)


@given(st.uuids())
def test_a_cursor_is_safe_in_an_address(key: UUID) -> None:
    cursor = cursors.encode(key)
    assert cursors.decode(cursor, UUID) == key
    assert cursor.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=40))
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    with suppress(Invalid):
        cursors.decode(text, UUID)


@pytest.mark.parametrize("key", [5, "x", [1, "a", 2], {"rank": 1}, None])
def test_a_key_of_another_list_is_refused(key: object) -> None:
    with pytest.raises(Invalid) as refused:
        cursors.decode(cursors.encode(key), Key)
    assert [error.field for error in refused.value.errors] == ["cursor"]


def test_a_forged_key_with_nul_never_reaches_the_database() -> None:
    with pytest.raises(Invalid):
        cursors.decode(cursors.encode(Key(1, "a\0b")), Key)
