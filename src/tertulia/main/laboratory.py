"""What looks at uploaded files, put together."""

from tertulia.core.clamd import Scanner
from tertulia.core.config import Settings
from tertulia.core.failpoints import Failpoints
from tertulia.core.images import Studio
from tertulia.core.storage import Incoming, Storage
from tertulia.features.files.jobs import Settling
from tertulia.features.files.jobs.looking import Looking
from tertulia.main.cinema import make_jail


def make_settling(
    settings: Settings,
    storage: Storage,
    incoming: Incoming,
    studio: Studio,
    failpoints: Failpoints,
) -> Settling:
    return Settling(
        storage,
        incoming,
        Looking(studio, make_jail(settings)),
        settings.data_dir / "cells",
        failpoints,
        scanner=make_scanner(settings),
        required=settings.clamd_away == "wait",
    )


def make_scanner(settings: Settings) -> Scanner | None:
    if settings.clamd_url is None:
        return None
    return Scanner(settings.clamd_url, settings.clamd_max_size)
