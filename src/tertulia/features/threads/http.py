"""Routes of threads, those aside that answer with messages (`features/timeline`)."""

from uuid import UUID

from litestar import Router, post

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.threads import service
from tertulia.features.threads.schemas import FollowThread, ReadThread

READ_ALL = Bucket("read-all", 60, 60)


@post("/read", summary="Move my read position in a thread", status_code=204)
async def mark_thread_read(
    room_id: UUID, message_id: UUID, data: ReadThread, actor: Actor, db: Database
) -> None:
    await db.write(lambda tx: service.read(tx, actor, room_id, message_id, data.seq))


@post("/follow", summary="Follow a thread, or no longer", status_code=204)
async def follow_thread(
    room_id: UUID, message_id: UUID, data: FollowThread, actor: Actor, db: Database
) -> None:
    await db.write(lambda tx: service.follow(tx, actor, room_id, message_id, data.following))


@post("/read", summary="Mark all my threads read", status_code=204)
async def mark_threads_read(actor: Actor, db: Database, limiter: Limiter) -> None:
    await limiter.hit(READ_ALL, str(actor.account_id))
    await db.write(lambda tx: service.read_all(tx, actor))


ROUTES = [
    Router(
        "/api/v1/rooms/{room_id:uuid}/messages/{message_id:uuid}/thread",
        route_handlers=[mark_thread_read, follow_thread],
        tags=["threads"],
    ),
    Router("/api/v1/threads", route_handlers=[mark_threads_read], tags=["threads"]),
]
