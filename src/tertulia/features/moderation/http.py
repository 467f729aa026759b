"""Routes of moderation."""

from typing import Annotated
from uuid import UUID

from litestar import Router, get, post
from litestar.params import QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.moderation import service
from tertulia.features.moderation.schemas import (
    AuditTrail,
    Decide,
    FileReport,
    Report,
    ReportList,
    Which,
)

REPORT = Bucket("report", 30, 3600)
Cursor = Annotated[str | None, QueryParameter(max_length=256)]


@post("/reports", summary="Report a message or somebody", status_code=201)
async def file_report(data: FileReport, actor: Actor, db: Database, limiter: Limiter) -> Report:
    await limiter.hit(REPORT, str(actor.account_id))
    return await db.write(lambda tx: service.report(tx, actor, data))


@get("/reports", summary="What was reported anywhere (admins)")
async def list_all_reports(
    actor: Actor, db: Database, which: Which = "open", cursor: Cursor = None
) -> ReportList:
    async with db.read() as tx:
        return await service.all_reports(tx, actor, cursor, which)


@post("/reports/{report_id:uuid}/decision", summary="Close a report", status_code=200)
async def decide_report(report_id: UUID, data: Decide, actor: Actor, db: Database) -> Report:
    return await db.write(lambda tx: service.decide(tx, actor, report_id, data))


@get("/rooms/{room_id:uuid}/reports", summary="What was reported in a room")
async def list_reports(
    room_id: UUID, actor: Actor, db: Database, which: Which = "open", cursor: Cursor = None
) -> ReportList:
    async with db.read() as tx:
        return await service.reports(tx, actor, room_id, cursor, which)


@get("/rooms/{room_id:uuid}/audit", summary="What moderators of a room did")
async def list_audit(
    room_id: UUID, actor: Actor, db: Database, cursor: Cursor = None
) -> AuditTrail:
    async with db.read() as tx:
        return await service.audit(tx, actor, room_id, cursor)


@get("/audit", summary="What moderators did anywhere (admins)")
async def list_all_audit(actor: Actor, db: Database, cursor: Cursor = None) -> AuditTrail:
    async with db.read() as tx:
        return await service.audit_everywhere(tx, actor, cursor)


ROUTES = [
    Router(
        "/api/v1",
        route_handlers=[
            file_report,
            list_all_reports,
            decide_report,
            list_reports,
            list_audit,
            list_all_audit,
        ],
        tags=["moderation"],
    )
]
