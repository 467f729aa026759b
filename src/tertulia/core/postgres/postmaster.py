"""The server process: started, waited for, stopped; and what an earlier one left behind."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tertulia.core.postgres.account import Account
from tertulia.core.postgres.errors import PostgresError
from tertulia.core.postgres.folder import SOCKET_NAME, Folder, clean_environment

# Crash recovery replays at most max_wal_size (1 GB); a slow disk needs minutes for that.
START_SECONDS = 300.0
# A fast shutdown writes a checkpoint of at most shared_buffers (128 MB).
STOP_SECONDS = 60.0
LOOK_SECONDS = 0.01
EXIT_LOOK_SECONDS = 0.2
STATUS_LINE = 7
LAUNCHER = Path(__file__).with_name("launcher.py")


def launch(arguments: list[str], folder: Folder, account: Account) -> subprocess.Popen[bytes]:
    """Start the postmaster. Its own session, so that Ctrl-C in our terminal does not reach it."""
    folder.log.touch(mode=0o600)
    who = [str(account.uid), str(account.gid)] if account.switched else ["-", "-"]
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), *who]
    with folder.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 — our own program, no shell
            [*launcher, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder.root,
            env=clean_environment(),
            umask=0o077,
            start_new_session=True,
        )


async def wait_ready(process: subprocess.Popen[bytes], folder: Folder) -> bool:
    """True when the server takes connections, False when it ended instead.

    It writes its state into line 8 of postmaster.pid; pg_ctl waits by the same file.
    """
    async with asyncio.timeout(START_SECONDS):
        while process.poll() is None:
            lines = _read_pid_file(folder)
            state = lines[STATUS_LINE].strip() if len(lines) > STATUS_LINE else ""
            if lines[:1] == [str(process.pid)] and state == "ready":
                return True
            await asyncio.sleep(LOOK_SECONDS)
    return False


async def wait_exit(process: subprocess.Popen[bytes]) -> int:
    """Its exit code. Linux wakes us through a pidfd (pidfd_open(2)); elsewhere we look again."""
    if sys.platform == "linux" and process.poll() is None:
        await _readable(os.pidfd_open(process.pid))
        return process.wait()
    while (code := process.poll()) is None:  # noqa: ASYNC110 — no event tells of a process' end
        await asyncio.sleep(EXIT_LOOK_SECONDS)
    return code


async def _readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


async def stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown (sessions ended, checkpoint written); immediate, then by force, if it hangs."""
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            process.send_signal(request)
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await wait_exit(process)
                return
    raise PostgresError(f"PostgreSQL (process {process.pid}) does not stop, not even by force.")


async def clear_leftovers(folder: Folder, sockets: Path) -> None:
    """Stop an orphaned server of this folder and defuse stale pid files. Call with the lock held.

    The lock proves that no other Tertulia owns that server, so it is nobody's: stopped, not
    adopted, because its settings and log are those of a program that is gone.
    """
    lines = _read_pid_file(folder)
    pid = int(lines[0]) if lines and lines[0].isdigit() else 0
    if pid > 0 and _serves(pid, folder):
        await _stop_orphan(pid)
        lines = _read_pid_file(folder)
    if lines:
        _defuse(folder, lines)
    # The socket has a pid file of its own, which guards nothing but the name of the socket.
    for name in (f"{SOCKET_NAME}.lock", SOCKET_NAME):
        (sockets / name).unlink(missing_ok=True)


async def _stop_orphan(pid: int) -> None:
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        try:
            os.kill(pid, request)
            async with asyncio.timeout(STOP_SECONDS):
                while not _is_zombie(pid):
                    os.kill(pid, 0)
                    await asyncio.sleep(LOOK_SECONDS)
                return
        except ProcessLookupError:
            return
        except TimeoutError:
            continue
    raise PostgresError(f"An earlier PostgreSQL (process {pid}) does not stop. End it by hand.")


def _is_zombie(pid: int) -> bool:
    """Ended, but not collected: in a container whose first process does not care for orphans it
    stays so, and still answers signal 0."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def _serves(pid: int, folder: Folder) -> bool:
    """Whether this process is a PostgreSQL whose folder is ours. Pids are used again, most of all
    in containers, where every start gives the same ones."""
    try:
        if sys.platform == "linux":
            return Path(f"/proc/{pid}/cwd").resolve() == folder.cluster and "postgres" in (
                Path(f"/proc/{pid}/comm").read_text()
            )
        listing = ["ps", "-p", str(pid), "-o", "command="]
        command = subprocess.run(  # noqa: S603 — a number is all that varies
            listing, check=False, capture_output=True, text=True
        ).stdout
        return "postgres" in command and str(folder.cluster) in command
    except OSError:
        return False


def _defuse(folder: Folder, lines: list[str]) -> None:
    """Write our own pid into a stale pid file instead of removing it.

    PostgreSQL takes a file naming its parent process for stale, but still looks at the shared
    memory named in it, and so refuses to start while backends of the dead server linger.
    """
    folder.pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")


def _read_pid_file(folder: Folder) -> list[str]:
    try:
        return folder.pid_file.read_text().splitlines()
    except FileNotFoundError:
        return []
