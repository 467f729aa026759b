"""The account cursor: nothing that commits later is missed, and no nonsense breaks it (S1-S3)."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.features.sync.conftest import House
from tests.support.world import Person, World

from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import SendMessage
from tertulia.features.messages.service import Outgoing
from tertulia.features.sync import service as sync
from tertulia.features.sync import state
from tertulia.features.sync.schemas import Changes
from tertulia.features.sync.state import Cursor


async def cursor_of(world: World, who: Person) -> str:
    return (await world.changes(who)).cursor


def texts(changes: Changes) -> list[str]:
    """What the events of an answer say, in order."""
    return [
        msgspec.json.decode(event.data)["message"]["body"]["text"]
        for stream in changes.streams
        for event in stream.events
        if event.type == "message.sent"
    ]


# S2


class Slow:
    """A transaction that has begun and does not commit until let go."""

    def __init__(self, world: World, who: Person, room: UUID, text: str) -> None:
        self._begun = asyncio.Event()
        self._open = asyncio.Event()

        async def verb(tx: Tx) -> None:
            await tx.conn.execute("SELECT pg_current_xact_id()")  # takes its place in time
            self._begun.set()
            await self._open.wait()
            draft = SendMessage(client_id=world.ids.uuid7(), text=text)
            await messages.send(tx, who.actor, room, draft)

        self._task = asyncio.create_task(world.db.write(verb))

    async def begin(self) -> "Slow":
        await self._begun.wait()
        return self

    async def commit(self) -> None:
        self._open.set()
        await self._task


async def test_what_began_before_a_cursor_and_commits_after_it_is_found(house: House) -> None:
    world = house.world
    slow = await Slow(world, house.alice, house.channel, "slow").begin()
    await world.say(house.alice, house.group, "quick")  # a younger transaction, done already
    cursor = await cursor_of(world, house.bob)
    await slow.commit()
    assert "slow" in texts(await world.changes(house.bob, cursor))


async def test_the_same_in_one_stream_where_younger_ones_came_first(house: House) -> None:
    world = house.world
    slow = await Slow(world, house.alice, house.channel, "slow").begin()
    for n in range(3):
        await world.say(house.bob, house.channel, f"quick {n}")
    cursor = await cursor_of(world, house.bob)
    await slow.commit()
    found = texts(await world.changes(house.bob, cursor))
    assert found[-1] == "slow"


async def test_slow_ones_hide_nothing_from_cursors_that_follow(house: House) -> None:
    """Cursor after cursor, with slow writers all over: every text comes at least once, and each
    stream's events in order, without a hole."""
    world = house.world
    cursor, found = await cursor_of(world, house.bob), list[str]()
    said: list[str] = []
    waiting: list[Slow] = []
    heads = dict(await world.read(sync.heads, house.bob))
    for n in range(12):
        room = (house.channel, house.group)[n % 2]
        waiting.append(await Slow(world, house.alice, room, f"slow {n}").begin())
        await world.say(house.alice, room, f"quick {n}")
        said += [f"slow {n}", f"quick {n}"]
        if n % 3 == 2:
            await waiting.pop(0).commit()
        changes = await world.changes(house.bob, cursor)
        cursor = changes.cursor
        found += texts(changes)
        for stream in changes.streams:
            for event in stream.events:
                if event.seq > heads[stream.stream]:
                    assert event.seq == heads[stream.stream] + 1
                    heads[stream.stream] = event.seq
    for slow in waiting:
        await slow.commit()
    found += texts(await world.changes(house.bob, cursor))
    assert set(said) <= set(found)


async def test_a_cursor_at_rest_brings_nothing(house: House) -> None:
    cursor = await cursor_of(house.world, house.bob)
    changes = await house.world.changes(house.bob, cursor)
    assert (changes.reset, changes.more, changes.streams) == (False, False, [])
    assert set(changes.rooms) == {house.channel, house.group, house.direct}


async def test_a_transaction_that_rolls_back_leaves_the_cursor_usable(house: House) -> None:
    world = house.world

    async def verb(tx: Tx) -> None:
        await tx.lock(room_stream(house.channel))
        await tx.conn.execute("SELECT pg_current_xact_id()")
        raise RuntimeError

    cursor = await cursor_of(world, house.bob)
    with pytest.raises(RuntimeError):
        await world.db.write(verb)
    await world.say(house.alice, house.channel, "after")
    assert texts(await world.changes(house.bob, cursor)) == ["after"]


# Resets


async def horizon(world: World) -> Cursor:
    async with world.db.read() as tx:
        row = await tx.conn.fetchrow(
            "SELECT epoch, pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xmax"
            " FROM server"
        )
    return Cursor(row["epoch"], row["xmax"])


Forge = Callable[[Cursor], Cursor]
FORGED: list[Forge] = [
    lambda now: Cursor(UUID(int=0), now.since),
    lambda now: Cursor(now.epoch, now.since + 1_000_000),
    lambda now: Cursor(now.epoch, 2**70),
    lambda now: Cursor(now.epoch, -1),
    lambda now: Cursor(now.epoch, 0, then=-1),
]


@pytest.mark.parametrize("forge", FORGED)
async def test_a_cursor_of_another_life_starts_afresh(house: House, forge: Forge) -> None:
    cursor = state.encode(forge(await horizon(house.world)))
    changes = await house.world.changes(house.bob, cursor)
    assert changes.reset
    assert changes.snapshot is not None
    assert changes.streams == []


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def smuggled(value: object) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).rstrip(b"=").decode()


GARBAGE = st.one_of(
    st.text(max_size=512),
    st.binary(max_size=200).map(lambda raw: base64.urlsafe_b64encode(raw).decode()),
    ANY_JSON.map(smuggled),
)


@given(GARBAGE)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_text_is_an_error(house: House, since: str) -> None:
    changes = await house.world.changes(house.bob, since)
    assert changes.reset


NUMBERS = st.integers(0, 2_000) | st.integers(-(2**80), 2**80)


@given(since=NUMBERS, then=st.none() | NUMBERS, after=st.none() | st.uuids())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_forged_cursor_is_an_error_nor_shows_what_is_not_mine(
    house: House, since: int, then: int | None, after: UUID | None
) -> None:
    epoch = (await horizon(house.world)).epoch
    cursor = state.encode(Cursor(epoch, since, then, after))
    changes = await house.world.changes(house.dave, cursor)
    assert {stream.stream for stream in changes.streams} <= {house.dave.stream}
    again = await house.world.changes(house.dave, changes.cursor)  # what it gave is good again
    assert again.rooms == []


@given(st.builds(Cursor, st.uuids(), st.integers(0, 2**62),
                 st.none() | st.integers(0, 2**62), st.none() | st.uuids()))  # fmt: skip
def test_a_cursor_survives_its_journey(cursor: Cursor) -> None:
    text = state.encode(cursor)
    assert state.decode(text) == cursor
    assert len(text) <= 512


# Gaps and pages


async def say_much(house: House, room: UUID, number: int) -> None:
    drafts = [SendMessage(client_id=house.world.ids.uuid7(), text=f"{n}") for n in range(number)]
    outgoing = [Outgoing(house.alice.actor, room, draft) for draft in drafts]
    await house.world.db.write(lambda tx: messages.send_all(tx, outgoing))


@pytest.mark.parametrize("number", [sync.TOO_LONG, sync.TOO_LONG + 1])
async def test_a_gap_that_is_too_long_comes_as_a_snapshot(house: House, number: int) -> None:
    cursor = await cursor_of(house.world, house.bob)
    await say_much(house, house.channel, number)
    [changed] = (await house.world.changes(house.bob, cursor)).streams
    assert (changed.snapshot is not None) == (number > sync.TOO_LONG)
    assert len(changed.events) == (0 if changed.snapshot else number)


async def test_too_much_about_myself_is_a_reset(house: House) -> None:
    cursor = await cursor_of(house.world, house.dave)

    async def verb(tx: Tx) -> None:
        for _ in range(sync.TOO_LONG // 2 + 1):
            await members.join(tx, house.dave.actor, house.channel)
            await members.leave(tx, house.dave.actor, house.channel)

    await house.world.db.write(verb)
    assert (await house.world.changes(house.dave, cursor)).reset


async def all_pages(world: World, who: Person, cursor: str) -> list[Changes]:
    pages = [await world.changes(who, cursor)]
    while pages[-1].more:
        pages.append(await world.changes(who, pages[-1].cursor))
    return pages


@pytest.fixture
async def crowd(house: House) -> list[UUID]:
    """More rooms of alice and bob than fit on a page."""
    number = sync.STREAMS_PER_PAGE + 20
    return [await house.world.channel(house.alice, house.bob) for _ in range(number)]


async def test_many_moved_streams_come_in_pages_each_once(house: House, crowd: list[UUID]) -> None:
    world = house.world
    cursor = await cursor_of(world, house.bob)
    for n, room in enumerate(crowd):
        await world.say(house.alice, room, f"{n}")
    pages = await all_pages(world, house.bob, cursor)
    streams = [stream.stream for page in pages for stream in page.streams]
    assert len(pages) == 2
    assert len(streams) == len(set(streams)) == len(crowd)
    assert sorted(text for page in pages for text in texts(page)) == sorted(
        f"{n}" for n in range(len(crowd))
    )
    assert (await world.changes(house.bob, pages[-1].cursor)).streams == []


async def test_what_happens_between_pages_is_not_missed(house: House, crowd: list[UUID]) -> None:
    """In a stream that was handed out already, and in one that is still to come."""
    world = house.world
    cursor = await cursor_of(world, house.bob)
    for room in crowd:
        await world.say(house.alice, room, "first")
    page = await world.changes(house.bob, cursor)
    assert page.more
    handed_out = UUID(page.streams[0].stream.partition(":")[2])
    to_come = max(crowd)
    await world.say(house.alice, handed_out, "between, behind")
    await world.say(house.alice, to_come, "between, ahead")
    rest = await all_pages(world, house.bob, page.cursor)
    after = await all_pages(world, house.bob, rest[-1].cursor)
    found = [text for each in (*rest, *after) for text in texts(each)]
    assert {"between, behind", "between, ahead"} <= set(found)


# Rooms that come and go


async def test_a_room_joined_since_comes_as_a_snapshot(house: House) -> None:  # S3
    world = house.world
    cursor = await cursor_of(world, house.dave)
    await world.write(members.join, house.dave, house.channel)
    await world.say(house.alice, house.channel, "welcome")
    changes = await world.changes(house.dave, cursor)
    [room] = [one for one in changes.streams if one.stream == f"room:{house.channel}"]
    assert room.events == []
    assert room.snapshot == await world.room_snapshot(house.dave, house.channel)
    assert changes.rooms == [house.channel]


async def test_a_room_left_and_joined_again_comes_as_a_snapshot(house: House) -> None:
    """Its client forgot what it held when it heard of the leaving, or never will hear of it."""
    world = house.world
    cursor = await cursor_of(world, house.bob)
    await world.write(members.leave, house.bob, house.channel)
    await world.say(house.alice, house.channel, "meanwhile")
    await world.write(members.join, house.bob, house.channel)
    changes = await world.changes(house.bob, cursor)
    [room] = [one for one in changes.streams if one.stream == f"room:{house.channel}"]
    assert room.snapshot is not None


Leaving = Callable[[House], Awaitable[object]]


async def by_themselves(house: House) -> None:
    await house.world.write(members.leave, house.bob, house.channel)


async def removed(house: House) -> None:
    await house.world.write(members.remove, house.alice, house.channel, house.bob.id)


@pytest.mark.parametrize("leave", [by_themselves, removed])
async def test_an_ex_members_room_is_gone(house: House, leave: Leaving) -> None:
    world = house.world
    cursor = await cursor_of(world, house.bob)
    await world.say(house.alice, house.channel, "before")
    await leave(house)
    await world.say(house.alice, house.channel, "a secret")
    changes = await world.changes(house.bob, cursor)
    assert house.channel not in changes.rooms
    assert [one.stream for one in changes.streams] == [house.bob.stream]
    assert "a secret" not in str(changes)
    reset: Any = await world.changes(house.bob)
    assert "a secret" not in str(reset)
    assert house.channel not in reset.rooms
