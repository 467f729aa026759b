"""Faults 3, 29, 30, 31: a server that says goodbye to thousands, one listener that does not listen,
people who never finish their sentence, and no file descriptor left."""

import asyncio
import re
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import cycle
from uuid import UUID

import aiohttp
import pytest
from tests.faults.checks import make_rooms
from tests.faults.crowd import Crowd, crowd, fill_room
from tests.faults.furniture import Furniture
from tests.faults.house import House, status_of
from tests.faults.party import Party, party, slowest
from tests.faults.places import run
from tests.faults.waiting import until

SOCKETS = 5_000
STOPPED = 10.0  # seconds
LATE = 1.0  # a machine that does eight things at once

HALL = 500
LONG = "a long message " * 500  # 7.5 kB: some hundred of them are more than a slow reader may owe
CAP_KIB = 1024  # what the gateway keeps for one slow reader

CLOSED_SLOW = re.compile(r'^tertulia_\w*closed\w*\{[^}]*"slow"[^}]*\} (\S+)', re.MULTILINE)

IDLE = 2_000
FIRST_WORDS = b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nX-Slow: "

FILES = 256


@pytest.mark.faults
async def test_a_stopping_server_sends_thousands_away_in_time(  # fault 3
    guest_house: House, furniture: Furniture
) -> None:
    hall, people = await fill_room(guest_house, furniture.people[:1], HALL)
    async with (
        crowd(guest_house, people, hall, SOCKETS) as listeners,
        party(guest_house, furniture.people) as guests,
    ):
        began = guests.struck()
        guest_house.process.send_signal(signal.SIGTERM)
        watching = asyncio.create_task(watch_ready(guest_house))
        assert await guest_house.wait_end() == 0
        stopped = guests.now - began
        statuses = await watching
        goodbyes, farewells = listeners.closed[4000], listeners.farewells[:]
        # In flight when it was told to stop: answered, and not left in the dark.
        dark = [
            a for a in guests.ledger.attempts if a.began < began <= a.ended and a.code == "unknown"
        ]
        await guest_house.start()
        guests.healed()
        report = await guests.finish()
    assert stopped < STOPPED + LATE
    assert statuses <= {503, None}, "it was ready while it stopped"
    assert goodbyes == SOCKETS
    waits = sorted(told["retry_after"] for told in farewells)
    assert waits[0] < waits[SOCKETS // 2] < waits[-1], "everybody was told to come at one time"
    assert dark == []
    assert report.heals_within(5)
    print(
        f"{report}; {SOCKETS} sockets closed, gone after {stopped:.1f} s; back in ≤ {waits[-1]} s"
    )


async def watch_ready(house: House) -> set[int | None]:
    """What `/readyz` says until nobody answers."""
    statuses: set[int | None] = set()
    async with aiohttp.ClientSession() as http:
        while house.process.poll() is None:
            statuses.add(await status_of(http, f"{house.url}/readyz", seconds=1))
            await asyncio.sleep(0.01)
    return statuses


@pytest.mark.faults
async def test_one_who_does_not_read_slows_nobody(  # fault 29
    guest_house: House, furniture: Furniture
) -> None:
    speakers = furniture.people[:4]
    hall, people = await fill_room(guest_house, speakers, HALL)
    async with (
        crowd(guest_house, people, hall, HALL) as listeners,
        party(guest_house, speakers) as guests,
    ):
        deaf = listeners.guests[0]
        deaf.buffer = 4096
        deaf.reset()
        await until(lambda: deaf.lines == 2 and deaf.connected, guests.bots)
        [corner] = await make_rooms(guest_house, [*speakers, deaf.person], 1)
        await say_in_hall(listeners, guests, 20)  # caches fill
        before, weight = await say_in_hall(listeners, guests, 60), guest_house.private_kib()
        guests.struck()
        deaf.stop_reading()
        with_one: list[float] = []
        while not await slow_readers(guest_house):
            assert len(with_one) < 100 * HALL, "the kernel's own buffers took it all"
            await say_to_the_deaf(guests, corner)
            with_one += await say_in_hall(listeners, guests, 2)
        heavier = guest_house.private_kib() - weight
        deaf.read_on()
        guests.healed()
        await until(lambda: listeners.current == HALL, guests.bots)
        codes = deaf.codes[:]
        report = await guests.finish()
    assert codes in ([0, 4003], [0, 0])  # the reason waits behind what was not read
    assert heavier < 8 * CAP_KIB  # the server's own caches and the bots' are in it
    usual, p99 = at(before, 0.99), at(with_one, 0.99)
    assert p99 < usual * 1.1 + 0.1  # two cores, and all 500 of them in one process
    print(
        f"{report}; p99 of the others {p99 * 1000:.0f} ms, before {usual * 1000:.0f} ms, "
        f"{heavier} KiB more"
    )


async def say_to_the_deaf(guests: Party, room_id: UUID) -> None:
    """Half a megabyte for each who is in that room."""
    await asyncio.gather(*(bot.say(room_id, LONG, by="http") for bot in guests.bots * 16))


async def slow_readers(house: House) -> int:
    """How many sockets it closed for that."""
    async with aiohttp.ClientSession() as http, http.get(f"{house.url}/metrics") as answer:
        found = CLOSED_SLOW.search(await answer.text())
    return int(float(found[1])) if found else 0


async def say_in_hall(listeners: Crowd, guests: Party, count: int) -> list[float]:
    """Messages one after the other; how long after it was sent each guest heard each."""
    delays: list[float] = []
    for number in range(count):
        said = await guests.bots[0].say(listeners.room_id, f"word {number}", by="socket")
        assert said.seq is not None
        listeners.wanted = said.seq
        await until(partial(listeners.has_heard, said.seq, HALL - 1), guests.bots)
        began = said.attempts[-1].began
        delays += [moment - began for moment in listeners.heard[said.seq]]
    return delays


def at(delays: list[float], part: float) -> float:
    return sorted(delays)[int(len(delays) * part)]


@pytest.mark.faults
async def test_people_who_never_finish_their_sentence_are_shown_out(  # fault 30
    guest_house: House, furniture: Furniture
) -> None:
    async with party(guest_house, furniture.people) as guests:
        usual = slowest(guests.ledger.attempts)
        files = guest_house.open_files()
        began = guests.struck()
        async with murmuring(guest_house, IDLE) as ages:
            await until(lambda: len(ages) == IDLE, guests.bots)
        await until(lambda: guest_house.open_files() <= files + 12)
        during = slowest(guests.attempts_since(began))
        report = await guests.finish()
        assert sum(bot.disconnects for bot in guests.bots) == 0
    assert max(ages) < 10 + 3 * LATE
    assert during < max(2 * usual, 1 + LATE)
    print(f"{report}; {IDLE} shown out after {max(ages):.1f} s, others waited ≤ {during:.2f} s")


@asynccontextmanager
async def murmuring(house: House, count: int) -> AsyncGenerator[list[float]]:
    """Sockets of which a third says nothing, a third one letter a second for ever, and a third
    opens a WebSocket and never says who it is. Yields how old each of them
    became."""
    ages: list[float] = []
    kinds = cycle((_silent, _slow, _anonymous))
    tasks = [asyncio.create_task(next(kinds)(house, ages)) for _ in range(count)]
    try:
        yield ages
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _silent(house: House, ages: list[float], words: bytes = b"") -> None:
    reader, writer = await _connect(house)
    began = asyncio.get_running_loop().time()
    writer.write(words)
    with suppress(OSError):
        while await reader.read(1000):
            pass
    ages.append(asyncio.get_running_loop().time() - began)
    writer.close()


async def _slow(house: House, ages: list[float]) -> None:
    reader, writer = await _connect(house)
    began = asyncio.get_running_loop().time()
    writer.write(FIRST_WORDS)
    with suppress(OSError):
        while not await _is_over(reader):
            writer.write(b"x")
    ages.append(asyncio.get_running_loop().time() - began)
    writer.close()


async def _is_over(reader: asyncio.StreamReader) -> bool:
    """False after a second in which nothing happened."""
    try:
        async with asyncio.timeout(1):
            return not await reader.read(1000)
    except TimeoutError:
        return False


async def _anonymous(house: House, ages: list[float]) -> None:
    key = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    upgrade = b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
    await _silent(house, ages, FIRST_WORDS + b"x\r\n" + upgrade + key + b"\r\n")


async def _connect(house: House) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A backlog of 4,096 takes them all; who comes too fast is refused and comes again."""
    while True:
        try:
            return await asyncio.open_connection("127.0.0.1", house.port)
        except OSError:
            await asyncio.sleep(0.1)


@pytest.mark.faults
async def test_no_file_descriptor_left_is_a_queue_and_not_a_storm(  # fault 31
    guest_house: House, furniture: Furniture
) -> None:
    """Who has a socket is served; who wants one waits; nobody spins."""
    async with party(guest_house, furniture.people) as guests:
        pid = str(guest_house.process.pid)
        was = run("prlimit", "--noheadings", "--raw", "--output=SOFT", "--nofile", "--pid", pid)
        run("prlimit", f"--nofile={FILES}:", "--pid", pid)
        guests.struck()
        waiting = [await _connect(guest_house) for _ in range(2 * FILES)]
        await until(lambda: guest_house.open_files() >= FILES - 2, guests.bots)
        before, then = guest_house.cpu_seconds(), guests.now
        await guests.more(400)  # a few seconds of talk
        busy = (guest_house.cpu_seconds() - before) / (guests.now - then)
        for _, writer in waiting:
            writer.close()
        run("prlimit", f"--nofile={was.strip()}:", "--pid", pid)
        guests.healed()
        async with aiohttp.ClientSession() as http:
            assert await status_of(http, f"{guest_house.url}/readyz") == 200
        assert sum(bot.disconnects for bot in guests.bots) == 0
        report = await guests.finish("socket.accept() out of system resource")
    assert busy < 0.9, "it spins"
    assert report.heals_within(5)
    print(f"{report}; {busy:.0%} of a core while nothing could be accepted")
