"""How figures are printed: a ratio first, absolutes in brackets behind it."""

from typing import NamedTuple


class Line(NamedTuple):
    what: str
    ratio: str
    absolute: str


def show(title: str, lines: list[Line]) -> None:
    print(f"\n{title}")
    for line in lines:
        print(f"  {line.what:44} {line.ratio:28} ({line.absolute})")
