"""Routes of my own account and devices, and of what is known of others."""

from uuid import UUID

import structlog
from litestar import delete, get, patch, post

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.http.info import RequestInfo
from tertulia.core.limits import Bucket, Limiter
from tertulia.core.passwords import Passwords
from tertulia.features.accounts import policy, service
from tertulia.features.accounts.schemas import (
    Account,
    ChangePassword,
    ChangeProfile,
    Device,
    DeviceList,
    OwnAccount,
    RenameDevice,
    Server,
)
from tertulia.features.accounts.service import Rules

log = structlog.stdlib.get_logger(__name__)
PASSWORD = Bucket("auth.password", 10, 600)
CHANGE = Bucket("me.change", 30, 300)  # a new name is told to every room I am in


@get("/me", summary="My account")
async def get_me(actor: Actor, db: Database) -> OwnAccount:
    async with db.read() as tx:
        return await service.own_account(tx, actor)


@patch("/me", summary="Change my profile")
async def change_me(
    data: ChangeProfile, actor: Actor, db: Database, limiter: Limiter
) -> OwnAccount:
    await limiter.hit(CHANGE, str(actor.account_id))
    return await db.write(lambda tx: service.change_profile(tx, actor, data))


@post("/me/password", summary="Change my password", status_code=204)
async def change_password(
    data: ChangePassword,
    actor: Actor,
    info: RequestInfo,
    db: Database,
    passwords: Passwords,
    limiter: Limiter,
) -> None:
    """Signs out every other device of mine."""
    await limiter.hit(PASSWORD, str(actor.account_id))
    async with db.read() as tx:
        own, credentials = await service.own_credentials(tx, actor)
    whose = str(credentials.account_id)
    if not await passwords.verify(credentials.password_hash, data.current_password, known=True):
        log.info("password_change_refused", account=whose, address=info.address)
        raise service.WrongCredentials
    names = (own.username, policy.PRODUCT)
    passwords.require_good(data.new_password, names, field="new_password")
    hashed = await passwords.hash(data.new_password, known=True)
    await db.write(lambda tx: service.change_password(tx, actor, credentials, hashed))
    log.info("password_changed", account=whose, address=info.address)


@get("/me/devices", summary="My signed-in devices")
async def list_devices(actor: Actor, db: Database) -> DeviceList:
    async with db.read() as tx:
        return DeviceList(devices=await service.devices(tx, actor))


@delete("/me/devices", summary="Sign out all my other devices", status_code=204)
async def sign_out_others(actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.sign_out_others(tx, actor))


@patch("/me/devices/{device_id:uuid}", summary="Rename a device of mine")
async def rename_device(
    device_id: UUID, data: RenameDevice, actor: Actor, db: Database, limiter: Limiter
) -> Device:
    await limiter.hit(CHANGE, str(actor.account_id))
    return await db.write(lambda tx: service.rename_device(tx, actor, device_id, data.name))


@delete("/me/devices/{device_id:uuid}", summary="Sign out a device of mine", status_code=204)
async def sign_out_device(device_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.sign_out_device(tx, actor, device_id))


@get("/server", summary="What to know before signing in")
async def get_server(db: Database, rules: Rules) -> Server:
    async with db.read() as tx:
        return await service.server_info(tx, rules)


@get("/people/{account_id:uuid}", summary="One person")
async def get_person(account_id: UUID, actor: Actor, db: Database) -> Account:
    async with db.read() as tx:
        return await service.get_account(tx, actor, account_id)
