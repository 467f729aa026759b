"""The end of every fault: heal, be quiet, and look (L1–L8 of ledger.py)."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any, cast
from uuid import UUID

import msgspec
from tests.faults import ledger as ledgers
from tests.faults.bot import Bot
from tests.faults.furniture import Person, open_database
from tests.faults.house import House, undeclared
from tests.faults.ledger import Json, Ledger
from tests.support.reducer import Replica, wire

from tertulia.core import config
from tertulia.core.clock import SystemClock
from tertulia.core.db import Database
from tertulia.core.doctor import examine
from tertulia.core.tx import Tx
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import CreateRoom
from tertulia.features.sync import service as sync
from tertulia.main import INVARIANTS

QUIET_SECONDS = 60.0


class Report(msgspec.Struct):
    """What a fault did, for the scoreboard in docs/faults.md."""

    sent: int
    acknowledged: int
    retried: int
    heal_seconds: float | None
    hear_seconds: float | None = None  # until everybody hears again
    delay: float | None = None  # the worst, from acknowledged to shown, since it began

    def heals_within(self, seconds: float) -> bool:
        return self.heal_seconds is not None and self.heal_seconds <= seconds

    def __str__(self) -> str:
        heal = "" if self.heal_seconds is None else f", healed in {self.heal_seconds:.2f} s"
        heal += "" if self.hear_seconds is None else f", all hear after {self.hear_seconds:.2f} s"
        heal += "" if self.delay is None else f", shown at most {self.delay:.2f} s late"
        told = f"{self.acknowledged} of {self.sent} acknowledged, {self.retried} tries again"
        return f"{told}, none lost, none doubled{heal}"


async def make_rooms(house: House, people: Sequence[Person], count: int) -> list[UUID]:
    """Channels with everybody in them, by the real verbs."""
    owner = people[0]
    draft = CreateRoom(
        kind="channel",
        name="The table",
        visibility="private",
        members=[person.id for person in people[1:]],
    )

    async def create(tx: Tx) -> UUID:
        return (await rooms.create(tx, owner.actor, draft)).room_id

    async with house.open_dsn() as dsn, open_database(dsn) as db:
        return [await db.write(create) for _ in range(count)]


async def everybody_there(made: Sequence[Bot], db: Database) -> None:
    """Until every bot is connected and stands at the head of all it follows."""
    async with asyncio.timeout(QUIET_SECONDS):
        while True:
            async with db.read() as tx:
                rows = await tx.conn.fetch("SELECT kind || ':' || id AS name, head FROM streams")
            heads = {row["name"]: row["head"] for row in rows}
            behind = [bot.name for bot in made if not bot.connected or is_behind(bot, heads)]
            if not behind:
                return
            for bot in made:
                bot.check_alive()
            await asyncio.sleep(0.05)


def is_behind(bot: Bot, heads: dict[str, int]) -> bool:
    replica = bot.replica
    if replica is None or heads[f"account:{replica.me}"] != replica.head:
        return True
    return any(room["head"] != heads[f"room:{id_}"] for id_, room in replica.rooms.items())


async def check(
    house: House,
    ledger: Ledger,
    made: Sequence[Bot],
    *,
    declared: Collection[str] = (),
    began: float | None = None,
    heal_from: float | None = None,
    others: Sequence[House] = (),
) -> Report:
    """L1–L6 and L8, after the fault is healed and everybody has gone quiet. `others` are further
    nodes on the same database."""
    async with house.open_dsn() as dsn, open_database(dsn) as db:
        await everybody_there(made, db)
        found = list(ledger.violations)
        found += await ledgers.lost_or_doubled(ledger, db)
        log = await ledgers.read_log(db)
        found += ledgers.torn(ledger, log)
        found += ledgers.trespasses(ledger, log, {bot.name: bot.person.id for bot in made})
        for bot in made:
            found += await stale(bot, db)
    found += await sick(house)
    for one in (house, *others):
        found += [f"L8: {error}" for error in undeclared(one.errors(), declared)]
    assert not found, "\n".join(found[:20])
    attempts = ledger.attempts
    return Report(
        sent=len(ledger.sends),
        acknowledged=len(ledger.acknowledged),
        retried=len(attempts) - len(ledger.sends),
        heal_seconds=None if heal_from is None else ledger.first_success_after(heal_from),
        hear_seconds=None if heal_from is None else ledger.all_hear_after(heal_from),
        delay=None if began is None else max(ledger.delays(began), default=0.0),
    )


async def stale(bot: Bot, db: Database) -> list[str]:
    """L5."""
    assert bot.replica is not None
    async with db.read() as tx:
        snapshot = wire(await sync.snapshot(tx, bot.person.actor))
    fresh = Replica(snapshot, str(bot.person.actor.device_id), _nothing).seen()
    seen = bot.replica.seen()
    for device in (*seen["devices"], *fresh["devices"]):
        device["last_seen_at"] = None  # moves with every renewed token, and is nobody's news
    if seen == fresh:
        return []
    return [f"L5: {bot.name} holds {difference(seen, fresh)}"]


async def _nothing(room_id: str) -> Json | None:
    del room_id
    return None


def difference(seen: Any, fresh: Any, path: str = "") -> str:
    """The first thing that differs, by its path."""
    if not isinstance(seen, dict) or not isinstance(fresh, dict):
        return f"{path} = {seen!r}, which is {fresh!r}"
    mine, theirs = cast("Json", seen), cast("Json", fresh)
    names = sorted(mine.keys() | theirs.keys())
    name = next(name for name in names if mine.get(name) != theirs.get(name))
    return difference(mine.get(name), theirs.get(name), f"{path}.{name}")


async def sick(house: House) -> list[str]:
    """L6: what `tertulia doctor --invariants` calls a failure of the product."""
    flags = {"data_dir": str(house.folder)}
    environment = {"TERTULIA_DATABASE_URL": house.database} if house.database else {}
    settings = config.load(environment, None, flags)
    findings = await examine(settings, SystemClock(), invariants=INVARIANTS)
    asked = {finding.check for finding in findings}
    missing = [] if "log" in asked else ["L6: the doctor did not ask for invariants"]
    return missing + [f"L6: {f.check}: {f.text}" for f in findings if f.level == "fail"]


class Weight(msgspec.Struct, frozen=True):
    """What should be as before when everybody has gone (L7)."""

    files: int
    sessions: int
    kib: int


async def weigh(house: House) -> Weight:
    async with house.superuser() as connection:
        sessions: int = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'tertulia'"
        )
    return Weight(house.open_files(), sessions, house.private_kib())
