"""Shapes of direct uploads."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

from tertulia.core.wire import Request, Shape
from tertulia.features.files.schemas import File

Way = Literal["put", "form", "parts"]
Name = Annotated[str, Meta(min_length=1, max_length=1_000)]
Size = Annotated[int, Meta(ge=0, le=5 << 40)]
MediaType = Annotated[str, Meta(max_length=200)]


class BeginDirect(Request, frozen=True):
    """`media_type` is what the client will say it is; what it is, the content says. `way` null: as
    the server likes it best."""

    name: Name
    size: Size
    media_type: MediaType = "application/octet-stream"
    way: Literal["put", "form"] | None = None


class DirectUpload(Shape, frozen=True):
    """Send the bytes by `method` to `url`: as the body, with exactly these `headers` (put), or as
    the last field, `file`, of a form with these `fields` (form). Then confirm. The URL holds until
    `signed_until`, the upload until `expires_at`."""

    id: UUID
    key: str
    method: Literal["PUT", "POST"]
    url: str
    headers: dict[str, str]
    fields: dict[str, str]
    signed_until: datetime
    expires_at: datetime


class BeginParts(Request, frozen=True):
    """As Uppy says it: `metadata` must hold `size` (bytes), and may hold `part_size`."""

    filename: Name
    type: MediaType = "application/octet-stream"
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])


class PartsBegun(Shape, frozen=True):
    """As Uppy reads it. The upload's id is `uploadId`; all parts but the last have `part_size`
    bytes."""

    upload_id: UUID = field(name="uploadId")
    key: str
    bucket: str
    part_size: int


class FormParameters(Shape, frozen=True):
    """As Uppy reads it."""

    id: UUID
    method: Literal["POST"]
    url: str
    fields: dict[str, str]
    headers: dict[str, str]
    expires: int  # seconds


class PartUrl(Shape, frozen=True):
    """As Uppy reads it."""

    url: str
    expires: int  # seconds


class Part(Shape, frozen=True):
    """One that is there, as S3 and Uppy call it."""

    number: int = field(name="PartNumber")
    size: int = field(name="Size")
    etag: str = field(name="ETag")


class SentPart(Struct, frozen=True):
    """What the client believes to have sent; unknown fields (checksums) are passed over."""

    number: int = field(name="PartNumber")
    etag: str | None = field(name="ETag", default=None)


class CompleteParts(Request, frozen=True):
    parts: Annotated[list[SentPart], Meta(max_length=10_000)]


class PartsCompleted(Shape, frozen=True):
    """As Uppy reads it, and the file it became."""

    location: str
    key: str
    bucket: str
    file: File


class Direct(Struct, frozen=True):
    """A row. `part_size` and `upload_id` are an upload's in parts."""

    account_id: UUID
    id: UUID
    room_id: UUID
    way: Way
    name: str
    size: int
    media_type: str
    part_size: int | None
    upload_id: str | None
    claimed_until: datetime | None
    file_id: UUID | None
    created_at: datetime
    expires_at: datetime
