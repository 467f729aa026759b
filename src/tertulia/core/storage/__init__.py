"""Where files lie: a folder of this machine, or a bucket.

A `Storage` keeps things under keys (`blobs/…`, `renditions/…`) that never change once written; an
`Incoming` keeps what is still growing. Both answer only for bytes: who may have them is for the
features to say.
"""

from tertulia.core.storage.keys import KEY, require_key
from tertulia.core.storage.local import LocalIncoming, LocalStorage
from tertulia.core.storage.opening import open_storage
from tertulia.core.storage.storage import Incoming, Missing, Storage, StorageAway, Stored

__all__ = [
    "KEY",
    "Incoming",
    "LocalIncoming",
    "LocalStorage",
    "Missing",
    "Storage",
    "StorageAway",
    "Stored",
    "open_storage",
    "require_key",
]
