"""`tertulia migrate` and `tertulia database`."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from tertulia import main as program
from tertulia.cli.context import direct_database, embedded, json_option, load, print_json, run
from tertulia.core import config, postgres
from tertulia.core import migrate as migrations

T = TypeVar("T")


@click.group()
def migrate() -> None:
    """The database schema: what is applied, what is missing."""


@migrate.command()
@json_option
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """List every migration and when it was applied."""
    entries = run(_visit(context, migrations.status))
    rows = [(e.name, e.applied_at.isoformat() if e.applied_at else None) for e in entries]
    if as_json:
        print_json([{"name": name, "applied_at": at} for name, at in rows])
    for name, at in [] if as_json else rows:
        click.echo(f"{name:50} {at or 'missing'}")


@migrate.command()
@json_option
@click.pass_context
def plan(context: click.Context, as_json: bool) -> None:
    """Show what `migrate up` would run, without running it."""
    entries = run(_visit(context, migrations.plan))
    steps = [{"name": e.name, "sql": e.path.read_text() if e.path else ""} for e in entries]
    if as_json:
        print_json(steps)
    elif not steps:
        click.echo("Nothing to do.")
    for step in [] if as_json else steps:
        click.echo(f"-- {step['name']}\n{step['sql'].rstrip()}\n")


@migrate.command()
@click.option("--statement-timeout", default="0s", help="Limit for one statement, such as 30s.")
@json_option
@click.pass_context
def up(context: click.Context, statement_timeout: str, as_json: bool) -> None:
    """Apply what is missing. Safe to run twice and on several nodes at once."""
    try:
        limits = migrations.Limits(statement=config.duration(statement_timeout))
    except ValueError as error:
        raise click.BadParameter(f"--statement-timeout {error}") from None
    names = run(_visit(context, lambda dsn: migrations.up(dsn, limits=limits)))
    if as_json:
        print_json(names)
    else:
        click.echo("\n".join(f"applied {name}" for name in names) or "Nothing to do.")


async def _visit(context: click.Context, verb: Callable[[str], Awaitable[T]]) -> T:
    async with direct_database(load(context)) as dsn:
        return await verb(dsn)


@click.group()
def database() -> None:
    """The embedded PostgreSQL and its tools."""


@database.command("run", context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def run_tool(context: click.Context, command: tuple[str, ...]) -> None:
    """Run a command, such as pg_dump, pg_restore or psql, on the embedded database.

    The bundled tools come first on its PATH, and PGHOST, PGUSER and PGDATABASE are set. The
    database is the running server's, or is started for as long as the command runs.
    """
    settings = load(context)
    if settings.database_url is not None:
        raise click.UsageError("The database is your own server: use its tools directly.")
    sys.exit(run(_with_tools(settings, command)))


async def _with_tools(settings: config.Settings, command: tuple[str, ...]) -> int:
    async with postgres.visiting(embedded(settings)) as dsn:
        path = os.environ.get("PATH", os.defpath)
        variables = os.environ | postgres.tool_environment(dsn, path)
        process = await asyncio.create_subprocess_exec(*command, env=variables)
        return await process.wait()


@database.command()
@click.pass_context
def renew(context: click.Context) -> None:
    """Say that this database came back from a copy: clients then ask for everything anew.

    `tertulia restore` does it by itself.
    """
    run(_visit(context, program.renew))
    click.echo("Clients will ask for everything anew.")
