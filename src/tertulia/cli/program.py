"""The entry point: all commands, and what becomes of their errors."""

import signal
import sys
import traceback
from pathlib import Path

import click

from tertulia.cli.backups import backup, restore
from tertulia.cli.checks import doctor, healthcheck, version
from tertulia.cli.database import database, migrate
from tertulia.cli.importing import import_group
from tertulia.cli.serve import serve
from tertulia.cli.settings import config
from tertulia.cli.worker import worker
from tertulia.core.exits import BUG, FAILED, USAGE, code_of


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


for command in (
    serve,
    worker,
    migrate,
    database,
    import_group,
    backup,
    restore,
    doctor,
    config,
    healthcheck,
    version,
):
    cli.add_command(command)


def main() -> None:
    """Run a command and turn what went wrong into words and an exit code."""
    try:
        cli(standalone_mode=False)
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
