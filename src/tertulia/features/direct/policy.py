"""How large parts are, and what may be signed: pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from tertulia.core.buckets import Bucket
from tertulia.core.errors import FieldError, Invalid

SIGNED_FOR = 15 * 60  # seconds: the bucket looks when a request begins, however long it takes
KEPT = timedelta(hours=24)  # since it began, or a part was last asked for
LONGEST = timedelta(days=7)  # since it began
CLAIM = timedelta(minutes=10)  # to turn it into a file: the bucket joins parts, and copies
SMALLEST_PART, LARGEST_PART, MOST_PARTS = 5 << 20, 5 << 30, 10_000  # bytes, and how many
LARGEST = 5 << 30  # bytes of one request
ASKING = Bucket("direct", 1_200, 60)  # mostly for parts
_TYPE = re.compile(r"[\w.+!#$&^-]+/[\w.+!#$&^-]+( ?; ?[\w-]+=[\w.+-]+)*", re.ASCII)


class Sent(NamedTuple):
    """A part that is there, or that the client says is there."""

    number: int
    etag: str | None
    size: int | None = None


def media_type(said: str) -> str:
    """Fit to stand in a header; what it says is believed by nobody."""
    return said if _TYPE.fullmatch(said) else "application/octet-stream"


def require_whole(size: int) -> None:
    """Raises Invalid where it does not fit into one request."""
    if size > LARGEST:
        raise _wrong("size", "out_of_range", "Send more than 5 GiB in parts.")


def told_size(metadata: Mapping[str, Any]) -> int:
    """Raises Invalid naming the field."""
    size = _whole_number(metadata.get("size"))
    if size is None:
        raise _wrong("metadata.size", "required", "Say how many bytes come.")
    return size


def part_size(size: int, metadata: Mapping[str, Any]) -> int:
    """Bytes of each part but the last: those asked for, or as Uppy cuts. Raises Invalid."""
    if size == 0:
        raise _wrong("metadata.size", "out_of_range", "Nothing cannot come in parts.")
    least = max(SMALLEST_PART, -(-size // MOST_PARTS))
    wanted = metadata.get("part_size")
    if wanted is None:
        return least
    told = _whole_number(wanted)
    if told is None or not least <= told <= LARGEST_PART:
        message = f"Parts have from {least} to {LARGEST_PART} bytes."
        raise _wrong("metadata.part_size", "out_of_range", message)
    return told


def count(size: int, part: int) -> int:
    return -(-size // part)


def length(size: int, part: int, number: int) -> int:
    """Bytes of one part. Raises Invalid where there is no such part."""
    if not 1 <= number <= count(size, part):
        raise _wrong("part_number", "out_of_range", "There is no such part.")
    return min(part, size - (number - 1) * part)


def is_complete(size: int, part: int, there: Sequence[Sent]) -> bool:
    """Is every part there, each of its length?"""
    return [(one.number, one.size) for one in there] == [
        (number, length(size, part, number)) for number in range(1, count(size, part) + 1)
    ]


def agrees(there: Sequence[Sent], said: Sequence[Sent]) -> bool:
    """Does the client mean the parts that are there? It may know of no ETag: browsers are told only
    where the bucket allows it."""
    etags = {one.number: (one.etag or "").strip('"') for one in there}
    return len(said) == len(etags) and all(
        one.number in etags and (not one.etag or one.etag.strip('"') == etags[one.number])
        for one in said
    )


def _whole_number(value: Any) -> int | None:
    """Forms and URLs know only text."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _wrong(name: str, code: str, message: str) -> Invalid:
    return Invalid(message, errors=(FieldError(name, code, message),))
