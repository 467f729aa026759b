"""`serve`: the whole program, from the data folder to the last goodbye. PostgreSQL stops last."""

import asyncio
import gc
import os
import platform
from contextlib import AsyncExitStack
from importlib import metadata
from pathlib import Path

import click
import structlog
from prometheus_client import start_http_server

from tertulia.core import migrate
from tertulia.core.clock import SystemClock
from tertulia.core.config import Settings
from tertulia.core.http import keep_assets
from tertulia.core.ids import SystemIds
from tertulia.core.postgres import EmbeddedPostgres
from tertulia.core.serving import listen
from tertulia.core.telemetry import Build, Telemetry, install_logging
from tertulia.features.accounts import service as accounts
from tertulia.main.node import Node, Parts, open_node

YOUNG_OBJECTS = 5_000  # new objects between collections; a group of sends makes thousands
STATIC = Path(__file__).parent.parent / "static"

log = structlog.get_logger(__name__)


async def serve(settings: Settings) -> None:
    """Run until cancelled. Everything opened here is closed in the opposite order."""
    async with AsyncExitStack() as stack:
        clock = SystemClock()
        telemetry = Telemetry(Build(version=version(), python=platform.python_version()))
        install_logging(
            level=settings.log_level,
            format_="json" if settings.log_format == "json" else "console",
            counter=telemetry.log_messages,
        )
        dsn = await _database(stack, settings)
        await migrate.up(_direct(settings) or dsn)
        kept = settings.data_dir / "assets"
        await asyncio.to_thread(keep_assets, STATIC, kept, clock.now())
        ids = SystemIds(clock)
        parts = Parts(
            clock=clock,
            ids=ids,
            telemetry=telemetry,
            version=version(),
            static=STATIC,
            kept_assets=kept,
            setup_token=None if settings.private else ids.token(),
        )
        _expose_metrics(stack, settings, telemetry)
        node = await stack.enter_async_context(open_node(settings, dsn, parts))
        address = await stack.enter_async_context(
            listen(node.app, node.gateway.uvicorn_options, settings.host, settings.port)
        )
        stack.push_async_callback(node.send_everybody_away, settings.drain_seconds)
        await _greet(settings, node, address)
        _spare_the_collector()
        await asyncio.Event().wait()


def _expose_metrics(stack: AsyncExitStack, settings: Settings, telemetry: Telemetry) -> None:
    """On a listener of its own, so that a scraper needs no token and no route through the proxy."""
    if settings.metrics_listen is None:
        return
    host, port = settings.metrics_listen
    server, thread = start_http_server(port, host, registry=telemetry.registry)
    stack.callback(thread.join)
    stack.callback(server.shutdown)


def _spare_the_collector() -> None:
    """What was built by now lives as long as the process: walking it at every full collection would
    stop everybody for tens of milliseconds. Measured at 500 messages/s: p99 of send → seen."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 50)


async def _database(stack: AsyncExitStack, settings: Settings) -> str:
    if settings.database_url is not None:
        return settings.database_url.value
    embedded = EmbeddedPostgres(settings.data_dir / "postgres")
    return (await stack.enter_async_context(embedded)).dsn


def _direct(settings: Settings) -> str | None:
    return settings.database_direct_url.value if settings.database_direct_url else None


def version() -> str:
    return metadata.version("tertulia")


async def _greet(settings: Settings, node: Node, address: tuple[str, int]) -> None:
    """Tell the operator where to go. The first-run link works once, for the first account."""
    port = address[1]
    url = (
        settings.public_url.replace(":0", f":{port}") if settings.port == 0 else settings.public_url
    )
    async with node.db.read() as tx:
        server = await accounts.server_info(tx, node.rules)
    log.info("serving", url=url, pid=os.getpid())
    click.echo(f"Tertulia is at {url}")
    if server.needs_owner:
        token = f"?token={node.rules.setup_token}" if node.rules.setup_token else ""
        click.echo(f"Make the first account, which owns this server: {url}/setup{token}")
    click.echo("Ctrl-C stops it.")
