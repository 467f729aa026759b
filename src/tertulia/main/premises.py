"""What one machine needs once, however many processes serve from it."""

import asyncio
import platform
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from tertulia.core import migrate
from tertulia.core.clock import SystemClock
from tertulia.core.config import Settings
from tertulia.core.http import keep_assets
from tertulia.core.ids import SystemIds
from tertulia.core.nodes import new_node_id
from tertulia.core.postgres import EmbeddedPostgres
from tertulia.core.telemetry import Build, Telemetry, install_logging

STATIC = Path(__file__).parent.parent / "static"


@dataclass(frozen=True)
class Premises:
    dsn: str
    setup_token: str | None


@asynccontextmanager
async def open_premises(settings: Settings) -> AsyncGenerator[Premises]:
    """A migrated database, the web client's files, the word that opens the first-run page.

    The embedded PostgreSQL stops when the block ends: after everybody who uses it.
    """
    if settings.database_url is not None:
        yield await _furnish(settings, settings.database_url.value)
        return
    async with EmbeddedPostgres(settings.data_dir / "postgres") as embedded:
        yield await _furnish(settings, embedded.dsn)


async def _furnish(settings: Settings, dsn: str) -> Premises:
    direct = settings.database_direct_url
    await migrate.up(direct.value if direct else dsn)
    clock = SystemClock()
    await asyncio.to_thread(keep_assets, STATIC, kept_assets(settings), clock.now())
    return Premises(dsn, None if settings.private else SystemIds(clock).token())


def kept_assets(settings: Settings) -> Path:
    return settings.data_dir / "assets"


def exports_folder(settings: Settings) -> Path:
    """Of a machine: several share one folder, or each serves the files its own jobs wrote."""
    return settings.data_dir / "exports"


def open_telemetry(
    settings: Settings, *, node_id: str | None = None, worker: str | None = None
) -> Telemetry:
    """The metrics and the log of this process; where it is not alone each line says its name."""
    named = {"worker": worker, "node_id": node_id if settings.redis_url else None}
    telemetry = Telemetry(Build(version=version(), python=platform.python_version()))
    install_logging(
        level=settings.log_level,
        format_="json" if settings.log_format == "json" else "console",
        counter=telemetry.log_messages,
        fields={field: name for field, name in named.items() if name is not None},
    )
    return telemetry


def with_port(settings: Settings, port: int) -> Settings:
    """Port 0 became a real one: people and browsers must be told that one."""
    if settings.port != 0:
        return settings
    return with_public_url(settings, settings.public_url.replace(":0", f":{port}"))


def with_public_url(settings: Settings, url: str) -> Settings:
    return replace(settings, public_url=url)


def fresh_node_id() -> str:
    """For the node of this process."""
    return new_node_id(SystemIds(SystemClock()))


def version() -> str:
    return metadata.version("tertulia")
