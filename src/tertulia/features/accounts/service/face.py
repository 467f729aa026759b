"""My picture. It is remade before a transaction begins (`core.images`)."""

from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import NotFound
from tertulia.core.images import Picture
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts.events import AccountChanged
from tertulia.features.accounts.schemas import OwnAccount
from tertulia.features.accounts.service.accounts import own_account
from tertulia.features.accounts.store import faces


async def set_face(tx: Tx, actor: Actor, picture: Picture | None) -> OwnAccount:
    """Another picture, or (None) none. Each has a name of its own, so that what was fetched by the
    old one is not taken for the new. Raises Unauthenticated."""
    before = await own_account(tx, actor)
    if picture is not None:
        await faces.put(tx, actor.account_id, picture.data, str(tx.ids.uuid7()))
    elif before.avatar is not None:
        await faces.drop(tx, actor.account_id)
    else:
        return before
    account = await own_account(tx, actor)
    tx.emit(account_stream(actor.account_id), AccountChanged(account=account), actor)
    return account


async def face(tx: Tx, actor: Actor, account_id: UUID) -> bytes:
    """A WebP, for everybody with an account, as names are. Raises NotFound."""
    del actor
    found = await faces.find(tx, account_id)
    if found is None:
        raise NotFound
    return found
