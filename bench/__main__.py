"""Run everything, or the sections named: `python -m bench [starts sends seen memory fanout]`."""

import asyncio
import os
import sys

import uvloop

from bench import memory, seen, sends, starts
from bench.report import show
from bench.server import LOAD_CORE, running


async def main(wanted: list[str]) -> None:
    if "starts" in wanted:
        show("Starting", await starts.measure())
    os.sched_setaffinity(0, {LOAD_CORE})
    for name, title, section in (
        ("sends", "Durable sends", sends.measure),
        ("seen", "From send to seen, 500 messages a second", seen.measure),
        ("memory", "Memory", memory.measure),
    ):
        if name in wanted:
            async with running() as server:
                show(title, await section(server))


SECTIONS = ["starts", "sends", "seen", "memory"]

if __name__ == "__main__":
    asyncio.Runner(loop_factory=uvloop.new_event_loop).run(main(sys.argv[1:] or SECTIONS))
