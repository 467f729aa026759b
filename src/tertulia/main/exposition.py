"""Metrics for whoever scrapes: of one process, or of a supervisor and all its workers as one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack

from prometheus_client import CollectorRegistry, Metric, start_http_server
from prometheus_client.registry import Collector

from tertulia.core.config import Settings
from tertulia.main.control import ANSWER_SECONDS, Family, as_metric


def expose_metrics(stack: AsyncExitStack, settings: Settings, registry: CollectorRegistry) -> None:
    """On a listener of its own, so that a scraper needs no token and no route through the proxy."""
    if settings.metrics_listen is None:
        return
    host, port = settings.metrics_listen
    server, thread = start_http_server(port, host, registry=registry)
    stack.callback(thread.join)
    stack.callback(server.shutdown)


class Told(Collector):
    """Metrics that somebody else collected."""

    def __init__(self, families: Iterable[Family]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return map(as_metric, self._families)


class Gathered(Collector):
    """Asks a loop that runs in another thread than the scraper's."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, gather: Callable[[], Awaitable[list[Family]]]
    ) -> None:
        self._loop = loop
        self._gather = gather

    def collect(self) -> Iterable[Metric]:
        async def gather() -> list[Family]:
            return await self._gather()

        asked = asyncio.run_coroutine_threadsafe(gather(), self._loop)
        return map(as_metric, asked.result(2 * ANSWER_SECONDS))


def registry_of(collector: Collector) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(collector)
    return registry
