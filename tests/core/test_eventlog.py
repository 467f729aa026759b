"""The log as rows: heads, order, what is kept."""

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest
from tests.support.clock import HandClock
from tests.support.facts import (
    ACCOUNT,
    OTHER_ROOM,
    ROOM,
    Noted,
    Pointed,
    noting,
    open_streams,
)
from tests.support.world import open_database

from tertulia.core import eventlog
from tertulia.core.db import Database
from tertulia.core.streams import Stream, room_stream
from tertulia.core.tx import Tx

THING = UUID(int=77)


@pytest.fixture
async def db(dsn: str, clock: HandClock) -> AsyncIterator[Database]:
    async with open_database(dsn, clock) as (db, _):
        await db.write(open_streams)
        yield db


async def test_a_fact_about_a_row_is_kept_as_a_reference(db: Database) -> None:  # E4
    async def verb(tx: Tx) -> None:
        tx.emit(ROOM, Pointed(id=THING, text="content is stored once"), None)
        tx.emit(ROOM, Noted(text="kept"), None)

    await db.write(verb)
    async with db.read() as tx:
        pointed, noted = await eventlog.rows_after(tx.conn, ROOM, 0, 10)
    assert (pointed["ref"], pointed["data"]) == (THING, None)
    assert noted["ref"] is None
    assert msgspec.json.decode(noted["data"]) == {"text": "kept"}


async def test_rows_come_in_order_from_where_asked(db: Database) -> None:
    await db.write(noting(*"abcdefgh"))
    await db.write(noting("elsewhere", stream=OTHER_ROOM))
    async with db.read() as tx:
        rows = await eventlog.rows_after(tx.conn, ROOM, 2, 3)
        beyond = await eventlog.rows_after(tx.conn, ROOM, 8, 3)
    assert [row["seq"] for row in rows] == [3, 4, 5]
    assert beyond == []


async def test_heads_are_of_the_streams_that_exist(db: Database) -> None:
    await db.write(noting("a", "b"))
    nowhere = UUID(int=999)
    async with db.read() as tx:
        heads = await eventlog.heads(tx.conn, [ROOM.id, ACCOUNT.id, nowhere])
    assert heads == {ROOM.id: 2, ACCOUNT.id: 0}


async def test_a_stream_that_is_not_there_is_passed_over_by_locks(db: Database) -> None:
    async def verb(tx: Tx) -> dict[Stream, int]:
        return dict(await eventlog.lock(tx.conn, [ROOM, room_stream(UUID(int=999))]))

    assert await db.write(verb) == {ROOM: 0}
