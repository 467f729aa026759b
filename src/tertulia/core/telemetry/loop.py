"""Is the event loop keeping up?"""

import asyncio

from tertulia.core.clock import Clock
from tertulia.core.telemetry.metrics import Telemetry


async def watch_loop(telemetry: Telemetry, clock: Clock, *, interval: float = 0.5) -> None:
    """Run for ever beside the server: how late a timer of `interval` seconds fires is the lag."""
    while True:
        due = clock.monotonic() + interval
        await clock.sleep(interval)
        telemetry.loop_lag.observe(max(0.0, clock.monotonic() - due))
        telemetry.tasks.set(len(asyncio.all_tasks()))
