"""Fault 43: a migration is cut off, or has to wait for a reader; the next run completes it."""

import asyncio
import sys
from pathlib import Path

import asyncpg
import pytest

from tertulia.core import migrate
from tertulia.core.migrate import Limits, MigrationBusyError

RUN = """
import asyncio, pathlib, sys
from tertulia.core import migrate
asyncio.run(migrate.up(sys.argv[1], source=pathlib.Path(sys.argv[2])))
"""
SLOW = "ALTER TABLE rooms ADD COLUMN colour text;\nSELECT pg_sleep(60);\n"
QUICK = "ALTER TABLE rooms ADD COLUMN colour text;\nUPDATE rooms SET colour = 'blue';\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The product's migrations, and one to come."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for path in migrate.MIGRATIONS.glob("*.sql"):
        (folder / path.name).write_text(path.read_text())
    return folder


async def test_kill_9_in_the_middle_leaves_nothing_half_done(dsn: str, source: Path) -> None:
    new = source / "20990101_0000_colours.sql"
    new.write_text(SLOW)
    runner = await asyncio.create_subprocess_exec(sys.executable, "-c", RUN, dsn, str(source))
    watching = await asyncpg.connect(dsn)
    try:
        sleeping = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        async with asyncio.timeout(30):
            while (pid := await watching.fetchval(sleeping)) is None:
                await asyncio.sleep(0.02)
        runner.kill()
        await runner.wait()
        # The backend notices at its next word to the client; an operator would end it like this.
        await watching.execute("SELECT pg_terminate_backend($1, 5000)", pid)
        new.write_text(QUICK)
        assert await migrate.up(dsn, source=source) == [new.stem]
        assert await migrate.up(dsn, source=source) == []
    finally:
        await watching.close()


async def test_a_long_reader_is_waited_for_in_turns_and_then_told_of(
    dsn: str, source: Path
) -> None:
    """While it waits, the queue behind it moves: that is what the lock timeout is for."""
    (source / "20990101_0000_colours.sql").write_text(QUICK)
    reader = await asyncpg.connect(dsn)
    writer = await asyncpg.connect(dsn)
    try:
        transaction = reader.transaction()
        await transaction.start()
        await reader.fetch("SELECT * FROM rooms")
        limits = Limits(lock=0.2, pause=0.05)
        with pytest.raises(MigrationBusyError):
            await migrate.up(dsn, source=source, limits=limits)
        migrating = asyncio.create_task(migrate.up(dsn, source=source, limits=limits))
        async with asyncio.timeout(10):
            while not await _somebody_waits(writer):
                await asyncio.sleep(0.01)
            await writer.fetch("SELECT * FROM rooms")  # behind the migration, for a moment only
        await transaction.rollback()
        assert await migrating == ["20990101_0000_colours"]
    finally:
        await reader.close()
        await writer.close()


async def _somebody_waits(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    return await connection.fetchval(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'rooms'::regclass)"
    )
