"""Any exception → an answer of RFC 9457 (`application/problem+json`, protocol C5)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

import msgspec
import structlog
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from tertulia.core.errors import AppError, FieldError, Invalid, NotFound, TooLarge
from tertulia.core.http.invalid import field_error, litestar_field_errors
from tertulia.core.limits import BucketEmpty
from tertulia.core.wire import Shape

PROBLEM_JSON = "application/problem+json"

Translate = Callable[[Exception], AppError | None]
"""The caller's knowledge of its own libraries' errors, such as a database that is away."""

log = structlog.stdlib.get_logger(__name__)


class MethodNotAllowed(AppError):
    code, status, title = "method_not_allowed", 405, "That cannot be done to this address"

    def __init__(self, allow: str) -> None:
        super().__init__()
        self.allow = allow


class UnsupportedMediaType(AppError):
    code, status, title = "unsupported_media_type", 415, "Send application/json"


class Problem(Shape, frozen=True, omit_defaults=True):
    """RFC 9457 §3. `retry_after` is in seconds; `request_id` finds the request in the log. `limit`
    and `left` say, in bytes, what may be taken and what is left of it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: tuple[FieldError, ...] = ()
    retry_after: float | None = None
    limit: int | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict[str, str])
    media_type: str = PROBLEM_JSON


def answer_to(error: Exception, request_id: str, translate: Translate) -> Answer:
    """Never raises; logs with a traceback what nobody expected."""
    known = _recognise(error) or translate(error)
    if known is None:
        log.error("http_failed", exc_info=error)
        known = AppError()
    problem = Problem(
        type=f"/api/docs#{known.code}",
        title=known.title,
        status=known.status,
        detail=known.detail,
        code=known.code,
        request_id=request_id,
        errors=known.errors,
        retry_after=known.retry_after,
        limit=known.limit,
        left=known.left,
    )
    return Answer(known.status, msgspec.json.encode(problem), _headers_for(known))


def _recognise(error: Exception) -> AppError | None:
    match error:
        case AppError():
            return error
        case msgspec.ValidationError():
            return Invalid(errors=(field_error(str(error)),))
        case msgspec.DecodeError():
            return Invalid("The body is not valid JSON")
        case ValidationException():
            return Invalid(errors=litestar_field_errors(error))
        case RequestEntityTooLarge():
            return TooLarge()
        case InternalServerException() if error.detail == "client disconnected prematurely":
            return Invalid("The request ended early")
        case HTTPException() if error.status_code < 500:
            return _from_http(error)
        case _:
            return None


def _from_http(error: HTTPException) -> AppError:
    match error.status_code:
        case 404:
            return NotFound()
        case 405:
            return MethodNotAllowed((error.headers or {}).get("allow", ""))
        case 413:
            return TooLarge()
        case _:
            return Invalid()


def _headers_for(known: AppError) -> dict[str, str]:
    headers: dict[str, str] = {}
    if isinstance(known, BucketEmpty):
        headers |= known.headers
    if isinstance(known, MethodNotAllowed):
        headers["Allow"] = known.allow
    if known.retry_after is not None:
        headers["Retry-After"] = str(max(1, ceil(known.retry_after)))
    if known.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return headers
