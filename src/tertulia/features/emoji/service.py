"""The verbs of custom emoji. A picture is remade before a transaction begins (`core.images`)."""

from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.emoji import is_short_name
from tertulia.core.errors import AppError, Conflict, FieldError, Forbidden, NotFound
from tertulia.core.images import Picture
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.emoji import policy, store
from tertulia.features.emoji.schemas import CustomEmoji, EmojiList


class EmojiNameTaken(AppError):
    code, status, title = "emoji_taken", 409, "That name is taken"


class TooManyCustomEmoji(Conflict):
    title = f"A server has at most {policy.LIMIT} custom emoji"


async def add(tx: Tx, actor: Actor, name: str, picture: Picture) -> CustomEmoji:
    """Raises EmojiNameTaken (also by an emoji of Unicode's), TooManyCustomEmoji."""
    require_free_of_unicode(name)
    await store.lock(tx)
    if await store.exists(tx, name):
        raise _taken()
    if await store.count(tx) >= policy.LIMIT:
        raise TooManyCustomEmoji
    emoji = CustomEmoji(
        id=tx.ids.uuid7(),
        name=name,
        animated=picture.frames > 1,
        added_by=actor.account_id,
        added_at=tx.now,
    )
    await store.insert(tx, emoji, picture)
    await store.renew(tx, tx.ids.uuid7())
    return emoji


def require_free_of_unicode(name: str) -> None:
    """Or an old `:tada:` would become a picture over night."""
    if is_short_name(name):
        raise _taken()


def _taken() -> EmojiNameTaken:
    return EmojiNameTaken(errors=(FieldError("name", "taken", EmojiNameTaken.title),))


async def remove(tx: Tx, actor: Actor, emoji_id: UUID) -> None:
    """Mine, or anybody's for those who run the server. Where it stands it is its name from now on.
    Raises NotFound, Forbidden."""
    await store.lock(tx)
    emoji = await store.find(tx, emoji_id)
    if emoji is None:
        raise NotFound
    role = (await accounts.own_account(tx, actor)).role
    if not policy.may_remove(own=emoji.added_by == actor.account_id, role=role):
        raise Forbidden
    await store.remove(tx, emoji_id)
    await store.renew(tx, tx.ids.uuid7())


async def everything(tx: Tx, actor: Actor) -> EmojiList:
    """Every custom emoji, for anybody with an account."""
    del actor
    return EmojiList(emoji=await store.everything(tx), version=await store.version(tx))


async def names(tx: Tx) -> list[str]:
    """Of every custom emoji."""
    return [emoji.name for emoji in await store.everything(tx)]


async def version(tx: Tx) -> UUID:
    return await store.version(tx)


async def image(tx: Tx, actor: Actor, emoji_id: UUID) -> bytes:
    """A WebP. Raises NotFound."""
    del actor
    found = await store.image(tx, emoji_id)
    if found is None:
        raise NotFound
    return found


async def exists(tx: Tx, name: str) -> bool:
    return await store.exists(tx, name)
