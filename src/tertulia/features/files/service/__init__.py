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
from tertulia.features.files.service.leaving import forget
from tertulia.features.files.service.reading import beside, files_of, get_file

__all__ = [
    "FileGone",
    "FileNotReady",
    "FileRefused",
    "Received",
    "attach",
    "beside",
    "carry",
    "files_of",
    "forget",
    "get_file",
    "lock_unsent",
    "receive",
    "refusal",
    "require_may_upload",
]
