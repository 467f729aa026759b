"""A socket's first minute: join its streams, say hello."""

from collections.abc import Awaitable, Callable, Mapping

from tertulia.core.actor import Actor
from tertulia.core.clock import Clock
from tertulia.core.fanout import Fanout
from tertulia.core.gateway import Connection
from tertulia.core.replay import Standing
from tertulia.core.streams import account_stream
from tertulia.features.sync.live import Arrival
from tertulia.features.sync.schemas import Hello

Stand = Callable[[Arrival], Awaitable[Standing]]


async def welcome(
    conn: Connection,
    actor: Actor,
    known: Mapping[str, int],
    *,
    stand: Stand,
    fanout: Fanout,
    clock: Clock,
    build: str,
    heartbeat: float,
) -> dict[str, int]:
    """Attach the socket to the account's streams; every event above the heads in `hello` follows,
    and right behind it what the client missed since the heads `known` to it, where that is little.

    Returns the heads, by stream. `heartbeat` is in seconds. `stand` reads where an account stands,
    as of a moment after it is asked: all that a connecting client costs the database.
    """
    own = account_stream(actor.account_id).name
    arrival = Arrival(actor.account_id, frozenset(known.items()))
    joined = await fanout.resume(conn, own, known, lambda: stand(arrival))
    hello = Hello(
        connection_id=conn.id,
        account_id=actor.account_id,
        device_id=actor.device_id,
        server_time=clock.now(),
        heartbeat_ms=int(heartbeat * 1000),
        build=build,
        heads=joined.heads,
        replayed=joined.replayed,
    )
    conn.emit("hello", hello)
    for frame in joined.frames:
        conn.send(frame)
    return joined.heads
