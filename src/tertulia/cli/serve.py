"""`tertulia serve`."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import click

from tertulia import main as program
from tertulia.cli.context import load, run

LINE = "--worker-line"  # for the supervisor, which adds its number to the command


@click.command()
@click.option("--host", help="The address to listen on. [env: TERTULIA_HOST]")
@click.option("--port", help="The port to listen on. [env: TERTULIA_PORT]")
@click.option("--data-dir", help="The folder that holds everything. [env: TERTULIA_DATA_DIR]")
@click.option("--workers", help="Server processes. [env: TERTULIA_WORKERS]")
@click.option(LINE, type=int, hidden=True)
@click.pass_context
def serve(context: click.Context, worker_line: int | None, **flags: str | None) -> None:
    """Run the server until Ctrl-C or SIGTERM. With several workers SIGHUP replaces them one by
    one, without a pause."""
    given = {name: value for name, value in flags.items() if value is not None}
    if worker_line is not None:
        _stay_out_of_it()
    settings = load(context, given, make_secret=True)
    # Told to stop and stopped: nothing failed.
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        if worker_line is not None:
            run(_until_told(program.work(settings, worker_line)))
            return
        try:
            run(_until_told(program.serve(settings, _again(context, given))))
        except program.WorkerFailed as failure:  # which has said why, in its own words
            sys.exit(failure.code)


def _again(context: click.Context, given: dict[str, str]) -> list[str]:
    """The command that is running, to be run by others."""
    config, data_dir = context.obj["toml"], context.obj["flags"]["data_dir"]
    before = {"--config": config, "--data-dir": data_dir}
    after = {f"--{name.replace('_', '-')}": value for name, value in given.items()}
    return [sys.executable, "-m", "tertulia", *_words(before), "serve", *_words(after)]


def _words(options: dict[str, Any]) -> list[str]:
    pairs = ((name, str(value)) for name, value in options.items() if value is not None)
    return [word for pair in pairs for word in pair]


def _stay_out_of_it() -> None:
    """Ctrl-C and a terminal that goes away reach the whole process group: a worker leaves when its
    supervisor says so."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """SIGTERM ends the work as Ctrl-C does: by cancelling it, so that everything is closed."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task
