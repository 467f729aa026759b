"""From the settings to a storage."""

from pathlib import Path

from tertulia.core import storage_url
from tertulia.core.clock import Clock, SystemClock
from tertulia.core.config import Settings
from tertulia.core.storage.bucket import open_bucket
from tertulia.core.storage.direct import DirectBucket
from tertulia.core.storage.local import LocalIncoming, LocalStorage
from tertulia.core.storage.s3 import S3Storage
from tertulia.core.storage.s3_incoming import S3Incoming
from tertulia.core.storage.signed import SignedUrls
from tertulia.core.storage.sigv4 import Keys
from tertulia.core.storage.storage import Incoming, Storage
from tertulia.core.storage_url import Bucket, Folder

INCOMING = "incoming"  # the folder of uploads, beside those of finished things


def open_storage(settings: Settings, clock: Clock | None = None) -> tuple[Storage, Incoming]:
    """What `storage_url` says. Nothing is touched before the first write. URLs are signed by the
    clock, which a store believes if it goes like its own."""
    clock = clock or SystemClock()
    where = storage_url.parse(settings.storage_url.value)
    if isinstance(where, Folder):
        folder = where.path or settings.data_dir / "files"
        storage = LocalStorage(folder, clock)
        return storage, LocalIncoming(folder / INCOMING, storage)
    keys = _keys(settings, where)
    store = open_bucket(where, keys)
    return S3Storage(store, SignedUrls(where, keys), clock), S3Incoming(store)


def open_direct(settings: Settings) -> DirectBucket | None:
    """For clients that write to the bucket themselves; None where there is no bucket."""
    where = storage_url.parse(settings.storage_url.value)
    if isinstance(where, Folder):
        return None
    keys = _keys(settings, where)
    return DirectBucket(open_bucket(where, keys), SignedUrls(where, keys))


def files_folder(settings: Settings) -> Path | None:
    """Where files lie on this machine; None where they lie elsewhere."""
    where = storage_url.parse(settings.storage_url.value)
    return (where.path or settings.data_dir / "files") if isinstance(where, Folder) else None


def _keys(settings: Settings, bucket: Bucket) -> Keys:
    """`config` sees to it that a bucket has them."""
    access, secret = settings.storage_access_key, settings.storage_secret_key
    if access is None or secret is None:
        raise ValueError("a bucket needs both its keys")
    return Keys(access.value, secret.value, bucket.region)
