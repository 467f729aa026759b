"""Routes of uploads (protocol U). The body of a chunk goes from the connection to the storage as it
comes; nothing here holds it."""

from typing import cast
from uuid import UUID

from litestar import Response, Router, delete, get, head, patch, post

from tertulia.core import tus
from tertulia.core.actor import Actor
from tertulia.core.http.problem import MethodNotAllowed
from tertulia.core.limits import Limiter
from tertulia.features.uploads.http import answering, asking
from tertulia.features.uploads.http.asking import PATH, Ask
from tertulia.features.uploads.live import Uploads
from tertulia.features.uploads.schemas import UploadLimits
from tertulia.features.uploads.service import tolls

__all__ = ["PATH", "ROUTES"]


@get("/limits", summary="What I may upload")
async def get_limits(actor: Actor, uploads: Uploads) -> UploadLimits:
    return await uploads.limits(actor)


@post(
    "/",
    summary="Begin an upload (tus)",
    media_type="text/plain",
    responses=answering.RESPONSES,
)
async def begin_upload(
    request: Ask, actor: Actor, uploads: Uploads, limiter: Limiter
) -> Response[None]:
    """With its first bytes, or without; or one made of finished parts."""
    headers = dict(request.headers)
    creation = asking.read_creation(headers)
    for bucket, cost in tolls(uploads.rules, creation.wanted.length or 0):
        await limiter.hit(bucket, str(actor.account_id), cost=cost)
    if creation.parts is not None:
        return answering.created(await uploads.join(actor, creation.wanted, creation.parts))
    if not creation.brings_bytes:
        return answering.created(await uploads.begin(actor, creation.wanted, None, None))
    async with asking.body_of(request) as inflow:
        upload = await uploads.begin(actor, creation.wanted, inflow, creation.checksum)
    return answering.created(upload)


@head(
    "/{upload_id:uuid}",
    summary="How far an upload is (tus)",
    media_type="text/plain",
    responses=answering.RESPONSES,
    exception_handlers=answering.handlers(answering.not_told),
)
async def look_upload(
    upload_id: UUID, request: Ask, actor: Actor, uploads: Uploads
) -> Response[None]:
    """Whoever writes it stops."""
    tus.require_version(request.headers.get("tus-resumable"))
    return answering.told(await uploads.look(actor, upload_id))


@patch(
    "/{upload_id:uuid}",
    summary="Bring bytes (tus)",
    status_code=204,
    media_type="text/plain",
    responses=answering.RESPONSES,
)
async def append_upload(
    upload_id: UUID, request: Ask, actor: Actor, uploads: Uploads
) -> Response[None]:
    claim, checksum = asking.read_claim(dict(request.headers))
    async with asking.body_of(request) as inflow:
        return answering.appended(await uploads.append(actor, upload_id, claim, inflow, checksum))


@delete(
    "/{upload_id:uuid}",
    summary="Give an upload up (tus)",
    status_code=204,
    media_type="text/plain",
    responses=answering.RESPONSES,
)
async def remove_upload(
    upload_id: UUID, request: Ask, actor: Actor, uploads: Uploads
) -> Response[None]:
    tus.require_version(request.headers.get("tus-resumable"))
    await uploads.remove(actor, upload_id)
    return answering.removed()


@post(
    "/{upload_id:uuid}",
    summary="Another verb, where only POST comes through (tus)",
    status_code=204,
    media_type="text/plain",
    responses=answering.RESPONSES,
)
async def override(upload_id: UUID, request: Ask, actor: Actor, uploads: Uploads) -> Response[None]:
    """`X-HTTP-Method-Override` says which: PATCH, DELETE or HEAD."""
    match request.headers.get("x-http-method-override", "").upper():
        case "PATCH":
            return await append_upload.fn(upload_id, request, actor, uploads)
        case "DELETE":
            return await remove_upload.fn(upload_id, request, actor, uploads)
        case "HEAD":
            try:
                return await look_upload.fn(upload_id, request, actor, uploads)
            except Exception as error:
                return cast("Response[None]", answering.not_told(request, error))
        case _:
            raise MethodNotAllowed("HEAD, PATCH, DELETE")


ROUTES = [
    Router(
        PATH,
        route_handlers=[
            get_limits,
            begin_upload,
            look_upload,
            append_upload,
            remove_upload,
            override,
        ],
        exception_handlers=answering.handlers(answering.refused),
        request_max_body_size=None,
        tags=["uploads"],
    )
]
