"""`tertulia worker`."""

import asyncio
import signal
from collections.abc import Collection
from contextlib import suppress

import click

from tertulia import main as program
from tertulia.cli.context import embedded, load, run
from tertulia.core import postgres
from tertulia.core.config import Settings


@click.command()
@click.option("--kinds", help="Only these jobs, by commas. Default: all.")
@click.option("--concurrency", help="Jobs at once. [env: TERTULIA_JOB_CONCURRENCY]")
@click.pass_context
def worker(context: click.Context, kinds: str | None, concurrency: str | None) -> None:
    """Do the work for later (previews, webhooks, scheduled messages, exports) until Ctrl-C or
    SIGTERM. Servers do it themselves; set TERTULIA_JOBS=off where they should not."""
    given = {} if concurrency is None else {"job_concurrency": concurrency}
    settings = load(context, given, make_secret=True)
    wanted = None if kinds is None else [kind.strip() for kind in kinds.split(",")]
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        try:
            run(_work(settings, wanted))
        except program.UnknownKinds as error:
            raise click.UsageError(str(error)) from None


async def _work(settings: Settings, kinds: Collection[str] | None) -> None:
    task = asyncio.ensure_future(_on_database(settings, kinds))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task


async def _on_database(settings: Settings, kinds: Collection[str] | None) -> None:
    if settings.database_url is not None:
        await program.labour(settings, settings.database_url.value, kinds)
        return
    async with postgres.visiting(embedded(settings)) as dsn:
        await program.labour(settings, dsn, kinds)
