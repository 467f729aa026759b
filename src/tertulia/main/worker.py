"""A worker: one of several processes that serve one port for a supervisor."""

import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import structlog
from prometheus_client import CollectorRegistry

from tertulia.core.config import Settings
from tertulia.core.telemetry import Telemetry
from tertulia.main.control import Begin, Family, Line, Ready, Stop, families, open_line
from tertulia.main.exposition import Told, registry_of
from tertulia.main.greeting import needs_owner
from tertulia.main.premises import Premises, fresh_node_id, open_telemetry, with_public_url
from tertulia.main.process import Serving, serving

log = structlog.get_logger(__name__)


async def work(settings: Settings, descriptor: int) -> None:
    """Serve until the supervisor says stop, or is gone. `descriptor` is this end of its line."""
    async with AsyncExitStack() as stack:
        told: list[Telemetry] = []

        async def answer() -> list[Family]:
            return [family for one in told for family in families(one.registry.collect())]

        line = await open_line(socket.socket(fileno=descriptor), answer)
        stack.push_async_callback(line.close)
        begin = await line.hear()
        if not isinstance(begin, Begin):
            return
        node_id = fresh_node_id()
        telemetry = open_telemetry(settings, node_id=node_id, worker=begin.name)
        told.append(telemetry)
        telemetry.exposed = _of_all(line, telemetry)
        here = await stack.enter_async_context(
            serving(
                with_public_url(settings, begin.public_url),
                Premises(begin.dsn, begin.setup_token),
                socket.socket(fileno=begin.listener),
                telemetry,
                node_id=node_id,
                pool=begin.pool,
            )
        )
        line.say(Ready(node_id, await needs_owner(here.node)))
        await _until_told(line, here)


async def _until_told(line: Line, here: Serving) -> None:
    here.notice = 0.0  # for a signal to this process alone: the port stays served by the others
    match await line.hear():
        case Stop(notice):
            here.notice = notice
        case _:
            log.error("supervisor_gone")


def _of_all(line: Line, own: Telemetry) -> Callable[[], Awaitable[CollectorRegistry]]:
    async def exposed() -> CollectorRegistry:
        try:
            return registry_of(Told(await line.ask()))
        except TimeoutError:
            return own.registry  # better than nothing, and without the label `worker` seen as such

    return exposed
