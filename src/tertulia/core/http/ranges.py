"""Which bytes an answer carries: conditional and range requests (RFC 9110 §13, §14). Pure.

What is served this way never changes under its entity tag, so there is no modification date: by
§13.1.3 a date asked for is then ignored, and in If-Range it never matches (§13.1.5).
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

# Of one header. Players ask for one range; who asks for hundreds means to cost us something.
LONGEST_HEADER = 1_000
MOST_RANGES = 16
_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_RANGE = re.compile(r"(\d{0,18})-(\d{0,18})", re.ASCII)


class Portion(NamedTuple):
    """The answer to give: 200 or 206 with the bytes from `start` up to before `stop`; 304, 412 and
    416 with none."""

    status: int
    start: int = 0
    stop: int = 0

    @property
    def length(self) -> int:
        return self.stop - self.start


NOT_MODIFIED = Portion(304)
PRECONDITION_FAILED = Portion(412)
UNSATISFIABLE = Portion(416)


def choose(method: str, headers: Mapping[str, str], etag: str, size: int) -> Portion:
    """Of something of `size` bytes under a strong `etag`. `headers`: names in lower case; `method`
    is GET or HEAD. The order is that of RFC 9110 §13.2.2."""
    whole = Portion(200, 0, size)
    if_match = headers.get("if-match")
    if if_match is not None and not _names(if_match, etag, weakly=False):
        return PRECONDITION_FAILED
    if_none_match = headers.get("if-none-match")
    if if_none_match is not None and _names(if_none_match, etag, weakly=True):
        return NOT_MODIFIED
    asked = headers.get("range")
    if asked is None or method != "GET":
        return whole
    if_range = headers.get("if-range")
    if if_range is not None and if_range.strip() != etag:
        return whole
    return _portion(asked, size) or whole


def content_range(portion: Portion, size: int) -> str:
    """The header of a 206 or a 416."""
    if portion.status == 416:
        return f"bytes */{size}"
    return f"bytes {portion.start}-{portion.stop - 1}/{size}"


def _names(header: str, etag: str, *, weakly: bool) -> bool:
    """Whether the list names `etag`. A proxy that compresses makes ours weak, which is as good for
    a cache and not for who writes (§8.8.3.2)."""
    if header.strip() == "*":
        return True
    tags = _TAG.findall(header[:LONGEST_HEADER])
    return etag in tags or (weakly and f"W/{etag}" in tags)


def _portion(asked: str, size: int) -> Portion | None:
    """None: the header is to be ignored (§14.2): broken, of another unit, or for several pieces
    that are not one."""
    unit, equals, listed = asked.partition("=")
    if not equals or unit.strip().lower() != "bytes" or len(asked) > LONGEST_HEADER:
        return None
    parts = [part.strip(" \t") for part in listed.split(",")]
    # Empty elements of a list mean nothing (§5.6.1.2).
    spans = [_span(part, size) for part in parts if part]
    if not spans or len(spans) > MOST_RANGES or any(span is None for span in spans):
        return None
    reachable = sorted((span.start, span.stop) for span in spans if span and span.length > 0)
    if reachable:
        return _joined(reachable)
    # The end of nothing is all of it, and no Content-Range could say so.
    return None if size == 0 and any(part.startswith("-") for part in parts) else UNSATISFIABLE


def _span(part: str, size: int) -> Portion | None:
    """Within the size; with no length where there is nothing. None: no range at all."""
    found = _RANGE.fullmatch(part)
    if found is None:
        return None
    first, last = found.groups()
    if first and last and int(last) < int(first):
        return None
    if first:
        stop = min(int(last) + 1, size) if last else size
        return Portion(206, min(int(first), stop), stop)
    if last:
        return Portion(206, max(0, size - int(last)), size)
    return None


def _joined(spans: list[tuple[int, int]]) -> Portion | None:
    """One piece, if they overlap or touch; several would need a multipart answer, which nobody who
    reads us asks for, and may be answered with the whole."""
    start, stop = spans[0]
    for begin, end in spans[1:]:
        if begin > stop:
            return None
        stop = max(stop, end)
    return Portion(206, start, stop)
