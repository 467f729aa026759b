"""How far one has read."""

import asyncio

import pytest
from tests.support.rooms import Town, assemble

from tertulia.core.streams import account_stream, room_stream
from tertulia.core.tx import Tx
from tertulia.features.members import service as members


async def test_reading_is_told_to_oneself_only(town: Town) -> None:
    cast = await assemble(town)
    head, told = await town.head(cast.room_id), len(town.heard(cast.room_id))
    await town.write(members.mark_read, cast.member, cast.room_id, head)
    assert await town.read_seq(cast.room_id, cast.member) == head
    own = town.heard(cast.member.account_id)[-1]
    assert (own.type, own.data) == (
        "room.read",
        {"room_id": str(cast.room_id), "read_seq": head},
    )
    assert len(town.heard(cast.room_id)) == told
    assert await town.head(cast.room_id) == head


@pytest.mark.parametrize("beyond", [1, 2**31, 2**63, 10**40])
async def test_nobody_reads_beyond_the_end(town: Town, beyond: int) -> None:
    cast = await assemble(town)
    head = await town.head(cast.room_id)
    await town.write(members.mark_read, cast.member, cast.room_id, head + beyond)
    assert await town.read_seq(cast.room_id, cast.member) == head


async def test_the_position_never_moves_back_and_says_nothing_twice(town: Town) -> None:
    cast = await assemble(town)
    await town.write(members.mark_read, cast.member, cast.room_id, 3)
    before = await town.state()
    for seq in (3, 2, 0):
        await town.write(members.mark_read, cast.member, cast.room_id, seq)
    assert await town.state() == before


async def test_a_slower_device_does_not_move_it_back(town: Town) -> None:
    """Both found it at the beginning; the one that saw less comes last."""
    cast = await assemble(town)
    head = await town.head(cast.room_id)
    marking: list[asyncio.Task[None]] = []

    async def hold_while_both_wait(tx: Tx) -> None:
        await tx.lock(account_stream(cast.member.account_id))
        for waiting, seq in enumerate((head, head - 1), start=1):
            verb = town.write(members.mark_read, cast.member, cast.room_id, seq)
            marking.append(asyncio.create_task(verb))
            await town.until_waiting(waiting)

    await town.db.write(hold_while_both_wait)
    await asyncio.gather(*marking)
    assert await town.read_seq(cast.room_id, cast.member) == head
    told = [h for h in town.heard(cast.member.account_id) if h.type == "room.read"]
    assert [heard.data["read_seq"] for heard in told] == [head]


async def test_reading_does_not_wait_for_the_room(town: Town) -> None:
    """A busy room's lock is held nearly always; reading takes the reader's own."""
    cast = await assemble(town)

    async def hold(tx: Tx) -> None:
        await tx.lock(room_stream(cast.room_id))
        await town.write(members.mark_read, cast.member, cast.room_id, 4)

    await town.db.write(hold)
    assert await town.read_seq(cast.room_id, cast.member) == 4


async def test_reading_while_being_thrown_out_hurts_nobody(town: Town) -> None:
    for _ in range(10):
        cast = await assemble(town)
        head = await town.head(cast.room_id)
        code, _ = await asyncio.gather(
            town.refusal(members.mark_read, cast.member, cast.room_id, head),
            town.write(members.remove, cast.owner, cast.room_id, cast.member.account_id),
        )
        assert code in ("", "not_found")
        assert town.heard_types(cast.member.account_id)[-1] in ("room.left", "room.read")
