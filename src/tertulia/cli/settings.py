"""`tertulia config`."""

import click

from tertulia.cli.context import json_option, print_json, read
from tertulia.core.config.describe import as_json_schema, as_lines, explain
from tertulia.core.config.settings import specs


@click.group()
def config() -> None:
    """The settings: values, origins, meaning."""


@config.command()
@json_option
@click.pass_context
def show(context: click.Context, as_json: bool) -> None:
    """Print every setting with its value, origin and default; secrets are not shown."""
    reading = read(context)
    if as_json:
        told = reading.origins.items()
        print_json({name: {"value": reading.shown(name), "origin": at} for name, at in told})
    else:
        click.echo("\n".join(as_lines(reading)))


@config.command("explain")
@click.argument("name")
def explain_one(name: str) -> None:
    """Say what a setting does: by its name or its variable."""
    spec = specs().get(name.lower().removeprefix("tertulia_"))
    if spec is None:
        raise click.BadParameter(f"{name} is no setting; `tertulia config show` lists them.")
    click.echo(explain(spec))


@config.command()
def schema() -> None:
    """Print a JSON Schema of the TOML file."""
    print_json(as_json_schema())


@config.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Read the settings and say what is wrong with them. Exit code 78 if anything is."""
    read(context)
    click.echo("The settings are in order.")
