"""Uploads of one node, from the settings."""

import asyncio
import shutil
from pathlib import Path

from tertulia.core.config import Settings
from tertulia.core.storage import Storage
from tertulia.features.uploads.live import Uploads
from tertulia.features.uploads.service import UploadRules
from tertulia.main.ground import Ground, Parts


def make_uploads(settings: Settings, parts: Parts, ground: Ground) -> Uploads:
    return Uploads(
        db=ground.db,
        incoming=ground.incoming,
        bus=ground.bus,
        clock=parts.clock,
        ids=parts.ids,
        rules=upload_rules(settings),
        free=lambda: free_space(ground.storage),
    )


def upload_rules(settings: Settings) -> UploadRules:
    return UploadRules(
        max_size=settings.upload_max_size,
        quota_account=settings.quota_account,
        quota_server=settings.quota_server,
        hourly=settings.upload_hourly,
        reserve=settings.upload_reserve,
    )


async def free_space(storage: Storage) -> int | None:
    """Bytes free on the disk of a storage; None where it is elsewhere."""
    place = storage.path("blobs/any")
    return None if place is None else await asyncio.to_thread(_free, place.parent)


def _free(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
