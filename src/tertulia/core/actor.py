"""Who acts: the first thing a verb wants to know after its transaction."""

from uuid import UUID

import msgspec

from tertulia.core.grants import Grant


class Actor(msgspec.Struct, frozen=True):
    """An authenticated account on one of its devices. `is_admin` is about the server only. `grant`
    is what a bot's token opens; None for people, who may all that their account may."""

    account_id: UUID
    device_id: UUID
    is_admin: bool = False
    grant: Grant | None = None
