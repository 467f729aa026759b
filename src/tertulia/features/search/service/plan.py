"""What a question asks of the index: which rooms, whose words, which tsquery."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.pins import service as pins
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess
from tertulia.features.search import state, store
from tertulia.features.search.state import Hint, Match, Query
from tertulia.features.search.store import Bounds, Place
from tertulia.features.stars import service as stars

ROOM_MARKS = 16  # rooms that GIN is limited to: the more, the longer it takes for each message
MINE = 0.25  # share of all messages in my rooms below which each room is walked by itself
SAVED = 5_000  # newest stars or pins looked through
AHEAD = timedelta(hours=1)  # clocks of nodes differ


class Cursor(NamedTuple):
    """Where the next page begins: among what is older than `start`, by relevance behind a hit and
    its rank as it was at `as_of`. What is said meanwhile moves nothing."""

    as_of: datetime
    start: Place | None = None
    behind: Place | None = None
    rank: float | None = None


class Plan(NamedTuple):
    """Where the rooms asked about hold little of all there is, their `share` of it is small,
    `sizes` are about how many messages are in each, and `rooms`, where they are few, is their
    marks."""

    query: Query
    accesses: list[RoomAccess]
    marks: list[str]
    match: Match
    bounds: Bounds
    share: float
    sizes: list[int]
    rooms: str | None


def beginning(now: datetime) -> Cursor:
    return Cursor(now)


async def draw(tx: Tx, actor: Actor, query: Query, room_id: UUID | None, cursor: Cursor) -> Plan:
    accesses = [
        access
        for access in await rooms.memberships(tx, actor.account_id)
        if rooms.refusal(access, Can.READ) is None and room_id in (None, access.room_id)
    ]
    query, chosen = await _choose_rooms(tx, query, accesses)
    authors, no_authors = await _choose_authors(tx, actor, query)
    sizes, everything = await store.sizes(tx, chosen)
    share = sum(sizes) / max(everything, 1)
    marks = state.has_marks(query, actor.account_id)
    if authors:
        marks.append(state.any_mark(map(state.author_mark, authors)))
    few = share < MINE and 0 < len(chosen) <= ROOM_MARKS
    only, never = await _choose_saved(tx, actor, query, chosen)
    return Plan(
        query=query,
        accesses=chosen,
        marks=marks,
        match=state.match(query, marks),
        bounds=Bounds(
            before=_before(query, cursor),
            since=query.since,
            authors=authors,
            no_authors=no_authors,
            only=only,
            never=never,
        ),
        share=share,
        sizes=sizes if share < MINE else [],
        rooms=state.any_mark(state.room_mark(one.room_id) for one in chosen) if few else None,
    )


def _before(query: Query, cursor: Cursor) -> Place:
    if cursor.start is not None:
        return cursor.start
    latest = cursor.as_of + AHEAD
    return Place(min(query.until or latest, latest), 0, UUID(int=0))


async def _choose_rooms(
    tx: Tx, query: Query, accesses: list[RoomAccess]
) -> tuple[Query, list[RoomAccess]]:
    """The rooms `in:` names, of mine. Who else is in a room of two is its name: `in:@bob`."""
    if not query.rooms:
        return query, accesses
    partners: dict[str, set[UUID]] = {}
    if any(wanted.value.startswith("@") for wanted in query.rooms):
        direct = [access for access in accesses if access.kind == "direct"]
        for room_id, members in (await rooms.members(tx, direct)).items():
            for member in members:
                partners.setdefault(member.account.username.lower(), set()).add(room_id)
    named = [(wanted, _rooms_named(wanted.value, accesses, partners)) for wanted in query.rooms]
    unknown = [Hint("unknown_room", f"in:{wanted.value}") for wanted, ids in named if not ids]
    if unknown:
        query = query._replace(hints=(*query.hints, *unknown), impossible=True)
    within = [ids for wanted, ids in named if not wanted.negative]
    without = [ids for wanted, ids in named if wanted.negative]
    allowed = set[UUID]().union(*within) if within else {access.room_id for access in accesses}
    allowed -= set[UUID]().union(*without)
    return query, [access for access in accesses if access.room_id in allowed]


def _rooms_named(
    value: str, accesses: Sequence[RoomAccess], partners: dict[str, set[UUID]]
) -> set[UUID]:
    if value.startswith("@"):
        return partners.get(value[1:].lower(), set())
    wanted = state.same_name(value.removeprefix("#"))
    return {
        access.room_id
        for access in accesses
        if str(access.room_id) == value or state.same_name(access.room.name or "") == wanted
    }


async def _choose_authors(
    tx: Tx, actor: Actor, query: Query
) -> tuple[list[UUID] | None, list[UUID]]:
    """Who must have said it (None: anybody), and who must not. Nobody by that name and nobody I
    know read the same: nothing is found."""
    if not query.authors:
        return None, []
    names = {wanted.value.lower() for wanted in query.authors}
    known = await accounts.ids_by_username(tx, names)
    known["me"] = actor.account_id

    def ids(*, negative: bool) -> list[UUID]:
        return [
            known.get(wanted.value.lower(), UUID(int=0))
            for wanted in query.authors
            if wanted.negative is negative
        ]

    wanted = ids(negative=False)
    return wanted or None, ids(negative=True)


async def _choose_saved(
    tx: Tx, actor: Actor, query: Query, accesses: Sequence[RoomAccess]
) -> tuple[list[tuple[UUID, UUID]] | None, list[UUID]]:
    """The messages that `is:starred` and `is:pinned` are limited to, and those left out."""
    only: set[tuple[UUID, UUID]] | None = None
    never: set[UUID] = set()
    for wanted in query.states:
        if wanted.value == "starred":
            found = await stars.page(tx, actor, None, SAVED)
            ids = {(star.room_id, star.message_id) for star in found}
        elif wanted.value == "pinned":
            ids = set(await pins.newest(tx, accesses, SAVED))
        else:
            continue
        if wanted.negative:
            never |= {id_ for _, id_ in ids}
        else:
            only = ids if only is None else only & ids
    return None if only is None else list(only), list(never)
