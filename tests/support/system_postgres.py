"""A PostgreSQL of the system's own, such as a production server would be: `TERTULIA_TEST_POSTGRES`
names its folder of programs, such as `/usr/lib/postgresql/15/bin`."""

import asyncio
import os
import shutil
import subprocess
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

VARIABLE = "TERTULIA_TEST_POSTGRES"
SETTINGS = ("listen_addresses=", "fsync=off", "max_connections=200")


class SystemPostgres(AbstractAsyncContextManager["SystemPostgres"]):
    """As much of `EmbeddedPostgres` as tests use."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        # It refuses to run as root; Debian's package brings this account along.
        self._user = "postgres" if os.getuid() == 0 else None

    @property
    def admin_dsn(self) -> str:
        return self.dsn_of("postgres", role="postgres")

    def dsn_of(self, database: str, *, role: str = "tertulia") -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self._folder), safe='')}"

    async def __aenter__(self) -> Self:
        self._folder.mkdir(parents=True)
        if self._user is not None:
            self._folder.parent.chmod(0o755)
            shutil.chown(self._folder, self._user)
        await self._run("initdb", "-U", "postgres", "--locale=C.UTF-8", "--no-sync")
        options = " ".join(f"-c {setting}" for setting in SETTINGS) + f" -k {self._folder}"
        await self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", options, "start")
        await self._run("createuser", "-h", str(self._folder), "-U", "postgres", "tertulia")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    async def _run(self, program: str, *arguments: str) -> None:
        await asyncio.to_thread(
            subprocess.run,
            [self._programs / program, *arguments],
            env={**os.environ, "PGDATA": str(self._folder / "cluster")},
            user=self._user,
            cwd=self._folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
