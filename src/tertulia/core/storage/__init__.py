"""Where files lie: a folder of this machine, or a bucket.

A `Storage` keeps things under keys (`blobs/…`, `renditions/…`) that never change once written; an
`Incoming` keeps what is still growing. Both answer only for bytes: who may have them is for the
features to say.
"""

from tertulia.core.storage.direct import DirectBucket
from tertulia.core.storage.keys import KEY, require_key
from tertulia.core.storage.local import LocalIncoming, LocalStorage
from tertulia.core.storage.multipart import PartThere
from tertulia.core.storage.opening import files_folder, open_direct, open_storage
from tertulia.core.storage.s3 import S3Storage
from tertulia.core.storage.s3_incoming import S3Incoming
from tertulia.core.storage.signed import Form, SignedUrls
from tertulia.core.storage.storage import Incoming, Missing, Storage, StorageAway, Stored

__all__ = [
    "KEY",
    "DirectBucket",
    "Form",
    "Incoming",
    "LocalIncoming",
    "LocalStorage",
    "Missing",
    "PartThere",
    "S3Incoming",
    "S3Storage",
    "SignedUrls",
    "Storage",
    "StorageAway",
    "Stored",
    "files_folder",
    "open_direct",
    "open_storage",
    "require_key",
]
