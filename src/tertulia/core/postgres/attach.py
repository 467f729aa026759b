"""The embedded database for short visits: `doctor`, `migrate`, `backup`."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tertulia.core.postgres import folder as folders
from tertulia.core.postgres.errors import FolderBusyError
from tertulia.core.postgres.programs import find_programs
from tertulia.core.postgres.server import EmbeddedPostgres

# postmaster.pid(5): pid, folder, start, port, socket folder, …
SOCKET_LINE = 4


@asynccontextmanager
async def visiting(path: Path) -> AsyncGenerator[str]:
    """The DSN of the embedded database: of the running server, or of one started for the visit.

    Raises as EmbeddedPostgres does; FolderBusyError only where the running one is not yet ready.
    """
    try:
        server = await EmbeddedPostgres(path).__aenter__()
    except FolderBusyError:
        running = _running_dsn(path)
        if running is None:
            raise
        yield running
        return
    try:
        yield server.dsn
    finally:
        await server.__aexit__(None, None, None)


def tool_environment(dsn: str, path: str) -> dict[str, str]:
    """What libpq's tools need to reach the database, the bundled ones before those of `path`."""
    parts = urlsplit(dsn)
    programs = Path(find_programs().path("psql")).parent
    return {
        "PATH": f"{programs}{os.pathsep}{path}",
        "PGHOST": parse_qs(parts.query)["host"][0],
        "PGUSER": parts.username or folders.ROLE,
        "PGDATABASE": parts.path.lstrip("/"),
    }


def exists(path: Path) -> bool:
    """Whether a cluster has been made there."""
    return folders.Folder(path).cluster.exists()


def _running_dsn(path: Path) -> str | None:
    pid_file = folders.Folder(path.resolve()).pid_file
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) <= SOCKET_LINE or not lines[SOCKET_LINE]:
        return None
    return folders.address(Path(lines[SOCKET_LINE]), folders.DATABASE, folders.ROLE)
