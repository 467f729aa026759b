"""A process that owns an embedded server until it is killed: `owner.py FOLDER [UID]`.

With a uid it becomes that user first, after every import: the interpreter itself may lie where
only root can read. Prints one line of JSON when the server is up.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

import asyncpg

from tertulia.core.postgres import EmbeddedPostgres, PostgresError


async def main(folder: Path) -> None:
    async with EmbeddedPostgres(folder, fsync=False) as server:
        connection = await asyncpg.connect(server.dsn)
        user: str = await connection.fetchval("SELECT current_user")
        await connection.close()
        owner = (folder / "cluster").stat().st_uid
        line = {"pid": server.pid, "dsn": server.dsn, "user": user, "owner": owner}
        print(json.dumps(line), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    # The loop's own modules are imported when it runs: once, before the change of user.
    asyncio.run(asyncio.to_thread(int))
    if len(sys.argv) > 2:
        os.setgroups([])
        os.setgid(int(sys.argv[2]))
        os.setuid(int(sys.argv[2]))
        if not os.access(sys.executable, os.X_OK):
            sys.executable = "/usr/bin/python3"
    try:
        asyncio.run(main(Path(sys.argv[1])))
    except PostgresError as error:
        sys.exit(f"{type(error).__name__}: {error}")
