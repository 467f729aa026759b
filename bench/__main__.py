"""Run everything, or the sections named: `python -m bench [starts sends seen memory fanout]`."""

import asyncio
import sys
from pathlib import Path

import uvloop

from bench import memory, seen, sends, starts
from bench.report import show
from bench.server import running


async def main(wanted: list[str]) -> None:
    if "starts" in wanted:
        show("Starting", await starts.measure())
    for name, title, section in (
        ("sends", "Durable sends", sends.measure),
        ("seen", "From send to seen, 500 messages a second", seen.measure),
        ("memory", "Memory", memory.measure),
    ):
        if name in wanted:
            async with running() as server:
                show(title, await section(server))
    if "fanout" in wanted:
        print("\nFan-out", flush=True)
        # Pins itself to one core and its load to the other: not in this process.
        gateway = Path(__file__).parent / "gateway.py"
        await (await asyncio.create_subprocess_exec(sys.executable, str(gateway))).wait()


SECTIONS = ["starts", "sends", "seen", "memory", "fanout"]

if __name__ == "__main__":
    asyncio.Runner(loop_factory=uvloop.new_event_loop).run(main(sys.argv[1:] or SECTIONS))
