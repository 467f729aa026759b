"""A socket's first minute: join its streams, say hello."""

from tertulia.core.actor import Actor
from tertulia.core.clock import Clock
from tertulia.core.db import Database
from tertulia.core.fanout import Fanout
from tertulia.core.gateway import Connection
from tertulia.core.streams import account_stream
from tertulia.features.sync import service
from tertulia.features.sync.schemas import Hello


async def welcome(
    conn: Connection,
    actor: Actor,
    *,
    db: Database,
    fanout: Fanout,
    clock: Clock,
    build: str,
    heartbeat: float,
) -> dict[str, int]:
    """Attach the socket to the account's streams; every event above the heads in `hello` follows.

    Returns those heads, by stream. `heartbeat` is in seconds.
    """

    async def load() -> dict[str, int]:
        async with db.read() as tx:
            return await service.heads(tx, actor)

    heads = await fanout.attach(conn, account_stream(actor.account_id).name, load)
    hello = Hello(
        connection_id=conn.id,
        account_id=actor.account_id,
        device_id=actor.device_id,
        server_time=clock.now(),
        heartbeat_ms=int(heartbeat * 1000),
        build=build,
        heads=heads,
    )
    conn.emit("hello", hello)
    return heads
