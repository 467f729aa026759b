"""People with a past from elsewhere: accounts that nobody can sign in to, until claimed."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import policy
from tertulia.features.accounts.events import AccountChanged, AccountCreated
from tertulia.features.accounts.schemas import OwnAccount
from tertulia.features.accounts.store import absent, accounts

UNCLAIMED = "unclaimed"  # in the place of a password's hash: no password has it


class Newcomer(NamedTuple):
    """Somebody who was elsewhere. The username is free and well-formed."""

    id: UUID
    username: str
    display_name: str
    email: str | None
    is_bot: bool


async def bring_in(tx: Tx, newcomers: Sequence[Newcomer]) -> None:
    """Make deactivated accounts for people who are not here yet: what they wrote needs an author,
    and they may claim it later. Of no actor, so that no room tells of it."""
    rows = [
        absent.Absent(
            id=one.id,
            username=one.username,
            username_key=policy.username_key(one.username),
            display_name=one.display_name,
            hue=policy.hue_of(one.id),
            email=one.email,
            is_bot=one.is_bot,
        )
        for one in newcomers
    ]
    await absent.insert_absent(tx, rows, UNCLAIMED)
    for account in await accounts.own_accounts(tx, [one.id for one in newcomers]):
        stream = account_stream(account.id)
        await tx.open_stream(stream)
        tx.emit(stream, AccountCreated(account=account), None)


async def claim(tx: Tx, username: str, password_hash: str) -> OwnAccount | None:
    """Open an account that was brought in, with everything that was written by it. None where there
    is no such account, or where it was claimed already."""
    account_id = await absent.claim(tx, policy.username_key(username), UNCLAIMED, password_hash)
    if account_id is None:
        return None
    [account] = await accounts.own_accounts(tx, [account_id])
    tx.emit(account_stream(account_id), AccountChanged(account=account), None)
    return account


async def find_known(
    tx: Tx, emails: Collection[str], usernames: Collection[str]
) -> tuple[Mapping[str, UUID], Mapping[str, UUID]]:
    """Accounts in use by e-mail address (lower case; only where one alone has it) and by username
    as given. Nobody proved that an address is theirs: whoever asks must have somebody look."""
    keys = {policy.username_key(username): username for username in usernames}
    by_email = await absent.find_by_email(tx, [email.lower() for email in emails])
    by_key = await absent.find_by_key(tx, list(keys))
    return by_email, {keys[key]: account_id for key, account_id in by_key.items()}


async def taken(tx: Tx, usernames: Collection[str]) -> set[str]:
    """Those of these usernames (any case) that are reserved or somebody's."""
    keys = {policy.username_key(username): username for username in usernames}
    found = await accounts.ids_by_key(tx, list(keys))
    return {name for key, name in keys.items() if key in found or key in policy.RESERVED}


async def server_owner(tx: Tx) -> UUID | None:
    """Whoever answers for what nobody else does; None before the first registration."""
    return await accounts.find_server_owner(tx)
