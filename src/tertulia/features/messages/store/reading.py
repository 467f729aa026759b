"""What members read: only with a `RoomAccess`, and as it stands for them now."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.messages.schemas import Message, Quote, Revision
from tertulia.features.messages.store.rows import line, message_of, quote_of, seen, select
from tertulia.features.rooms.service import RoomAccess

UNREAD_LIMIT = 100  # newest unread seqs a member is told of

# Each with the places its statement has for the moment and for who asks.
_OF_ROOM, _SEEN_IN_ROOM = select("$5", "$6"), seen("$5", "$6")
_LAST, _SEEN_LAST = select("$3", "room.me"), seen("$3", "room.me")
_WANTED, _SEEN_WANTED = select("$4", "wanted.me"), seen("$4", "wanted.me")
_SEEN_UNREAD = seen("$5", "mine.account_id")
_HIDDEN_ONES = select("$3", "$2")
_LINE = line("messages")


class Root(NamedTuple):
    """As much of a message as says whether a thread may hang from it."""

    kind: str
    thread: UUID | None


async def find_quotes(
    tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]
) -> dict[tuple[UUID, UUID], Quote]:
    """The messages replied to, by (room, message id); missing where there is none."""
    rows = await tx.conn.fetch(
        f"""
        SELECT room_id, id AS quote_id, seq AS quote_seq, author_id AS quote_author_id,
            CASE WHEN kind IN ('text', 'files', 'voice', 'poll') THEN {_LINE} END AS quote_text
        FROM messages
        WHERE (room_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
            AND kind <> 'system' AND coalesce(expires_at > $3, true)
        """,
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
        tx.now,
    )
    return {(row["room_id"], row["quote_id"]): quote_of(row) for row in rows}


async def find_roots(
    tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]
) -> dict[tuple[UUID, UUID], Root]:
    """The messages that threads are to answer, by (room, message id); missing where there is
    none."""
    rows = await tx.conn.fetch(
        """
        SELECT room_id, id, kind, thread FROM messages
        WHERE (room_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
        """,
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
    )
    return {(row["room_id"], row["id"]): Root(row["kind"], row["thread"]) for row in rows}


async def find_message(tx: Tx, access: RoomAccess, message_id: UUID) -> Message | None:
    """None for one that is not there for them: expired, or deleted for themselves."""
    return (await find_messages(tx, [(access, message_id)])).get((access.room_id, message_id))


async def find_messages(
    tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]
) -> dict[tuple[UUID, UUID], Message]:
    """Messages of one member in any rooms of theirs, by (room, id); none for what is not there for
    them."""
    rows = await tx.conn.fetch(
        f"""
        SELECT found.* FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS wanted (room_id, id, me)
        CROSS JOIN LATERAL (
            {_WANTED} WHERE m.room_id = wanted.room_id AND m.id = wanted.id
                AND {_SEEN_WANTED} OFFSET 0
        ) AS found
        """,
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
        [access.account_id for access, _ in wanted],
        tx.now,
    )
    found = [message for row in rows if (message := message_of(row))]
    return {(message.room_id, message.id): message for message in found}


# Pages of the room's talk, or of one thread of it ($4), each with an index of its own.
_PAGE = f"{_OF_ROOM} WHERE m.room_id = $1 AND {_SEEN_IN_ROOM} AND "
_BEFORE = "($2::bigint IS NULL OR m.seq < $2) ORDER BY m.seq DESC LIMIT $3"
_AFTER = "m.seq > $2 ORDER BY m.seq LIMIT $3"
_TALK, _REPLIES = "m.in_room AND $4::uuid IS NULL AND ", "m.thread = $4 AND "
_TALK_BEFORE, _REPLIES_BEFORE = _PAGE + _TALK + _BEFORE, _PAGE + _REPLIES + _BEFORE
_TALK_AFTER, _REPLIES_AFTER = _PAGE + _TALK + _AFTER, _PAGE + _REPLIES + _AFTER


async def before(
    tx: Tx, access: RoomAccess, thread: UUID | None, seq: int | None, limit: int
) -> list[Message | None]:
    """The `limit` messages before `seq` (the newest for None), in order, of the room's talk or of
    one thread. An unreadable one is None: left out, it would make the page look like the last."""
    rows = await tx.conn.fetch(
        _TALK_BEFORE if thread is None else _REPLIES_BEFORE,
        access.room_id,
        seq,
        limit,
        thread,
        tx.now,
        access.account_id,
    )
    return [message_of(row) for row in reversed(rows)]


async def after(
    tx: Tx, access: RoomAccess, thread: UUID | None, seq: int, limit: int
) -> list[Message | None]:
    """The `limit` messages after `seq`, in order, as in `before`."""
    rows = await tx.conn.fetch(
        _TALK_AFTER if thread is None else _REPLIES_AFTER,
        access.room_id,
        seq,
        limit,
        thread,
        tx.now,
        access.account_id,
    )
    return [message_of(row) for row in rows]


async def last_messages(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, Message]:
    """The newest message of each room that has one."""
    rows = await tx.conn.fetch(
        f"""
        SELECT last.* FROM unnest($1::uuid[], $2::uuid[]) AS room (id, me)
        CROSS JOIN LATERAL (
            {_LAST} WHERE m.room_id = room.id AND m.in_room
                AND {_SEEN_LAST} ORDER BY m.seq DESC LIMIT 1
        ) AS last
        """,
        [access.room_id for access in accesses],
        [access.account_id for access in accesses],
        tx.now,
    )
    return {row["room_id"]: message for row in rows if (message := message_of(row))}


async def unread(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, tuple[list[int], list[int]]]:
    """For each room its newest unread seqs, and those of them that mention the member."""
    rows = await tx.conn.fetch(
        f"""
        SELECT mine.room_id, m.unread, m.mentions
        FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS mine (room_id, account_id, read_seq)
        CROSS JOIN LATERAL (  -- room by room: all of them together would be sorted on disk
            SELECT array_agg(seq ORDER BY seq) AS unread,
                array_agg(seq ORDER BY seq) FILTER (WHERE mentions_room
                    OR mine.account_id = ANY (mentions) OR mine.account_id = ANY (here)) AS mentions
            FROM (
                SELECT m.seq, m.mentions, m.mentions_room, m.here FROM messages m
                WHERE m.room_id = mine.room_id AND m.seq > mine.read_seq
                    AND m.author_id <> ALL (mine.account_id || ARRAY(SELECT blocked_id FROM blocks
                        WHERE account_id = mine.account_id)) AND m.kind NOT IN ('system', 'deleted')
                    AND m.in_room AND {_SEEN_UNREAD} ORDER BY m.seq DESC LIMIT $4
            ) AS newest
        ) AS m WHERE m.unread IS NOT NULL
        """,
        [access.room_id for access in accesses],
        [access.account_id for access in accesses],
        [access.read_seq for access in accesses],
        UNREAD_LIMIT,
        tx.now,
    )
    return {row["room_id"]: (row["unread"], row["mentions"] or []) for row in rows}


async def revisions(tx: Tx, access: RoomAccess, message_id: UUID) -> list[Revision]:
    rows = await tx.conn.fetch(
        """
        SELECT text, replaced_at FROM message_revisions
        WHERE room_id = $1 AND message_id = $2 ORDER BY number
        """,
        access.room_id,
        message_id,
    )
    return [Revision(text=row["text"], replaced_at=row["replaced_at"]) for row in rows]


async def hidden(tx: Tx, access: RoomAccess, before: int | None, limit: int) -> list[Message]:
    """What a member deleted for themselves of a room, below `before`, the newest first."""
    rows = await tx.conn.fetch(
        f"""
        {_HIDDEN_ONES} JOIN hidden_messages mine
            ON mine.account_id = $2 AND mine.room_id = m.room_id AND mine.seq = m.seq
        WHERE m.room_id = $1 AND ($4::bigint IS NULL OR m.seq < $4)
            AND coalesce(m.expires_at > $3, true)
        ORDER BY m.seq DESC LIMIT $5
        """,
        access.room_id,
        access.account_id,
        tx.now,
        before,
        limit,
    )
    return [message for message in map(message_of, rows) if message]
