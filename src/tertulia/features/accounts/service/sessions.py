"""The verbs of sessions: signing a device in, taking its next tokens, ending it.

Passwords are hashed and checked between transactions, never inside one: a hash takes longer than a
hundred statements, and connections are few. So `login` and `change_password` take the `Credentials`
that were checked, and refuse if they changed in between.
"""

from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.sessions import RefreshToken, Sessions
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import policy, state
from tertulia.features.accounts.events import DeviceSignedIn
from tertulia.features.accounts.policy import Client
from tertulia.features.accounts.schemas import OwnAccount
from tertulia.features.accounts.service.accounts import WrongCredentials, own_by_id
from tertulia.features.accounts.service.device import sign_out
from tertulia.features.accounts.state import SignedIn
from tertulia.features.accounts.store import accounts, devices
from tertulia.features.accounts.store.accounts import Credentials

DEVICES = 200  # signed in at once; every snapshot lists them


async def find_credentials(tx: Tx, username: str) -> Credentials | None:
    """What to check a password against; None where it would be checked against nobody's."""
    key = policy.username_key(username)
    return None if "\0" in key else await accounts.find_credentials(tx, key)


async def login(
    tx: Tx,
    sessions: Sessions,
    credentials: Credentials,
    *,
    client: Client,
    rehashed: str | None = None,
    replaced: RefreshToken | None = None,
) -> SignedIn:
    """Sign a new device in, after its password was found right. `rehashed` replaces an old hash,
    the new device the session `replaced`.

    Raises WrongCredentials if the password changed or the account was deactivated meanwhile.
    """
    if not await accounts.lock_if_unchanged(tx, credentials):
        raise WrongCredentials
    if rehashed is not None:
        await accounts.set_password(tx, credentials.account_id, rehashed)
    await end_session(tx, sessions, replaced)
    account = await own_by_id(tx, credentials.account_id)
    actor = actor_of(account, tx.ids.uuid7())
    return await sign_in(tx, sessions, account, actor, client)


async def refresh(tx: Tx, sessions: Sessions, token: RefreshToken) -> SignedIn | None:
    """The next tokens for a device, or for two tabs and lost answers the same once more.

    None: refuse, *after* the commit. It may have signed the device out, and that has to stay.
    """
    family = await devices.lock_family(tx, token.account_id, token.device_id)
    account = await accounts.find_own(tx, token.account_id)
    if family is None or account is None or not sessions.is_genuine(token, family.seed):
        return None
    actor = actor_of(account, token.device_id)
    outcome = state.present(family, token.count, tx.now)
    if outcome == "again":
        return _signed_in(sessions, account, actor, family.seed, family.count)
    if outcome == "next":
        await devices.advance_family(tx, account.id, token.device_id, family.count + 1)
        return _signed_in(sessions, account, actor, family.seed, family.count + 1)
    if outcome != "ended":
        reason = "expired" if outcome == "expired" else "token_reused"
        await sign_out(tx, actor, token.device_id, reason)
    return None


async def logout(tx: Tx, actor: Actor) -> None:
    """Sign out the device that asks. Doing it twice is doing it once."""
    await sign_out(tx, actor, actor.device_id, "logout")


async def end_session(tx: Tx, sessions: Sessions, token: RefreshToken | None) -> None:
    """Log out by refresh token: for a browser whose access token ran out, or that signs in anew
    (ASVS 7.2.4: what was there before a login is dead after it). A token of nobody does nothing."""
    if token is None:
        return
    family = await devices.lock_family(tx, token.account_id, token.device_id)
    if family is not None and sessions.is_genuine(token, family.seed):
        await logout(tx, Actor(token.account_id, token.device_id))


async def sign_in(
    tx: Tx, sessions: Sessions, account: OwnAccount, actor: Actor, client: Client
) -> SignedIn:
    """One more device; where there are too many, the one seen longest ago makes room."""
    seed = tx.ids.token().encode()
    new = devices.NewDevice(account.id, actor.device_id, client.name, client.platform, seed)
    device = await devices.insert_device(tx, new)
    tx.emit(account_stream(account.id), DeviceSignedIn(device=device), actor)
    for forgotten in await devices.devices_beyond(tx, account.id, DEVICES):
        await sign_out(tx, actor, forgotten, "expired")
    return _signed_in(sessions, account, actor, seed, 0)


def _signed_in(
    sessions: Sessions, account: OwnAccount, actor: Actor, seed: bytes, count: int
) -> SignedIn:
    return SignedIn(
        account=account,
        actor=actor,
        access_token=sessions.issue(actor),
        refresh_token=sessions.refresh_token(account.id, actor.device_id, seed, count),
    )


def actor_of(account: OwnAccount, device_id: UUID) -> Actor:
    return Actor(account.id, device_id, account.role in ("owner", "admin"))
