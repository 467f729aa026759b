"""The verbs of accounts, devices and sessions.

Passwords are hashed and checked between transactions, never inside one: a hash takes longer than a
hundred statements, and connections are few. So `login` and `change_password` take the `Credentials`
that were checked, and refuse if they changed in between.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from uuid import UUID

import msgspec

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, NotFound, Unauthenticated
from tertulia.core.sessions import RefreshToken, Sessions
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import policy, state, store
from tertulia.features.accounts.events import (
    AccountChanged,
    AccountCreated,
    DeviceRenamed,
    DeviceSignedIn,
    DeviceSignedOut,
    SignOutReason,
)
from tertulia.features.accounts.policy import Client, Rules
from tertulia.features.accounts.schemas import (
    Account,
    ChangeProfile,
    Device,
    OwnAccount,
    People,
    Register,
    Server,
    ServerRole,
)
from tertulia.features.accounts.state import SignedIn
from tertulia.features.accounts.store import Credentials
from tertulia.features.accounts.store import account_of as account_of

DEVICES = 200  # signed in at once; every snapshot lists them
PAGE = 50


class WrongCredentials(AppError):
    code, status, title = "wrong_credentials", 401, "Name or password is wrong"


class UsernameTaken(AppError):
    code, status, title = "username_taken", 409, "That name is taken"


class RegistrationClosed(AppError):
    code, status, title = "registration_closed", 403, "New accounts need an invite"


class InviteInvalid(AppError):
    code, status, title = "invite_invalid", 404, "That invite is not valid any more"


Redeem = Callable[[Tx, Actor, str], Awaitable[object]]
"""Follow an invite into its room, counting one use. Raises InviteInvalid."""
Admit = Callable[[Tx, str], Awaitable[bool]]
"""Is this invite code good right now? Only looks: rooms own the invites and count their uses."""


# Coming in


async def require_may_register(tx: Tx, rules: Rules, admit: Admit, request: Register) -> None:
    """Everything that can refuse a registration, before a password is hashed for it.

    Raises RegistrationClosed, InviteInvalid, Invalid, UsernameTaken.
    """
    await _admission(tx, rules, admit, request)
    policy.require_good_names(request.username, request.display_name)
    if await store.is_username_taken(tx, policy.username_key(request.username)):
        raise UsernameTaken


async def register(
    tx: Tx,
    sessions: Sessions,
    rules: Rules,
    admit: Admit,
    request: Register,
    *,
    redeem: Redeem,
    password_hash: str,
    client: Client,
    replaced: RefreshToken | None = None,
) -> SignedIn:
    """Make an account and sign its first device in. Raises as `require_may_register`.

    The invite that let somebody in is used up by it, in this transaction: a link for one brings
    one. On an open server an invite that is no good does no harm.

    `replaced` is the session that this browser held until now; it ends.
    """
    policy.require_good_names(request.username, request.display_name)
    account = await _insert_account(tx, rules, admit, request, password_hash)
    stream = account_stream(account.id)
    await tx.open_stream(stream)
    await end_session(tx, sessions, replaced)
    actor = _actor(account, tx.ids.uuid7())
    tx.emit(stream, AccountCreated(account=account), actor)
    signed_in = await _sign_in(tx, sessions, account, actor, client)
    invite = None if account.role == "owner" else request.invite
    # By invite only, a link that was good a moment ago must still be: ten may hold it.
    if invite is not None and (rules.registration == "invite" or await admit(tx, invite)):
        await redeem(tx, actor, invite)
    return signed_in


async def find_credentials(tx: Tx, username: str) -> Credentials | None:
    """What to check a password against; None where it would be checked against nobody's."""
    key = policy.username_key(username)
    return None if "\0" in key else await store.find_credentials(tx, key)


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
    if not await store.lock_if_unchanged(tx, credentials):
        raise WrongCredentials
    if rehashed is not None:
        await store.set_password(tx, credentials.account_id, rehashed)
    await end_session(tx, sessions, replaced)
    account = await _own(tx, credentials.account_id)
    actor = _actor(account, tx.ids.uuid7())
    return await _sign_in(tx, sessions, account, actor, client)


async def refresh(tx: Tx, sessions: Sessions, token: RefreshToken) -> SignedIn | None:
    """The next tokens for a device, or for two tabs and lost answers the same once more.

    None: refuse, *after* the commit. It may have signed the device out, and that has to stay.
    """
    family = await store.lock_family(tx, token.account_id, token.device_id)
    account = await store.find_own(tx, token.account_id)
    if family is None or account is None or not sessions.is_genuine(token, family.seed):
        return None
    actor = _actor(account, token.device_id)
    outcome = state.present(family, token.count, tx.now)
    if outcome == "again":
        return _signed_in(sessions, account, actor, family.seed, family.count)
    if outcome == "next":
        await store.advance_family(tx, account.id, token.device_id, family.count + 1)
        return _signed_in(sessions, account, actor, family.seed, family.count + 1)
    if outcome != "ended":
        reason = "expired" if outcome == "expired" else "token_reused"
        await sign_out(tx, actor, token.device_id, reason)
    return None


# Going out


async def logout(tx: Tx, actor: Actor) -> None:
    """Sign out the device that asks. Doing it twice is doing it once."""
    await sign_out(tx, actor, actor.device_id, "logout")


async def end_session(tx: Tx, sessions: Sessions, token: RefreshToken | None) -> None:
    """Log out by refresh token: for a browser whose access token ran out, or that signs in anew
    (ASVS 7.2.4: what was there before a login is dead after it). A token of nobody does nothing."""
    if token is None:
        return
    family = await store.lock_family(tx, token.account_id, token.device_id)
    if family is not None and sessions.is_genuine(token, family.seed):
        await logout(tx, Actor(token.account_id, token.device_id))


async def sign_out(tx: Tx, actor: Actor, device_id: UUID, reason: SignOutReason) -> bool:
    """End one device of the actor's account. False where it was out already, or never in."""
    if not await store.sign_out(tx, actor.account_id, device_id):
        return False
    _announce_sign_out(tx, actor, device_id, reason)
    return True


async def sign_out_device(tx: Tx, actor: Actor, device_id: UUID) -> None:
    """Sign out one of my devices; one that is out already stays so. Raises NotFound."""
    if await sign_out(tx, actor, device_id, "revoked"):
        return
    if not await store.has_device(tx, actor.account_id, device_id):
        raise NotFound


async def sign_out_others(tx: Tx, actor: Actor, reason: SignOutReason = "revoked") -> None:
    for device_id in await store.sign_out_others(tx, actor.account_id, actor.device_id):
        _announce_sign_out(tx, actor, device_id, reason)


# Myself


async def own_account(tx: Tx, actor: Actor) -> OwnAccount:
    """Raises Unauthenticated where the account is no more."""
    return await _own(tx, actor.account_id)


async def change_profile(tx: Tx, actor: Actor, change: ChangeProfile) -> OwnAccount:
    changed = {
        field: policy.tidy(value) if isinstance(value, str) else value
        for field, value in msgspec.structs.asdict(change).items()
        if value is not msgspec.UNSET
    }
    if isinstance(change.display_name, str):
        policy.require_visible(change.display_name, field="display_name")
    before = await _own(tx, actor.account_id)
    if not await store.update_profile(tx, actor.account_id, changed):
        raise Unauthenticated
    account = await _own(tx, actor.account_id)
    if account != before:
        tx.emit(account_stream(account.id), AccountChanged(account=account), actor)
    return account


async def own_credentials(tx: Tx, actor: Actor) -> tuple[OwnAccount, Credentials]:
    """What my current password is checked against. Raises Unauthenticated."""
    credentials = await store.find_own_credentials(tx, actor.account_id)
    if credentials is None:
        raise Unauthenticated
    return await _own(tx, actor.account_id), credentials


async def change_password(
    tx: Tx, actor: Actor, credentials: Credentials, password_hash: str
) -> None:
    """Set a new password, after the current one was found right; all my other devices go out.

    Raises WrongCredentials if it changed meanwhile.
    """
    if not await store.lock_if_unchanged(tx, credentials):
        raise WrongCredentials
    await store.set_password(tx, actor.account_id, password_hash)
    await sign_out_others(tx, actor, "password_changed")


# My devices


async def devices(tx: Tx, actor: Actor) -> list[Device]:
    """My signed-in devices, oldest first, the asking one marked."""
    return await store.devices(tx, actor.account_id, current=actor.device_id)


async def rename_device(tx: Tx, actor: Actor, device_id: UUID, name: str) -> Device:
    """Raises NotFound for a device that is not mine or signed out, Invalid for an empty name."""
    name = policy.require_visible(name, field="name")
    if not await store.rename_device(tx, actor.account_id, device_id, name):
        raise NotFound
    fact = DeviceRenamed(device_id=device_id, name=name)
    tx.emit(account_stream(actor.account_id), fact, actor)
    return next(device for device in await devices(tx, actor) if device.id == device_id)


# Others


async def get_account(tx: Tx, actor: Actor, account_id: UUID) -> Account:  # noqa: ARG001
    """Raises NotFound. Everybody with an account may know everybody else's public side."""
    found = await get_accounts(tx, [account_id])
    if account_id not in found:
        raise NotFound
    return found[account_id]


async def get_accounts(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Account]:
    """Those that exist, deactivated ones too: what they wrote stays theirs."""
    return {account.id: account for account in await store.accounts_by_id(tx, list(ids))}


async def find_people(tx: Tx, actor: Actor, query: str, cursor: str | None) -> People:  # noqa: ARG001
    """A page of the directory, by username. Raises Invalid for a cursor that is none of ours."""
    after = cursors.decode(cursor, store.Place) if cursor else store.Place("")
    if "\0" in query:
        return People(people=[], next=None)
    found = await store.people(tx, policy.tidy(query).lower(), after, PAGE + 1)
    following = cursors.encode(found[PAGE - 1][0]) if len(found) > PAGE else None
    return People(people=[account for _, account in found[:PAGE]], next=following)


async def server_info(tx: Tx, rules: Rules) -> Server:
    needs_owner = not await store.has_owner(tx)
    return Server(
        name=await store.server_name(tx),
        version=rules.version,
        registration=rules.registration,
        needs_owner=needs_owner,
        needs_setup_token=needs_owner and rules.setup_token is not None,
        max_text_length=rules.max_text_length,
    )


async def logged_accounts(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> list[OwnAccount]:
    """For events that are read from accounts' own streams, (stream, account): the profiles as they
    stand now. Nobody's stands in the stream of another."""
    ids = {account_id for stream_id, account_id in wanted if stream_id == account_id}
    return await store.own_accounts(tx, list(ids)) if ids else []


# Below the verbs


async def _admission(tx: Tx, rules: Rules, admit: Admit, request: Register) -> ServerRole:
    needs_owner = not await store.has_owner(tx)
    invite_good = None
    if rules.registration == "invite" and not needs_owner and request.invite is not None:
        invite_good = await admit(tx, request.invite)
    verdict = policy.admit(
        rules,
        needs_owner=needs_owner,
        setup_token=request.setup_token,
        invite_good=invite_good,
    )
    if verdict == "invite_wrong":
        raise InviteInvalid
    if verdict == "setup_token_wrong":
        raise RegistrationClosed("Open the first-run link that the server printed.")
    if verdict == "closed":
        raise RegistrationClosed
    return verdict


async def _insert_account(
    tx: Tx, rules: Rules, admit: Admit, request: Register, password_hash: str
) -> OwnAccount:
    """Of two who race to be first, the second comes here again as somebody who is not."""
    account_id = tx.ids.uuid7()
    for _ in range(2):
        role = await _admission(tx, rules, admit, request)
        new = store.NewAccount(
            id=account_id,
            username=request.username,
            username_key=policy.username_key(request.username),
            display_name=policy.tidy(request.display_name or request.username),
            hue=policy.hue_of(account_id),
            email=request.email,
            password_hash=password_hash,
            role=role,
        )
        if await store.insert_account(tx, new):
            return await _own(tx, account_id)
    raise UsernameTaken


async def _own(tx: Tx, account_id: UUID) -> OwnAccount:
    account = await store.find_own(tx, account_id)
    if account is None:
        raise Unauthenticated
    return account


def _actor(account: OwnAccount, device_id: UUID) -> Actor:
    return Actor(account.id, device_id, account.role in ("owner", "admin"))


def _signed_in(
    sessions: Sessions, account: OwnAccount, actor: Actor, seed: bytes, count: int
) -> SignedIn:
    return SignedIn(
        account=account,
        actor=actor,
        access_token=sessions.issue(actor),
        refresh_token=sessions.refresh_token(account.id, actor.device_id, seed, count),
    )


async def _sign_in(
    tx: Tx, sessions: Sessions, account: OwnAccount, actor: Actor, client: Client
) -> SignedIn:
    """One more device; where there are too many, the one seen longest ago makes room."""
    seed = tx.ids.token().encode()
    new = store.NewDevice(account.id, actor.device_id, client.name, client.platform, seed)
    device = await store.insert_device(tx, new)
    tx.emit(account_stream(account.id), DeviceSignedIn(device=device), actor)
    for forgotten in await store.devices_beyond(tx, account.id, DEVICES):
        await sign_out(tx, actor, forgotten, "expired")
    return _signed_in(sessions, account, actor, seed, 0)


def _announce_sign_out(tx: Tx, actor: Actor, device_id: UUID, reason: SignOutReason) -> None:
    fact = DeviceSignedOut(device_id=device_id, reason=reason)
    tx.emit(account_stream(actor.account_id), fact, actor)
