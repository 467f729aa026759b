"""The verbs of polls."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core import cursors, jobs
from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Conflict, Forbidden, NotFound
from tertulia.core.streams import account_stream, room_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message, PollBody, SendMessage
from tertulia.features.messages.service import Outgoing, Sent
from tertulia.features.polls import policy, store
from tertulia.features.polls.events import PollChanged, VoteChanged
from tertulia.features.polls.schemas import (
    CreatePoll,
    PollState,
    Vote,
    Voted,
    Voter,
    VoterList,
)
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess

PAGE = 100  # votes of a list
CLOSE = "poll.close"  # the kind of job


class PollClosed(Conflict):
    title = "The poll is closed"


class Closing(msgspec.Struct, frozen=True):
    """What a job is told: which poll."""

    room_id: UUID
    message_id: UUID


class Told(NamedTuple):
    """What stands beside a poll."""

    state: PollState | None
    mine: list[int]


async def create(tx: Tx, actor: Actor, room_id: UUID, draft: CreatePoll) -> Sent:
    """Ask. Twice with one client_id asks once. Raises Invalid naming the field, and what sending
    raises."""
    body = policy.drawn(draft, tx.now)
    said = SendMessage(
        client_id=draft.client_id,
        text=body.text,
        thread=draft.thread,
        also_in_room=draft.also_in_room,
    )
    (outcome,) = await messages.send_all(tx, [Outgoing(actor, room_id, said, body=body)])
    if isinstance(outcome, AppError):
        raise outcome
    if outcome.is_new and body.closes_at is not None:
        poll = outcome.message.id
        await jobs.enqueue(tx, CLOSE, Closing(room_id, poll), run_at=body.closes_at, key=str(poll))
    return outcome


async def vote(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID, wanted: Vote) -> Voted:
    """Choose, anew or for the first time; no choices take the vote back. The same vote again
    changes nothing. Raises `PollClosed`, `Invalid`, `NotFound` where there is no poll."""
    access = await rooms.require(tx, actor, room_id, Can.REACT)
    message, poll = await _get_poll(tx, access, message_id)
    policy.require_choices(poll, wanted.choices)
    choices = sorted(wanted.choices)
    standing = (await store.standings(tx, [(access, message_id)])).get(message_id)
    if choices == (standing.mine if standing else []):
        return Voted(choices=choices, poll=_told(poll, standing))
    if _is_closed(tx, poll, standing):
        raise PollClosed
    mine, stream = account_stream(actor.account_id), room_stream(room_id)
    await tx.lock(mine)
    await store.replace(tx, access, message_id, choices, tx.next_seq(stream))
    state = await _state(tx, access, message)
    fact = PollChanged(message_id=message_id, poll=state)
    tx.emit(stream, fact, None if poll.anonymous else actor)
    tx.emit(mine, VoteChanged(room_id=room_id, message_id=message_id, choices=choices), actor)
    return Voted(choices=choices, poll=state)


async def close(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> PollState | None:
    """End the voting: its author, or who keeps order. Again, it changes nothing."""
    access = await rooms.require(tx, actor, room_id, Can.REACT)
    message, poll = await _get_poll(tx, access, message_id)
    if message.author_id != actor.account_id:
        await rooms.require(tx, actor, room_id, Can.DELETE_ANY)
    standing = (await store.standings(tx, [(access, message_id)])).get(message_id)
    if _is_closed(tx, poll, standing):
        return _told(poll, standing)
    await store.close(tx, room_id, message_id, actor.account_id, tx.now)
    if poll.closes_at is not None:
        await jobs.cancel(tx, CLOSE, str(message_id))
    state = await _state(tx, access, message)
    tx.emit(room_stream(room_id), PollChanged(message_id=message_id, poll=state), actor)
    return state


async def close_due(tx: Tx, room_id: UUID, message_id: UUID) -> None:
    """Tell the room that a poll's time is over, and how it ended: once, whoever asks and how often.
    Nothing where it was closed before, or is gone."""
    await tx.lock(room_stream(room_id))
    found = await messages.logged_messages(tx, [(room_id, message_id)])
    poll = found[0].body if found else None
    if not isinstance(poll, PollBody) or poll.closes_at is None or poll.closes_at > tx.now:
        return
    standing = await store.standing(tx, room_id, message_id)
    if standing is not None and standing.closed_at is not None:
        return
    await store.close(tx, room_id, message_id, found[0].author_id, poll.closes_at)
    state = _told(poll, await store.standing(tx, room_id, message_id))
    tx.emit(room_stream(room_id), PollChanged(message_id=message_id, poll=state), None)


async def _get_poll(tx: Tx, access: RoomAccess, message_id: UUID) -> tuple[Message, PollBody]:
    message = await messages.get_message(tx, access, message_id)
    if not isinstance(message.body, PollBody):
        raise NotFound
    return message, message.body


def _is_closed(tx: Tx, poll: PollBody, standing: store.Standing | None) -> bool:
    if poll.closes_at is not None and poll.closes_at <= tx.now:
        return True
    return standing is not None and standing.closed_at is not None


async def _state(tx: Tx, access: RoomAccess, message: Message) -> PollState | None:
    return (await beside(tx, [(access, message)]))[message.id].state


async def beside(tx: Tx, found: Iterable[tuple[RoomAccess, Message]]) -> dict[UUID, Told]:
    """How polls among these messages of any rooms stand, and how I voted; no entry for others."""
    polls = [
        (access, message.id, message.body)
        for access, message in found
        if isinstance(message.body, PollBody)
    ]
    if not polls:
        return {}
    standings = await store.standings(tx, [(access, id_) for access, id_, _ in polls])
    return {
        id_: Told(_told(poll, standing), standing.mine if standing else [])
        for _, id_, poll in polls
        for standing in [standings.get(id_)]
    }


def _told(poll: PollBody, standing: store.Standing | None) -> PollState | None:
    """What anybody may know of it."""
    if standing is None:
        return None
    tallies = [
        standing.tallies.get(place, store.Tally(0, [])) for place in range(len(poll.options))
    ]
    return PollState(
        counts=[tally.chosen for tally in tallies],
        people=[[] if poll.anonymous else tally.people for tally in tallies],
        voters=standing.voters,
        closed_at=standing.closed_at,
    )


async def voters(
    tx: Tx, actor: Actor, room_id: UUID, message_id: UUID, choice: int | None, cursor: str | None
) -> VoterList:
    """Who chose what (of one answer, if one is given). Raises `Forbidden` for an anonymous poll."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    _, poll = await _get_poll(tx, access, message_id)
    if poll.anonymous:
        raise Forbidden("This poll is anonymous.")
    after = max(0, cursors.decode(cursor, int)) if cursor else 0
    rows = await store.voters(tx, access, message_id, choice, after, PAGE + 1)
    page = rows[:PAGE]
    people = await accounts.get_accounts(tx, list({row.account_id for row in page}))
    return VoterList(
        voters=[Voter(account=people[row.account_id], choice=row.choice) for row in page],
        next=cursors.encode(after + PAGE) if len(rows) > PAGE else None,
    )


async def forget(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> None:
    """These are gone, and that was told: so are their votes."""
    await store.forget(tx, room_id, message_ids)
