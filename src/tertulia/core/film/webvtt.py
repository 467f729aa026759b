"""Subtitles from strangers, SubRip or WebVTT: taken apart, and written anew as WebVTT.

Only times, words and `<b>`, `<i>`, `<u>` come through: no styles, no regions, no positions, nothing
that a player could take for markup of its own.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

MAX_BYTES = 1 << 20
MAX_CUES = 20_000
MAX_WORDS = 2_000  # characters of one cue
LATEST = 100 * 3600 * 1000  # milliseconds

_TIME = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})"
_TIMES = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?$")
_TAG = re.compile(r"</?\w[^<>]*>")
_KEPT = re.compile(r"<(/?)([biu])(?:\.[^<>]*|\s[^<>]*)?>", re.I)
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")  # of SubStation, also found in SubRip


class BadSubtitles(ValueError):
    """No subtitles, or too many."""


class Cue(NamedTuple):
    """Times in milliseconds; `text` is WebVTT already."""

    begins: int
    ends: int
    text: str


def remake(data: bytes) -> str:
    """As WebVTT, in the order of time. Raises BadSubtitles."""
    if len(data) > MAX_BYTES:
        raise BadSubtitles("too large")
    cues = sorted(_cues(_decode(data)))
    if not cues:
        raise BadSubtitles("no cue")
    return "WEBVTT\n\n" + "\n".join(_written(cue) for cue in cues)


def _decode(data: bytes) -> str:
    """By its byte order mark, else UTF-8, else what old Windows programs write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _cues(text: str) -> Iterator[Cue]:
    lines = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at, count = 0, 0
    while at < len(lines):
        times = _TIMES.match(lines[at]) if len(lines[at]) < 200 else None
        at += 1
        if times is None:
            continue
        words: list[str] = []
        while at < len(lines) and lines[at].strip():
            words.append(lines[at])
            at += 1
        begins, ends = _milliseconds(times.groups()[:4]), _milliseconds(times.groups()[4:])
        shown = _clean("\n".join(words)[:MAX_WORDS])
        if shown and begins < ends <= LATEST:
            count += 1
            if count > MAX_CUES:
                raise BadSubtitles("too many cues")
            yield Cue(begins, ends, shown)


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (part or "0" for part in parts)
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int(rest.ljust(3, "0"))


def _clean(text: str) -> str:
    """Words, and three tags that are closed in the order they were opened."""
    text = _OVERRIDE.sub("", text)
    written: list[str] = []
    opened: list[str] = []
    at = 0
    for tag in _TAG.finditer(text):
        written.append(_escaped(text[at : tag.start()]))
        at = tag.end()
        kept = _KEPT.fullmatch(tag[0])
        if kept is None:
            continue
        name = kept[2].lower()
        if not kept[1]:
            opened.append(name)
            written.append(f"<{name}>")
        elif opened and opened[-1] == name:
            written.append(f"</{opened.pop()}>")
    written.append(_escaped(text[at:]))
    written += [f"</{name}>" for name in reversed(opened)]
    # An empty line would end the cue.
    return "\n".join(line for line in "".join(written).split("\n") if line.strip()).strip()


def _escaped(text: str) -> str:
    plain = unescape(text)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _written(cue: Cue) -> str:
    return f"{_clock(cue.begins)} --> {_clock(cue.ends)}\n{cue.text}\n"


def _clock(at: int) -> str:
    return f"{at // 3_600_000:02}:{at // 60_000 % 60:02}:{at // 1000 % 60:02}.{at % 1000:03}"
