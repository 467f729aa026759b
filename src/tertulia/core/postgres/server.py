"""`EmbeddedPostgres`: the life of the server, from taking the folder to letting it go."""

import asyncio
import os
import shutil
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from tertulia.core.postgres import folder as folders
from tertulia.core.postgres import postmaster
from tertulia.core.postgres.account import Account, choose_account, open_way
from tertulia.core.postgres.errors import PostgresError
from tertulia.core.postgres.programs import Programs, copy_programs, find_programs
from tertulia.core.postgres.tuning import fixed_settings, write_settings

# Backends of a killed server notice within a second and let go of the shared memory.
LINGER_SECONDS = 10.0
RESTART_PAUSE_SECONDS = 0.2
# Between tries, doubled from RESTART_PAUSE_SECONDS: a disk that filled up is emptied some day.
LONGEST_PAUSE_SECONDS = 10.0
# A server that stood this long is healthy: the count of restarts begins anew.
HEALTHY_SECONDS = 60.0
LOG_LIMIT_BYTES = 10 * 1024 * 1024
LOG_LOOK_SECONDS = 60.0

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class EmbeddedPostgres:
    """A private PostgreSQL in `path`, as an async context manager.

    `dsn` reaches the database `tertulia` as its owner (no superuser), `admin_dsn` the superuser;
    both over a Unix socket, so nothing listens on the network. A server that dies is started
    again, with growing pauses while it keeps dying. `fsync=False` is for tests alone: a power cut
    then loses the cluster.

    Entering raises FolderBusyError, WrongMajorError or PostgresError.
    """

    def __init__(self, path: Path, *, fsync: bool = True) -> None:
        self._path = path
        self._fsync = fsync
        self._held = ExitStack()
        self._folder = folders.Folder(path)
        self._sockets = path
        self._arguments: list[str] = []
        self._account: Account
        self._process: subprocess.Popen[bytes]
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def dsn(self) -> str:
        return self.dsn_of(folders.DATABASE)

    @property
    def admin_dsn(self) -> str:
        return self.dsn_of(folders.ADMIN, role=folders.ADMIN)

    def dsn_of(self, database: str, *, role: str = folders.ROLE) -> str:
        """The address of another database of this server (libpq URI)."""
        return folders.address(self._sockets, database, role)

    @property
    def pid(self) -> int:
        """The postmaster's process id; another one after a restart."""
        return self._process.pid

    async def __aenter__(self) -> Self:
        self._folder = folders.prepare_root(self._path)
        self._held.enter_context(folders.hold(self._folder))
        try:
            await self._open()
        except BaseException:
            self._held.close()
            raise
        self._tasks = [
            asyncio.create_task(self._keep_running(), name="postgres-keep-running"),
            asyncio.create_task(self._bound_log(), name="postgres-bound-log"),
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await postmaster.stop(self._process)
            folders.remove_socket_folder(self._folder, self._sockets)
        finally:
            self._held.close()

    async def _open(self) -> None:
        folders.require_our_major(self._folder)
        self._account = choose_account(self._folder.root)
        self._account.own(self._folder.root)
        open_way(self._account, self._folder.root)
        programs = _reachable(find_programs(), self._folder, self._account)
        if not self._folder.cluster.exists():
            await asyncio.to_thread(
                folders.make_cluster, self._folder, programs, self._account, fsync=self._fsync
            )
        write_settings(self._folder.cluster, self._account)
        _trim(self._folder.log)
        self._sockets = folders.make_socket_folder(self._folder, self._account)
        self._arguments = [
            programs.path("postgres"),
            "-D",
            str(self._folder.cluster),
            *fixed_settings(self._sockets, fsync=self._fsync),
        ]
        await self._start()

    async def _start(self) -> None:
        """Start and wait, trying again while a dead server's backends hold its shared memory."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LINGER_SECONDS
        while True:
            # Again at every start: a chmod above us, even of the same mode, undoes the entry.
            open_way(self._account, self._folder.root)
            await postmaster.clear_leftovers(self._folder, self._sockets)
            said = self._folder.log.stat().st_size if self._folder.log.exists() else 0
            self._process = postmaster.launch(self._arguments, self._folder, self._account)
            try:
                if await postmaster.wait_ready(self._process, self._folder):
                    return
            except BaseException:
                await postmaster.stop(self._process)
                raise
            words = _read_from(self._folder.log, said)
            if "is still in use" not in words or loop.time() > until:
                raise PostgresError(f"PostgreSQL did not start:\n{words.strip()}")
            await asyncio.sleep(RESTART_PAUSE_SECONDS)

    async def _keep_running(self) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            started = loop.time()
            code = await postmaster.wait_exit(self._process)
            failures = 1 if loop.time() - started > HEALTHY_SECONDS else failures + 1
            log.error("postgres_exited", exit_code=code, failures=failures, pid=self._process.pid)
            await asyncio.sleep(pause_before(failures))
            try:
                await self._start()
                log.info("postgres_restarted", pid=self._process.pid)
            except (PostgresError, TimeoutError):
                log.exception("postgres_restart_failed")

    async def _bound_log(self) -> None:
        while True:
            await asyncio.sleep(LOG_LOOK_SECONDS)
            _trim(self._folder.log)


def pause_before(failures: int) -> float:
    """None before the first try, then longer and longer."""
    doubled = RESTART_PAUSE_SECONDS * 2 ** min(failures - 2, 10)
    return 0.0 if failures < 2 else min(doubled, LONGEST_PAUSE_SECONDS)


def _reachable(programs: Programs, folder: folders.Folder, account: Account) -> Programs:
    """The wheel's programs, or a copy beside the data where the server's account may not run them.

    An install under umask 077 belongs to root alone.
    """
    if not account.switched:
        return programs
    attempt = [programs.path("postgres"), "--version"]
    with suppress(PermissionError):
        options = account.identity()
        done = subprocess.run(  # noqa: S603 — our own program, no shell
            attempt, check=False, capture_output=True, cwd="/", **options
        )
        if done.returncode == 0:
            return programs
    version = Path(programs.root).stat().st_mtime_ns
    return copy_programs(programs, folder.root / f"programs-{version}")


def _trim(log_file: Path) -> None:
    """Keep the log and one predecessor. Copy and cut, because the server holds the file open;
    it appends, so it goes on at the new end."""
    if log_file.exists() and log_file.stat().st_size > LOG_LIMIT_BYTES:
        shutil.copyfile(log_file, log_file.with_suffix(".log.1"))
        os.truncate(log_file, 0)


def _read_from(log_file: Path, offset: int) -> str:
    with log_file.open("rb") as file:
        file.seek(offset)
        return file.read().decode(errors="replace")
