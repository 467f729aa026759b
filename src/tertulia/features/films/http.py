"""Routes of films: what is watched is given out with the rest of a file (`features/media`)."""

from uuid import UUID

from litestar import Router, delete, post

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.films import service
from tertulia.features.films.schemas import AddSubtitle, Film

ADDING = Bucket("film_subtitles", 30, 3600.0)


@post("/", summary="Put subtitles to a film", status_code=201)
async def add_subtitle(
    room_id: UUID, file_id: UUID, data: AddSubtitle, actor: Actor, db: Database, limiter: Limiter
) -> Film:
    """SubRip or WebVTT, kept as WebVTT. Who sent the film may, and who keeps order."""
    await limiter.hit(ADDING, str(actor.account_id))
    return await db.write(lambda tx: service.add_subtitle(tx, actor, room_id, file_id, data))


@delete("/{subtitle_id:uuid}", summary="Take subtitles away again", status_code=200)
async def remove_subtitle(
    room_id: UUID, file_id: UUID, subtitle_id: UUID, actor: Actor, db: Database
) -> Film:
    """Those that somebody put there; what came inside the film stays."""
    return await db.write(
        lambda tx: service.remove_subtitle(tx, actor, room_id, file_id, subtitle_id)
    )


ROUTES = [
    Router(
        "/api/v1/rooms/{room_id:uuid}/files/{file_id:uuid}/subtitles",
        route_handlers=[add_subtitle, remove_subtitle],
        tags=["films"],
    )
]
