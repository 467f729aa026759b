"""The verbs of reacting."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.emoji import canonical
from tertulia.core.errors import Conflict, FieldError, Forbidden, Invalid
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.emoji import service as custom_emoji
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import DeletedBody, SystemBody
from tertulia.features.messages.service import MessageDeletedAlready
from tertulia.features.reactions import store
from tertulia.features.reactions.events import ReactionChanged
from tertulia.features.reactions.policy import IN_ALL, PER_PERSON, is_custom
from tertulia.features.reactions.schemas import FIRST, Reaction, Reactor, ReactorList
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess

PAGE = 100  # people of a list


class TooManyReactions(Conflict):
    title = f"One person reacts to a message with at most {PER_PERSON} different emoji"


class TooManyEmoji(Conflict):
    title = f"A message takes at most {IN_ALL} different emoji"


async def add(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID, emoji: str) -> Reaction:
    """React. Doing it again changes nothing. Raises `Invalid` for what is no emoji, `Forbidden` for
    a note about the room, `MessageDeletedAlready`, `TooManyReactions`, `TooManyEmoji`."""
    access = await rooms.require(tx, actor, room_id, Can.REACT)
    await _require_open(tx, access, message_id)
    emoji = _spelled(emoji)
    if is_custom(emoji) and not await custom_emoji.exists(tx, emoji.strip(":")):
        raise _wrong("There is no such emoji.")
    before = await store.stands(tx, access, message_id, emoji)
    if before is not None and before.mine:
        return before
    counts = await store.counts(tx, access, message_id)
    if counts.mine >= PER_PERSON:
        raise TooManyReactions
    if before is None and counts.different >= IN_ALL:
        raise TooManyEmoji
    await store.insert(tx, access, message_id, emoji, tx.next_seq(room_stream(room_id)))
    return await _tell(tx, access, message_id, emoji, added=True)


async def remove(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID, emoji: str) -> Reaction:
    """Take a reaction back; where there is none, nothing changes. Answers how the emoji stands,
    perhaps with a count of 0."""
    access = await rooms.require(tx, actor, room_id, Can.REACT)
    await messages.get_message(tx, access, message_id)
    emoji = _spelled(emoji)  # whether or not it still exists: a custom one may be gone
    if await store.remove(tx, access, message_id, emoji):
        return await _tell(tx, access, message_id, emoji, added=False)
    return await store.stands(tx, access, message_id, emoji) or _gone(emoji)


class Brought(NamedTuple):
    """Who reacted elsewhere to a message with one emoji, in that order, and when."""

    message_id: UUID
    emoji: str
    account_ids: Sequence[UUID]
    at: datetime


async def bring_in(tx: Tx, room_id: UUID, brought: Sequence[Brought]) -> None:
    """Write reactions as they were elsewhere, to messages of a locked room that have none yet. What
    is no emoji is left out."""
    stream, given = room_stream(room_id), list[store.Given]()
    for one in brought:
        emoji = one.emoji if is_custom(one.emoji) else canonical(one.emoji)
        people = list(dict.fromkeys(one.account_ids)) if emoji else []
        since = tx.next_seq(stream)
        for count, account_id in enumerate(people, 1):
            # A seq each, also here: it orders people without ties.
            seq = tx.next_seq(stream)
            given.append(store.Given(one.message_id, account_id, emoji or "", seq, one.at))
            fact = ReactionChanged(
                message_id=one.message_id,
                account_id=account_id,
                added=True,
                emoji=emoji or "",
                count=count,
                accounts=people[: min(count, FIRST)],
                since=since,
            )
            tx.emit(stream, fact, account_id)
    if given:
        await store.insert_all(tx, room_id, given)


async def _require_open(tx: Tx, access: RoomAccess, message_id: UUID) -> None:
    message = await messages.get_message(tx, access, message_id)
    if isinstance(message.body, DeletedBody):
        raise MessageDeletedAlready
    if isinstance(message.body, SystemBody):
        raise Forbidden("Nobody reacts to notes about the room.")


def _spelled(text: str) -> str:
    """One spelling for what looks the same. Raises `Invalid` for what is not one emoji."""
    emoji = text if is_custom(text) else canonical(text)
    if emoji is None:
        raise _wrong("That is not one emoji.")
    return emoji


def _wrong(message: str) -> Invalid:
    return Invalid(message, errors=(FieldError("emoji", "invalid", message),))


async def _tell(
    tx: Tx, access: RoomAccess, message_id: UUID, emoji: str, *, added: bool
) -> Reaction:
    now = await store.stands(tx, access, message_id, emoji) or _gone(emoji)
    fact = ReactionChanged(
        message_id=message_id,
        account_id=access.account_id,
        added=added,
        emoji=emoji,
        count=now.count,
        accounts=now.accounts,
        since=now.since,
    )
    tx.emit(room_stream(access.room_id), fact, access.account_id)
    return now


def _gone(emoji: str) -> Reaction:
    return Reaction(emoji=emoji, count=0, accounts=[], since=0, mine=False)


async def reactors(
    tx: Tx, actor: Actor, room_id: UUID, message_id: UUID, emoji: str | None, cursor: str | None
) -> ReactorList:
    """Who reacted to a message (with one emoji, if one is given), in the order they did."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    await messages.get_message(tx, access, message_id)
    wanted = None if emoji is None else _spelled(emoji)
    after = cursors.decode(cursor, int) if cursor else 0
    rows = await store.reactors(tx, access, message_id, wanted, after, PAGE + 1)
    page = rows[:PAGE]
    people = await accounts.get_accounts(tx, list({row.account_id for row in page}))
    return ReactorList(
        reactors=[
            Reactor(account=people[row.account_id], emoji=row.emoji, reacted_at=row.reacted_at)
            for row in page
        ],
        next=cursors.encode(page[-1].seq) if len(rows) > PAGE else None,
    )


async def beside(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> dict[UUID, list[Reaction]]:
    """How the emoji stand at messages of any rooms, in order; none, no entry."""
    return await store.standing(tx, wanted)


async def forget(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> None:
    """These are gone, and that was told: so are their reactions."""
    await store.forget(tx, room_id, message_ids)
