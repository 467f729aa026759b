"""What the operator reads once everything stands."""

import os

import click
import structlog

from tertulia.core.config import Settings
from tertulia.features.accounts import service as accounts
from tertulia.main.node import Node

log = structlog.get_logger(__name__)


async def needs_owner(node: Node) -> bool:
    async with node.db.read() as tx:
        return (await accounts.server_info(tx, node.rules)).needs_owner


def greet(
    settings: Settings, address: tuple[str, int], *, needs_owner: bool, setup_token: str | None
) -> None:
    """Tell where to go. The first-run link works once, for the first account."""
    url = settings.public_url
    host, port = address
    log.info("serving", url=url, host=host, port=port, pid=os.getpid(), workers=settings.workers)
    click.echo(f"Tertulia is at {url}")
    if needs_owner:
        token = f"?token={setup_token}" if setup_token else ""
        click.echo(f"Make the first account, which owns this server: {url}/setup{token}")
    click.echo("Ctrl-C stops it.")
