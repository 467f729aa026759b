"""Bots and their tokens: for those who run the server."""

from datetime import timedelta
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import Conflict, Forbidden, NotFound
from tertulia.core.grants import Grant
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.service import bots
from tertulia.features.integrations import policy
from tertulia.features.integrations.schemas import (
    Bot,
    BotList,
    BotToken,
    MakeBot,
    MakeToken,
    NewToken,
)
from tertulia.features.integrations.store import incoming
from tertulia.features.integrations.store import tokens as store

PREFIX = "tbot_"
USED = timedelta(minutes=1)  # between notes that a token is in use


class TooManyBots(Conflict):
    title = f"A server has at most {policy.BOTS} bots"


class TooManyTokens(Conflict):
    title = f"A bot has at most {policy.TOKENS} tokens"


def _require_admin(actor: Actor) -> None:
    if not actor.is_admin:
        raise Forbidden("Bots are for those who run the server.")


async def bot_list(tx: Tx, actor: Actor) -> BotList:
    _require_admin(actor)
    ids = await _bot_ids(tx)
    people = await accounts.get_accounts(tx, ids)
    tokens = await store.tokens(tx, ids)
    return BotList(
        bots=[Bot(id=one, account=people[one], tokens=tokens.get(one, [])) for one in ids]
    )


async def make_bot(tx: Tx, actor: Actor, draft: MakeBot) -> Bot:
    """Raises UsernameTaken, TooManyBots."""
    _require_admin(actor)
    if len(await _bot_ids(tx)) >= policy.BOTS:
        raise TooManyBots
    made = await bots.make_bot(tx, draft.username, draft.display_name or draft.username)
    if made is None:
        raise accounts.UsernameTaken
    people = await accounts.get_accounts(tx, [made.id])
    return Bot(id=made.id, account=people[made.id], tokens=[])


async def retire_bot(tx: Tx, actor: Actor, account_id: UUID) -> None:
    """Its tokens end; what it said stays. Raises NotFound."""
    _require_admin(actor)
    if not await bots.retire_bot(tx, account_id):
        raise NotFound
    await store.revoke_tokens(tx, account_id, None)


async def make_token(tx: Tx, actor: Actor, account_id: UUID, draft: MakeToken) -> NewToken:
    """The secret is in this answer and nowhere else. Raises NotFound, TooManyTokens."""
    _require_admin(actor)
    if account_id not in await _bot_ids(tx):
        raise NotFound
    if len((await store.tokens(tx, [account_id])).get(account_id, [])) >= policy.TOKENS:
        raise TooManyTokens
    secret = PREFIX + tx.ids.token()
    token = BotToken(
        id=tx.ids.uuid7(),
        name=draft.name,
        scopes=list(dict.fromkeys(draft.scopes)),
        room_ids=None if draft.room_ids is None else list(dict.fromkeys(draft.room_ids)),
        created_at=tx.now,
        last_used_at=None,
    )
    await store.insert_token(tx, token, account_id, policy.hashed(secret), actor.account_id)
    return NewToken(token=token, secret=secret)


async def revoke_token(tx: Tx, actor: Actor, account_id: UUID, token_id: UUID) -> None:
    """From the next request on it opens nothing. Raises NotFound."""
    _require_admin(actor)
    if not await store.revoke_tokens(tx, account_id, token_id):
        raise NotFound


async def find_actor(tx: Tx, secret: str) -> tuple[Actor, bool] | None:
    """Who shows this token, and whether its use should be noted (`touch`); None for no such
    token."""
    found = await store.present(tx, policy.hashed(secret))
    if found is None:
        return None
    rooms = None if found.room_ids is None else frozenset(found.room_ids)
    actor = Actor(found.account_id, found.id, grant=Grant(frozenset(found.scopes), rooms))
    return actor, found.last_used_at is None or tx.now - found.last_used_at > USED


async def touch(tx: Tx, actor: Actor) -> None:
    """Note that a token is in use."""
    await store.mark_used(tx, actor.device_id)


async def _bot_ids(tx: Tx) -> list[UUID]:
    """Without those that only speak for an incoming webhook: these are the room's business."""
    ids = await bots.bot_ids(tx)
    spoken_for = await incoming.speakers(tx, ids)
    return [one for one in ids if one not in spoken_for]
