"""Routes of operations."""

from typing import Annotated
from uuid import UUID

from litestar import Router, get, post
from litestar.params import QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.features.operations import service
from tertulia.features.operations.schemas import JobList, JobRecord, JobState

Cursor = Annotated[str | None, QueryParameter(max_length=256)]
Kind = Annotated[str | None, QueryParameter(max_length=64, pattern=r"^[a-z0-9._-]+$")]


@get("/", summary="What the server does, did and is to do (admins)")
async def list_jobs(
    actor: Actor,
    db: Database,
    kind: Kind = None,
    which: JobState | None = None,
    cursor: Cursor = None,
) -> JobList:
    async with db.read() as tx:
        return await service.jobs(tx, actor, kind=kind, state=which, cursor=cursor)


@get("/{job_id:uuid}", summary="How a job stands (admins)")
async def get_job(job_id: UUID, actor: Actor, db: Database) -> JobRecord:
    async with db.read() as tx:
        return await service.job(tx, actor, job_id)


@post("/{job_id:uuid}/retry", summary="Try a dead job again (admins)", status_code=200)
async def retry_job(job_id: UUID, actor: Actor, db: Database) -> JobRecord:
    return await db.write(lambda tx: service.retry(tx, actor, job_id))


@post("/{job_id:uuid}/cancel", summary="End a job that waits or runs (admins)", status_code=200)
async def cancel_job(job_id: UUID, actor: Actor, db: Database) -> JobRecord:
    return await db.write(lambda tx: service.cancel(tx, actor, job_id))


ROUTES = [
    Router(
        "/api/v1/admin/jobs",
        route_handlers=[list_jobs, get_job, retry_job, cancel_job],
        tags=["admin"],
    )
]
