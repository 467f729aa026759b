"""What is sent behind a greeting: whole streams or nothing of them, within bounds (W13)."""

from collections.abc import Mapping

import pytest
from tests.support.stage import told

from tertulia.core.bus import Notice
from tertulia.core.replay import BYTES, IN_ALL, Line, Parcel, Standing, line, parcel

OWN = "account:me"


def lines(topic: str, *seqs: int) -> list[Line]:
    return [line(told(topic, seq)) for seq in seqs]


def put(after: int, head: int, *seqs: int) -> int | None:
    """How many frames go out; None where the stream does not count as replayed."""
    found = Parcel()
    found.put("room:a", after, head, lines("room:a", *seqs))
    return len(found.frames) if found.streams else None


@pytest.mark.parametrize(
    ("after", "head", "seqs", "count"),
    [
        (3, 5, (4, 5), 2),
        (3, 5, (2, 3, 4, 5, 6), 2),  # others lacked more, and more was said
        (3, 5, (4, 4, 5, 5), 2),  # read, and delivered lately
        (3, 5, (4,), None),
        (3, 5, (5,), None),
        (3, 6, (4, 6), None),
        (3, 5, (), None),
        (5, 3, (), 0),  # this node is behind: all of it comes live
    ],
)
def test_all_that_is_lacking_or_nothing(
    after: int, head: int, seqs: tuple[int, ...], count: int | None
) -> None:
    assert put(after, head, *seqs) == count


def test_a_client_gets_so_many_events_and_no_more() -> None:
    found = Parcel()
    for n in range(IN_ALL // 90 + 3):
        found.put(f"room:{n}", 0, 90, lines(f"room:{n}", *range(1, 91)))
    found.put("room:short", 0, 40, lines("room:short", *range(1, 41)))
    assert len(found.frames) == IN_ALL // 90 * 90 + 40 <= IN_ALL
    assert found.streams[-1] == "room:short"


def test_a_client_gets_so_many_bytes_and_no_more() -> None:
    found = Parcel()
    heavy = line(Notice("room:a", 1, "said", b'"%b"' % (b"x" * (BYTES // 2))))
    for n in range(3):
        found.put(f"room:{n}", 0, 1, [heavy])
    assert found.streams == ["room:0"]


def test_its_own_stream_first_then_the_least_behind() -> None:
    heads: Mapping[str, int] = {"room:a": 3, OWN: 9, "room:b": 2, "room:quiet": 4}
    known = {"room:a": 0, "room:b": 0, "room:quiet": 4, OWN: 0, "room:foreign": 0}
    missed = {name: lines(name, *range(1, heads[name] + 1)) for name in (OWN, "room:a", "room:b")}
    delivered = {name: (head, ()) for name, head in heads.items()}
    found = parcel(OWN, known, Standing(heads, missed), delivered)
    assert found.streams == [OWN, "room:b", "room:a"]


def test_what_came_while_it_was_joining_comes_with_it() -> None:
    """Race: the standing was read, somebody said something, and only then the socket listened."""
    standing = Standing({OWN: 0, "room:a": 3}, {})
    delivered = {"room:a": (5, lines("room:a", 4, 5)), OWN: (0, ())}
    found = parcel(OWN, {"room:a": 3, OWN: 0}, standing, delivered)
    assert (found.streams, len(found.frames)) == (["room:a"], 2)
    forgotten = parcel(OWN, {"room:a": 3}, standing, {"room:a": (5, lines("room:a", 5))})
    assert forgotten.streams == []
