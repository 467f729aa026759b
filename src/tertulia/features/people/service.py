"""The verbs between people: ask for contact, accept, let go, block, decide who may reach
one. Whether two share a room is known above, so those who ask about reaching tell it."""

import unicodedata
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Conflict, FieldError, Invalid, NotFound
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import People
from tertulia.features.people import policy, store
from tertulia.features.people.events import (
    ContactChanged,
    PersonBlocked,
    PersonUnblocked,
    PrivacyChanged,
)
from tertulia.features.people.policy import Standing
from tertulia.features.people.schemas import (
    ChangePrivacy,
    Circle,
    CircleList,
    ContactState,
    Privacy,
)

CONTACTS = 2_000  # of one person: every snapshot lists them
REQUESTS = 200  # that wait for an answer, either way
BLOCKS = 1_000
HIDDEN_PAGES = 20  # of the directory, passed over where nobody lets themselves be found


class Reach(NamedTuple):
    """How one person stands to another whom they want to reach."""

    standing: Standing
    shares_room: bool


# Which of these share a room with an account: known above, so whoever asks brings it.
Sharing = Callable[[Tx, UUID, Collection[UUID]], Awaitable[set[UUID]]]


class Unreachable(AppError):
    """One answer for everybody who is kept out, whatever keeps them out."""

    code, status, title = "unreachable", 403, "You cannot write to this person"


class TooManyContacts(Conflict):
    title = f"There is room for {CONTACTS} contacts and {REQUESTS} requests"


class TooManyBlocks(Conflict):
    title = f"There is room for {BLOCKS} blocked people"


class YouBlockedThem(Conflict):
    title = "You blocked this person: unblock them first"


# What I see


async def circle(tx: Tx, account_id: UUID) -> Circle:
    """My side of all my ties."""
    return Circle(
        privacy=await privacy(tx, account_id),
        contacts=await store.contacts(tx, account_id),
        blocked=await store.blocked(tx, account_id),
    )


async def circle_list(tx: Tx, actor: Actor) -> CircleList:
    mine = await circle(tx, actor.account_id)
    named = {tie.account_id for tie in (*mine.contacts, *mine.blocked)}
    people = await accounts.get_accounts(tx, named)
    return CircleList(circle=mine, people=list(people.values()))


# Who may reach whom


async def privacy(tx: Tx, account_id: UUID) -> Privacy:
    return (await store.privacy(tx, [account_id])).get(account_id) or Privacy()


async def change_privacy(tx: Tx, actor: Actor, change: ChangePrivacy) -> Privacy:
    mine = account_stream(actor.account_id)
    await tx.lock(mine)
    before = await privacy(tx, actor.account_id)
    changed = {
        name: value
        for name, value in msgspec.structs.asdict(change).items()
        if value is not msgspec.UNSET
    }
    after = msgspec.structs.replace(before, **changed)
    if after != before:
        await store.set_privacy(tx, actor.account_id, after)
        tx.emit(mine, PrivacyChanged(privacy=after), actor)
    return after


async def standings(tx: Tx, account_id: UUID, ids: Collection[UUID]) -> dict[UUID, Standing]:
    """How an account stands to each of these."""
    return await store.standings(tx, account_id, ids)


async def reach(
    tx: Tx, account_id: UUID, ids: Collection[UUID], sharing: Sharing
) -> dict[UUID, Reach]:
    """How an account stands to each of these; whether they share a room is asked only where it
    matters."""
    if not ids:
        return {}
    found = await store.standings(tx, account_id, ids)
    asked = [one for one, them in found.items() if policy.asks_for_rooms(them)]
    shared = await sharing(tx, account_id, asked) if asked else set[UUID]()
    return {one: Reach(them, one in shared) for one, them in found.items()}


async def require_may_message(tx: Tx, account_id: UUID, other_id: UUID, sharing: Sharing) -> None:
    """Raises Unreachable."""
    them, shares_room = (await reach(tx, account_id, [other_id], sharing))[other_id]
    if not policy.may_message(them, shares_room=shares_room):
        raise Unreachable


async def require_may_add(
    tx: Tx, account_id: UUID, fields: Mapping[UUID, str], sharing: Sharing
) -> None:
    """Raises Invalid naming the field of everybody who does not let themselves be added."""
    reached = await reach(tx, account_id, list(fields), sharing)
    message = "This person cannot be added by you."
    errors = [
        FieldError(fields[one], "unreachable", message)
        for one, (them, shares_room) in reached.items()
        if not policy.may_add(them, shares_room=shares_room)
    ]
    if errors:
        raise Invalid(message, errors=tuple(errors))


async def find_people(
    tx: Tx, actor: Actor, query: str, cursor: str | None, sharing: Sharing
) -> People:
    """A page of the directory, by username: those who let the actor find them, and the actor. It
    may be shorter than a page is."""
    for _ in range(HIDDEN_PAGES):
        page = await accounts.find_people(tx, actor, query, cursor)
        ids = [one.id for one in page.people]
        reached = await reach(tx, actor.account_id, ids, sharing)
        found = [
            one for one in page.people if one.id == actor.account_id or _may_find(reached[one.id])
        ]
        if found or page.next is None:
            return People(people=found, next=page.next)
        cursor = page.next
    return People(people=[], next=cursor)


def _may_find(them: Reach) -> bool:
    return policy.may_find(them.standing, shares_room=them.shares_room)


def may_message(them: Reach) -> bool:
    return policy.may_message(them.standing, shares_room=them.shares_room)


def may_add(them: Reach) -> bool:
    return policy.may_add(them.standing, shares_room=them.shares_room)


def may_see_last_seen(me: Privacy, them: Standing) -> bool:
    return policy.may_see_last_seen(me, them)


async def apart(tx: Tx, account_id: UUID) -> set[UUID]:
    """Everybody in a block with this account, whoever blocked whom."""
    return (await store.apart(tx, [account_id])).get(account_id, set())


async def all_apart(tx: Tx, account_ids: Collection[UUID]) -> Mapping[UUID, set[UUID]]:
    """The same for many; no entry for nobody."""
    return await store.apart(tx, account_ids)


async def hiding_receipts(tx: Tx, account_ids: Collection[UUID]) -> set[UUID]:
    """Those of them who hide what they have read, and so see it of nobody."""
    return await store.hiding_receipts(tx, account_ids)


# Contacts


async def request_contact(tx: Tx, actor: Actor, account_id: UUID, note: str) -> ContactState:
    """Ask somebody to be my contact; who asked me before becomes one at once. Somebody who blocked
    me is never told, and I am not told either: the request stays without an answer.

    Raises NotFound, Invalid for oneself, YouBlockedThem, TooManyContacts.
    """
    me = actor.account_id
    await _lock_other(tx, me, account_id)
    if await store.has_blocked(tx, me, account_id):
        raise YouBlockedThem
    mine = await store.find_contact(tx, me, account_id)
    if mine in ("contact", "requested"):
        return mine
    deaf = await store.has_blocked(tx, account_id, me)
    theirs = await store.find_contact(tx, account_id, me)
    if theirs == "requested" and not deaf:
        return await _befriend(tx, actor, account_id)
    await _require_space(tx, me, "requested", REQUESTS)
    await _set(tx, actor, me, account_id, "requested")
    if not deaf:
        await _require_space(tx, account_id, "incoming", REQUESTS)
        await _set(tx, actor, account_id, me, "incoming", _tidy(note))
    return "requested"


async def accept_contact(tx: Tx, actor: Actor, account_id: UUID) -> ContactState:
    """Say yes to a request. Raises NotFound where there is none."""
    await _lock_other(tx, actor.account_id, account_id)
    mine = await store.find_contact(tx, actor.account_id, account_id)
    if mine == "contact":
        return mine
    if mine != "incoming":
        raise NotFound
    return await _befriend(tx, actor, account_id)


async def drop_contact(tx: Tx, actor: Actor, account_id: UUID) -> None:
    """Decline a request, withdraw mine, or end a contact, whichever there is."""
    await store.lock_pair(tx, actor.account_id, account_id)
    await _drop(tx, actor, actor.account_id, account_id)
    await _drop(tx, actor, account_id, actor.account_id)


async def _befriend(tx: Tx, actor: Actor, account_id: UUID) -> ContactState:
    for one, other in ((actor.account_id, account_id), (account_id, actor.account_id)):
        await _require_space(tx, one, "contact", CONTACTS)
        await _set(tx, actor, one, other, "contact")
    return "contact"


async def _require_space(tx: Tx, account_id: UUID, state: ContactState, most: int) -> None:
    if await store.count_contacts(tx, account_id, state) >= most:
        raise TooManyContacts


async def _set(
    tx: Tx, actor: Actor, one: UUID, other: UUID, state: ContactState, note: str = ""
) -> None:
    await store.set_contact(tx, one, other, state, note)
    fact = ContactChanged(account_id=other, state=state, note=note, since=tx.now)
    tx.emit(account_stream(one), fact, actor)


async def _drop(tx: Tx, actor: Actor, one: UUID, other: UUID) -> None:
    if await store.drop_contact(tx, one, other):
        fact = ContactChanged(account_id=other, state=None, note="", since=tx.now)
        tx.emit(account_stream(one), fact, actor)


def _tidy(note: str) -> str:
    return " ".join(unicodedata.normalize("NFC", note).split())


async def _lock_other(tx: Tx, me: UUID, other: UUID) -> None:
    if me == other:
        raise Invalid("That is you.")
    if other not in await store.lock_pair(tx, me, other):
        raise NotFound


# Blocks


async def block(tx: Tx, actor: Actor, account_id: UUID) -> None:
    """Keep somebody away from me. A contact ends with it; of the block itself they hear nothing,
    and a request of theirs stays, for them, without an answer. Raises NotFound, Invalid."""
    me = actor.account_id
    await _lock_other(tx, me, account_id)
    if await store.count_blocked(tx, me) >= BLOCKS:
        raise TooManyBlocks
    if not await store.block(tx, me, account_id):
        return
    await _drop(tx, actor, me, account_id)
    if await store.find_contact(tx, account_id, me) != "requested":
        await _drop(tx, actor, account_id, me)
    fact = PersonBlocked(account_id=account_id, since=tx.now)
    tx.emit(account_stream(me), fact, actor)


async def unblock(tx: Tx, actor: Actor, account_id: UUID) -> None:
    """Doing it twice is doing it once."""
    await store.lock_pair(tx, actor.account_id, account_id)
    if await store.unblock(tx, actor.account_id, account_id):
        stream = account_stream(actor.account_id)
        tx.emit(stream, PersonUnblocked(account_id=account_id), actor)
