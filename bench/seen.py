"""From the call of `message.send` to the event on another member's socket, at 500 messages/s."""

import asyncio
import time
from uuid import UUID

from bench.clients import Socket
from bench.report import Line
from bench.server import Server, people, rooms
from tertulia.core.clock import SystemClock
from tertulia.core.ids import SystemIds

RATE = 500  # messages a second, over ROOMS rooms
SECONDS = 10
ROOMS = 20
MEMBERS = 5  # of each room, all of them listening


async def measure(server: Server) -> list[Line]:
    ids = SystemIds(SystemClock())
    sent: dict[bytes, float] = {}
    waits: list[float] = []

    def heard(frame: bytes) -> None:
        at = frame.find(b'"client_id":"') + 13
        began = sent.get(frame[at : at + 36])
        if began is not None:
            waits.append(time.perf_counter() - began)

    talkers: list[tuple[Socket, list[Socket]]] = []
    spots: list[UUID] = []
    for _ in range(ROOMS):
        members = await people(server, MEMBERS)
        [room] = await rooms(server, 1, members)
        sockets = [Socket(heard) for _ in members]
        for one, person in zip(sockets, members, strict=True):
            await one.connect(server.port, person)
        talkers.append((sockets[0], sockets))
        spots.append(room)
    await asyncio.sleep(0.5)
    answers: list[asyncio.Future[bytes]] = []
    began = time.perf_counter()
    for n in range(RATE * SECONDS):
        due = began + n / RATE
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        client_id = ids.uuid7()
        sent[str(client_id).encode()] = time.perf_counter()
        answers.append(talkers[n % ROOMS][0].send(spots[n % ROOMS], client_id, "hello"))
    await asyncio.gather(*answers)
    await asyncio.sleep(0.5)
    expected = RATE * SECONDS * MEMBERS
    waits.sort()
    p50, p99 = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    missing = f"target 15 ms; {expected - len(waits)} of {expected:,} missing"
    return [
        Line("send → seen p50", f"{p50 * 1000:.2f} ms", "target 3 ms"),
        Line("send → seen p99", f"{p99 * 1000:.2f} ms", missing),
    ]
