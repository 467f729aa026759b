"""The verbs of files."""

from tertulia.features.files.service.coming import (
    FileGone,
    FileNotReady,
    FileRefused,
    Received,
    attach,
    carry,
    lock_unsent,
    receive,
    refusal,
    require_may_upload,
)
from tertulia.features.files.service.holding import blobs_there, find_blob, held_by, holders
from tertulia.features.files.service.keeping import discard
from tertulia.features.files.service.leaving import forget
from tertulia.features.files.service.quarantine import burn, quarantined
from tertulia.features.files.service.reading import beside, files_of, get_file, used, waiting
from tertulia.features.files.service.serving import (
    ORIGINAL,
    Part,
    find_held,
    find_part,
    of_room,
    require_readable,
)
from tertulia.features.files.service.settling import logged
from tertulia.features.files.store.holding import Holder
from tertulia.features.files.store.serving import Blob, Held, Place

__all__ = [
    "ORIGINAL",
    "Blob",
    "FileGone",
    "FileNotReady",
    "FileRefused",
    "Held",
    "Holder",
    "Part",
    "Place",
    "Received",
    "attach",
    "beside",
    "blobs_there",
    "burn",
    "carry",
    "discard",
    "files_of",
    "find_blob",
    "find_held",
    "find_part",
    "forget",
    "get_file",
    "held_by",
    "holders",
    "lock_unsent",
    "logged",
    "of_room",
    "quarantined",
    "receive",
    "refusal",
    "require_may_upload",
    "require_readable",
    "used",
    "waiting",
]
