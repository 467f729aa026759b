"""What a command line says: pure."""

import re
from datetime import timedelta
from typing import NamedTuple

_LINE = re.compile(r"/(\S+)\s*(.*)\Z", re.DOTALL)
_SPAN = re.compile(r"(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)\b", re.IGNORECASE)
_QUOTED = re.compile(r'["“”„]([^"“”„]*)["“”„]')  # as keyboards correct them
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1),
          "w": timedelta(weeks=1)}  # fmt: skip


class Line(NamedTuple):
    name: str
    rest: str


def parse(text: str) -> Line:
    """`/Name the rest`: the name case folded, the rest without spaces around it."""
    match = _LINE.match(text)
    if match is None:  # the request's pattern lets nothing else in
        return Line("", "")
    return Line(match[1].casefold(), match[2].strip())


def span(text: str) -> tuple[timedelta, str] | None:
    """A time from now at the beginning (`20m`, `in 2 hours`), and what follows it; None where there
    is none."""
    words = re.sub(r"^(me\s+)?(in\s+)?", "", text, count=1, flags=re.IGNORECASE)
    match = _SPAN.match(words)
    if match is None or int(match[1]) == 0:
        return None
    return int(match[1]) * _UNITS[match[2][0].lower()], words[match.end() :].strip()


def emote(text: str) -> str:
    """What `/me` says: in italics, as one line of Markdown."""
    return f"_{text.strip('_')}_"


def quoted(text: str) -> list[str]:
    """The parts of `"What?" "This" "That"`; none where anything else is said besides."""
    if not re.fullmatch(rf"(?:\s*{_QUOTED.pattern})+\s*", text):
        return []
    return [" ".join(part.split()) for part in _QUOTED.findall(text)]


SHRUG = r"¯\\\_(ツ)\_/¯"  # as Markdown: the arms are no emphasis
