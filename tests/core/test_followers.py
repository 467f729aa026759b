"""Followers of the log: each event once, in order, whoever dies, whatever fails."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from unittest.mock import AsyncMock
from uuid import UUID

import pytest
from tests.support.facts import OTHER_ROOM, ROOM, Noted, Pointed, noting
from tests.support.notebook import WAIT, Desk, Notebook, at_work, whispers

from tertulia.core.errors import Unavailable
from tertulia.core.failpoints import Failpoints
from tertulia.core.followers import Follower, Happened
from tertulia.core.streams import Stream, room_stream
from tertulia.core.tx import Tx


async def test_what_is_committed_is_handled_in_order_and_once(desk: Desk) -> None:
    async with at_work(desk.employ(Notebook().follower)):
        for text in ("a", "b", "c"):
            await desk.db.write(noting(text, text))
        await desk.bus.until(lambda: whispers(desk) == 6)
    assert await desk.written() == [1, 2, 3, 4, 5, 6]
    assert await desk.mark() == 6


async def test_a_clock_that_jumps_while_it_works_and_stands_still_then_holds_up_nothing(
    desk: Desk,
) -> None:
    notebook = Notebook()
    notebook.gate = asyncio.Event()
    course = desk.employ(notebook.follower).courses["notebook"]
    await course.begin()
    await desk.db.write(noting("a"))
    async with asyncio.timeout(WAIT):
        working = asyncio.create_task(course.work([ROOM]))
        await notebook.entered.wait()
        await desk.clock.advance(3600)
        notebook.gate.set()
        await working
    assert await desk.written() == [1]


async def test_what_a_dead_node_left_unsaid_is_found_by_the_next_sweep(
    open_desk: Callable[..., Awaitable[Desk]],
) -> None:
    def die() -> None:
        raise SystemExit

    desk = await open_desk()
    dying = await open_desk(Failpoints({"after_commit": die}))
    course = desk.employ(Notebook().follower).courses["notebook"]
    await course.begin()
    await course.sweep()
    with pytest.raises(SystemExit):
        await dying.db.write(noting("unsaid"))
    assert await desk.written() == []
    await course.sweep()
    assert await desk.written() == [1]


async def test_killed_in_the_middle_of_a_step_it_leaves_nothing_and_misses_nothing(
    desk: Desk,
) -> None:
    notebook = Notebook()
    notebook.gate = asyncio.Event()
    async with at_work(desk.employ(notebook.follower)):
        await desk.db.write(noting("a", "b"))
        async with asyncio.timeout(WAIT):
            await notebook.entered.wait()
    assert await desk.written() == []
    async with at_work(desk.employ(Notebook().follower)):
        await desk.bus.until(lambda: whispers(desk) == 2)
    assert await desk.written() == [1, 2]


async def test_two_nodes_at_once_handle_each_event_once_and_in_order(
    open_desk: Callable[[], Awaitable[Desk]],
) -> None:
    desks = [await open_desk(), await open_desk()]
    employed = [desk.employ(Notebook().follower) for desk in desks]
    for one in employed:
        await one.courses["notebook"].begin()

    async def talk(desk: Desk, stream: Stream) -> None:
        for _ in range(30):
            await desk.db.write(noting("x", "y", stream=stream))

    async with at_work(employed[0]), at_work(employed[1]):
        await asyncio.gather(
            *(talk(desk, stream) for desk in desks for stream in (ROOM, OTHER_ROOM))
        )
        for one in employed:
            await one.courses["notebook"].sweep()
    for stream in (ROOM, OTHER_ROOM):
        assert await desks[0].written(stream) == list(range(1, 121))


async def test_a_poisoned_event_holds_nobody_up_and_is_stepped_over_in_the_end(desk: Desk) -> None:
    notebook = Notebook()
    notebook.poison = {"arsenic"}
    course = desk.employ(notebook.follower).courses["notebook"]
    await course.begin()
    await desk.db.write(noting("good", "arsenic", "after"))
    await desk.db.write(noting("good", stream=OTHER_ROOM))
    await course.sweep()
    assert await desk.written(OTHER_ROOM) == [1]
    for _ in range(8):
        await desk.clock.advance(64)
        rest = [ROOM]
        while rest:
            rest = await course.work(rest)
    assert await desk.written() == [1, 3]
    assert (desk.counted("stepped_over_total"), desk.counted("failures_total")) == (1, 7)
    # once with the others, then six times by itself
    assert await desk.mark() == 3


async def test_a_stream_that_failed_waits_for_its_time(desk: Desk) -> None:
    notebook = Notebook()
    notebook.poison = {"arsenic"}
    course = desk.employ(notebook.follower).courses["notebook"]
    await desk.db.write(noting("arsenic"))
    assert await course.work([ROOM]) == []
    notebook.poison = set()
    assert await course.work([ROOM]) == []
    assert await desk.written() == []
    await desk.clock.advance(1)
    await course.work([ROOM])
    assert await desk.written() == [1]


async def test_failed_streams_are_taken_up_again_by_themselves(desk: Desk) -> None:
    notebook = Notebook()
    notebook.poison = {"arsenic"}
    employed = desk.employ(notebook.follower)
    await employed.courses["notebook"].begin()
    await desk.db.write(noting("arsenic"))
    await employed.courses["notebook"].work([ROOM])
    notebook.poison = set()
    async with at_work(employed):
        while desk.clock.sleepers < 2:  # both loops wait for their next look
            await asyncio.sleep(0)
        await desk.clock.advance(5)
        await desk.bus.until(lambda: whispers(desk) == 1)
    assert await desk.written() == [1]


async def test_a_database_that_is_away_is_nobodys_fault(desk: Desk) -> None:
    notebook = Notebook(Unavailable)
    notebook.poison = {"late"}
    course = desk.employ(notebook.follower).courses["notebook"]
    await desk.db.write(noting("late"))
    for _ in range(12):
        await course.work([ROOM])
        await desk.clock.advance(300)
    assert desk.counted("stepped_over_total") == 0
    notebook.poison = set()
    await course.work([ROOM])
    assert await desk.written() == [1]


async def test_who_begins_now_hears_nothing_of_before(desk: Desk) -> None:
    await desk.db.write(noting("before"))
    follower = replace(Notebook().follower, from_beginning=False)
    course = desk.employ(follower).courses["notebook"]
    await course.begin()
    await course.sweep()
    await desk.db.write(noting("after"))
    fresh = room_stream(UUID(int=12))
    await desk.db.write(lambda tx: tx.open_stream(fresh))
    await desk.db.write(noting("in a new room", stream=fresh))
    await course.begin()  # another node starts: that changes nothing
    await course.sweep()
    assert await desk.written() == [2]
    assert await desk.written(fresh) == [1]


async def test_who_begins_at_the_beginning_reads_everything(desk: Desk) -> None:
    for _ in range(3):
        await desk.db.write(noting(*("x",) * 400))
    course = desk.employ(Notebook().follower).courses["notebook"]
    await course.begin()
    await course.sweep()
    assert await desk.written() == list(range(1, 1201))


async def test_events_of_other_types_are_passed_over(desk: Desk) -> None:
    other = Follower(name="notebook", types=frozenset({"test.nothing"}), handle=Notebook().write)
    course = desk.employ(other).courses["notebook"]
    await course.begin()
    await desk.db.write(noting("a", "b"))
    await course.sweep()
    assert (await desk.written(), await desk.mark()) == ([], 2)


async def test_what_nobody_wants_is_stepped_over_unread(desk: Desk) -> None:
    wanted = AsyncMock(side_effect=[False, True])
    course = desk.employ(replace(Notebook().follower, wanted=wanted)).courses["notebook"]
    for text in ("a", "b"):
        await desk.db.write(noting(text))
        await course.work([ROOM])
    assert (await desk.written(), await desk.mark()) == ([2], 2)


async def test_after_a_restore_everything_is_compared_again(desk: Desk) -> None:
    course = desk.employ(Notebook().follower).courses["notebook"]
    await course.begin()
    await desk.db.write(noting("a"))

    async def restore(tx: Tx) -> None:
        await tx.conn.execute("UPDATE followers SET swept = '900000000'")

    await desk.db.write(restore)
    await course.sweep()
    assert await desk.written() == []  # transactions are numbered anew, and seem old

    async def renew(tx: Tx) -> None:
        await tx.conn.execute("UPDATE server SET epoch = gen_random_uuid()")
        await tx.conn.execute("UPDATE followers SET swept = '900000000'")

    await desk.db.write(renew)
    await course.sweep()
    assert await desk.written() == [1]


async def test_more_news_than_is_remembered_is_left_to_a_sweep(desk: Desk) -> None:
    course = desk.employ(Notebook().follower).courses["notebook"]
    for number in range(10_000):
        course.hint(f"room:{UUID(int=number)}")
    assert not course.overflowed
    course.hint(ROOM.name)
    assert course.overflowed


async def test_who_asks_gets_the_data_assembled(desk: Desk) -> None:
    heard: list[bytes | None] = []

    async def hear(tx: Tx, events: Sequence[Happened]) -> None:
        heard.extend(event.data for event in events)

    async def hydrate(
        tx: Tx, points: Sequence[tuple[UUID, UUID]]
    ) -> dict[tuple[UUID, UUID], bytes]:
        return dict.fromkeys(points, b'"whole"')

    async def point(tx: Tx) -> None:
        from_facts = Pointed(id=UUID(int=9), text="")
        tx.emit(ROOM, from_facts, None)
        tx.emit(ROOM, Noted(text="kept"), None)

    types = frozenset({Pointed.TYPE, Noted.TYPE})
    follower = Follower(name="notebook", types=types, handle=hear, assembled=True)
    course = desk.employ(follower, hydrators={Pointed.TYPE: hydrate}).courses["notebook"]
    await desk.db.write(point)
    await course.work([ROOM])
    assert heard[0] == b'"whole"'
    assert heard[1] is not None
    assert b"kept" in heard[1]
