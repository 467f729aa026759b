"""A crowd that reads at once shares transactions, and each gets their own answer."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from tests.support.rooms import Town

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, NotFound
from tertulia.core.grouping import Grouping
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.members import service as members
from tertulia.features.members.service import Reading
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.events import MemberRoleChanged


async def talk(town: Town, room_id: UUID, who: Actor, events: int) -> int:
    """Something to read; answers the head."""

    async def say(tx: Tx) -> None:
        await tx.lock(room_stream(room_id))
        for _ in range(events):
            fact = MemberRoleChanged(account_id=who.account_id, role="owner")
            tx.emit(room_stream(room_id), fact, who)

    await town.db.write(say)
    return await town.head(room_id)


async def read(town: Town, asked: Sequence[Reading]) -> Sequence[AppError | None]:
    return await town.db.write(lambda tx: members.read_together(tx, asked))


async def test_each_is_moved_told_and_refused_alone(town: Town) -> None:
    alice, bob, carol, stranger = await town.people(4)
    one, other = await town.room(alice, bob, carol), await town.room(bob)
    head = await talk(town, one, alice, 3)
    await talk(town, other, bob, 1)
    answers = await read(
        town,
        [
            Reading(alice, one, head),
            Reading(stranger, one, head),
            Reading(bob, one, head + 50),
            Reading(bob, other, 1),
            Reading(carol, uuid4(), 1),
            Reading(carol, one, head - 1),
        ],
    )
    assert [answer and answer.code for answer in answers] == [
        None, "not_found", None, None, "not_found", None,
    ]  # fmt: skip
    assert await town.read_seq(one, alice) == await town.read_seq(one, bob) == head
    assert await town.read_seq(one, carol) == head - 1
    told = town.heard(carol.account_id)[-1]
    assert (told.type, told.data["read_seq"]) == ("room.read", head - 1)
    assert town.heard_types(stranger.account_id) == []


async def test_of_two_devices_the_further_one_counts_and_is_told_once(town: Town) -> None:
    alice, bob = await town.people(2)
    room_id = await town.room(alice, bob)
    head = await talk(town, room_id, alice, 4)
    asked = [Reading(bob, room_id, seq) for seq in (head - 2, head, head - 1)]
    before = len(town.heard(bob.account_id))
    assert await read(town, asked) == [None, None, None]
    assert await town.read_seq(room_id, bob) == head
    [told] = town.heard(bob.account_id)[before:]
    assert (told.type, told.data["read_seq"]) == ("room.read", head)


async def test_two_hundred_at_once_take_few_transactions(town: Town) -> None:
    host, *crowd = await town.people(100)
    room_id = await town.room(host, *crowd[:60])
    rest = [one.account_id for one in crowd[60:]]
    await town.write(members.add, host, room_id, rest)
    head = await talk(town, room_id, host, 5)
    transactions = set[Any]()

    async def verb(tx: Tx, asked: Sequence[Reading]) -> Sequence[AppError | None]:
        transactions.add(tx)
        return await members.read_together(tx, asked)

    reading = Grouping[Reading, None](town.db, verb)
    one = [reading.submit(who.account_id, Reading(who, room_id, head)) for who in crowd]
    outcomes = await asyncio.gather(*one, *(
        reading.submit(who.account_id, Reading(who, uuid4(), 1)) for who in crowd
    ), return_exceptions=True)  # fmt: skip
    await reading.close()
    assert outcomes[: len(crowd)] == [None] * len(crowd)
    assert all(isinstance(outcome, NotFound) for outcome in outcomes[len(crowd) :])
    assert len(transactions) <= 8
    async with town.db.read() as tx:
        found = await rooms.find_accesses(tx, [(who.account_id, room_id) for who in crowd])
    assert {access.read_seq for access in found if access} == {head}
