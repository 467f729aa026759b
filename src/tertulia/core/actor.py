"""Who acts: the first thing a verb wants to know after its transaction."""

from uuid import UUID

import msgspec


class Actor(msgspec.Struct, frozen=True):
    """An authenticated account on one of its devices. `is_admin` is about the server only."""

    account_id: UUID
    device_id: UUID
    is_admin: bool = False
