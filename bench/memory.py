"""Resident memory of the server after its start, and what an idle connection adds."""

import asyncio

from bench.clients import Socket
from bench.cores import private_bytes
from bench.report import Line
from bench.server import Person, Server, people, rooms

IDLE = 2_000
AT_ONCE = 50


async def measure(server: Server) -> list[Line]:
    members = await people(server, IDLE + AT_ONCE)
    await rooms(server, 1, members)
    before_anybody = private_bytes(server.pid)
    # The first ones pay for what is made once: warm up, so that the rest is what each costs.
    first = await _connect(server, members[:AT_ONCE])
    before = private_bytes(server.pid)
    rest = await _connect(server, members[AT_ONCE:])
    await asyncio.sleep(1)
    each = (private_bytes(server.pid) - before) / IDLE
    for one in (*first, *rest):
        one.close()
    told = f"{each:,.0f} B each, {IDLE:,} of them, signed in, in a room of {IDLE:,}"
    return [
        Line(
            "after the start",
            f"{before_anybody / 2**20:.0f} MiB",
            "private memory, PostgreSQL aside",
        ),
        Line("an idle connection", f"{each / 6_144:.0%} of the 6 kB allowed", told),
    ]


async def _connect(server: Server, members: list[Person]) -> list[Socket]:
    sockets: list[Socket] = []
    for at in range(0, len(members), AT_ONCE):
        some = [(Socket(), person) for person in members[at : at + AT_ONCE]]
        await asyncio.gather(*(one.connect(server.port, person) for one, person in some))
        sockets += [one for one, _ in some]
    return sockets
