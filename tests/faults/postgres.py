"""A PostgreSQL in the test's own hands: to be stopped, frozen and cut off as long as it likes.

The embedded one of the product comes back by itself, which is right, and too soon for a test.
"""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg

from tertulia.core.postgres.account import choose_account, open_way
from tertulia.core.postgres.programs import find_programs
from tertulia.core.postgres.tuning import fixed_settings

READY_SECONDS = 90.0
LOOK_SECONDS = 0.02


class Postgres:
    """On the cluster that lies in `folder` (furniture.py). Not started yet."""

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        self.cluster = folder / "postgres" / "cluster"
        self.log = folder / "postgres.log"
        self._fsync = fsync
        self._sockets = folder / "sockets"
        self._process: subprocess.Popen[bytes] | None = None

    def dsn(self, role: str = "tertulia") -> str:
        return f"postgresql://{role}@/tertulia?host={self._sockets}"

    @property
    def socket(self) -> Path:
        """Where a proxy finds it."""
        return self._sockets / ".s.PGSQL.5432"

    async def start(self) -> None:
        account = choose_account(self.cluster)
        open_way(account, self.cluster)
        shutil.rmtree(self._sockets, ignore_errors=True)
        self._sockets.mkdir(mode=0o755)
        account.own(self._sockets)
        self.cluster.joinpath("postmaster.pid").unlink(missing_ok=True)
        settings = fixed_settings(self._sockets, fsync=self._fsync)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [find_programs().path("postgres"), "-D", str(self.cluster), *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                **account.identity(),
            )
        await self.wait_ready()

    async def wait_ready(self) -> None:
        async with asyncio.timeout(READY_SECONDS):
            while not await self._answers():
                assert self.process.poll() is None, self.log.read_text()[-4000:]
                await asyncio.sleep(LOOK_SECONDS)

    async def _answers(self) -> bool:
        with suppress(OSError, asyncpg.PostgresError):
            await (await self.connect()).close()
            return True
        return False

    async def connect(self, role: str = "postgres") -> Any:
        return await asyncpg.connect(self.dsn(role), timeout=READY_SECONDS)

    async def execute(self, sql: str) -> None:
        connection = await self.connect()
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    @asynccontextmanager
    async def holding(self, sql: str, *arguments: object) -> AsyncGenerator[None]:
        """What a statement locks stays locked inside the block."""
        connection = await self.connect()
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute(sql, *arguments)
            yield
        finally:
            await transaction.rollback()
            await connection.close()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it was never started"
        return self._process

    # Harm

    async def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """SIGQUIT is `pg_ctl stop -m immediate`: no goodbye, no checkpoint."""
        if self._process is None or self._process.poll() is not None:
            return
        self.thaw()
        self._process.send_signal(how)
        async with asyncio.timeout(READY_SECONDS):
            while self._process.poll() is None:
                await asyncio.sleep(LOOK_SECONDS)

    @staticmethod
    def crash(pid: int) -> None:
        """A postmaster of somebody else's."""
        os.kill(pid, signal.SIGQUIT)

    async def end_sessions(self) -> None:
        await self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tertulia'"
        )

    def freeze(self) -> None:
        """The whole server hangs and says nothing: sockets stay open, answers do not come."""
        for pid in self._family():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in self._family():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def _family(self) -> list[int]:
        """The postmaster first, so that it starts nobody anew. Backends have groups of their own:
        its process group would not reach them."""
        mine = self.process.pid
        children: list[int] = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = path.read_text().rpartition(")")[2].split()
                if int(fields[1]) == mine:
                    children.append(int(path.parent.name))
        return [mine, *children]
