"""`tertulia backup`, `tertulia restore`."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import click

from tertulia import main as program
from tertulia.cli.context import direct_database, json_option, load, print_json, run
from tertulia.core import config
from tertulia.core.backups import BadBackup, open_backup
from tertulia.core.exits import FAILED

SHOWN = 20  # lines of what is wrong

Tell = Callable[[int], None]


@click.command()
@click.argument("place", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Read and copy again what is there already.")
@click.option("--prune", is_flag=True, help="Throw away files that this backup does not name.")
@json_option
@click.pass_context
def backup(context: click.Context, place: Path, verify: bool, prune: bool, as_json: bool) -> None:
    """Copy the database and all files to PLACE, while the server runs.

    A folder is brought up to date by what is new; a name that ends in .tar becomes one new file.
    Exit code 1 where a file is missing or damaged on the server: everything else is in the backup.
    """
    taken = run(_backup(load(context), place, verify=verify, prune=prune, quiet=as_json))
    if as_json:
        print_json(taken._asdict())
    else:
        click.echo(
            f"{place}: the database and {taken.objects:,} files, {_size(taken.bytes)};"
            f" {taken.fresh:,} of them new."
        )
        if taken.pruned:
            click.echo(f"{taken.pruned:,} files of earlier backups were thrown away.")
        _complain("Missing on the server", taken.missing)
        _complain("Damaged on the server", taken.damaged)
    if taken.missing or taken.damaged:
        sys.exit(FAILED)


async def _backup(
    settings: config.Settings, place: Path, *, verify: bool, prune: bool, quiet: bool
) -> program.Taken:
    async with (
        direct_database(settings) as dsn,
        program.open_backing(settings, dsn, place) as backing,
    ):
        if not quiet:
            click.echo("Writing the database …", err=True)
        await backing.dump(dsn)
        with _bar(backing.size, "Copying files", quiet=quiet) as tell:
            return await backing.copy(tell, verify=verify, prune=prune)


@click.command()
@click.argument("place", type=click.Path(path_type=Path, exists=True))
@click.option("--force", is_flag=True, help="Replace the database that is there. It is gone then.")
@json_option
@click.pass_context
def restore(context: click.Context, place: Path, force: bool, as_json: bool) -> None:
    """Bring a backup back, into a database and a file storage that are empty.

    Stop the server first. Every file's bytes are compared with what was put in. Clients notice
    and ask for everything anew.
    """
    try:
        restored = run(_restore(load(context), place, force=force, quiet=as_json))
    except (BadBackup, program.Occupied) as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        print_json(restored._asdict())
    else:
        click.echo(f"The database and {restored.objects:,} files are back.")
        if restored.secret:
            click.echo("So is the server's secret key: people stay signed in.")
        _complain("Damaged in the backup", restored.damaged)
    if restored.damaged:
        sys.exit(FAILED)


async def _restore(
    settings: config.Settings, place: Path, *, force: bool, quiet: bool
) -> program.Restored:
    with open_backup(place) as found:
        program.require_readable_backup(found)
        async with direct_database(settings) as dsn:
            await program.require_free(settings, dsn, force=force)
            if not quiet:
                made = f"{found.manifest.made_at:%Y-%m-%d %H:%M} UTC"
                click.echo(f"A backup of {made}, Tertulia {found.manifest.version}.", err=True)
            with _bar(found.manifest.bytes, "Bringing back files", quiet=quiet) as tell:
                return await program.restore(settings, dsn, found, tell)


@contextmanager
def _bar(size: int, label: str, *, quiet: bool) -> Generator[Tell]:
    """A progress bar where somebody watches, else silence."""
    if quiet or not sys.stderr.isatty():
        yield _hush
        return
    with click.progressbar(length=max(size, 1), label=label, file=sys.stderr) as bar:
        yield bar.update


def _hush(size: int) -> None:
    del size


def _complain(what: str, things: list[str]) -> None:
    for thing in things[:SHOWN]:
        click.echo(f"{what}: {thing}", err=True)
    if len(things) > SHOWN:
        click.echo(f"{what}: {len(things) - SHOWN} more.", err=True)


def _size(size: float) -> str:
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:.1f} {unit}" if unit != "B" else f"{size:.0f} B"
        size /= 1024
    return f"{size:.1f} TiB"
