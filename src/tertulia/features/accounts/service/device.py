"""The verbs of devices: what is signed in, and going out."""

from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import NotFound
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import policy
from tertulia.features.accounts.events import DeviceRenamed, DeviceSignedOut, SignOutReason
from tertulia.features.accounts.schemas import Device
from tertulia.features.accounts.store import devices as rows


async def sign_out(tx: Tx, actor: Actor, device_id: UUID, reason: SignOutReason) -> bool:
    """End one device of the actor's account. False where it was out already, or never in."""
    if not await rows.sign_out(tx, actor.account_id, device_id):
        return False
    _announce_sign_out(tx, actor, device_id, reason)
    return True


async def sign_out_device(tx: Tx, actor: Actor, device_id: UUID) -> None:
    """Sign out one of my devices; one that is out already stays so. Raises NotFound."""
    if await sign_out(tx, actor, device_id, "revoked"):
        return
    if not await rows.has_device(tx, actor.account_id, device_id):
        raise NotFound


async def sign_out_others(tx: Tx, actor: Actor, reason: SignOutReason = "revoked") -> None:
    for device_id in await rows.sign_out_others(tx, actor.account_id, actor.device_id):
        _announce_sign_out(tx, actor, device_id, reason)


async def devices(tx: Tx, actor: Actor) -> list[Device]:
    """My signed-in devices, oldest first, the asking one marked."""
    return await rows.devices(tx, actor.account_id, current=actor.device_id)


async def rename_device(tx: Tx, actor: Actor, device_id: UUID, name: str) -> Device:
    """Raises NotFound for a device that is not mine or signed out, Invalid for an empty name."""
    name = policy.require_visible(name, field="name")
    if not await rows.rename_device(tx, actor.account_id, device_id, name):
        raise NotFound
    fact = DeviceRenamed(device_id=device_id, name=name)
    tx.emit(account_stream(actor.account_id), fact, actor)
    return next(device for device in await devices(tx, actor) if device.id == device_id)


def _announce_sign_out(tx: Tx, actor: Actor, device_id: UUID, reason: SignOutReason) -> None:
    fact = DeviceSignedOut(device_id=device_id, reason=reason)
    tx.emit(account_stream(actor.account_id), fact, actor)
