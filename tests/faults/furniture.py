"""A data folder with people in it, made once; every fault gets a copy.

The people come by the real verbs, so that the log begins whole; their passwords open nothing.
"""

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core import migrate
from tertulia.core.actor import Actor
from tertulia.core.bus import LocalBus
from tertulia.core.clock import SystemClock
from tertulia.core.db import Database, open_pool
from tertulia.core.failpoints import Failpoints
from tertulia.core.ids import SystemIds
from tertulia.core.postgres import EmbeddedPostgres
from tertulia.core.sessions import Sessions
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import Register
from tertulia.features.accounts.service import Client, Rules
from tertulia.features.invites import service as invites
from tertulia.main import wiring

SECRET = "of a server that lives for a minute, on loopback"
PEOPLE = 8
RULES = Rules(registration="open", setup_token=None, version="0", max_text_length=8_000)


class Person(msgspec.Struct, frozen=True):
    """Somebody signed in. `token` opens everything for 15 minutes, `refresh` brings the next."""

    username: str
    actor: Actor
    token: str
    refresh: str

    @property
    def id(self) -> UUID:
        return self.actor.account_id


class Furniture(msgspec.Struct, frozen=True):
    """`folder` is a data folder that no server holds."""

    folder: Path
    people: tuple[Person, ...]

    def copy(self, to: Path) -> None:
        """Owners and modes included: PostgreSQL refuses a cluster that is not its account's."""
        shutil.copytree(self.folder, to, copy_function=shutil.copy2, dirs_exist_ok=True)
        for path in [self.folder, *self.folder.rglob("*")]:
            status = path.lstat()
            shutil.chown(to / path.relative_to(self.folder), status.st_uid, status.st_gid)


async def furnish(folder: Path) -> Furniture:
    """Make a cluster in `folder` with the schema and PEOPLE accounts; it is stopped again."""
    async with EmbeddedPostgres(folder / "postgres", fsync=False) as server:
        await migrate.up(server.dsn)
        async with open_database(server.dsn) as db:
            people = [await register(db, f"bot{number}") for number in range(PEOPLE)]
    return Furniture(folder, tuple(people))


@asynccontextmanager
async def open_database(dsn: str) -> AsyncGenerator[Database]:
    """The test's own handle on a server's database."""
    clock = SystemClock()
    db = Database(
        await open_pool(dsn),
        bus=LocalBus(),
        clock=clock,
        ids=SystemIds(clock),
        reactions=wiring.reactions(),
        failpoints=Failpoints(),
    )
    try:
        yield db
    finally:
        await db.close()


async def register(db: Database, username: str) -> Person:
    """By the real verb; the password opens nothing."""
    sessions = Sessions([SECRET], SystemClock())

    async def come(tx: Tx) -> accounts.SignedIn:
        return await accounts.register(
            tx,
            sessions,
            RULES,
            _admit_nobody,
            Register(username=username, password="olive branches"),
            redeem=invites.accept,
            password_hash="no password opens this",
            client=Client("A bot", "Linux"),
        )

    signed_in = await db.write(come)
    return Person(username, signed_in.actor, signed_in.access_token, signed_in.refresh_token)


async def _admit_nobody(tx: Any, code: str) -> bool:
    del tx, code
    return False
