"""Faults 38 and 39: a row that cannot be read is left out and named; everything else goes on."""

import asyncio
import os
import sys
from uuid import UUID

from tests.faults.bot import Bot, bots
from tests.faults.checks import make_rooms
from tests.faults.furniture import Furniture
from tests.faults.house import House
from tests.faults.ledger import Json, Ledger

TEXTS = 12


async def test_one_broken_message_takes_nothing_else_away(
    house: House, furniture: Furniture
) -> None:
    await house.start()
    room, other = await make_rooms(house, furniture.people[:2], 2)
    async with bots(furniture.people[:2], [[house.url]], Ledger()) as (alice, _):
        sends = [await alice.say(room, f"text {number}") for number in range(TEXTS)]
        bad = sends[5].seq
        assert bad is not None
        await spoil(house, room, bad)

        page = await read(alice, f"/rooms/{room}/messages?limit=100")
        seqs = [message["seq"] for message in page["messages"]]
        assert bad not in seqs
        assert [send.seq for send in sends if send.seq != bad] == seqs[-TEXTS + 1 :]
        assert await paged(alice, room) == seqs, "a page with the broken one must not be the last"

        events = (await read(alice, f"/rooms/{room}/events?after=0"))["events"]
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert [event["seq"] for event in events if event["data"] is None] == [bad]

        assert (await alice.say(room, "the room goes on")).seq is not None
        assert (await alice.say(other, "and the others")).seq is not None
    # Whoever comes now and folds everything gets there, too.
    ledger = Ledger()
    async with bots(furniture.people[:2], [[house.url]], ledger) as (alice, bob):
        after = await bob.say(room, "back")
        assert after.seq is not None
        assert alice.replica is not None
    assert ledger.violations == []
    code, said = await doctor(house)
    assert code == 1
    assert f"in room {room} at {bad}" in said


async def test_the_newest_message_broken_still_lets_people_in(
    house: House, furniture: Furniture
) -> None:
    """It stands in every snapshot of its room."""
    await house.start()
    [room] = await make_rooms(house, furniture.people[:2], 1)
    async with bots(furniture.people[:2], [[house.url]], Ledger()) as (alice, _):
        last = await alice.say(room, "the last words")
        assert last.seq is not None
        await spoil(house, room, last.seq)
        snapshot = await read(alice, "/rooms")
        assert [one["last_message"] for one in snapshot["rooms"]] == [None]


async def test_a_broken_event_of_an_account_does_not_end_its_catching_up(
    house: House, furniture: Furniture
) -> None:
    await house.start()
    [room] = await make_rooms(house, furniture.people[:2], 1)
    async with house.superuser() as connection:
        await connection.execute(
            "UPDATE events SET data = '[\"broken\"]' WHERE stream = $1 AND type = 'room.joined'",
            furniture.people[1].id,
        )
    async with bots(furniture.people[:2], [[house.url]], Ledger()) as (_, bob):
        assert (await bob.say(room, "here")).seq is not None
        first = await read(bob, "/sync")
        [later] = await make_rooms(house, furniture.people[:2], 1)
        changes = await read(bob, f"/sync?since={first['cursor']}")
        assert str(later) in changes["rooms"]
    code, said = await doctor(house)
    assert code == 1
    assert f"of stream {furniture.people[1].id}" in said


async def spoil(house: House, room_id: UUID, seq: int) -> None:
    async with house.superuser() as connection:
        await connection.execute(
            'UPDATE messages SET body = \'{"kind": "text", "text": [1]}\''
            " WHERE room_id = $1 AND seq = $2",
            *(room_id, seq),
        )


async def read(bot: Bot, path: str) -> Json:
    status, body, _ = await bot.request("GET", path)
    assert status == 200, body
    return body


async def paged(bot: Bot, room_id: UUID) -> list[int]:
    """All seqs of a room, three at a time, from the newest back until it says that this is all."""
    seqs: list[int] = []
    before = ""
    while True:
        page = await read(bot, f"/rooms/{room_id}/messages?limit=3{before}")
        found = [message["seq"] for message in page["messages"]]
        seqs = found + seqs
        if page["found_oldest"]:
            return seqs
        before = f"&before={min(seqs)}"


async def doctor(house: House) -> tuple[int, str]:
    """The command, as an operator types it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tertulia", "doctor", "--invariants"),
        env=dict(os.environ) | {"TERTULIA_DATA_DIR": str(house.folder)},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode()
