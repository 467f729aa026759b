"""`tertulia doctor`, `healthcheck` and `version`: is it well, is it up, what is it."""

import platform
import sys
import urllib.error
import urllib.request
from dataclasses import asdict
from importlib import metadata

import click

from tertulia import main as program
from tertulia.cli.context import json_option, load, print_json, run
from tertulia.core import postgres
from tertulia.core.clock import SystemClock
from tertulia.core.config.values import ANY_ADDRESS
from tertulia.core.doctor import examine
from tertulia.core.exits import FAILED

HEALTH_SECONDS = 5.0


@click.command()
@json_option
@click.option("--invariants", is_flag=True, help="Also check the product's own invariants.")
@click.option("--strict", is_flag=True, help="Let warnings count as failures.")
@click.pass_context
def doctor(context: click.Context, as_json: bool, invariants: bool, strict: bool) -> None:
    """Say what is wrong with this installation and what to do. Exit code 1 on a failure."""
    extra = program.INVARIANTS if invariants else ()
    findings = run(examine(load(context), SystemClock(), invariants=extra))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    for finding in [] if as_json else findings:
        click.echo(f"{finding.level:4}  {finding.check:12} {finding.text}")
        if finding.advice:
            click.echo(f"{'':18} → {finding.advice}")
    bad = {"fail", "warn"} if strict else {"fail"}
    if any(finding.level in bad for finding in findings):
        sys.exit(FAILED)


@click.command()
@click.pass_context
def healthcheck(context: click.Context) -> None:
    """Ask the running server whether it lives; for containers without curl."""
    settings = load(context)
    host = "127.0.0.1" if settings.host in ANY_ADDRESS else settings.host
    host = f"[{host}]" if ":" in host else host
    try:
        url = f"http://{host}:{settings.port}/healthz"
        with urllib.request.urlopen(url, timeout=HEALTH_SECONDS) as answer:
            click.echo(answer.read().decode(errors="replace").strip())
    except (OSError, urllib.error.URLError) as error:
        click.echo(f"{error}", err=True)
        sys.exit(FAILED)


@click.command()
@json_option
def version(as_json: bool) -> None:
    """Print the versions of Tertulia, Python and the embedded PostgreSQL."""
    found = {
        "tertulia": metadata.version("tertulia"),
        "python": platform.python_version(),
        "postgres": postgres.program_version(),
    }
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(f"{name} {value}" for name, value in found.items()))
