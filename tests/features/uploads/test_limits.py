"""How much may be brought, and what is said when it is too much."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests.features.uploads.conftest import Tus, open_house
from tests.support.clock import HandClock
from tests.support.world import Person

from tertulia.features.uploads import policy
from tertulia.features.uploads.policy import MIB, UploadRules

KIB = 1024


async def limits(tus: Tus) -> dict[str, int]:
    return (await tus.ask("GET", "/api/v1/uploads/limits")).json()


async def test_a_file_too_large_is_refused_at_once(
    dsn: str, clock: HandClock, tmp_path: Path, alice: Person
) -> None:
    async with open_house(dsn, clock, tmp_path, alice, upload_max_size="4KiB") as house:
        tus = house.tus(alice)
        assert (await limits(tus))["max_size"] == 4 * KIB
        told = await tus.create(4 * KIB + 1)
        assert (told.status_code, told.json()["code"]) == (413, "too_large")
        assert told.json()["limit"] == 4 * KIB
        later = await tus.begun(Upload_Defer_Length="1")
        assert (await tus.patch(later, 0, b"", Upload_Length=str(4 * KIB + 1))).status_code == 413
        assert (await tus.patch(later, 0, bytes(4 * KIB + 1))).status_code == 413
        assert (await tus.head(later)).headers["Upload-Offset"] == "0"
        assert (await tus.create(4 * KIB, bytes(4 * KIB))).headers["Tertulia-File"]


async def test_an_account_has_its_share(
    dsn: str, clock: HandClock, tmp_path: Path, alice: Person, bob: Person
) -> None:
    async with open_house(dsn, clock, tmp_path, alice, quota_account="10KiB") as house:
        tus = house.tus(alice)
        await tus.create(4 * KIB, bytes(4 * KIB))
        growing = await tus.begun(4 * KIB)
        stand = await limits(tus)
        assert (stand["quota"], stand["used"], stand["left"]) == (10 * KIB, 8 * KIB, 2 * KIB)
        assert stand["open"] == 1
        full = await tus.create(2 * KIB + 1)
        assert (full.status_code, full.json()["code"]) == (413, "quota_exceeded")
        assert (full.json()["limit"], full.json()["left"]) == (10 * KIB, 2 * KIB)
        late = await tus.begun(Upload_Defer_Length="1")
        told = await tus.patch(late, 0, b"x", Upload_Length=str(2 * KIB + 1))
        assert told.json()["code"] == "quota_exceeded"
        await tus.delete(growing)
        assert (await tus.create(2 * KIB + 1)).status_code == 201
        # What others brought is not mine.
        assert (await limits(house.tus(bob)))["used"] == 0


async def test_what_lies_still_takes_only_what_came_of_it(
    dsn: str, clock: HandClock, tmp_path: Path, alice: Person
) -> None:
    async with open_house(dsn, clock, tmp_path, alice, quota_account="10KiB") as house:
        tus = house.tus(alice)
        url = await tus.begun(10 * KIB)
        await tus.patch(url, 0, bytes(KIB))
        assert (await limits(tus))["left"] == 0
        await house.later(policy.STALE + timedelta(seconds=1))
        assert (await limits(tus))["left"] == 9 * KIB


async def test_the_server_has_its_limit_too(
    dsn: str, clock: HandClock, tmp_path: Path, alice: Person
) -> None:
    async with open_house(dsn, clock, tmp_path, alice, quota_server="4KiB") as house:
        tus = house.tus(alice)
        await tus.create(3 * KIB, bytes(3 * KIB))
        full = await tus.create(KIB + 1)
        assert (full.status_code, full.json()["code"]) == (507, "storage_full")
        assert full.json()["left"] == KIB
        assert (await limits(tus))["left"] == KIB


async def test_uploads_leave_room_on_the_disk(
    dsn: str, clock: HandClock, tmp_path: Path, alice: Person
) -> None:
    async with open_house(dsn, clock, tmp_path, alice, upload_reserve="1000TiB") as house:
        full = await house.tus(alice).create(1)
        assert (full.status_code, full.json()["left"]) == (507, 0)


async def test_an_hour_takes_so_much(
    dsn: str, clock: HandClock, tmp_path: Path, alice: Person, bob: Person
) -> None:
    async with open_house(dsn, clock, tmp_path, alice, upload_hourly="2MiB") as house:
        tus = house.tus(alice)
        assert (await tus.create(2 * MIB)).status_code == 201
        refused = await tus.create(MIB)
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert refused.json()["retry_after"] == pytest.approx(1800)
        assert refused.headers["RateLimit-Policy"] == '"upload.mebibytes";q=2;w=3600'
        assert (await tus.create(1000)).status_code == 201


def test_larger_than_an_hour_takes_the_whole_hour() -> None:
    rules = UploadRules(max_size=100 * MIB, hourly=10 * MIB)
    assert [cost for _, cost in policy.tolls(rules, 100 * MIB)] == [1, 10]
    assert [cost for _, cost in policy.tolls(rules, 5)] == [1]
    assert [cost for _, cost in policy.tolls(UploadRules(max_size=1), 100 * MIB)] == [1]


async def test_so_many_may_be_unfinished(
    dsn: str, clock: HandClock, tmp_path: Path, alice: Person
) -> None:
    async with open_house(dsn, clock, tmp_path, alice) as house:
        tus = house.tus(alice)
        first = await tus.begun(1)
        await house.sql(
            """
            INSERT INTO uploads (account_id, id, room_id, kind, name, metadata, length,
                created_at, touched_at, expires_at)
            SELECT account_id, gen_random_uuid(), room_id, kind, name, metadata, length,
                created_at, touched_at, expires_at
            FROM uploads, generate_series(2, $1)
            """,
            policy.MOST_OPEN,
        )
        refused = await tus.create(1)
        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_uploads")
        # What is begun goes on all the same.
        assert (await tus.patch(first, 0, b"x")).headers["Tertulia-File"]
        assert (await tus.create(1)).status_code == 201


async def test_what_nobody_goes_on_with_is_swept(
    dsn: str, clock: HandClock, tmp_path: Path, alice: Person
) -> None:
    async with open_house(dsn, clock, tmp_path, alice) as house:
        tus = house.tus(alice)
        left = await tus.begun(10)
        await tus.patch(left, 0, b"begun")
        done = (await tus.create(4, b"done")).headers["Location"]
        await house.later(timedelta(hours=23))
        await tus.patch(left, 5, b"on")
        await house.later(timedelta(hours=2))
        await house.sweep()
        # A byte buys another day.
        assert (await tus.head(left)).headers["Upload-Offset"] == "7"
        assert (await tus.head(done)).status_code == 404
        going = await tus.begun(10)
        await house.later(timedelta(hours=22, seconds=1))
        assert (await tus.head(left)).status_code == 410
        assert (await tus.patch(left, 7, b"end")).status_code == 410
        await house.sweep()
        assert (await tus.head(left)).status_code == 404
        assert (await tus.head(going)).status_code == 200
        assert tus.left() == sorted(url.rpartition("/")[2] for url in (done, going))
        assert tus.bytes_of(done) == b"done"


async def test_bytes_that_nothing_knows_are_swept(
    dsn: str, clock: HandClock, tmp_path: Path, alice: Person
) -> None:
    async with open_house(dsn, clock, tmp_path, alice) as house:
        tus = house.tus(alice)
        growing = await tus.begun(10)
        done = (await tus.create(4, b"done")).headers["Location"]
        # The file needs its bytes where they are until it was looked at.
        await house.sql("DELETE FROM uploads WHERE file_id IS NOT NULL")
        lost = [tus.folder / str(UUID(int=number)) for number in (1, 2)]
        for file in lost:
            file.write_bytes(b"lost")
        long_ago = (clock.now() - timedelta(days=3)).timestamp()
        for name in (*tus.left()[1:], lost[0].name):
            os.utime(tus.folder / name, (long_ago, long_ago))
        os.utime(lost[1])
        await house.sweep()
        kept = [url.rpartition("/")[2] for url in (growing, done)]
        assert tus.left() == sorted([*kept, lost[1].name])
