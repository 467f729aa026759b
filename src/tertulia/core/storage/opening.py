"""From the setting to a storage."""

from pathlib import Path

from tertulia.core.config import Settings
from tertulia.core.storage.local import LocalIncoming, LocalStorage
from tertulia.core.storage.storage import Incoming, Storage

INCOMING = "incoming"  # the folder of uploads, beside those of finished things


def open_storage(settings: Settings) -> tuple[Storage, Incoming]:
    """What `storage_url` says. Nothing is touched before the first write."""
    folder = files_folder(settings)
    storage = LocalStorage(folder)
    return storage, LocalIncoming(folder / INCOMING, storage)


def files_folder(settings: Settings) -> Path:
    url = settings.storage_url.value
    return settings.data_dir / "files" if url == "local" else Path(url.removeprefix("file://"))
