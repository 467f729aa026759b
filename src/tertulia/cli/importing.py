"""`tertulia import`: a past from elsewhere."""

import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from tertulia import main as program
from tertulia.cli.context import direct_database, json_option, load, print_json, run
from tertulia.core import config
from tertulia.core.archives import BadArchive

SHOWN = 20  # matches that are listed before the question; the report has them all


@click.group("import")
def import_group() -> None:
    """Bring rooms and messages in from elsewhere."""


@import_group.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would come in, and what would not.")
@click.option(
    "--match/--no-match",
    default=True,
    help="Give people who are here (same e-mail address or username) their own past; without it"
    " everybody gets a new, deactivated account.",
)
@click.option("--workspace", help="Another name for where it comes from than the workspace's id.")
@click.option("--yes", is_flag=True, help="Do not ask before people who are here get a past.")
@json_option
@click.pass_context
def slack(
    context: click.Context,
    file: Path,
    dry_run: bool,
    match: bool,
    workspace: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Import a Slack export archive (a ZIP file).

    Safe to run twice, beside a running server, and again after it was killed: what is in stays as
    it is. People who are not here get deactivated accounts, which `tertulia import claim` opens.
    """
    settings = load(context)
    source = f"slack:{workspace}" if workspace else None
    try:
        run(_slack(settings, file, source, dry=dry_run, match=match, yes=yes, as_json=as_json))
    except BadArchive as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    except program.NobodyHere as error:
        raise click.ClickException(str(error)) from error


async def _slack(
    settings: config.Settings,
    file: Path,
    source: str | None,
    *,
    dry: bool,
    match: bool,
    yes: bool,
    as_json: bool,
) -> None:
    async with (
        direct_database(settings) as dsn,
        program.open_slack_import(dsn, file, dry=dry, match=match, source=source) as importing,
    ):
        matches = await importing.decide()
        if matches and not (dry or yes):
            _ask(matches)
        with _bar(importing.size, quiet=as_json) as tell:
            report = await importing.carry_out(tell)
    if as_json:
        print_json(msgspec.to_builtins(report))
        return
    for line in report.lines():
        click.echo(line)
    if dry:
        for one in report.people:
            click.echo(f"  {one.slack:14} {one.name[:32]:32} → @{one.username} ({one.how})")
        click.echo("Nothing was written.")


def _ask(matches: list[program.PersonMatch]) -> None:
    """An address here was never proved: whoever claims to be Ana would read Ana's private past."""
    click.echo(f"{len(matches)} people are here already and will get their messages and rooms:")
    for one in matches[:SHOWN]:
        click.echo(f"  {one.slack:14} {one.name[:32]:32} → @{one.username} (same {one.how})")
    if len(matches) > SHOWN:
        click.echo(f"  and {len(matches) - SHOWN} more: `--dry-run` lists them all.")
    click.confirm("Is each of these the same person?", abort=True)


@contextmanager
def _bar(size: int, *, quiet: bool) -> Any:
    """A progress bar where somebody watches, else silence."""
    if quiet or not sys.stderr.isatty():
        silent: Callable[[int], None] = lambda _: None  # noqa: E731
        yield silent
        return
    with click.progressbar(length=max(size, 1), label="Reading", file=sys.stderr) as bar:
        yield bar.update


@import_group.command()
@click.argument("username")
@click.pass_context
def claim(context: click.Context, username: str) -> None:
    """Open an account that an import made, and print a password for its first sign-in."""
    password = run(_claim(load(context), username.removeprefix("@")))
    if password is None:
        raise click.ClickException(f"{username} is no account that an import made and nobody uses.")
    click.echo(f"@{username.removeprefix('@')} signs in with: {password}")
    click.echo("Hand it over safely. They should change it in their settings at once.")


async def _claim(settings: config.Settings, username: str) -> str | None:
    async with direct_database(settings) as dsn:
        return await program.claim(dsn, username)
