"""One writer at a time, who yields to a question; and what is left of a broken connection."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from tests.features.uploads.conftest import (
    Dripping,
    House,
    Tus,
    arrived,
    open_house,
)
from tests.support.clock import HandClock
from tests.support.redis import RedisServer
from tests.support.world import Person

from tertulia.features.uploads import policy

Answer = TypeVar("Answer")
TEXT = bytes(range(256)) * 4


@pytest.fixture
async def dripping(tus: Tus) -> AsyncIterator[tuple[str, Dripping]]:
    """An upload of TEXT whose first 300 bytes came, and the request that would bring the rest."""
    url = await tus.begun(len(TEXT))
    request = await Dripping.patch(tus, url, 0, len(TEXT))
    await request.send(TEXT[:300])
    await arrived(tus, url, 300)
    yield url, request
    await request.close()


async def test_a_question_makes_the_writer_yield(tus: Tus, dripping: tuple[str, Dripping]) -> None:
    url, request = dripping
    looked = await tus.head(url)
    assert (looked.status_code, looked.headers["Upload-Offset"]) == (200, "300")
    assert await request.status() == 423
    assert (await tus.patch(url, 300, TEXT[300:])).headers["Tertulia-File"]
    assert tus.bytes_of(url) == TEXT


async def test_a_second_writer_is_told_to_wait(tus: Tus, dripping: tuple[str, Dripping]) -> None:
    url, request = dripping
    second = await tus.patch(url, 0, TEXT)
    assert (second.status_code, second.json()["code"]) == (423, "locked")
    await request.send(TEXT[300:])
    assert await request.status() == 204
    assert tus.bytes_of(url) == TEXT


async def test_what_came_before_a_broken_connection_is_kept(
    tus: Tus, dripping: tuple[str, Dripping]
) -> None:
    url, request = dripping
    request.cut()
    looked = await tus.head(url)
    assert looked.headers["Upload-Offset"] == "300"
    assert (await tus.patch(url, 300, TEXT[300:])).headers["Tertulia-File"]


async def test_of_a_checked_chunk_that_broke_off_nothing_is_kept(tus: Tus) -> None:
    url = await tus.begun(len(TEXT))
    await tus.patch(url, 0, TEXT[:100])
    checksum = "sha1 " + "A" * 27 + "="
    request = await Dripping.patch(tus, url, 100, 900, Upload_Checksum=checksum)
    await request.send(TEXT[100:300])
    await arrived(tus, url, 300)
    request.cut()
    assert (await tus.head(url)).headers["Upload-Offset"] == "100"
    assert tus.bytes_of(url) == TEXT[:100]


async def test_giving_up_ends_the_writer_too(tus: Tus, dripping: tuple[str, Dripping]) -> None:
    url, request = dripping
    assert (await tus.delete(url)).status_code == 204
    assert await request.status() == 423
    assert tus.left() == []


async def test_a_dead_writer_is_believed_only_for_a_moment(
    house: House, tus: Tus, clock: HandClock
) -> None:
    """As after kill -9: the row says that somebody writes, and nobody does."""
    url = await tus.begun(len(TEXT))
    await tus.patch(url, 0, TEXT[:300])
    lease = clock.now() + policy.LEASE
    await house.sql(
        "UPDATE uploads SET holder = gen_random_uuid(), held_until = $1, received = 0", lease
    )
    assert (await tus.patch(url, 300, TEXT[300:])).status_code == 423
    asked = asyncio.create_task(tus.head(url))
    while not await house.sql("SELECT yield_asked FROM uploads"):
        await asyncio.sleep(0)
    looked = await answered(asked, clock)
    assert (looked.status_code, looked.headers["Upload-Offset"]) == (200, "300")
    assert clock.now() >= lease
    assert (await tus.patch(url, 300, TEXT[300:])).headers["Tertulia-File"]


async def test_whoever_died_behind_the_last_byte_left_a_file(
    house: House, tus: Tus, clock: HandClock
) -> None:
    url = await tus.begun(len(TEXT))
    (tus.folder / url.rpartition("/")[2]).write_bytes(TEXT)
    await house.sql("UPDATE uploads SET holder = gen_random_uuid(), held_until = $1", clock.now())
    looked = await tus.head(url)
    assert looked.headers["Upload-Offset"] == str(len(TEXT))
    assert looked.headers["Tertulia-File"]


async def test_of_a_dead_writer_with_a_checksum_nothing_counts(
    house: House, tus: Tus, clock: HandClock
) -> None:
    url = await tus.begun(len(TEXT))
    await tus.patch(url, 0, TEXT[:100])
    (tus.folder / url.rpartition("/")[2]).write_bytes(TEXT[:500])
    await house.sql(
        "UPDATE uploads SET holder = gen_random_uuid(), held_until = $1, checked = true",
        clock.now(),
    )
    assert (await tus.head(url)).headers["Upload-Offset"] == "100"
    assert tus.bytes_of(url) == TEXT[:100]


async def answered(asked: "asyncio.Task[Answer]", clock: HandClock) -> "Answer":
    """Time passes until there is an answer."""
    while not asked.done():
        await clock.advance(0.5)
        await asyncio.wait([asked], timeout=0.002)
    return await asked


async def test_a_question_that_nobody_heeds_is_busy(
    house: House, tus: Tus, clock: HandClock
) -> None:
    url = await tus.begun(5)
    forever = clock.now() + timedelta(days=1)
    await house.sql("UPDATE uploads SET holder = gen_random_uuid(), held_until = $1", forever)
    answer = await answered(asyncio.create_task(tus.head(url)), clock)
    assert answer.status_code == 423
    assert "Upload-Offset" not in answer.headers
    assert answer.headers["Retry-After"] == "1"


async def test_whoever_lost_the_lease_writes_nothing_more(
    house: House, tus: Tus, clock: HandClock, dripping: tuple[str, Dripping]
) -> None:
    """It hears of it at its next sign of life."""
    url, request = dripping
    await house.sql("UPDATE uploads SET holder = gen_random_uuid()")
    status = asyncio.create_task(request.status())
    assert await answered(status, clock) == 423
    assert tus.bytes_of(url) == TEXT[:300]


async def test_whoever_stood_still_writes_nothing_more(
    tus: Tus, clock: HandClock, dripping: tuple[str, Dripping], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a process that was stopped: it wakes with bytes in its hands, and somebody else may have
    gone on."""
    url, request = dripping
    late = clock.monotonic() + policy.LEASE.total_seconds()
    monkeypatch.setattr(clock, "monotonic", lambda: late)
    await request.send(TEXT[300:])
    assert await request.status() == 423
    assert tus.bytes_of(url) == TEXT[:300]


async def test_a_question_on_a_node_apart_is_heard_at_the_next_sign_of_life(
    house: House, tus: Tus, clock: HandClock, dripping: tuple[str, Dripping]
) -> None:
    """No bus joins these two."""
    url, request = dripping
    async with house.beside() as other:
        there = other.tus(tus.who)
        asked = asyncio.create_task(there.head(url))
        while not await house.sql("SELECT yield_asked FROM uploads"):
            await asyncio.sleep(0)
        await clock.advance(policy.RENEWAL)
        assert await request.status() == 423
        looked = await answered(asked, clock)
        assert (looked.status_code, looked.headers["Upload-Offset"]) == (200, "300")
        assert (await there.patch(url, 300, TEXT[300:])).headers["Tertulia-File"]
    assert tus.bytes_of(url) == TEXT


async def test_a_question_on_another_node_makes_the_writer_yield_at_once(
    dsn: str, clock: HandClock, tmp_path: Path, alice: Person, redis_server: RedisServer
) -> None:
    async with (
        open_house(dsn, clock, tmp_path, alice, redis_url=redis_server.url) as house,
        house.beside() as other,
    ):
        tus, there = house.tus(alice), other.tus(alice)
        url = await tus.begun(len(TEXT))
        request = await Dripping.patch(tus, url, 0, len(TEXT))
        await request.send(TEXT[:300])
        await arrived(tus, url, 300)
        looked = await there.head(url)
        assert (looked.status_code, looked.headers["Upload-Offset"]) == (200, "300")
        assert await request.status() == 423
        await request.close()


async def test_a_stopping_server_lets_go_of_what_it_writes(
    house: House, tus: Tus, dripping: tuple[str, Dripping]
) -> None:
    url, request = dripping
    await house.running.node.uploads.close()
    assert await request.status() == 503
    assert (await tus.head(url)).headers["Upload-Offset"] == "300"
    assert (await tus.patch(url, 300, TEXT[300:])).status_code == 503
