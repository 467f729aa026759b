"""What may go wrong with an upload."""

from tertulia.core.errors import AppError, Conflict, TooLarge
from tertulia.features.uploads import policy


class FileTooLarge(TooLarge):
    title = "The file is larger than this server takes"


class OverQuota(TooLarge):
    code, title = "quota_exceeded", "There is not enough room left for this file"


class DiskFull(AppError):
    code, status, title = "storage_full", 507, "The server has no room left for this file"


class TooManyUploads(Conflict):
    code, title = "too_many_uploads", f"At most {policy.MOST_OPEN} uploads at a time"


class UploadBusy(AppError):
    """Somebody writes it; soon they will not."""

    code, status, title = "locked", 423, "The upload is being written by another request"


class OffsetMismatch(Conflict):
    code, title = "offset_mismatch", "The upload stands elsewhere"


class UploadGone(AppError):
    code, status, title = "gone", 410, "The upload ran out"


class IsFinal(AppError):
    code, status, title = "forbidden", 403, "What was made of parts is not written to"
