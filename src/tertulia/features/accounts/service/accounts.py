"""The verbs of accounts: my own, and what is known of others."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

import msgspec

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, NotFound, Unauthenticated
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import policy
from tertulia.features.accounts.events import AccountChanged
from tertulia.features.accounts.policy import Rules
from tertulia.features.accounts.schemas import Account, ChangeProfile, OwnAccount, People, Server
from tertulia.features.accounts.service.device import sign_out_others
from tertulia.features.accounts.store import accounts as rows
from tertulia.features.accounts.store.accounts import Credentials

PAGE = 50


class WrongCredentials(AppError):
    code, status, title = "wrong_credentials", 401, "Name or password is wrong"


async def own_account(tx: Tx, actor: Actor) -> OwnAccount:
    """Raises Unauthenticated where the account is no more."""
    return await own_by_id(tx, actor.account_id)


async def own_by_id(tx: Tx, account_id: UUID) -> OwnAccount:
    account = await rows.find_own(tx, account_id)
    if account is None:
        raise Unauthenticated
    return account


async def change_profile(tx: Tx, actor: Actor, change: ChangeProfile) -> OwnAccount:
    changed = {
        field: policy.tidy(value) if isinstance(value, str) else value
        for field, value in msgspec.structs.asdict(change).items()
        if value is not msgspec.UNSET
    }
    if isinstance(change.display_name, str):
        policy.require_visible(change.display_name, field="display_name")
    before = await own_by_id(tx, actor.account_id)
    if not await rows.update_profile(tx, actor.account_id, changed):
        raise Unauthenticated
    account = await own_by_id(tx, actor.account_id)
    if account != before:
        tx.emit(account_stream(account.id), AccountChanged(account=account), actor)
    return account


async def own_credentials(tx: Tx, actor: Actor) -> tuple[OwnAccount, Credentials]:
    """What my current password is checked against. Raises Unauthenticated."""
    credentials = await rows.find_own_credentials(tx, actor.account_id)
    if credentials is None:
        raise Unauthenticated
    return await own_by_id(tx, actor.account_id), credentials


async def change_password(
    tx: Tx, actor: Actor, credentials: Credentials, password_hash: str
) -> None:
    """Set a new password, after the current one was found right; all my other devices go out.

    Raises WrongCredentials if it changed meanwhile.
    """
    if not await rows.lock_if_unchanged(tx, credentials):
        raise WrongCredentials
    await rows.set_password(tx, actor.account_id, password_hash)
    await sign_out_others(tx, actor, "password_changed")


async def get_account(tx: Tx, actor: Actor, account_id: UUID) -> Account:  # noqa: ARG001
    """Raises NotFound. Everybody with an account may know everybody else's public side."""
    found = await get_accounts(tx, [account_id])
    if account_id not in found:
        raise NotFound
    return found[account_id]


async def get_accounts(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Account]:
    """Those that exist, deactivated ones too: what they wrote stays theirs."""
    return {account.id: account for account in await rows.accounts_by_id(tx, list(ids))}


async def find_people(tx: Tx, actor: Actor, query: str, cursor: str | None) -> People:  # noqa: ARG001
    """A page of the directory, by username. Raises Invalid for a cursor that is none of ours."""
    after = cursors.decode(cursor, rows.Place) if cursor else rows.Place("")
    if "\0" in query:
        return People(people=[], next=None)
    found = await rows.people(tx, policy.tidy(query).lower(), after, PAGE + 1)
    following = cursors.encode(found[PAGE - 1][0]) if len(found) > PAGE else None
    return People(people=[account for _, account in found[:PAGE]], next=following)


async def server_info(tx: Tx, rules: Rules) -> Server:
    needs_owner = not await rows.has_owner(tx)
    return Server(
        name=await rows.server_name(tx),
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
    return await rows.own_accounts(tx, list(ids)) if ids else []


async def ids_by_username(tx: Tx, usernames: Collection[str]) -> dict[str, UUID]:
    """Every account, in use or not, by its name as given; none for what is nobody's."""
    keys = {name: policy.username_key(name) for name in usernames}
    found = await rows.ids_by_key(tx, list(set(keys.values())))
    return {name: found[key] for name, key in keys.items() if key in found}
