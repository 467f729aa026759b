"""Names of things: sortable by time, unique, and the tokens secret."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.support.clock import HandClock

from tertulia.core.ids import SystemIds, uuid7

MILLISECONDS = st.integers(0, 2**48 - 1)
RANDOM = st.binary(min_size=10, max_size=10)


@given(MILLISECONDS, RANDOM)
def test_a_uuid7_says_its_time_and_version(milliseconds: int, random: bytes) -> None:
    made = uuid7(milliseconds, random)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == milliseconds


@given(st.tuples(MILLISECONDS, RANDOM), st.tuples(MILLISECONDS, RANDOM))
def test_later_sorts_higher(one: tuple[int, bytes], other: tuple[int, bytes]) -> None:
    if one[0] < other[0]:
        assert uuid7(*one) < uuid7(*other)
        assert str(uuid7(*one)) < str(uuid7(*other))


def test_the_random_bits_all_count() -> None:
    assert len({uuid7(1, (1 << bit).to_bytes(10)) for bit in range(80)}) == 74 + 1


async def test_ids_follow_the_clock(clock: HandClock) -> None:
    ids = SystemIds(clock)
    first = [ids.uuid7() for _ in range(1000)]
    await clock.advance(timedelta(milliseconds=1).total_seconds())
    assert len(set(first)) == 1000
    assert max(first) < ids.uuid7()


def test_tokens_are_long_and_never_the_same(clock: HandClock) -> None:
    ids = SystemIds(clock)
    tokens = {ids.token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert min(len(token) for token in tokens) >= 43  # 256 bits in URL-safe text
