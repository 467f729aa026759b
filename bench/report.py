"""How figures are printed: ratios first, absolutes behind them."""

from collections.abc import Sequence
from typing import NamedTuple


class Line(NamedTuple):
    what: str
    ratio: str
    absolute: str


def show(title: str, lines: list[Line]) -> None:
    print(f"\n{title}", flush=True)
    for line in lines:
        print(f"  {line.what:44} {line.ratio:28} ({line.absolute})", flush=True)


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The first column to the left, figures to the right."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    print(f"\n{title}")
    for row in (head, *rows):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  " + "  ".join(cells), flush=True)
