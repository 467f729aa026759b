"""The one door, and what may be asked once inside."""

import asyncio
from uuid import UUID

import pytest
from tests.support.rooms import Town, assemble

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, NotFound
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can


async def test_a_private_room_looks_to_strangers_like_none(town: Town) -> None:
    # C6
    cast = await assemble(town)
    nowhere = town.ids.uuid7()
    answers = set[tuple[str, str, str]]()
    for who, room_id in ((cast.outsider, cast.room_id), (cast.outsider, nowhere)):
        with pytest.raises(NotFound) as refused:
            await town.read(rooms.require, who, room_id, Can.READ)
        answers.add((refused.value.code, refused.value.title, refused.value.detail))
    assert len(answers) == 1


async def test_accesses_come_in_the_order_asked(town: Town) -> None:
    alice, bob = await town.people(2)
    first, second = await town.room(alice), await town.room(alice, bob)
    wanted = [
        (bob.account_id, second),
        (bob.account_id, first),
        (alice.account_id, first),
        (alice.account_id, town.ids.uuid7()),
        (bob.account_id, second),
    ]
    async with town.db.read() as tx:
        found = await rooms.find_accesses(tx, wanted)
    assert [access and (access.account_id, access.room_id, access.role) for access in found] == [
        (bob.account_id, second, "member"),
        None,
        (alice.account_id, first, "owner"),
        None,
        (bob.account_id, second, "member"),
    ]


async def test_one_of_a_batch_is_refused_without_raising(town: Town) -> None:
    cast = await assemble(town)
    async with town.db.read() as tx:
        inside, outside = await rooms.find_accesses(
            tx,
            [(cast.guest.account_id, cast.room_id), (cast.outsider.account_id, cast.room_id)],
        )
    assert rooms.refusal(inside, Can.POST) is None
    assert code(rooms.refusal(inside, Can.INVITE)) == "forbidden"
    assert code(rooms.refusal(outside, Can.POST)) == "not_found"


def code(error: AppError | None) -> str:
    return error.code if error else ""


async def test_a_check_holds_until_the_commit(town: Town) -> None:
    """remove + send: who was let in to write is still in when it is written."""
    cast = await assemble(town)
    inside, may_finish = asyncio.Event(), asyncio.Event()

    async def write_slowly(tx: Tx) -> list[UUID]:
        access = await rooms.require(tx, cast.member, cast.room_id, Can.POST)
        inside.set()
        await may_finish.wait()
        return await rooms.member_ids(tx, access)

    writing = asyncio.create_task(town.db.write(write_slowly))
    await inside.wait()
    removing = asyncio.create_task(
        town.write(members.remove, cast.owner, cast.room_id, cast.member.account_id)
    )
    await town.until_waiting(1)
    assert not removing.done()
    may_finish.set()
    assert cast.member.account_id in await writing
    await removing
    assert await town.refusal(rooms.require, cast.member, cast.room_id, Can.POST) == "not_found"


async def test_a_check_that_waited_sees_what_it_waited_for(town: Town) -> None:
    """The removal commits first: the one who waited behind it is refused."""
    cast = await assemble(town)
    locked, may_finish = asyncio.Event(), asyncio.Event()

    async def remove_slowly(tx: Tx) -> None:
        await members.remove(tx, cast.owner, cast.room_id, cast.member.account_id)
        locked.set()
        await may_finish.wait()

    removing = asyncio.create_task(town.db.write(remove_slowly))
    await locked.wait()
    posting = asyncio.create_task(town.refusal(rooms.require, cast.member, cast.room_id, Can.POST))
    await town.until_waiting(1)
    may_finish.set()
    await removing
    assert await posting == "not_found"


async def test_reading_takes_no_lock(town: Town) -> None:
    cast = await assemble(town)

    async def hold(tx: Tx) -> None:
        await tx.lock(room_stream(cast.room_id))
        await town.read(rooms.require, cast.member, cast.room_id, Can.READ)

    await town.db.write(hold)


async def test_my_rooms_are_those_i_am_in_now(town: Town) -> None:
    alice, bob = await town.people(2)
    kept, left, thrown_out, banned = [await town.room(alice, bob) for _ in range(4)]
    await town.write(members.leave, bob, left)
    await town.write(members.remove, alice, thrown_out, bob.account_id)
    await town.write(members.ban, alice, banned, Ban(account_id=bob.account_id))
    async with town.db.read() as tx:
        mine = await rooms.memberships(tx, bob.account_id)
        assert [(access.room_id, access.role) for access in mine] == [(kept, "member")]
        assert await rooms.room_ids(tx, bob.account_id) == [kept]


async def test_who_is_in_several_rooms_at_once(town: Town) -> None:
    alice, bob, carol = await town.people(3)
    pair = await town.room(alice, bob, kind="direct")
    table = await town.room(alice, bob, carol, kind="group")
    await town.write(members.leave, carol, table)
    async with town.db.read() as tx:
        mine = await rooms.memberships(tx, alice.account_id)
        found = await rooms.members(tx, mine)
        assert {
            room_id: {member.account.id for member in there} for room_id, there in found.items()
        } == {
            pair: {alice.account_id, bob.account_id},
            table: {alice.account_id, bob.account_id},
        }
        assert await rooms.member_counts(tx, mine) == {pair: 2, table: 2}
        assert await rooms.is_direct(tx, pair)
        assert not await rooms.is_direct(tx, table)


async def test_names_are_found_among_members_only(town: Town) -> None:
    anna, ben = await town.person("Anna"), await town.person("Ben")
    gone = await town.person("Gone")
    hers, his = await town.room(anna, ben, gone), await town.room(ben)
    await town.write(members.leave, gone, hers)
    names = await usernames(town, anna, ben, gone)
    wanted = {(room_id, name.upper()) for room_id in (hers, his) for name in names}
    async with town.db.read() as tx:
        found = await rooms.find_members_named(tx, wanted | {(hers, "nobody")})
    assert found == {
        (hers, names[0].upper()): anna.account_id,
        (hers, names[1].upper()): ben.account_id,
        (his, names[1].upper()): ben.account_id,
    }


async def usernames(town: Town, *actors: Actor) -> list[str]:
    ids = [actor.account_id for actor in actors]
    async with town.db.read() as tx:
        rows = await tx.conn.fetch("SELECT id, username FROM accounts WHERE id = ANY($1)", ids)
    names = {row["id"]: row["username"] for row in rows}
    return [names[id_] for id_ in ids]
