"""What nobody asks for: sessions that run out, and tokens that outlive their device."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.sessions import ACCESS_SECONDS
from tertulia.core.tx import Emitted, Reactions, Tx
from tertulia.features.accounts import service, state, store
from tertulia.features.accounts.events import DeviceSignedOut

SWEPT = 200  # expired devices signed out in one transaction


async def sign_out_expired(tx: Tx) -> int:
    """Sign out devices whose refresh token ran out, at most SWEPT; returns how many. For a timer:
    their owners' lists and sockets should not wait for a refresh that never comes."""
    expired = await store.expired_devices(tx, tx.now - state.IDLE, tx.now - state.LIFETIME, SWEPT)
    for account_id, device_id in expired:
        await service.sign_out(tx, Actor(account_id, device_id), device_id, "expired")
    return len(expired)


async def signed_out_lately(tx: Tx) -> list[tuple[UUID, datetime]]:
    """Devices whose access tokens may still look alive; for `Sessions.load`."""
    return await store.signed_out_since(tx, tx.now - timedelta(seconds=ACCESS_SECONDS))


def reactions(ended: Callable[[UUID], None]) -> Reactions:
    """`ended(device_id)` after the commit of every sign-out on this node, whatever caused it: from
    then on its access tokens are refused."""

    async def follow(tx: Tx, emitted: Emitted) -> None:
        fact = emitted.fact
        if isinstance(fact, DeviceSignedOut):
            tx.after_commit.append(lambda: ended(fact.device_id))

    return {DeviceSignedOut: [follow]}
