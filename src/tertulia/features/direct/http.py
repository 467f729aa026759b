"""Routes of direct uploads. Those under `/s3` are what Uppy's S3 plug-in asks of a companion."""

from typing import Annotated
from uuid import UUID

from litestar import Router, delete, get, post
from litestar.params import QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.limits import Limiter
from tertulia.features.direct import policy
from tertulia.features.direct.live import DirectUploads
from tertulia.features.direct.policy import ASKING, SIGNED_FOR, Sent
from tertulia.features.direct.schemas import (
    BeginDirect,
    BeginParts,
    CompleteParts,
    DirectUpload,
    FormParameters,
    Part,
    PartsBegun,
    PartsCompleted,
    PartUrl,
)
from tertulia.features.direct.service import FormsUnavailable, Wanted
from tertulia.features.files.schemas import File
from tertulia.features.uploads.service import tolls

PATH = "/api/v1/rooms/{room_id:uuid}/direct"
Key = Annotated[str, QueryParameter(max_length=600)]


@post("/", summary="Begin an upload past the server", status_code=201)
async def begin_direct(
    room_id: UUID, data: BeginDirect, actor: Actor, direct: DirectUploads, limiter: Limiter
) -> DirectUpload:
    """By a PUT, or by a form where the store takes those. `direct_unavailable` where files lie on
    the server's own disk."""
    bucket = direct.open()
    policy.require_whole(data.size)
    way = data.way or "put"
    if way == "form" and not bucket.takes_forms:
        raise FormsUnavailable
    wanted = Wanted(
        room_id=room_id, way=way, name=data.name, size=data.size, media_type=data.media_type
    )
    await _pay(limiter, direct, actor, data.size)
    upload = await direct.begin(actor, wanted)
    return direct.shown(upload)


@post("/{direct_id:uuid}/confirm", summary="All bytes are there", status_code=200)
async def confirm_direct(
    room_id: UUID, direct_id: UUID, actor: Actor, direct: DirectUploads, limiter: Limiter
) -> File:
    """It becomes a file of the room, as by any other way; again, it is the same file.
    `upload_incomplete` while nothing has arrived, `upload_differs` where it is not what was
    announced."""
    await limiter.hit(ASKING, str(actor.account_id))
    return await direct.confirm(actor, room_id, direct_id)


@delete("/{direct_id:uuid}", summary="Give an upload up", status_code=204)
async def cancel_direct(
    room_id: UUID, direct_id: UUID, actor: Actor, direct: DirectUploads, limiter: Limiter
) -> None:
    await limiter.hit(ASKING, str(actor.account_id))
    await direct.cancel(actor, room_id, direct_id)


@get("/s3/params", summary="Begin an upload by a form (Uppy)")
async def get_form(
    room_id: UUID,
    actor: Actor,
    direct: DirectUploads,
    limiter: Limiter,
    filename: Annotated[str, QueryParameter(min_length=1, max_length=1_000)],
    size: Annotated[int, QueryParameter(name="metadata[size]", ge=0, le=5 << 40)],
    media_type: Annotated[
        str, QueryParameter(name="type", max_length=200)
    ] = "application/octet-stream",
) -> FormParameters:
    """Confirm it afterwards by its `id`, which is the end of `fields.key`."""
    if not direct.open().takes_forms:
        raise FormsUnavailable
    policy.require_whole(size)
    wanted = Wanted(room_id=room_id, way="form", name=filename, size=size, media_type=media_type)
    await _pay(limiter, direct, actor, size)
    upload = await direct.begin(actor, wanted)
    form = direct.form(upload)
    return FormParameters(
        id=upload.id,
        method="POST",
        url=form.url,
        fields=form.fields,
        headers={},
        expires=SIGNED_FOR,
    )


@post("/s3/multipart", summary="Begin an upload in parts (Uppy)", status_code=200)
async def begin_parts(
    room_id: UUID, data: BeginParts, actor: Actor, direct: DirectUploads, limiter: Limiter
) -> PartsBegun:
    bucket = direct.open()
    size = policy.told_size(data.metadata)
    wanted = Wanted(
        room_id=room_id,
        way="parts",
        name=data.filename,
        size=size,
        media_type=data.type,
        part_size=policy.part_size(size, data.metadata),
    )
    await _pay(limiter, direct, actor, size)
    upload = await direct.begin_parts(actor, wanted)
    return PartsBegun(
        upload_id=upload.id,
        key=direct.key(upload.id),
        bucket=bucket.name,
        part_size=upload.part_size or 0,
    )


@get("/s3/multipart/{parts_id:uuid}/{number:int}", summary="Where a part goes (Uppy)")
async def get_part_url(
    room_id: UUID,
    parts_id: UUID,
    number: int,
    key: Key,
    actor: Actor,
    direct: DirectUploads,
    limiter: Limiter,
) -> PartUrl:
    """Good for this part alone: its number and its size are signed."""
    await limiter.hit(ASKING, str(actor.account_id))
    direct.require_key(parts_id, key)
    url = await direct.part_url(actor, room_id, parts_id, number)
    return PartUrl(url=url, expires=SIGNED_FOR)


@get("/s3/multipart/{parts_id:uuid}", summary="Which parts are there (Uppy)")
async def list_parts(
    room_id: UUID,
    parts_id: UUID,
    key: Key,
    actor: Actor,
    direct: DirectUploads,
    limiter: Limiter,
) -> list[Part]:
    await limiter.hit(ASKING, str(actor.account_id))
    direct.require_key(parts_id, key)
    found = await direct.parts(actor, room_id, parts_id)
    return [Part(number=part.number, size=part.size, etag=part.etag) for part in found]


@post(
    "/s3/multipart/{parts_id:uuid}/complete", summary="All parts are there (Uppy)", status_code=200
)
async def complete_parts(
    room_id: UUID,
    parts_id: UUID,
    key: Key,
    data: CompleteParts,
    actor: Actor,
    direct: DirectUploads,
    limiter: Limiter,
) -> PartsCompleted:
    """It becomes a file of the room: no confirmation is asked for."""
    await limiter.hit(ASKING, str(actor.account_id))
    direct.require_key(parts_id, key)
    said = [Sent(part.number, part.etag) for part in data.parts]
    file = await direct.complete(actor, room_id, parts_id, said)
    return PartsCompleted(
        location=f"/api/v1/rooms/{room_id}/files/{file.id}",
        key=key,
        bucket=direct.open().name,
        file=file,
    )


@delete("/s3/multipart/{parts_id:uuid}", summary="Give parts up (Uppy)", status_code=200)
async def abort_parts(
    room_id: UUID,
    parts_id: UUID,
    key: Key,
    actor: Actor,
    direct: DirectUploads,
    limiter: Limiter,
) -> dict[str, str]:
    await limiter.hit(ASKING, str(actor.account_id))
    direct.require_key(parts_id, key)
    await direct.cancel(actor, room_id, parts_id)
    return {}


async def _pay(limiter: Limiter, direct: DirectUploads, actor: Actor, size: int) -> None:
    for bucket, cost in tolls(direct.rules, size):
        await limiter.hit(bucket, str(actor.account_id), cost=cost)


ROUTES = [
    Router(
        PATH,
        route_handlers=[
            begin_direct,
            confirm_direct,
            cancel_direct,
            get_form,
            begin_parts,
            get_part_url,
            list_parts,
            complete_parts,
            abort_parts,
        ],
        tags=["uploads"],
    )
]
