"""`tertulia serve`."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import click

from tertulia import main as program
from tertulia.cli.context import load, run


@click.command()
@click.option("--host", help="The address to listen on. [env: TERTULIA_HOST]")
@click.option("--port", help="The port to listen on. [env: TERTULIA_PORT]")
@click.option("--data-dir", help="The folder that holds everything. [env: TERTULIA_DATA_DIR]")
@click.option("--workers", help="Server processes. [env: TERTULIA_WORKERS]")
@click.pass_context
def serve(context: click.Context, **flags: str | None) -> None:
    """Run the server until Ctrl-C or SIGTERM."""
    given = {name: value for name, value in flags.items() if value is not None}
    settings = load(context, given, make_secret=True)
    # Told to stop and stopped: nothing failed.
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        run(_until_told(program.serve(settings)))


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """SIGTERM ends the work as Ctrl-C does: by cancelling it, so that everything is closed."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task
