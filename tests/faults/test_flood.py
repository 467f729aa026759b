"""A million hostile packets, frames and requests: nothing dies, nothing leaks, nobody errs.

`make faults` runs the million; `make check` a slice of it. Another one: `--seed N`.
"""

import asyncio
import random
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.faults import flood_words as words
from tests.faults.flood import STREAMS, Tally, flood, open_socket, replies, resident, say_http
from tests.faults.house import House

from tertulia.core.gateway import ProtocolError
from tertulia.core.gateway.packets import decode

SERVER = Path(__file__).with_name("flood_server.py")
SLICE, MILLION = 15_000, 1_000_000
DECODED, HTTP = 200_000, 50_000  # of the million: by the decoder alone, and against the product
CALM_SECONDS = 30
MORE_MB = 12.0  # a few thousand sessions' worth of allocator leftovers, whatever the count


@dataclass
class Server:
    process: asyncio.subprocess.Process
    port: int

    async def state(self) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"\n")
        return replies((await self.process.stdout.readline()).decode())

    async def calm(self) -> dict[str, Any]:
        """How it is once nobody is there any more; what stays is a leak."""
        state = await self.state()
        with suppress(TimeoutError):
            async with asyncio.timeout(CALM_SECONDS):
                while any(state[name] for name in ("sessions", "http", "inside", "waiting")):
                    await asyncio.sleep(0.2)
                    state = await self.state()
        return state


@asynccontextmanager
async def server(patience: str = "2") -> AsyncGenerator[Server]:
    """`patience`: seconds for heads, and to connect."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SERVER), patience, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield Server(process, replies((await process.stdout.readline()).decode())["port"])
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def decode_many(count: int, seed: int) -> None:
    """Any bytes: a packet or a ProtocolError, nothing else, ever."""
    chance = random.Random(seed)
    for _ in range(count):
        with suppress(ProtocolError):
            decode(words.packet(chance))


async def withstand(cases: int, seed: int) -> Tally:
    async with server() as this:
        await flood(this.port, cases=3_000, seed=seed + 1, streams=STREAMS)  # pools and caches fill
        before = await this.calm()
        memory = resident(this.process.pid)
        tally = await flood(this.port, cases=cases, seed=seed, streams=STREAMS)
        after = await this.calm()
        grown = resident(this.process.pid) - memory
        print(
            f"{tally.cases:,} cases in {tally.seconds:.0f} s = {tally.rate:,.0f}/s; "
            f"{memory:.1f} MB before, {memory + grown:.1f} MB after; {dict(tally.outcomes)}"
        )
        assert tally.failures == []
        assert after == {**before, "errors": []}
        assert (after["sessions"], after["inside"], after["waiting"]) == (0, 0, 0)
        assert after["handler_errors"] == 0
        assert grown < MORE_MB
        (await open_socket(this.port)).transport.abort()
        return tally


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    given = request.config.getoption("--seed")
    return 1 if given is None else int(str(given))


async def test_a_slice_of_the_flood(seed: int) -> None:
    decode_many(20_000, seed)
    tally = await withstand(SLICE, seed)
    # A flood that only ever meets one answer has gone blind.
    assert {"packet survived", "packet closed", "bytes", "400"} <= tally.outcomes.keys()


@pytest.mark.faults
async def test_a_million(seed: int) -> None:
    decode_many(DECODED, seed)
    await withstand(MILLION - DECODED - HTTP, seed)


@pytest.mark.faults
async def test_the_whole_product_by_http(house: House, seed: int) -> None:
    await house.start()
    await flood(house.port, cases=2_000, seed=seed + 1, streams=(say_http,))
    memory = resident(house.process.pid)
    tally = await flood(house.port, cases=HTTP, seed=seed, streams=(say_http,))
    print(f"{tally.cases:,} requests at {tally.rate:,.0f}/s; {dict(tally.outcomes)}")
    assert tally.failures == []
    assert house.errors() == []
    assert resident(house.process.pid) - memory < MORE_MB
