"""The errors a client may see. Everything else is a bug and answers `internal`.

Features declare their own at the top of `service.py`:

    class UsernameTaken(AppError):
        code, status, title = "username_taken", 409, "That name is taken"
"""

from typing import ClassVar

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field of a request; `field` is a path such as `members[0]`."""

    field: str
    code: str
    message: str


class AppError(Exception):
    """An answer, not an accident: `code` is stable for ever, `title` is short English.

    `detail` may add what this case is about; it never repeats input that could be secret.
    `retry_after` is in seconds; `limit` and `left`, of what may be taken and what is left of it, in
    the unit of whoever says it.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong on the server"

    def __init__(
        self,
        detail: str = "",
        *,
        errors: tuple[FieldError, ...] = (),
        retry_after: float | None = None,
        limit: int | None = None,
        left: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = errors
        self.retry_after = retry_after
        self.limit = limit
        self.left = left


class Invalid(AppError):
    code, status, title = "invalid", 400, "The request is not understood"


class Unauthenticated(AppError):
    code, status, title = "unauthenticated", 401, "Sign in first"


class TokenExpired(AppError):
    code, status, title = "token_expired", 401, "The access token ran out"


class Forbidden(AppError):
    code, status, title = "forbidden", 403, "You may not do that"


class CrossSite(AppError):
    code, status, title = "csrf", 403, "The request did not come from our own page"


class NotFound(AppError):
    code, status, title = "not_found", 404, "There is nothing here"


class Conflict(AppError):
    code, status, title = "conflict", 409, "The thing changed meanwhile"


class TooLarge(AppError):
    code, status, title = "too_large", 413, "Too large"


class RateLimited(AppError):
    code, status, title = "rate_limited", 429, "Too many requests"


class Unavailable(AppError):
    """Nothing is known to have happened: the client may send the same thing again."""

    code, status, title = "unavailable", 503, "The server cannot do this right now"
