"""How long until somebody can use it: the very first start, and every later one."""

import shutil
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.report import Line
from bench.server import start, stop


async def measure() -> list[Line]:
    folder = Path(tempfile.mkdtemp(prefix="tertulia-bench-"))
    try:
        first = _first_page(folder)
        later = min(_first_page(folder) for _ in range(3))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [
        Line("first start ever, to the first page", f"{first:.2f} s", "makes the database"),
        Line("later starts, to the first page", f"{later:.2f} s", "target 3 s"),
    ]


def _first_page(folder: Path) -> float:
    began = time.perf_counter()
    server = start(folder)
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/", timeout=5) as page:
        page.read()
    took = time.perf_counter() - began
    stop(server)
    return took
