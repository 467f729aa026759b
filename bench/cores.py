"""Who runs where: every server on one core, every load on another, so that all are treated alike.

On a machine of one core nothing is pinned, and the figures say little.
"""

import os
import resource
from collections.abc import Iterable
from pathlib import Path

_HERE = sorted(os.sched_getaffinity(0))
SERVER, LOAD = (_HERE[0], _HERE[-1])
FILES = 30_000  # open at once, at most


def on(core: int, *command: str) -> tuple[str, ...]:
    """The command, bound to a core with all its threads and children."""
    return ("taskset", "-c", str(core), *command)


def prepare(*, pinned: bool) -> None:
    """Bind ourselves to the core of the load, and allow as many sockets as the kernel lets us."""
    os.sched_setaffinity(0, {LOAD} if pinned else _HERE)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(FILES, soft), max(FILES, hard)))
    except ValueError:  # not root
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def sockets_allowed() -> int:
    """How many connections one process may have, with some files to spare."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500


def move(pids: Iterable[int], core: int) -> None:
    """Bind running processes; what they start later follows the process that starts it."""
    for pid in pids:
        os.sched_setaffinity(pid, {core})


def cpu_seconds(pid: int) -> float:
    """Processor time of all threads of a process that still run."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def private_bytes(pid: int) -> int:
    """Memory that is this process's alone."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = [int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private")]
    return sum(found) * 1024


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in found.split()]
