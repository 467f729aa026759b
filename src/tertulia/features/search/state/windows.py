"""Time in growing windows: the newest hours first, then days, weeks, months, everything.

Every message bears the numbers of its hour, its 8 hours, its 64 hours, … A window is a handful of
such numbers, so that the index itself limits a question to it: a common word is found at once in
the last hours, a rare one costs a look in each window and is rare in all of them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

HOUR = 3600
LEVELS = 6  # 1, 8, 64, 512, 4,096 and 32,768 hours (3.7 years)
_BASE = 8
_OLDEST = datetime(1970, 1, 1, tzinfo=UTC)


class Window(NamedTuple):
    """`marks` cover at least the time from `since` on to where the window before began."""

    since: datetime
    marks: tuple[str, ...]


def buckets(at: datetime) -> list[str]:
    """The marks of a moment."""
    return [_mark(level, _hour(at) // _BASE**level) for level in range(LEVELS)]


def windows(until: datetime, since: datetime | None, *, first: int = 0) -> Iterator[Window]:
    """Windows from `until` back to `since`, the newest first, each eight times as long as the one
    before; together they cover every moment once. `first` is the level to begin with."""
    end = max(_hour(until), 0)  # the last hour, itself included
    stop = max(_hour(since), 0) if since else 0
    for level in range(first, LEVELS):
        if end < stop:
            return
        size = _BASE**level
        last = end // size
        # Back to where a bucket of the next level begins; the last level goes back to the start.
        begin = 0 if level == LEVELS - 1 else last // _BASE * _BASE
        begin = max(begin, stop // size)
        yield Window(
            _OLDEST + timedelta(hours=begin * size),
            tuple(_mark(level, number) for number in range(begin, last + 1)),
        )
        end = begin * size - 1


def _hour(at: datetime) -> int:
    return int((at - _OLDEST).total_seconds() // HOUR)


def _mark(level: int, number: int) -> str:
    return f"~{level}{max(number, 0):x}"
