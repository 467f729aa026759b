"""The doctor: each thing that can be wrong, and what it says to do."""

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.support.database import drop_database, empty_database

from tertulia.core import config, doctor
from tertulia.core.config import Secret, Settings
from tertulia.core.doctor import Finding, Patient, examine
from tertulia.core.film import Walls
from tertulia.core.postgres import EmbeddedPostgres


class At:
    """A clock that stands at one moment."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"the doctor does not wait {seconds} s")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return config.load({}, flags={"data_dir": str(tmp_path / "data")})


def patient(settings: Settings, now: datetime | None = None) -> Patient:
    return Patient(settings, At(now or datetime.now(UTC)))


@asynccontextmanager
async def connected(dsn: str) -> AsyncGenerator[Any]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def test_a_key_others_can_read_is_a_failure_with_its_cure(settings: Settings) -> None:
    assert (await doctor.secret(patient(settings))).level == "ok"
    key = settings.data_dir / "secret_key"
    key.chmod(0o644)
    found = await doctor.secret(patient(settings))
    assert found.level == "fail"
    assert f"chmod 600 {key}" in found.advice


async def test_a_folder_that_cannot_be_written_is_a_failure(settings: Settings) -> None:
    nowhere = replace(settings, storage_url=Secret("file:///proc/files"))
    found = await doctor.storage(patient(nowhere))
    assert found.level == "fail"
    assert "chown" in found.advice
    assert (await doctor.storage(patient(settings))).level == "ok"


@pytest.mark.parametrize(
    ("url", "level"),
    [
        ("http://127.0.0.1:8000", "ok"),
        ("https://chat.example.org", "ok"),
        ("http://chat.example.org", "warn"),
        ("http://0.0.0.0:8000", "fail"),
    ],
)
async def test_a_public_url_must_be_one_people_can_open(
    url: str, level: str, settings: Settings
) -> None:
    found = await doctor.public_url(patient(replace(settings, public_url=url)))
    assert found.level == level
    assert bool(found.advice) == (level != "ok")


async def test_a_clock_that_was_never_set_is_a_failure(settings: Settings) -> None:
    assert (await doctor.clock(patient(settings))).level == "ok"
    assert (await doctor.clock(patient(settings, datetime(1970, 1, 2, tzinfo=UTC)))).level == "fail"


async def test_little_space_is_told_before_there_is_none(settings: Settings) -> None:
    free = shutil.disk_usage(settings.data_dir).free
    for floor, level in ((1, "ok"), (free // 2, "warn"), (2 * free, "fail")):
        found = await doctor.disk(patient(replace(settings, disk_floor=floor)))
        assert found.level == level


async def test_a_server_that_may_lose_commits_is_refused(
    cluster: EmbeddedPostgres, settings: Settings
) -> None:
    """The tests' own server runs without fsync: exactly what must never serve people."""
    async with connected(cluster.dsn) as connection:
        found = await doctor.durability(patient(settings), connection)
    assert found.level == "fail"
    assert found.text == "off: fsync, full_page_writes"


async def test_asynchronous_commit_is_refused(
    cluster: EmbeddedPostgres, settings: Settings
) -> None:
    async with connected(cluster.dsn) as connection:
        await connection.execute("SET synchronous_commit = off")
        found = await doctor.durability(patient(settings), connection)
    assert "synchronous_commit" in found.text


@pytest.mark.parametrize(
    ("seconds", "level"), [(0, "ok"), (10, "warn"), (-10, "warn"), (60, "fail")]
)
async def test_clocks_that_disagree_are_told(
    seconds: int, level: str, cluster: EmbeddedPostgres, settings: Settings
) -> None:
    async with connected(cluster.dsn) as connection:
        now = datetime.now(UTC) + timedelta(seconds=seconds)
        assert (await doctor.skew(patient(settings, now), connection)).level == level


async def test_the_embedded_server_sorts_for_ever_alike(
    cluster: EmbeddedPostgres, settings: Settings
) -> None:
    async with connected(cluster.dsn) as connection:
        assert (await doctor.collation(patient(settings), connection)).level == "ok"
        assert (await doctor.checksums(patient(settings), connection)).level == "ok"
        assert (await doctor.version(patient(settings), connection)).level == "ok"


async def test_an_unfinished_schema_is_a_failure_and_its_invariants_wait(
    cluster: EmbeddedPostgres, settings: Settings
) -> None:
    dsn = await empty_database(cluster)
    asked: list[str] = []

    async def invariant(_patient: Patient, _connection: Any) -> Finding:
        asked.append("asked")
        return Finding("invariant", "ok", "")

    external = replace(settings, database_url=Secret(dsn))
    findings = await examine(external, At(datetime.now(UTC)), invariants=[invariant])
    [schema] = [finding for finding in findings if finding.check == "schema"]
    assert schema.level == "fail"
    assert "tertulia migrate up" in schema.advice
    assert asked == []
    await drop_database(cluster, dsn)


async def test_invariants_from_above_are_asked_and_told(dsn: str, settings: Settings) -> None:
    async def invariant(_patient: Patient, connection: Any) -> Finding:
        return Finding("one", "fail", str(await connection.fetchval("SELECT 1")), "mend it")

    external = replace(settings, database_url=Secret(dsn))
    findings = await examine(external, At(datetime.now(UTC)), invariants=[invariant])
    assert findings[-1] == Finding("one", "fail", "1", "mend it")


async def test_a_database_that_is_away_is_one_failure(settings: Settings) -> None:
    away = replace(settings, database_url=Secret("postgresql://nobody@127.0.0.1:1/none"))
    findings = await examine(away, At(datetime.now(UTC)))
    assert [finding.level for finding in findings if finding.check == "database"] == ["fail"]


@pytest.mark.parametrize(
    ("stands", "level", "lacks"),
    [
        (Walls(network=True, files=True), "ok", ""),
        (Walls(network=False, files=True), "warn", "network"),
        (Walls(network=True, files=False), "warn", "Landlock"),
    ],
)
async def test_a_wall_that_does_not_stand_is_told(
    stands: Walls, level: str, lacks: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def built() -> Walls:
        return stands

    monkeypatch.setattr(doctor, "walls", built)
    found = await doctor.films(patient(settings))
    assert found.level == level
    assert lacks in found.text
