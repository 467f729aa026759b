"""A server in a folder: made once, found again, alone, and never on the network."""

import os
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tertulia.core import postgres
from tertulia.core.postgres import EmbeddedPostgres, FolderBusyError, WrongMajorError


@asynccontextmanager
async def connected(dsn: str) -> AsyncGenerator[Any]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def test_data_outlives_the_server(base: Path) -> None:
    async with EmbeddedPostgres(base / "postgres", fsync=False) as server:
        async with connected(server.dsn) as connection:
            await connection.execute("CREATE TABLE kept (words text)")
            await connection.execute("INSERT INTO kept VALUES ('good evening')")
        first = server.pid
    assert not Path(f"/proc/{first}").exists()
    started = time.perf_counter()
    async with EmbeddedPostgres(base / "postgres", fsync=False) as server:
        warm = time.perf_counter() - started
        async with connected(server.dsn) as connection:
            assert await connection.fetchval("SELECT words FROM kept") == "good evening"
    assert warm < 1.0


async def test_pages_are_checked_and_sorting_does_not_depend_on_the_system(
    cluster: EmbeddedPostgres,
) -> None:
    async with connected(cluster.dsn) as connection:
        assert await connection.fetchval("SHOW data_checksums") == "on"
        row = await connection.fetchrow(
            "SELECT datlocprovider::text AS provider, datlocale AS locale, "
            "pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = 'tertulia'"
        )
    assert dict(row) == {"provider": "b", "locale": "C.UTF-8", "encoding": "UTF8"}


async def test_the_program_is_no_superuser(cluster: EmbeddedPostgres) -> None:
    async with connected(cluster.dsn) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("COPY (SELECT 1) TO PROGRAM 'cat'")


async def test_nothing_listens_on_the_network(cluster: EmbeddedPostgres) -> None:
    async with connected(cluster.admin_dsn) as connection:
        assert await connection.fetchval("SHOW listen_addresses") == ""
        sockets = Path(await connection.fetchval("SHOW unix_socket_directories"))
    assert sockets.stat().st_mode & 0o777 == 0o700


async def test_a_real_server_is_durable(base: Path) -> None:
    async with EmbeddedPostgres(base / "postgres") as server, connected(server.dsn) as link:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            assert await link.fetchval(f"SHOW {name}") == "on"


async def test_the_owners_settings_win_but_not_over_durability(base: Path) -> None:
    async with EmbeddedPostgres(base / "postgres"):
        pass
    custom = base / "postgres" / "cluster" / "custom.conf"
    custom.write_text("work_mem = '11MB'\nfsync = off\nlisten_addresses = '*'\n")
    async with EmbeddedPostgres(base / "postgres") as server, connected(server.dsn) as link:
        assert await link.fetchval("SHOW work_mem") == "11MB"
        assert await link.fetchval("SHOW fsync") == "on"
        assert await link.fetchval("SHOW listen_addresses") == ""


async def test_a_second_server_on_the_folder_is_refused_by_name(base: Path) -> None:
    async with EmbeddedPostgres(base / "postgres", fsync=False) as server:
        with pytest.raises(FolderBusyError, match=f"in use by process {os.getpid()}"):
            async with EmbeddedPostgres(base / "postgres", fsync=False):
                pytest.fail("two servers on one folder")
        async with connected(server.dsn) as connection:
            assert await connection.fetchval("SELECT 1") == 1


async def test_a_visitor_uses_the_running_server_or_starts_one(base: Path) -> None:
    folder = base / "postgres"
    async with EmbeddedPostgres(folder, fsync=False) as server:
        async with postgres.visiting(folder) as dsn:
            assert dsn == server.dsn
        async with connected(server.dsn) as connection:
            assert await connection.fetchval("SELECT 1") == 1
    async with postgres.visiting(folder) as dsn, connected(dsn) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_a_folder_of_another_major_is_left_alone(base: Path) -> None:
    async with EmbeddedPostgres(base / "postgres", fsync=False):
        pass
    cluster = base / "postgres" / "cluster"
    (cluster / "PG_VERSION").write_text("16\n")
    before = sorted((path, path.stat().st_mtime_ns) for path in cluster.rglob("*"))
    with pytest.raises(WrongMajorError, match="made by PostgreSQL 16") as refusal:
        async with EmbeddedPostgres(base / "postgres", fsync=False):
            pytest.fail("opened")
    for way in ("pg_dump", "pg_restore", "docs/ops/embedded-database.md", "TERTULIA_DATABASE_URL"):
        assert way in str(refusal.value)
    assert sorted((path, path.stat().st_mtime_ns) for path in cluster.rglob("*")) == before


async def test_a_refused_folder_is_let_go(base: Path) -> None:
    cluster = base / "postgres" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("16\n")
    for _ in range(2):
        with pytest.raises(WrongMajorError):
            async with EmbeddedPostgres(base / "postgres", fsync=False):
                pytest.fail("opened")


async def test_a_folder_that_is_no_cluster_is_refused(base: Path) -> None:
    (base / "postgres" / "cluster").mkdir(parents=True)
    (base / "postgres" / "cluster" / "letters.txt").write_text("not a database")
    with pytest.raises(postgres.PostgresError, match="PG_VERSION is missing"):
        async with EmbeddedPostgres(base / "postgres", fsync=False):
            pytest.fail("opened")


async def test_a_deep_folder_gets_a_short_socket_and_leaves_none_behind(base: Path) -> None:
    deep = base / ("d" * 60) / ("e" * 60) / "postgres"
    async with EmbeddedPostgres(deep, fsync=False) as server, connected(server.admin_dsn) as link:
        sockets = Path(await link.fetchval("SHOW unix_socket_directories"))
        assert sockets.exists()
        assert not sockets.is_relative_to(base)
    assert not sockets.exists()


async def test_the_log_is_bounded(base: Path) -> None:
    folder = base / "postgres"
    async with EmbeddedPostgres(folder, fsync=False):
        pass
    log = folder / "server.log"
    log.write_bytes(b"x" * (11 * 2**20))
    async with EmbeddedPostgres(folder, fsync=False):
        assert log.stat().st_size < 2**20
        assert (folder / "server.log.1").stat().st_size == 11 * 2**20
