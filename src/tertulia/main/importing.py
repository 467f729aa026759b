"""Imports: a way into the database without a server, or beside one that runs.

What is brought in while a server runs, its sweep finds in the log (`core.fanout`).
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from tertulia.core import migrate
from tertulia.core.archives import open_archive
from tertulia.core.bus import LocalBus
from tertulia.core.clock import SystemClock
from tertulia.core.db import Database, open_pool
from tertulia.core.failpoints import Failpoints
from tertulia.core.ids import SystemIds
from tertulia.core.passwords import Passwords
from tertulia.features.accounts.service import arrivals
from tertulia.features.importing import jobs
from tertulia.features.importing.jobs import Import, Tell
from tertulia.features.importing.service.people import Person
from tertulia.features.importing.service.reading import open_workspace
from tertulia.features.importing.state.report import PersonMatch, Report
from tertulia.main import wiring

POOL = 3  # connections: one writes, one reads ahead


class SlackImport:
    """An archive and a database, open. First `decide`, then look at `matches`, then `carry_out`."""

    def __init__(self, run: Import) -> None:
        self._run = run
        self._decided: dict[str, Person] = {}
        self.size = run.workspace.size  # bytes that `tell` will hear of

    async def decide(self) -> list[PersonMatch]:
        """People of Slack who would get their past on an account that somebody uses."""
        self._decided = await jobs.decide(self._run)
        return Report(people=jobs.matches(self._decided)).matched

    async def carry_out(self, tell: Tell) -> Report:
        return await jobs.carry_out(self._run._replace(tell=tell), self._decided)


@asynccontextmanager
async def open_slack_import(
    dsn: str, file: Path, *, dry: bool, match: bool, source: str | None
) -> AsyncGenerator[SlackImport]:
    """Raises BadArchive where the file is no harmless Slack export."""
    with open_archive(file) as archive:
        workspace = open_workspace(archive, source)
        async with _database(dsn) as db:
            run = Import(db, archive, workspace, slack_emoji(), _hush, dry, match)
            yield SlackImport(run)


async def claim(dsn: str, username: str) -> str | None:
    """Open an account that an import made: answers a password for the first sign-in, None where
    there is nothing to claim."""
    password = SystemIds(SystemClock()).token(12)
    passwords = Passwords(cores=1)
    try:
        hashed = await passwords.hash(password)
    finally:
        passwords.close()
    async with _database(dsn) as db:
        claimed = await db.write(lambda tx: arrivals.claim(tx, username, hashed))
    return None if claimed is None else password


def slack_emoji() -> dict[str, str]:
    """Emoji by the names Slack gives them (from emojibase-data, which has them from iamcal)."""
    file = resources.files("tertulia.features.importing") / "slack_emoji.txt"
    pairs = (line.split(" ") for line in file.read_text("utf-8").splitlines())
    return {name: emoji for name, emoji in pairs}  # noqa: C416 — a pair each, or an error


@asynccontextmanager
async def _database(dsn: str) -> AsyncGenerator[Database]:
    await migrate.up(dsn)
    clock = SystemClock()
    pool: Any = await open_pool(dsn, size=POOL)
    db = Database(
        pool,
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


def _hush(size: int) -> None:
    """Nobody looks yet."""
    del size
