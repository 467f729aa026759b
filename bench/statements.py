"""What a verb asks of the database: how many statements, and how long it waits for them."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from bench.server import Server
from tertulia.core.bus import LocalBus
from tertulia.core.clock import SystemClock
from tertulia.core.db import Database, open_pool
from tertulia.core.failpoints import Failpoints
from tertulia.core.ids import SystemIds
from tertulia.core.postgres import visiting
from tertulia.core.tx import Tx


class Asked(NamedTuple):
    statements: int
    database: float  # seconds
    whole: float


async def asked(server: Server, verb: Callable[[Tx], Awaitable[object]]) -> Asked:
    """Of the second of two runs in this process: the first one prepares the statements."""
    clock = SystemClock()
    spans: list[float] = []

    def note(query: Any) -> None:
        if not query.query.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            spans.append(query.elapsed)

    async with visiting(server.folder / "postgres") as dsn:
        pool: Any = await open_pool(dsn)
        try:
            db = Database(
                pool,
                bus=LocalBus(),
                clock=clock,
                ids=SystemIds(clock),
                reactions={},
                failpoints=Failpoints(),
            )
            async with db.read() as tx:
                await verb(tx)
                with tx.conn.query_logger(note):
                    began = time.perf_counter()
                    await verb(tx)
                    whole = time.perf_counter() - began
        finally:
            await pool.close()
    return Asked(len(spans), sum(spans), whole)
