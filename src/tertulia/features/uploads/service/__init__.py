"""The verbs of uploads. What they are part of, from request to request, is `live`."""

from tertulia.features.uploads.policy import UploadRules, tolls
from tertulia.features.uploads.schemas import Upload
from tertulia.features.uploads.service.beginning import (
    Wanted,
    begin,
    begin_final,
    release,
    require_room,
    reserve,
)
from tertulia.features.uploads.service.errors import (
    DiskFull,
    FileTooLarge,
    IsFinal,
    OffsetMismatch,
    OverQuota,
    TooManyUploads,
    UploadBusy,
    UploadGone,
)
from tertulia.features.uploads.service.space import limits
from tertulia.features.uploads.service.sweeping import orphans, sweep
from tertulia.features.uploads.service.writing import (
    Claim,
    ask_to_yield,
    claim,
    find,
    finish,
    let_go,
    reclaim,
    remove,
    renew,
)

__all__ = [
    "Claim",
    "DiskFull",
    "FileTooLarge",
    "IsFinal",
    "OffsetMismatch",
    "OverQuota",
    "TooManyUploads",
    "Upload",
    "UploadBusy",
    "UploadGone",
    "UploadRules",
    "Wanted",
    "ask_to_yield",
    "begin",
    "begin_final",
    "claim",
    "find",
    "finish",
    "let_go",
    "limits",
    "orphans",
    "reclaim",
    "release",
    "remove",
    "renew",
    "require_room",
    "reserve",
    "sweep",
    "tolls",
]
