"""What nobody asks for: sessions and statuses that run out, tokens that outlive their device."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.jobs import Job, Run
from tertulia.core.sessions import ACCESS_SECONDS
from tertulia.core.streams import account_stream
from tertulia.core.tx import Emitted, Reactions, Tx
from tertulia.features.accounts import service, state
from tertulia.features.accounts.events import AccountChanged, DeviceSignedOut
from tertulia.features.accounts.store import accounts, devices

SWEPT = 200  # expired devices signed out in one transaction


class Sweep(msgspec.Struct, frozen=True):
    """Nothing to say: it looks for itself."""


def jobs() -> list[Job[Any]]:
    return [Job("status.sweep", Sweep, sweep, concurrency=1, every=timedelta(seconds=30))]


async def sweep(run: Run, _payload: Sweep) -> None:
    while await run.db.write(clear_over_status):
        pass


async def clear_over_status(tx: Tx) -> bool:
    """Take one status away whose time is up; false where there is none. One at a time: all rooms
    of that person are locked to hear of it."""
    over = await accounts.over_statuses(tx, 1)
    await accounts.clear_statuses(tx, over)
    for own in await accounts.own_accounts(tx, over):
        tx.emit(account_stream(own.id), AccountChanged(account=own), None)
    return bool(over)


async def sign_out_expired(tx: Tx) -> int:
    """Sign out devices whose refresh token ran out, at most SWEPT; returns how many. For a timer:
    their owners' lists and sockets should not wait for a refresh that never comes."""
    expired = await devices.expired_devices(tx, tx.now - state.IDLE, tx.now - state.LIFETIME, SWEPT)
    for account_id, device_id in expired:
        await service.sign_out(tx, Actor(account_id, device_id), device_id, "expired")
    return len(expired)


async def signed_out_lately(tx: Tx) -> list[tuple[UUID, datetime]]:
    """Devices whose access tokens may still look alive; for `Sessions.load`."""
    return await devices.signed_out_since(tx, tx.now - timedelta(seconds=ACCESS_SECONDS))


def reactions(ended: Callable[[UUID], None]) -> Reactions:
    """`ended(device_id)` after the commit of every sign-out on this node, whatever caused it: from
    then on its access tokens are refused."""

    async def follow(tx: Tx, emitted: Emitted) -> None:
        fact = emitted.fact
        if isinstance(fact, DeviceSignedOut):
            tx.after_commit.append(lambda: ended(fact.device_id))

    return {DeviceSignedOut: [follow]}
