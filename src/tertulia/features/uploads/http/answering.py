"""From what a verb answers to tus's headers, errors included."""

from typing import Any

from litestar import Response
from litestar.openapi.datastructures import ResponseSpec

from tertulia.core import tus
from tertulia.core.db import translate
from tertulia.core.errors import AppError, Invalid, NotFound, Unauthenticated, Unavailable
from tertulia.core.grants import InsufficientScope
from tertulia.core.http.inflow import CutOff
from tertulia.core.http.info import request_info
from tertulia.core.http.problem import PROBLEM_JSON, Problem, answer_to
from tertulia.core.tus import WrongVersion
from tertulia.features.uploads.http.asking import PATH, Ask, body_length
from tertulia.features.uploads.schemas import Upload
from tertulia.features.uploads.service import UploadBusy, UploadGone

FILE = "Tertulia-File"
# More of a refused body than this is not read to its end: the connection goes instead.
READ_OUT = 1 << 20  # bytes

# What is refused here and nowhere else, for the API's document.
RESPONSES = {
    status: ResponseSpec(
        Problem, description=words, generate_examples=False, media_type=PROBLEM_JSON
    )
    for status, words in {
        405: "Not a verb of uploads",
        410: "The upload ran out",
        412: "Another version of tus",
        423: "Somebody writes it, or nobody may just now",
        460: "The bytes do not match their checksum",
        507: "The server has no room left",
    }.items()
}


def location(upload: Upload) -> str:
    return f"{PATH}/{upload.id}"


def created(upload: Upload) -> Response[None]:
    return _answer(201, {"Location": location(upload), **_progress(upload)})


def appended(upload: Upload) -> Response[None]:
    return _answer(204, _progress(upload))


def removed() -> Response[None]:
    return _answer(204, {"Tus-Resumable": tus.VERSION})


def told(upload: Upload) -> Response[None]:
    headers = _progress(upload)
    if upload.length is None:
        headers["Upload-Defer-Length"] = "1"
    else:
        headers["Upload-Length"] = str(upload.length)
    if upload.metadata:
        headers["Upload-Metadata"] = upload.metadata
    if upload.kind == "partial":
        headers["Upload-Concat"] = "partial"
    elif upload.parts:
        headers["Upload-Concat"] = "final;" + " ".join(f"{PATH}/{part}" for part in upload.parts)
    return _answer(200, {**headers, "Cache-Control": "no-store"})


def _answer(status: int, headers: dict[str, str]) -> Response[None]:
    """tus says everything in headers."""
    return Response(None, status_code=status, headers=headers, media_type="text/plain")


def _progress(upload: Upload) -> dict[str, str]:
    headers = {
        "Tus-Resumable": tus.VERSION,
        "Upload-Offset": str(upload.received),
        "Upload-Expires": tus.http_date(upload.expires_at),
    }
    if upload.file_id is not None:
        headers[FILE] = str(upload.file_id)
    return headers


# Errors


def refused(request: Ask, error: Exception) -> Response[bytes]:
    """As everywhere, and as tus wants it."""
    known = _known(error)
    answer = answer_to(known, request_info(request).request_id, translate)
    headers = {**answer.headers, "Tus-Resumable": tus.VERSION}
    if isinstance(error, WrongVersion):
        headers["Tus-Version"] = tus.VERSION
    if _is_much(request):
        headers["Connection"] = "close"
    return Response(
        answer.body, status_code=answer.status, headers=headers, media_type=PROBLEM_JSON
    )


def not_told(request: Ask, error: Exception) -> Response[bytes]:
    """To who asks how far an upload is. Clients take every refusal but 423 for its end, forget it
    and begin again (tus-js-client 4): so whatever may pass is 423."""
    known = _known(error)
    known = known if isinstance(known, AppError) else translate(known)
    lasting = NotFound | UploadGone | WrongVersion | Invalid | Unauthenticated | InsufficientScope
    if known is not None and not isinstance(known, lasting):
        return refused(request, UploadBusy(retry_after=known.retry_after or 1))
    return refused(request, error)


def _known(error: Exception) -> Exception:
    if not isinstance(error, CutOff):
        return error
    if str(error) == "silent":
        return Unavailable("Nothing came for a while", retry_after=1)
    return Invalid("The request ended early")


def _is_much(request: Ask) -> bool:
    if request.method not in ("POST", "PATCH"):
        return False
    chunked = "transfer-encoding" in request.headers
    length = body_length(dict(request.headers))
    return chunked or (length is not None and length > READ_OUT)


def handlers(refuse: Any) -> Any:
    return {Exception: refuse}
