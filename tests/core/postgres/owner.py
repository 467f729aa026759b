"""A process that owns an embedded server until it is killed: `owner.py FOLDER [UID]`.

With a uid it becomes that user first, after every import and with copies of what it will run: the
interpreter and this checkout may lie where only root can read. Prints one line of JSON when the
server is up.
"""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path

import asyncpg

from tertulia.core.postgres import EmbeddedPostgres, PostgresError, postmaster, server
from tertulia.core.postgres.programs import copy_programs, find_programs


async def main(folder: Path) -> None:
    async with EmbeddedPostgres(folder, fsync=False) as running:
        connection = await asyncpg.connect(running.dsn)
        user: str = await connection.fetchval("SELECT current_user")
        await connection.close()
        owner = (folder / "cluster").stat().st_uid
        line = {"pid": running.pid, "dsn": running.dsn, "user": user, "owner": owner}
        print(json.dumps(line), flush=True)
        await asyncio.Event().wait()


def become(uid: int, folder: Path) -> None:
    # The loop's own modules are imported when it first runs.
    asyncio.run(asyncio.to_thread(int))
    programs = copy_programs(find_programs(), folder.parent / "programs")
    launcher = folder.parent / "launcher.py"
    shutil.copyfile(postmaster.LAUNCHER, launcher)
    launcher.chmod(0o644)
    setattr(server, "find_programs", lambda: programs)  # noqa: B010 — a test's stand-in
    setattr(postmaster, "LAUNCHER", launcher)  # noqa: B010
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    if not os.access(sys.executable, os.X_OK):
        sys.executable = "/usr/bin/python3"


if __name__ == "__main__":
    if len(sys.argv) > 2:
        become(int(sys.argv[2]), Path(sys.argv[1]))
    try:
        asyncio.run(main(Path(sys.argv[1])))
    except PostgresError as error:
        sys.exit(f"{type(error).__name__}: {error}")
