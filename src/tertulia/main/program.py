"""`serve`: the whole program, from the data folder to the last goodbye. PostgreSQL stops last."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from tertulia.core.config import Settings
from tertulia.core.serving import bind
from tertulia.main.exposition import expose_metrics
from tertulia.main.greeting import greet, needs_owner
from tertulia.main.premises import fresh_node_id, open_premises, open_telemetry, with_port
from tertulia.main.process import serving
from tertulia.main.supervisor import supervise


async def serve(settings: Settings, command: Sequence[str]) -> None:
    """Run until cancelled. Everything opened here is closed in the opposite order.

    `command` starts this program again with the same settings, to become a worker. Raises
    WorkerFailed where the first workers do not start.
    """
    if settings.workers > 1:
        await supervise(settings, command)
    else:
        await _serve_alone(settings)


async def _serve_alone(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        node_id = fresh_node_id()
        telemetry = open_telemetry(settings, node_id=node_id)
        # First of all: a port that is taken is known before a database has been started.
        listener = bind(settings.host, settings.port)
        stack.callback(listener.close)
        settings = with_port(settings, listener.getsockname()[1])
        premises = await stack.enter_async_context(open_premises(settings))
        expose_metrics(stack, settings, telemetry.registry)
        here = await stack.enter_async_context(
            serving(settings, premises, listener, telemetry, node_id=node_id)
        )
        greet(
            settings,
            here.address,
            needs_owner=await needs_owner(here.node),
            setup_token=premises.setup_token,
        )
        await asyncio.Event().wait()
