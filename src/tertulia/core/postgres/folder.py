"""The data folder of the embedded server: what lies where, who holds it, how it is made.

postgres/           lock, server.log, server.log.1
postgres/cluster/   the data of PostgreSQL (PG_VERSION is the version marker)
postgres/run/       the socket, where its path is short enough
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tertulia.core.postgres.account import Account
from tertulia.core.postgres.errors import FolderBusyError, PostgresError, WrongMajorError
from tertulia.core.postgres.programs import MAJOR, Programs
from tertulia.core.postgres.tuning import include_settings

# sun_path is 108 bytes on Linux and 104 on macOS, the closing zero included (unix(7)).
SOCKET_PATH_LIMIT = 103
SOCKET_NAME = ".s.PGSQL.5432"
DATABASE = "tertulia"
ROLE = "tertulia"
ADMIN = "postgres"
SPARE_SEGMENTS = 4  # with the one in use, what `min_wal_size` keeps


@dataclass(frozen=True)
class Folder:
    """An absolute path and the names inside it."""

    root: Path

    @property
    def cluster(self) -> Path:
        return self.root / "cluster"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"


def prepare_root(path: Path) -> Folder:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Folder(path.resolve())


@contextmanager
def hold(folder: Folder) -> Generator[None]:
    """Keep the folder to ourselves until the end of the block, or of the process.

    flock(2), not fcntl locks: those do not see a second server in the same process.
    Raises FolderBusyError naming the process that has it.
    """
    descriptor = os.open(folder.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 20, 0).decode().strip() or "unknown"
            raise FolderBusyError(
                f"{folder.root} is in use by process {holder}. "
                "Stop that server first, or choose another --data-dir."
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def require_our_major(folder: Folder) -> None:
    """Raises WrongMajorError; a folder without a cluster passes."""
    marker = folder.cluster / "PG_VERSION"
    if not folder.cluster.exists():
        return
    if not marker.exists():
        raise PostgresError(
            f"{folder.cluster} is no PostgreSQL folder (PG_VERSION is missing). "
            "Restore it from a backup, or move it away to begin anew."
        )
    found = marker.read_text().strip()
    if found != str(MAJOR):
        raise WrongMajorError(
            f"{folder.cluster} was made by PostgreSQL {found}; this Tertulia brings {MAJOR} and "
            "has left it untouched. Way out: start the Tertulia that made it, dump with its "
            "pg_dump, move the folder away, start this one and load with its pg_restore "
            f"(docs/ops/embedded-database.md), or run a PostgreSQL {found} of your own on it and "
            "set TERTULIA_DATABASE_URL."
        )


def make_cluster(folder: Folder, programs: Programs, account: Account, *, fsync: bool) -> None:
    """Create the cluster with its role and database, whole or not at all.

    It is made beside its place and renamed at the end: a kill in between leaves nothing behind
    that could be taken for a cluster. The builtin locale sorts alike whatever the libc does.
    """
    unfinished = folder.root / "cluster.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    account.own(unfinished)
    arguments = [
        programs.path("initdb"),
        f"--pgdata={unfinished}",
        f"--username={ADMIN}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--auth=trust",
        "--no-instructions",
        *([] if fsync else ["--no-sync"]),
    ]
    _run(arguments, account, folder)
    include_settings(unfinished, account)
    single = [programs.path("postgres"), "--single", "-D", str(unfinished)]
    durability = [] if fsync else ["-c", "fsync=off"]
    statements = _first_statements() + (_spare_segments() if fsync else "")
    _run([*single, *durability, ADMIN], account, folder, statements)
    unfinished.rename(folder.cluster)


def _first_statements() -> str:
    # The program's own role is no superuser: an injected statement cannot run programs or read
    # files. One statement a line, as single-user mode wants it.
    return f"CREATE ROLE {ROLE} LOGIN\nCREATE DATABASE {DATABASE} OWNER {ROLE}\n"


def _spare_segments() -> str:
    """Segments of the write-ahead log made ahead. Making one (16 MiB, written and synced) stops all
    commits for tens of milliseconds, and until its first checkpoints a young database makes one for
    every few thousand messages; later it takes up old ones, as it does these."""
    one = "SELECT pg_logical_emit_message(false, 'tertulia', 'next')\nSELECT pg_switch_wal()\n"
    return one * SPARE_SEGMENTS + "CHECKPOINT\n"


def _run(arguments: list[str], account: Account, folder: Folder, text: str = "") -> None:
    # Our own programs and paths, no shell.
    done = subprocess.run(  # noqa: S603
        arguments,
        check=False,
        input=text,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder.root,
        env=clean_environment(),
        umask=0o077,
        **account.identity(),
    )
    # Single-user mode answers 0 whatever its statements did.
    if done.returncode != 0 or "ERROR:" in done.stdout or "FATAL:" in done.stdout:
        raise PostgresError(f"{Path(arguments[0]).name} failed:\n{done.stdout.strip()}{_advice()}")


def _advice() -> str:
    if os.geteuid() == 0 or _has_name(os.geteuid()):
        return ""
    return (
        f"\nThe uid {os.geteuid()} has no entry in the password file, which initdb needs: add one, "
        "or make the data folder once under an account that has one."
    )


def _has_name(uid: int) -> bool:
    with Path("/etc/passwd").open() as entries:
        return any(line.split(":")[2:3] == [str(uid)] for line in entries)


def clean_environment() -> dict[str, str]:
    """Nothing of ours reaches the server: PG* variables would steer it, secrets would leak."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def make_socket_folder(folder: Folder, account: Account) -> Path:
    """A folder of mode 0700 that is the whole access control: only the account and root enter.

    Inside the data folder where the path fits, else beside the system's temporary files, under a
    name that can only be ours (an impostor's folder of that name is refused).
    """
    path = folder.root / "run"
    if len(os.fsencode(path / SOCKET_NAME)) > SOCKET_PATH_LIMIT:
        name = hashlib.sha256(os.fsencode(folder.root)).hexdigest()[:16]
        path = Path(tempfile.gettempdir()) / f"tertulia-{account.uid}-{name}"
    path.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid not in {os.geteuid(), account.uid}:
        raise PostgresError(f"{path} belongs to somebody else: remove it and start again.")
    path.chmod(0o700)
    account.own(path)
    return path


def remove_socket_folder(folder: Folder, sockets: Path) -> None:
    """Leave nothing behind in the system's temporary folder."""
    if not sockets.is_relative_to(folder.root):
        shutil.rmtree(sockets, ignore_errors=True)


def address(sockets: Path, database: str, role: str) -> str:
    """A libpq URI; asyncpg and psycopg read it alike."""
    return f"postgresql://{role}@/{quote(database)}?host={quote(str(sockets), safe='')}"
