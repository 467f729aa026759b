"""The command line: `tertulia serve | migrate | doctor | config | healthcheck | version`.

Exit codes: `core/exits.py`.
"""

import asyncio
import json
import os
import platform
import signal
import sys
import traceback
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

import click
import uvloop

from tertulia import main as program
from tertulia.core import config, doctor, migrate, postgres
from tertulia.core.clock import SystemClock
from tertulia.core.config.describe import as_json_schema, as_lines, explain
from tertulia.core.config.settings import specs
from tertulia.core.config.values import ANY_ADDRESS
from tertulia.core.exits import BUG, FAILED, USAGE, code_of

HEALTH_SECONDS = 5.0
T = TypeVar("T")

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    help="A TOML file of settings. [env: TERTULIA_CONFIG]",
)
@click.option("--data-dir", help="The folder that holds everything. [env: TERTULIA_DATA_DIR]")
@click.pass_context
def cli(context: click.Context, config_file: Path | None, data_dir: str | None) -> None:
    """Tertulia: one place where a group talks, calls, codes and watches together."""
    context.obj = {"toml": config_file, "flags": {"data_dir": data_dir}}


@cli.command()
@click.option("--host", help="The address to listen on. [env: TERTULIA_HOST]")
@click.option("--port", help="The port to listen on. [env: TERTULIA_PORT]")
@click.option("--data-dir", help="The folder that holds everything. [env: TERTULIA_DATA_DIR]")
@click.option("--workers", help="Server processes. [env: TERTULIA_WORKERS]")
@click.pass_context
def serve(context: click.Context, **flags: str | None) -> None:
    """Run the server until Ctrl-C or SIGTERM."""
    given = {name: value for name, value in flags.items() if value is not None}
    settings = _load(context, given, make_secret=True)
    # Told to stop and stopped: nothing failed.
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        _run(_until_told(program.serve(settings)))


@cli.group("migrate")
def migrations() -> None:
    """The database schema: what is applied, what is missing."""


@migrations.command("status")
@json_option
@click.pass_context
def migrate_status(context: click.Context, as_json: bool) -> None:
    """List every migration and when it was applied."""
    entries = _run(_migrating(context, migrate.status))
    rows = [(e.name, e.applied_at.isoformat() if e.applied_at else None) for e in entries]
    if as_json:
        _print_json([{"name": name, "applied_at": at} for name, at in rows])
    for name, at in [] if as_json else rows:
        click.echo(f"{name:50} {at or 'missing'}")


@migrations.command("plan")
@json_option
@click.pass_context
def migrate_plan(context: click.Context, as_json: bool) -> None:
    """Show what `migrate up` would run, without running it."""
    entries = _run(_migrating(context, migrate.plan))
    plan = [{"name": e.name, "sql": e.path.read_text() if e.path else ""} for e in entries]
    if as_json:
        _print_json(plan)
    elif not plan:
        click.echo("Nothing to do.")
    for step in [] if as_json else plan:
        click.echo(f"-- {step['name']}\n{step['sql'].rstrip()}\n")


@migrations.command("up")
@click.option("--statement-timeout", default="0s", help="Limit for one statement, such as 30s.")
@json_option
@click.pass_context
def migrate_up(context: click.Context, statement_timeout: str, as_json: bool) -> None:
    """Apply what is missing. Safe to run twice and on several nodes at once."""
    try:
        limits = migrate.Limits(statement=config.duration(statement_timeout))
    except ValueError as error:
        raise click.BadParameter(f"--statement-timeout {error}") from None

    async def apply(dsn: str) -> list[str]:
        return await migrate.up(dsn, limits=limits)

    names = _run(_migrating(context, apply))
    if as_json:
        _print_json(names)
    else:
        click.echo("\n".join(f"applied {name}" for name in names) or "Nothing to do.")


@cli.command("doctor")
@json_option
@click.option("--invariants", is_flag=True, help="Also check the product's own invariants.")
@click.option("--strict", is_flag=True, help="Let warnings count as failures.")
@click.pass_context
def examine(context: click.Context, as_json: bool, invariants: bool, strict: bool) -> None:
    """Say what is wrong with this installation and what to do. Exit code 1 on a failure."""
    settings = _load(context)
    extra = program.INVARIANTS if invariants else ()
    findings = _run(doctor.examine(settings, SystemClock(), invariants=extra))
    if as_json:
        _print_json([vars_of(finding) for finding in findings])
    for finding in [] if as_json else findings:
        click.echo(f"{finding.level:4}  {finding.check:12} {finding.text}")
        if finding.advice:
            click.echo(f"{'':18} → {finding.advice}")
    bad = {"fail", "warn"} if strict else {"fail"}
    if any(finding.level in bad for finding in findings):
        sys.exit(FAILED)


def vars_of(finding: doctor.Finding) -> dict[str, str]:
    return {
        "check": finding.check,
        "level": finding.level,
        "text": finding.text,
        "advice": finding.advice,
    }


@cli.group("config")
def configuration() -> None:
    """The settings: values, origins, meaning."""


@configuration.command("show")
@json_option
@click.pass_context
def config_show(context: click.Context, as_json: bool) -> None:
    """Print every setting with its value, origin and default; secrets are not shown."""
    reading = _read(context)
    if as_json:
        _print_json(
            {n: {"value": reading.shown(n), "origin": o} for n, o in reading.origins.items()}
        )
    else:
        click.echo("\n".join(as_lines(reading)))


@configuration.command("explain")
@click.argument("name")
def config_explain(name: str) -> None:
    """Say what a setting does: by its name or its variable."""
    known = specs()
    spec = known.get(name.lower().removeprefix("tertulia_"))
    if spec is None:
        raise click.BadParameter(f"{name} is no setting; `tertulia config show` lists them.")
    click.echo(explain(spec))


@configuration.command("schema")
def config_schema() -> None:
    """Print a JSON Schema of the TOML file."""
    _print_json(as_json_schema())


@configuration.command("check")
@click.pass_context
def config_check(context: click.Context) -> None:
    """Read the settings and say what is wrong with them. Exit code 78 if anything is."""
    _read(context)
    click.echo("The settings are in order.")


@cli.command()
@click.pass_context
def healthcheck(context: click.Context) -> None:
    """Ask the running server whether it lives; for containers without curl."""
    settings = _load(context)
    host = "127.0.0.1" if settings.host in ANY_ADDRESS else settings.host
    host = f"[{host}]" if ":" in host else host
    try:
        url = f"http://{host}:{settings.port}/healthz"
        with urllib.request.urlopen(url, timeout=HEALTH_SECONDS) as answer:
            click.echo(answer.read().decode(errors="replace").strip())
    except (OSError, urllib.error.URLError) as error:
        click.echo(f"{error}", err=True)
        sys.exit(FAILED)


@cli.command()
@json_option
def version(as_json: bool) -> None:
    """Print the versions of Tertulia, Python and the embedded PostgreSQL."""
    found = {
        "tertulia": metadata.version("tertulia"),
        "python": platform.python_version(),
        "postgres": postgres.program_version(),
    }
    if as_json:
        _print_json(found)
    else:
        click.echo("\n".join(f"{name} {value}" for name, value in found.items()))


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _flags(context: click.Context, more: dict[str, str] | None = None) -> dict[str, str | None]:
    return {**context.obj["flags"], **(more or {})}


def _load(
    context: click.Context, more: dict[str, str] | None = None, *, make_secret: bool = False
) -> config.Settings:
    flags = _flags(context, more)
    return config.load(os.environ, context.obj["toml"], flags, make_secret=make_secret)


def _read(context: click.Context) -> config.Reading:
    return config.read(os.environ, context.obj["toml"], _flags(context))


def _run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """SIGTERM ends the work as Ctrl-C does: by cancelling it, so that everything is closed."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task


async def _migrating(context: click.Context, verb: Any) -> Any:
    settings = _load(context)
    async with _database(settings) as dsn:
        return await verb(dsn)


@asynccontextmanager
async def _database(settings: config.Settings) -> AsyncGenerator[str]:
    if settings.database_direct_url is not None:
        yield settings.database_direct_url.value
        return
    async with postgres.visiting(settings.data_dir / "postgres") as dsn:
        yield dsn


def main() -> None:
    """The entry point: runs a command and turns what went wrong into words and an exit code."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_text:
        help_text.show()
        sys.exit(USAGE)
    except click.UsageError as error:
        error.show()
        sys.exit(USAGE)
    except click.ClickException as error:
        error.show()
        sys.exit(FAILED)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(128 + signal.SIGINT)
    except Exception as error:
        code = code_of(error)
        if code == BUG:
            traceback.print_exc()
        click.echo(f"tertulia: {error}", err=True)
        sys.exit(code)
