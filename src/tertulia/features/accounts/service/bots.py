"""Accounts of programs: nobody signs in to them."""

from uuid import UUID

from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import policy
from tertulia.features.accounts.events import AccountChanged, AccountCreated
from tertulia.features.accounts.schemas import OwnAccount
from tertulia.features.accounts.store import absent, accounts

NO_PASSWORD = "a bot has none"  # noqa: S105 — in the place of a hash: no password has it


async def make_bot(tx: Tx, username: str, display_name: str) -> OwnAccount | None:
    """None where the name is taken. The name is well-formed."""
    account_id = tx.ids.uuid7()
    bot = absent.Absent(
        id=account_id,
        username=username,
        username_key=policy.username_key(username),
        display_name=policy.tidy(display_name),
        hue=policy.hue_of(account_id),
        email=None,
        is_bot=True,
    )
    if not await absent.insert_bot(tx, bot, NO_PASSWORD):
        return None
    [account] = await accounts.own_accounts(tx, [account_id])
    stream = account_stream(account_id)
    await tx.open_stream(stream)
    tx.emit(stream, AccountCreated(account=account), None)
    return account


async def retire_bot(tx: Tx, account_id: UUID) -> bool:
    """What it said stays. False where there is no such bot in use."""
    if not await absent.deactivate_bot(tx, account_id):
        return False
    [account] = await accounts.own_accounts(tx, [account_id])
    tx.emit(account_stream(account_id), AccountChanged(account=account), None)
    return True


async def bot_ids(tx: Tx) -> list[UUID]:
    """Bots in use, the oldest first."""
    return await absent.bots(tx)
