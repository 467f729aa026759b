"""Routes of presence: when I want to be left alone, and somebody's card."""

from uuid import UUID

from litestar import get, put

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.presence import service
from tertulia.features.presence.live import PresenceLive
from tertulia.features.presence.schemas import Availability, PersonCard, SetAvailability

CARD = Bucket("people.card", 240, 60)
AVAILABILITY = Bucket("me.availability", 60, 300)


@get("/me/availability", tags=["presence"], summary="When I do not want to be disturbed")
async def get_availability(actor: Actor, db: Database) -> Availability:
    async with db.read() as tx:
        return await service.availability(tx, actor.account_id)


@put("/me/availability", tags=["presence"], summary="Say when not to disturb me")
async def set_availability(
    data: SetAvailability, actor: Actor, db: Database, limiter: Limiter
) -> Availability:
    await limiter.hit(AVAILABILITY, str(actor.account_id))
    return await db.write(lambda tx: service.set_availability(tx, actor, data))


@get("/people/{account_id:uuid}/card", tags=["people"], summary="Somebody, as I may know them")
async def get_card(
    account_id: UUID, actor: Actor, db: Database, limiter: Limiter, presence: PresenceLive
) -> PersonCard:
    await limiter.hit(CARD, str(actor.account_id))
    here = presence.present([account_id])
    async with db.read() as tx:
        return await service.card(tx, actor, account_id, here[0].state if here else "offline")


ROUTES = [get_availability, set_availability, get_card]
