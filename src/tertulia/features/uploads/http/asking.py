"""From a request's headers to what a verb wants."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request

from tertulia.core import tus
from tertulia.core.errors import AppError
from tertulia.core.http.inflow import Inflow
from tertulia.core.tus import Checksum, Final, Partial, wrong
from tertulia.features.uploads import policy
from tertulia.features.uploads.service import Claim, Wanted

Ask = Request[Any, Any, Any]

PATH = "/api/v1/uploads"
IDLE = 60.0  # seconds without a byte of a body


class NotAChunk(AppError):
    code, status, title = "unsupported_media_type", 415, f"Send {tus.CHUNK}"


class Creation(NamedTuple):
    """`parts`: of a final upload. `checksum` is of the bytes that come along."""

    wanted: Wanted
    parts: list[UUID] | None
    checksum: Checksum | None
    brings_bytes: bool


def read_creation(headers: Mapping[str, str]) -> Creation:
    """Raises Invalid, WrongVersion."""
    tus.require_version(headers.get("tus-resumable"))
    raw = headers.get("upload-metadata", "")
    said = tus.metadata(raw)
    joined = tus.concat(headers["upload-concat"]) if "upload-concat" in headers else None
    room_id = _room(said)
    if room_id is None and not isinstance(joined, Partial):
        raise wrong("Upload-Metadata", "room_id says which room it is for")
    brings = is_chunk(headers) and not isinstance(joined, Final)
    checksum = read_checksum(headers) if brings else None
    wanted = Wanted(
        room_id=room_id,
        name=policy.clean_name(said.get("filename") or said.get("name") or ""),
        metadata=raw,
        partial=isinstance(joined, Partial),
        checked=checksum is not None,
    )
    if isinstance(joined, Final):
        return Creation(wanted, [_part(url) for url in joined.parts], None, brings_bytes=False)
    length = tus.length(headers.get("upload-length"), headers.get("upload-defer-length"))
    return Creation(wanted._replace(length=length), None, checksum, brings)


def read_claim(headers: Mapping[str, str]) -> tuple[Claim, Checksum | None]:
    """Raises Invalid, WrongVersion, NotAChunk."""
    tus.require_version(headers.get("tus-resumable"))
    if not is_chunk(headers):
        raise NotAChunk
    checksum = read_checksum(headers)
    length = headers.get("upload-length")
    return Claim(
        offset=tus.number(headers.get("upload-offset", ""), "Upload-Offset"),
        length=None if length is None else tus.number(length, "Upload-Length"),
        checked=checksum is not None,
    ), checksum


def read_checksum(headers: Mapping[str, str]) -> Checksum | None:
    said = headers.get("upload-checksum")
    return None if said is None else tus.checksum(said)


def is_chunk(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == tus.CHUNK


def body_length(headers: Mapping[str, str]) -> int | None:
    """None: in pieces, of a length that nobody told."""
    said = headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else None


def body_of(request: Ask) -> AbstractAsyncContextManager[Inflow]:
    return Inflow(request.receive, idle=IDLE)


def _room(said: Mapping[str, str]) -> UUID | None:
    try:
        return UUID(said["room_id"]) if "room_id" in said else None
    except ValueError:
        raise wrong("Upload-Metadata", "room_id is the id of a room") from None


def _part(url: str) -> UUID:
    """The id in an upload's address, given in full or without the host; a proxy may have put
    something before the path."""
    try:
        path = urlsplit(url).path
        folder, _, name = path.rpartition("/")
        if folder.endswith(PATH):
            return UUID(name)
    except ValueError:
        pass
    raise wrong("Upload-Concat", "Addresses of uploads")
