"""A socket's first minute: join its streams, say hello."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.clock import Clock
from tertulia.core.fanout import Fanout
from tertulia.core.gateway import Connection
from tertulia.core.streams import account_stream
from tertulia.features.sync.schemas import Hello

HeadsOf = Callable[[UUID], Awaitable[Mapping[str, int]]]


async def welcome(
    conn: Connection,
    actor: Actor,
    *,
    heads_of: HeadsOf,
    fanout: Fanout,
    clock: Clock,
    build: str,
    heartbeat: float,
) -> dict[str, int]:
    """Attach the socket to the account's streams; every event above the heads in `hello` follows.

    Returns those heads, by stream. `heartbeat` is in seconds. `heads_of` reads the heads of an
    account, as of a moment after it is asked: all that a connecting client costs the database.
    """
    own = account_stream(actor.account_id).name
    heads = await fanout.attach(conn, own, lambda: heads_of(actor.account_id))
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
