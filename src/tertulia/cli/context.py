"""What the commands share: the settings behind their flags, a loop to run on, JSON."""

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import uvloop

from tertulia.core import config, postgres

T = TypeVar("T")

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def load(
    context: click.Context, more: dict[str, str] | None = None, *, make_secret: bool = False
) -> config.Settings:
    flags = {**context.obj["flags"], **(more or {})}
    return config.load(os.environ, context.obj["toml"], flags, make_secret=make_secret)


def read(context: click.Context) -> config.Reading:
    return config.read(os.environ, context.obj["toml"], context.obj["flags"])


def embedded(settings: config.Settings) -> Path:
    return settings.data_dir / "postgres"


@asynccontextmanager
async def direct_database(settings: config.Settings) -> AsyncGenerator[str]:
    """A DSN past any pooler; the embedded server is started for the visit where none runs."""
    if settings.database_direct_url is not None:
        yield settings.database_direct_url.value
        return
    async with postgres.visiting(embedded(settings)) as dsn:
        yield dsn


def run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def print_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
