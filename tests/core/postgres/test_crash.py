"""What a kill leaves behind never blocks the next start, and loses nothing committed."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path

import asyncpg
from tests.core.postgres.processes import PATIENCE_SECONDS, alive, kill, owning, wait_gone

from tertulia.core.postgres import EmbeddedPostgres
from tertulia.core.postgres.account import choose_account
from tertulia.core.postgres.programs import find_programs


async def write(dsn: str, words: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (words text)")
    await connection.execute("INSERT INTO kept VALUES ($1)", words)
    await connection.close()


async def read(dsn: str) -> list[str]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch("SELECT words FROM kept")
    await connection.close()
    return [row["words"] for row in rows]


async def test_a_killed_server_comes_back_with_everything_committed(base: Path) -> None:
    async with EmbeddedPostgres(base / "postgres") as server:
        await write(server.dsn, "before")
        first = server.pid
        kill(first)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while server.pid == first or await refuses(server.dsn):
                await asyncio.sleep(0.01)
        assert await read(server.dsn) == ["before"]


async def refuses(dsn: str) -> bool:
    try:
        await (await asyncpg.connect(dsn)).close()
    except (OSError, asyncpg.PostgresError):
        return True
    return False


async def test_after_kill_of_its_owner_the_server_ends_and_the_folder_opens(base: Path) -> None:
    folder = base / "postgres"
    async with owning(folder) as owner:
        await write(owner.dsn, "before")
        await owner.kill()
        async with EmbeddedPostgres(folder, fsync=False) as server:
            assert not alive(owner.server_pid)
            assert await read(server.dsn) == ["before"]


async def test_an_orphan_that_nobody_stops_is_stopped_by_the_next_start(base: Path) -> None:
    """As on systems where a child does not hear of its parent's death."""
    folder = base / "postgres"
    async with EmbeddedPostgres(folder, fsync=False) as server:
        await write(server.dsn, "before")
    orphan = start_without_owner(folder)
    try:
        async with EmbeddedPostgres(folder, fsync=False) as server:
            assert orphan.wait(PATIENCE_SECONDS) is not None
            assert await read(server.dsn) == ["before"]
    finally:
        orphan.kill()
        orphan.wait()


def start_without_owner(folder: Path) -> subprocess.Popen[bytes]:
    cluster, program = folder / "cluster", find_programs().path("postgres")
    arguments = [program, "-D", str(cluster), "-k", str(folder / "run"), "-h", ""]
    process = subprocess.Popen(
        arguments, stderr=subprocess.PIPE, cwd="/", **choose_account(folder).identity()
    )
    assert process.stderr is not None
    with process.stderr as lines:
        assert any(b"ready to accept connections" in line for line in lines)
    return process


async def test_a_pid_file_naming_a_living_stranger_does_not_block(base: Path) -> None:
    """After a reboot or in a new container the old pid belongs to some other program."""
    folder = base / "postgres"
    async with owning(folder) as owner:
        await write(owner.dsn, "before")
        pid_file = folder / "cluster" / "postmaster.pid"
        kept = pid_file.read_text()
        kill(owner.server_pid)
        await owner.kill()
        await wait_gone(owner.server_pid)
    stranger = subprocess.Popen(["/bin/sleep", "1000"])
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *kept.splitlines()[1:]]) + "\n")
        async with EmbeddedPostgres(folder, fsync=False) as server:
            assert await read(server.dsn) == ["before"]
        assert stranger.poll() is None, "the stranger was harmed"
    finally:
        stranger.kill()
        stranger.wait()


async def test_a_half_made_cluster_is_made_again(base: Path) -> None:
    unfinished = base / "postgres" / "cluster.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    async with EmbeddedPostgres(base / "postgres", fsync=False) as server:
        await write(server.dsn, "made")
    assert not unfinished.exists()


async def test_ctrl_c_in_our_terminal_does_not_reach_the_server(base: Path) -> None:
    async with EmbeddedPostgres(base / "postgres", fsync=False) as server:
        assert os.getpgid(server.pid) != os.getpgid(0)
        assert os.getsid(server.pid) != os.getsid(0)


async def test_a_stop_signal_ends_owner_then_server_cleanly(base: Path) -> None:
    folder = base / "postgres"
    async with owning(folder) as owner:
        owner.process.send_signal(signal.SIGINT)
        await owner.process.wait()
        assert not alive(owner.server_pid)
    log = (folder / "server.log").read_text()
    assert log.rstrip().endswith("database system is shut down")
