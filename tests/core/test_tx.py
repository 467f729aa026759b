"""Inside one transaction: places in streams, reactions, refusals."""

from collections.abc import AsyncIterator

import pytest
from tests.support.clock import HandClock
from tests.support.facts import (
    ACCOUNT,
    OTHER_ROOM,
    ROOM,
    Noted,
    Whispered,
    noting,
    open_streams,
    text_of,
)
from tests.support.world import RecordingBus, open_database

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.errors import Forbidden
from tertulia.core.streams import Stream, room_stream
from tertulia.core.tx import Emitted, Tx


async def echo(tx: Tx, emitted: Emitted) -> None:
    """Every note in ROOM is echoed in OTHER_ROOM; `stop` is refused."""
    fact = emitted.fact
    assert isinstance(fact, Noted)
    if fact.text == "stop":
        raise Forbidden
    if emitted.stream == ROOM:
        tx.emit(OTHER_ROOM, Noted(text=f"echo of {fact.text}"), emitted.actor_id)


@pytest.fixture
def bus() -> RecordingBus:
    return RecordingBus()


@pytest.fixture
async def db(dsn: str, clock: HandClock, bus: RecordingBus) -> AsyncIterator[Database]:
    async with open_database(dsn, clock, bus=bus, reactions={Noted: [echo]}) as (db, _):
        await db.write(open_streams)
        yield db


async def head(db: Database, stream: Stream) -> int:
    async with db.read() as tx:
        return await tx.conn.fetchval("SELECT head FROM streams WHERE id = $1", stream.id)


async def test_a_reaction_tells_in_the_same_transaction(db: Database, bus: RecordingBus) -> None:
    await db.write(noting("hello"))
    assert [(notice.topic, text_of(notice.body)) for notice in bus.published] == [
        (ROOM.name, "hello"),
        (OTHER_ROOM.name, "echo of hello"),
    ]


async def test_a_reaction_that_refuses_undoes_everything(db: Database, bus: RecordingBus) -> None:
    with pytest.raises(Forbidden):
        await db.write(noting("hello", "stop"))
    assert bus.published == []
    assert await head(db, ROOM) == 0


async def test_facts_take_their_places_in_the_order_of_telling(
    db: Database, bus: RecordingBus
) -> None:
    async def verb(tx: Tx) -> None:
        tx.emit(ROOM, Noted(text="before the lock"), None)
        await tx.lock(ROOM)
        assert tx.head(ROOM) == 1
        assert tx.next_seq(ROOM) == 2
        tx.emit(ROOM, Noted(text="after it"), None)
        assert tx.next_seq(ROOM) == 3
        await tx.lock(ROOM)  # again: nothing new

    await db.write(noting(stream=ROOM))  # an empty verb touches nothing
    assert await head(db, ROOM) == 0
    await db.write(verb)
    told = [(n.seq, text_of(n.body)) for n in bus.published if n.topic == ROOM.name]
    assert told == [(1, "before the lock"), (2, "after it")]


async def test_a_new_stream_begins_at_one(db: Database, bus: RecordingBus) -> None:
    async def verb(tx: Tx) -> None:
        stream = room_stream(tx.ids.uuid7())
        await tx.open_stream(stream)
        assert tx.next_seq(stream) == 1
        tx.emit(stream, Noted(text="first"), None)

    await db.write(verb)
    assert bus.published[0].seq == 1


async def test_nothing_is_told_in_a_stream_that_does_not_exist(
    db: Database, bus: RecordingBus
) -> None:
    """It would be an event without a place, that no client could ever ask for."""

    async def verb(tx: Tx) -> None:
        tx.emit(room_stream(tx.ids.uuid7()), Noted(text="to nobody"), None)

    with pytest.raises(LookupError):
        await db.write(verb)
    assert bus.published == []


async def test_a_fact_stays_in_its_kind_of_stream(db: Database) -> None:
    async def verb(tx: Tx) -> None:
        tx.emit(ROOM, Whispered(), None)

    with pytest.raises(TypeError):
        await db.write(verb)


async def test_an_event_says_who_when_and_where(
    db: Database, bus: RecordingBus, clock: HandClock
) -> None:  # E1
    actor = Actor(account_id=ACCOUNT.id, device_id=ROOM.id)

    async def verb(tx: Tx) -> None:
        tx.emit(ACCOUNT, Whispered(), actor)

    await clock.advance(90)
    await db.write(verb)
    assert bus.published[0].body == (
        b'{"stream":"account:00000000-0000-0000-0000-000000000003","seq":1,'
        b'"type":"test.whispered","at":"2026-03-01T12:01:30Z",'
        b'"actor":"00000000-0000-0000-0000-000000000003","data":{}}'
    )
