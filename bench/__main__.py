"""Run everything, or the sections named: `python -m bench [SECTION …]`."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import uvloop

from bench import (
    contestants,
    cores,
    crowded,
    devices,
    fanout,
    films,
    idle,
    jobs,
    nodes,
    pictures,
    polling,
    search,
    seen,
    sends,
    starts,
    storm,
    uploads,
    web,
)
from bench.report import show
from bench.server import running


async def _starts() -> None:
    show("Starting", await starts.measure())


async def _sends() -> None:
    async with running() as server:
        show("Durable sends", await sends.measure(server))


async def _seen() -> None:
    async with running() as server:
        show("From send to seen, 500 messages a second", await seen.measure(server))


async def _search() -> None:
    async with running() as server:
        await search.measure(server)


async def _devices() -> None:
    # Nobody indexes or follows what is written past the product.
    async with running(jobs="off") as server:
        await devices.measure(server)


async def _rooms() -> None:
    async with running(jobs="off") as server:
        await crowded.measure(server)


async def _jobs() -> None:
    async with running(jobs="off") as server:
        show("Work for later", await jobs.measure(server))


async def _uploads() -> None:
    # Nobody looks at what was uploaded: it is the taking in that is measured.
    async with running(jobs="off") as server:
        show("Uploads", await uploads.measure(server))


async def _films() -> None:
    async with running() as server:
        show("Films", await films.measure(server))


async def _pictures() -> None:
    show("Pictures", await pictures.measure())


async def _web() -> None:
    async with running(jobs="off") as server:
        await web.measure(server)


SECTIONS: dict[str, Callable[[], Awaitable[None]]] = {
    "starts": _starts,
    "sends": _sends,
    "seen": _seen,
    "search": _search,
    "devices": _devices,
    "rooms": _rooms,
    "jobs": _jobs,
    "uploads": _uploads,
    "pictures": _pictures,
    "films": _films,
    "web": _web,
    "fanout": fanout.measure,
    "idle": idle.measure,
    "storm": storm.measure,
    "nodes": nodes.measure,
    "polling": polling.measure,
}
# Server and load have a core each; to the others the machine is theirs as it is.
PINNED = {"fanout", "idle", "storm", "nodes", "polling"}


async def main(wanted: list[str]) -> None:
    unknown = set(wanted) - SECTIONS.keys()
    if unknown:
        raise SystemExit(f"no such section: {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    contestants.prepare()
    for name, section in SECTIONS.items():
        if name not in wanted:
            continue
        cores.prepare(pinned=name in PINNED)
        began = time.perf_counter()
        await section()
        print(f"  ({name} took {time.perf_counter() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    asyncio.Runner(loop_factory=uvloop.new_event_loop).run(main(sys.argv[1:] or list(SECTIONS)))
