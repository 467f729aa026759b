"""Size, and promises nobody keeps."""

import re
from collections.abc import Iterator, Sequence

from tools.house_rules.source import Rule, Source, everywhere

LONGEST = 400  # lines; 300 is usually two subjects already
PROMISES = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")


def _too_long(source: Source) -> Iterator[tuple[int, str]]:
    lines = source.text.count("\n")
    if lines > LONGEST:
        yield LONGEST + 1, f"{lines} lines are two subjects: give the second a file of its own"


def _promises(source: Source) -> Iterator[tuple[int, str]]:
    """A note to do something later is read by nobody later. Do it, or open an issue."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if PROMISES.search(line):
            yield number, "do it now, or open an issue and say nothing here"


RULES: Sequence[Rule] = [
    Rule("one-subject", everywhere, _too_long, exceptions={}),
    Rule("no-promises", everywhere, _promises, exceptions={}),
]
