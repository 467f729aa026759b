"""Reading the log back, assembled from the rows as they stand now (E4)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from uuid import UUID

import msgspec
import pytest
from tests.support.clock import HandClock
from tests.support.facts import ACCOUNT, OTHER_ROOM, ROOM, Noted, Pointed, noting, open_streams
from tests.support.world import RecordingBus, open_database

from tertulia.core import history
from tertulia.core.db import Database
from tertulia.core.history import Point
from tertulia.core.tx import Tx

KEPT, LOST = UUID(int=71), UUID(int=72)


async def point(tx: Tx, points: Sequence[Point]) -> Mapping[Point, bytes]:
    assert not tx.writable
    assert {stream_id for stream_id, _ in points} == {ROOM.id}
    return {at: b'{"id":"%s","text":"as it is now"}' % str(at[1]).encode() for at in points
            if at[1] != LOST}  # fmt: skip


HYDRATORS = {Pointed.TYPE: point}


@pytest.fixture
def bus() -> RecordingBus:
    return RecordingBus()


@pytest.fixture
async def db(dsn: str, clock: HandClock, bus: RecordingBus) -> AsyncIterator[Database]:
    async with open_database(dsn, clock, bus=bus) as (db, _):
        await db.write(open_streams)
        yield db


async def point_at(db: Database, *ids: UUID) -> None:
    async def verb(tx: Tx) -> None:
        for id_ in ids:
            tx.emit(ROOM, Pointed(id=id_, text="as it was"), None)

    await db.write(verb)


async def test_an_event_read_later_shows_the_row_as_it_stands(db: Database) -> None:
    await point_at(db, KEPT)
    [notice] = (await history.History(db, HYDRATORS).read({ROOM.name: 0}, 10))[ROOM.name]
    assert msgspec.json.decode(notice.body)["data"]["text"] == "as it is now"


async def test_what_was_kept_whole_reads_as_it_was_published(
    db: Database, bus: RecordingBus
) -> None:
    await db.write(noting("a", "olé", ""))
    read = (await history.History(db, HYDRATORS).read({ROOM.name: 0}, 10))[ROOM.name]
    assert [msgspec.json.decode(notice.body) for notice in read] == [
        msgspec.json.decode(notice.body) for notice in bus.published
    ]
    assert [(n.topic, n.seq, n.type) for n in read] == [
        (n.topic, n.seq, n.type) for n in bus.published
    ]


async def test_an_event_that_cannot_be_assembled_does_not_end_the_stream(db: Database) -> None:
    await point_at(db, KEPT, LOST, KEPT)
    await db.write(noting("after"))
    async with db.read() as tx:
        known = await history.read(tx, ROOM, after=0, limit=10, hydrators=HYDRATORS)
        unknown = await history.read(tx, ROOM, after=0, limit=10, hydrators={})
    assert [envelope.seq for envelope in known] == [1, 2, 3, 4]
    assert [bytes(envelope.data) == b"null" for envelope in known] == [False, True, False, False]
    assert [bytes(envelope.data) == b"null" for envelope in unknown] == [True, True, True, False]


async def test_only_streams_with_more_than_is_known_are_told(db: Database) -> None:
    await db.write(noting("a", "b"))
    log = history.History(db, HYDRATORS)
    nowhere = f"room:{UUID(int=999)}"
    assert await log.ahead({ROOM.name: 1, ACCOUNT.name: 0, nowhere: 0}) == {ROOM.name: 2}
    assert await log.ahead({ROOM.name: 2}) == {}
    assert await log.ahead({}) == {}


async def test_many_streams_are_read_at_once_each_from_its_own_place(db: Database) -> None:
    await db.write(noting("a", "b", "c"))
    await db.write(noting("d", "e", stream=OTHER_ROOM))
    log = history.History(db, HYDRATORS)
    read = await log.read({ROOM.name: 1, OTHER_ROOM.name: 0, f"room:{UUID(int=999)}": 0}, 10)
    assert {topic: [notice.seq for notice in notices] for topic, notices in read.items()} == {
        ROOM.name: [2, 3],
        OTHER_ROOM.name: [1, 2],
    }
    bounded = await log.read({ROOM.name: 0, OTHER_ROOM.name: 0}, 1)
    assert [[notice.seq for notice in notices] for notices in bounded.values()] == [[1], [1]]


async def test_a_fact_knows_its_own_data() -> None:
    logged = Noted(text="a").logged()
    assert logged.ref is None
    assert logged.data == Noted(text="a")
