"""A real server to measure: its own process, its own data folder, fsync on, people made directly.

Accounts are written into the database (a thousand argon2 hashes would take a minute) and get
tokens signed with the server's own key.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from bench import cores
from tertulia.core import postgres
from tertulia.core.actor import Actor
from tertulia.core.clock import SystemClock
from tertulia.core.ids import SystemIds
from tertulia.core.sessions import Sessions

SECRET = "bench-" + "x" * 40  # of a server that lives for a minute on loopback


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    folder: Path
    port: int

    @property
    def pid(self) -> int:
        return self.process.pid

    @asynccontextmanager
    async def database(self) -> AsyncGenerator[Any]:
        """The embedded database, past the server."""
        async with postgres.visiting(self.folder / "postgres") as dsn:
            conn: Any = await asyncpg.connect(dsn)
            try:
                yield conn
            finally:
                await conn.close()


@dataclass(frozen=True)
class Person:
    account_id: UUID
    token: str


@asynccontextmanager
async def running(*, pinned: bool = False, **settings: str) -> AsyncGenerator[Server]:
    """`tertulia serve` on a free port; gone with its folder after.

    Pinned, it has the servers' core for itself and PostgreSQL lives on the load's, as it would on
    a machine of its own. Otherwise server, PostgreSQL and load share the machine as they would on
    a small one.
    """
    folder = Path(tempfile.mkdtemp(prefix="tertulia-bench-"))
    server = start(folder, pinned=pinned, **settings)
    try:
        yield server
    finally:
        stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path, *, pinned: bool = False, **settings: str) -> Server:
    """Start and wait until it is ready. `settings` by their names: `redis_url="redis://…"`."""
    port = free_port()
    command = (sys.executable, "-m", "tertulia", "serve")
    process = subprocess.Popen(
        cores.on(cores.SERVER, *command) if pinned else command,
        env={
            **{name: value for name, value in os.environ.items() if "TERTULIA" not in name},
            "TERTULIA_DATA_DIR": str(folder),
            "TERTULIA_PORT": str(port),
            "TERTULIA_SECRET_KEY": SECRET,
            "TERTULIA_LOG_LEVEL": "warning",
            **{f"TERTULIA_{name.upper()}": value for name, value in settings.items()},
        },
        stdout=subprocess.DEVNULL,
    )
    server = Server(process, folder, port)
    _wait_ready(server)
    if pinned:
        for postmaster in cores.children(server.pid):
            cores.move([postmaster, *cores.children(postmaster)], cores.LOAD)
    return server


def stop(server: Server) -> None:
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(30)


def _wait_ready(server: Server) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/readyz", timeout=1):
                return
        except OSError:
            if server.process.poll() is not None:
                raise SystemExit("the server did not start") from None
            time.sleep(0.005)
    raise SystemExit("the server is not ready after a minute")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


async def people(server: Server, count: int, room: UUID | None = None) -> list[Person]:
    """Accounts with a signed-in device each, all members of `room`."""
    clock = SystemClock()
    ids, sessions, now = SystemIds(clock), Sessions([SECRET], clock), clock.now()
    made = [(ids.uuid7(), ids.uuid7()) for _ in range(count)]
    accounts, devices = [account for account, _ in made], [device for _, device in made]
    async with server.database() as conn, conn.transaction():
        await conn.execute(
            "INSERT INTO accounts (id, username, username_key, display_name, hue, password_hash,"
            " role, created_at) SELECT id, name, name, name, 0, '', 'member', $3"
            " FROM unnest($1::uuid[], $2::text[]) AS made (id, name)",
            *(accounts, [f"p{account.hex[12:]}" for account in accounts], now),
        )
        await conn.execute(
            "INSERT INTO streams (id, kind) SELECT unnest($1::uuid[]), 'account'", accounts
        )
        await conn.execute(
            "INSERT INTO devices (account_id, id, name, platform, created_at, last_seen_at,"
            " refresh_seed, refreshed_at) SELECT account, device, 'bench', '', $3, $3, '', $3"
            " FROM unnest($1::uuid[], $2::uuid[]) AS made (account, device)",
            *(accounts, devices, now),
        )
        if room is not None:
            await join(conn, [room], accounts, now)
    return [Person(account, sessions.issue(Actor(account, device))) for account, device in made]


async def rooms(
    server: Server, count: int, members: list[Person], kind: str = "channel"
) -> list[UUID]:
    """Public channels, groups or direct rooms with all these in them."""
    clock = SystemClock()
    ids, now = SystemIds(clock), clock.now()
    made = [ids.uuid7() for _ in range(count)]
    accounts = [person.account_id for person in members]
    async with server.database() as conn, conn.transaction():
        await conn.execute("INSERT INTO streams (id, kind) SELECT unnest($1::uuid[]), 'room'", made)
        await conn.execute(
            "INSERT INTO rooms (id, kind, visibility, name, created_at, created_by, direct_key)"
            " SELECT id, $2, CASE $2 WHEN 'channel' THEN 'public' ELSE 'private' END,"
            " CASE WHEN $2 <> 'direct' THEN 'bench' END, $3, $4,"
            " CASE $2 WHEN 'direct' THEN id::text END FROM unnest($1::uuid[]) AS id",
            *(made, kind, now, accounts[0]),
        )
        await join(conn, made, accounts, now)
    return made


async def join(conn: Any, rooms: list[UUID], accounts: list[UUID], now: datetime) -> None:
    await conn.execute(
        "INSERT INTO members (room_id, account_id, role, status, joined_at, changed_at)"
        " SELECT room, account, 'owner', 'joined', $3, $3"
        " FROM unnest($1::uuid[]) AS room, unnest($2::uuid[]) AS account",
        *(rooms, accounts, now),
    )
