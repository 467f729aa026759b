"""What must be true when the weather is over (fuzz.py): L1–L6 of ledger.py, and that nobody spoke
or listened where they had no place."""

from collections.abc import Mapping, Sequence

from tests.faults import ledger as ledgers
from tests.faults.checks import difference
from tests.faults.fuzz_wire import Client
from tests.faults.ledger import Json, Ledger
from tests.support.reducer import Replica
from tests.support.world import Person, World

from tertulia.core import config
from tertulia.core.clock import SystemClock
from tertulia.core.doctor import Patient
from tertulia.main import INVARIANTS


async def judge(
    world: World,
    people: Sequence[Person],
    clients: Sequence[Client],
    ledger: Ledger,
    removed_texts: Sequence[str],
) -> list[str]:
    """What is wrong. Everybody is connected, and everything was delivered."""
    log = await ledgers.read_log(world.db)
    return [
        *await ledgers.lost_or_doubled(ledger, world.db, edited=True),
        *ledgers.torn(ledger, log),
        *ledgers.trespasses(ledger, log, {client.name: client.person.id for client in clients}),
        *[line for client in clients for line in await stale(world, client)],
        *await sick(world),
        *await remains(world, removed_texts),
        *intruders(log, people, clients),
    ]


async def stale(world: World, client: Client) -> list[str]:
    """L5."""
    assert client.replica is not None
    device = str(client.person.actor.device_id)
    fresh = _logged(Replica(await world.snapshot(client.person), device, _nothing).seen())
    seen = _logged(client.replica.seen())
    return [] if seen == fresh else [f"L5: {client.name} holds {difference(seen, fresh)}"]


def _logged(seen: Json) -> Json:
    """What the log alone keeps true. Receipts are no events (docs/adr/0032): `sync` tells them."""
    rooms: Json = {id_: {**room, "receipts": []} for id_, room in seen["rooms"].items()}
    return {**seen, "rooms": rooms}


async def _nothing(room_id: str) -> None:
    del room_id


async def sick(world: World) -> list[str]:
    """L6."""
    patient = Patient(config.load({}, make_secret=False), SystemClock())
    async with world.pool.acquire() as connection:
        findings = [await check(patient, connection) for check in INVARIANTS]
    return [f"L6: {finding.text}" for finding in findings if finding.level != "ok"]


async def remains(world: World, removed_texts: Sequence[str]) -> list[str]:
    """A deleted text is nowhere any more."""
    async with world.db.read() as tx:
        rows = await tx.conn.fetch(
            """
            SELECT body::text AS text FROM messages UNION ALL
            SELECT text FROM message_revisions UNION ALL SELECT data::text FROM events
            """
        )
    kept = " ".join(row["text"] for row in rows if row["text"])
    return [f"a deleted message remains: {text}" for text in removed_texts if text in kept]


def intruders(
    log: Mapping[str, Sequence[Json]], people: Sequence[Person], clients: Sequence[Client]
) -> list[str]:
    """Who spoke in a room, or heard it, without being in it. Who comes back may hear of the time
    they were away: history is theirs to read."""
    found: list[str] = []
    for name, events in log.items():
        if not name.startswith("room:"):
            continue
        inside = {str(one.id): ledgers.memberships(events, one.id) for one in people}
        for event in events:
            author = speaker(event)
            if author is not None and event["seq"] not in inside[author]:
                found.append(f"{author} spoke at {event['seq']} in {name}, and was not in it")
        for client in clients:
            last = max(inside[str(client.person.id)], default=0)
            heard = [seq for stream, seq in client.arrived if stream == name and seq > last]
            if heard:
                found.append(f"W4: {client.name} heard {heard} in {name}, and left at {last}")
    return found


def speaker(event: Json) -> str | None:
    """Who said it; None for what nobody says: quiet notes, other events."""
    if event["type"] != "message.sent":
        return None
    message = event["data"]["message"]
    return None if message["body"]["kind"] == "system" else message["author_id"]
