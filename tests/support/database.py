"""One embedded PostgreSQL per test process, and a database per test cloned from a template.

`conftest.py` imports the fixtures: `cluster` (session) and `dsn` (an empty, migrated database).
"""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest_asyncio
from tests.support.system_postgres import VARIABLE, SystemPostgres

from tertulia.core import migrate
from tertulia.core.postgres import EmbeddedPostgres

TEMPLATE = "template_tertulia"
_numbers = count(1)


Cluster = EmbeddedPostgres | SystemPostgres


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def cluster() -> AsyncIterator[Cluster]:
    """A running server that holds the migrated template. Not durable: tests do not cut the power.

    Under /dev/shm where there is one: cloning a template is copying files.
    """
    base = _memory_folder()
    try:
        async with _server(base) as server:
            await make_template(server)
            yield server
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _server(base: Path) -> Cluster:
    programs = os.environ.get(VARIABLE)
    if programs is None:
        return EmbeddedPostgres(base / "postgres", fsync=False)
    return SystemPostgres(Path(programs), base / "postgres")


@pytest_asyncio.fixture(loop_scope="session")
async def dsn(cluster: Cluster) -> AsyncIterator[str]:
    """The address of a database of this test's own, with the schema and without rows."""
    address = await fresh_database(cluster)
    yield address
    await drop_database(cluster, address)


async def fresh_database(cluster: Cluster) -> str:
    """Clone the migrated template; answers the DSN of the new database (role `tertulia`)."""
    return await _create(cluster, TEMPLATE)


async def empty_database(cluster: Cluster) -> str:
    """A database without any schema."""
    return await _create(cluster, "template1")


async def drop_database(cluster: Cluster, dsn: str) -> None:
    """Remove it, ending the connections a test may have left."""
    name = dsn.split("?", maxsplit=1)[0].rpartition("/")[2]
    await _admin(cluster, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _memory_folder() -> Path:
    memory = Path("/dev/shm")
    parent = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="tertulia-test-", dir=parent))


async def make_template(cluster: Cluster) -> None:
    await _admin(cluster, f'CREATE DATABASE "{TEMPLATE}" OWNER tertulia')
    await migrate.up(cluster.dsn_of(TEMPLATE))


async def _create(cluster: Cluster, template: str) -> str:
    name = f"test_{next(_numbers)}"
    # FILE_COPY is faster than the default for databases this small while fsync is off.
    await _admin(
        cluster,
        f'CREATE DATABASE "{name}" OWNER tertulia TEMPLATE "{template}" STRATEGY FILE_COPY',
    )
    return cluster.dsn_of(name)


async def _admin(cluster: Cluster, sql: str) -> None:
    connection = await asyncpg.connect(cluster.admin_dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
