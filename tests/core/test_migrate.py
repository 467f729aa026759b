"""Migrations: each once, in order, one runner at a time, whole or not at all."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.support.database import drop_database, empty_database

from tertulia.core import migrate
from tertulia.core.migrate import Limits, MigrationBusyError, MigrationError
from tertulia.core.postgres import EmbeddedPostgres

PATIENCE_SECONDS = 30.0
RUNNER = """
import asyncio, sys
from pathlib import Path
from tertulia.core import migrate
print("started", flush=True)
print(asyncio.run(migrate.up(sys.argv[1], source=Path(sys.argv[2]))), flush=True)
"""


@pytest.fixture
async def empty(cluster: EmbeddedPostgres) -> AsyncGenerator[str]:
    dsn = await empty_database(cluster)
    yield dsn
    await drop_database(cluster, dsn)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "20260101_0000_rooms.sql").write_text(
        "CREATE TABLE rooms (id int PRIMARY KEY);\n"
        "CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;\n"
    )
    (folder / "20260101_0900_names.sql").write_text("ALTER TABLE rooms ADD name text;\n")
    (folder / "20260102_0000_index.sql").write_text(
        "-- transactional: false\n"
        "DROP INDEX CONCURRENTLY IF EXISTS rooms_name;\n"
        "CREATE INDEX CONCURRENTLY rooms_name ON rooms (name);\n"
    )
    return folder


NAMES = ["20260101_0000_rooms", "20260101_0900_names", "20260102_0000_index"]


@asynccontextmanager
async def connected(dsn: str) -> AsyncGenerator[Any]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def columns(dsn: str) -> set[str]:
    async with connected(dsn) as connection:
        rows = await connection.fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'rooms'"
        )
    return {row["column_name"] for row in rows}


async def test_each_is_applied_once_and_in_order(empty: str, source: Path) -> None:
    assert await migrate.up(empty, source=source) == NAMES
    assert await columns(empty) == {"id", "name"}
    assert await migrate.up(empty, source=source) == []
    states = await migrate.status(empty, source=source)
    assert [state.name for state in states] == NAMES
    assert all(state.applied_at for state in states)


async def test_looking_changes_nothing(empty: str, source: Path) -> None:
    assert [entry.name for entry in await migrate.plan(empty, source=source)] == NAMES
    async with connected(empty) as connection:
        tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        assert await connection.fetchval(tables) == 0


async def test_a_later_arrival_between_two_applied_ones_is_still_applied(
    empty: str, source: Path
) -> None:
    await migrate.up(empty, source=source)
    (source / "20260101_0500_topic.sql").write_text("ALTER TABLE rooms ADD topic text;")
    assert await migrate.up(empty, source=source) == ["20260101_0500_topic"]


async def test_what_a_newer_program_applied_is_known_by_name(empty: str, source: Path) -> None:
    await migrate.up(empty, source=source)
    (source / f"{NAMES[1]}.sql").unlink()
    [unknown] = [e for e in await migrate.status(empty, source=source) if e.path is None]
    assert unknown.name == NAMES[1]


async def test_a_failing_file_leaves_nothing_of_itself(empty: str, source: Path) -> None:
    (source / "20260103_0000_wrong.sql").write_text("CREATE TABLE half (id int);\nSELECT 1 / 0;\n")
    with pytest.raises(MigrationError, match="20260103_0000_wrong: division by zero"):
        await migrate.up(empty, source=source)
    async with connected(empty) as connection:
        assert await connection.fetchval("SELECT to_regclass('half')") is None
    assert [entry.name for entry in await migrate.plan(empty, source=source)] == [
        "20260103_0000_wrong"
    ]


async def test_a_misnamed_file_is_refused_before_anything_runs(empty: str, source: Path) -> None:
    (source / "fix.sql").write_text("SELECT 1;")
    with pytest.raises(MigrationError, match=r"YYYYMMDD_HHMM_words\.sql: fix\.sql"):
        await migrate.up(empty, source=source)
    async with connected(empty) as connection:
        assert await connection.fetchval("SELECT to_regclass('rooms')") is None


async def test_of_many_runners_at_once_one_does_the_work(empty: str, source: Path) -> None:
    answers = await asyncio.gather(*(migrate.up(empty, source=source) for _ in range(5)))
    assert sorted(answers) == [[], [], [], [], NAMES]


async def test_a_runner_that_waits_too_long_says_so(empty: str, source: Path) -> None:
    async with connected(empty) as other:
        await other.execute("SELECT pg_advisory_lock($1)", migrate.LOCK_KEY)
        with pytest.raises(MigrationBusyError, match="Another process"):
            await migrate.up(empty, source=source, limits=Limits(turn=0.2))
    assert await migrate.up(empty, source=source) == NAMES


async def test_a_locked_table_is_not_waited_for_for_ever(empty: str, source: Path) -> None:
    await migrate.up(empty, source=source)
    (source / "20260103_0000_more.sql").write_text("ALTER TABLE rooms ADD more text;")
    async with connected(empty) as reader, reader.transaction():
        await reader.fetch("SELECT * FROM rooms")
        with pytest.raises(MigrationBusyError, match="20260103_0000_more"):
            await migrate.up(empty, source=source, limits=Limits(lock=0.05, pause=0.01))
    assert await migrate.up(empty, source=source) == ["20260103_0000_more"]


async def test_a_statement_has_its_limit(empty: str, source: Path) -> None:
    (source / "20260103_0000_slow.sql").write_text("SELECT pg_sleep(60);")
    with pytest.raises(MigrationError, match="statement timeout"):
        await migrate.up(empty, source=source, limits=Limits(statement=0.1))


async def test_after_kill_in_the_middle_the_next_run_completes(empty: str, source: Path) -> None:
    """The killed runner's statements and its record vanish together, and its lock with them."""
    slow = "ALTER TABLE rooms ADD slow text;\nSELECT pg_sleep(60);\n"
    (source / "20260103_0000_slow.sql").write_text(slow)
    runner = await asyncio.create_subprocess_exec(
        sys.executable, "-c", RUNNER, empty, str(source), stdout=asyncio.subprocess.PIPE
    )
    async with connected(empty) as watcher:
        await until_sleeping(watcher)
        runner.send_signal(signal.SIGKILL)
        await runner.communicate()
        (source / "20260103_0000_slow.sql").write_text(slow.replace("60", "0"))
        await watcher.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE query LIKE '%60%'"
            " AND pid <> pg_backend_pid()"
        )
    assert await columns(empty) == {"id", "name"}
    assert await migrate.up(empty, source=source) == ["20260103_0000_slow"]
    assert await columns(empty) == {"id", "name", "slow"}


async def until_sleeping(watcher: Any) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await watcher.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        ):
            await asyncio.sleep(0.01)


async def test_the_products_own_migrations_apply(dsn: str) -> None:
    assert await migrate.plan(dsn) == []
    assert json.dumps([entry.name for entry in await migrate.status(dsn)]) != "[]"
