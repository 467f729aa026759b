"""The whole database into a file, and back: by pg_dump, pg_restore and psql of the wheel.

They speak to older servers too. A password goes by the environment: arguments are for all to see.
"""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from tertulia.core.postgres.errors import PostgresError
from tertulia.core.postgres.programs import find_programs

# Said by a server of 17 or newer; older ones do not know it.
_NEW_SETTING = b"SET transaction_timeout = 0;\n"
CLEAR = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
_HEAD = 1 << 16  # bytes in which it stands
_BLOCK = 1 << 18
_SAID = 2_000  # characters of what a tool complains of


async def dump(dsn: str, target: Path, snapshot: str) -> None:
    """As the database was at an exported `snapshot`. Raises PostgresError."""
    process = await _start(
        dsn,
        "pg_dump",
        [
            *("--format=custom", "--compress=gzip:4", "--no-owner", "--no-privileges"),
            *(f"--snapshot={snapshot}", f"--file={target}"),
        ],
    )
    await _end(process, "pg_dump")


async def load(dsn: str, source: Path, then: Sequence[str]) -> None:
    """A dump instead of what is there, and SQL statements after it, in one transaction: all or
    nothing. Raises PostgresError."""
    reading = await _start(None, "pg_restore", ["--no-owner", "--no-privileges", "-f-", source])
    writing = await _start(
        dsn,
        "psql",
        [*("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "-f-")],
    )
    try:
        await _pass_on(reading, writing, [CLEAR], then)
        await _end(reading, "pg_restore")
        await _end(writing, "psql")
    finally:
        for process in (reading, writing):
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _pass_on(
    reading: Process, writing: Process, before: Sequence[str], after: Sequence[str]
) -> None:
    assert reading.stdout is not None
    assert writing.stdin is not None
    into = writing.stdin
    try:
        into.write("\n".join(before).encode() + b"\n")
        head = await _exactly(reading.stdout, _HEAD)
        into.write(head.replace(_NEW_SETTING, b"", 1))
        while block := await reading.stdout.read(_BLOCK):
            into.write(block)
            await into.drain()
        # A dump that ended early must not be committed: psql hears an error instead of the end.
        if await reading.wait() != 0:
            into.write(b"\nDO $$BEGIN RAISE EXCEPTION 'the dump ended early'; END$$;\n")
        # The dump empties the search path.
        into.write(b"\nSET search_path TO public;\n" + "\n".join(after).encode() + b"\n")
        await into.drain()
        into.close()
    except (BrokenPipeError, ConnectionResetError):
        return  # psql says why


async def _exactly(stream: asyncio.StreamReader, size: int) -> bytes:
    try:
        return await stream.readexactly(size)
    except asyncio.IncompleteReadError as error:
        return error.partial


async def _start(dsn: str | None, program: str, arguments: Sequence[str | Path]) -> Process:
    environment = {"PGCONNECT_TIMEOUT": "10"}  # and nothing of ours, which has secrets
    if dsn is not None:
        address, password = _without_password(dsn)
        arguments = [f"--dbname={address}", *arguments]
        if password is not None:
            environment["PGPASSWORD"] = password
    return await asyncio.create_subprocess_exec(
        find_programs().path(program),
        *arguments,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=environment,
    )


async def _end(process: Process, program: str) -> None:
    assert process.stderr is not None
    said = (await process.stderr.read()).decode(errors="replace").strip()
    if await process.wait() != 0:
        raise PostgresError(f"{program} failed: {said[-_SAID:]}")


def _without_password(dsn: str) -> tuple[str, str | None]:
    parts = urlsplit(dsn)
    if parts.password is None:
        return dsn, None
    user, _, host = parts.netloc.rpartition("@")
    netloc = f"{user.partition(':')[0]}@{host}"
    return urlunsplit(parts._replace(netloc=netloc)), unquote(parts.password)
