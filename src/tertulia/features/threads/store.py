"""All SQL of threads."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.rooms.service import RoomAccess
from tertulia.features.threads.schemas import OwnThread, ThreadSummary
from tertulia.features.threads.state import PARTICIPANTS, Thread

UNREAD_LIMIT = 100  # newest unread seqs of a thread that somebody is told of


class Mark(NamedTuple):
    """How far somebody read a thread, and what they decided about it."""

    read_seq: int
    following: bool | None


class Followed(NamedTuple):
    """A thread that calls somebody; the cursor of the inbox is of its first, third and fourth."""

    unread: bool
    room_id: UUID
    last_reply_at: datetime
    root_id: UUID


# Whom $1 does not hear.
_BLOCKED = "ARRAY(SELECT blocked_id FROM blocks WHERE account_id = $1)"
# The threads that call $1 in the rooms $2, where they sat down at $3: by taking part, or by
# decision. What is said above `floor` is news to them.
_FOLLOWED = """
    SELECT t.room_id, t.root_id, t.replies, t.last_seq, t.last_reply_at, t.participants,
        k.following,
        greatest(coalesce(k.read_seq, 0), mine.joined_seq,
            coalesce(t.floors[array_position(t.involved, $1)], 0)) AS floor
    FROM (
        SELECT room_id, root_id FROM threads WHERE involved @> ARRAY[$1::uuid]
        UNION
        SELECT room_id, root_id FROM thread_marks WHERE account_id = $1 AND following
    ) AS calls
    JOIN unnest($2::uuid[], $3::bigint[]) AS mine (room_id, joined_seq) USING (room_id)
    JOIN threads t USING (room_id, root_id)
    LEFT JOIN thread_marks k
        ON k.account_id = $1 AND k.room_id = t.room_id AND k.root_id = t.root_id
    WHERE k.following IS NOT FALSE
"""
# Replies of the thread `f` that $1 has not read, as of $4.
_NEWS = f"""
    FROM messages m
    WHERE m.room_id = f.room_id AND m.thread = f.root_id AND m.seq > f.floor AND NOT m.in_room
        AND m.author_id <> ALL ($1::uuid || {_BLOCKED}) AND m.kind NOT IN ('system', 'deleted')
        AND coalesce(m.expires_at > $4, true) AND NOT EXISTS (SELECT FROM hidden_messages h
            WHERE h.account_id = $1 AND h.room_id = m.room_id AND h.seq = m.seq)
"""
# Did anybody reply in the thread `f` whom $1 hears? The first question answers nearly always: it
# knows the last few who did, and few block anybody.
_HEARD = f"""(NOT f.participants <@ {_BLOCKED} OR EXISTS (SELECT FROM messages m
    WHERE m.room_id = f.room_id AND m.thread = f.root_id AND m.kind <> 'deleted'
        AND m.author_id <> ALL ({_BLOCKED})))
"""


async def find(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Thread]:
    """By room and root; missing where nobody replied yet. For facts about them."""
    rows = await tx.conn.fetch(
        """
        SELECT t.* FROM unnest($1::uuid[], $2::uuid[]) AS wanted (room_id, root_id)
        JOIN threads t USING (room_id, root_id)
        """,
        [room_id for room_id, _ in wanted],
        [root_id for _, root_id in wanted],
    )
    return {(row["room_id"], row["root_id"]): _thread(row) for row in rows}


async def save(tx: Tx, room_id: UUID, root_id: UUID, thread: Thread) -> None:
    """Under the room's lock."""
    await tx.conn.execute(
        """
        INSERT INTO threads (room_id, root_id, replies, last_seq, last_reply_at, participants,
            involved, floors)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (room_id, root_id) DO UPDATE SET replies = excluded.replies,
            last_seq = excluded.last_seq, last_reply_at = excluded.last_reply_at,
            participants = excluded.participants, involved = excluded.involved,
            floors = excluded.floors
        """,
        room_id,
        root_id,
        thread.replies,
        thread.last_seq,
        thread.last_reply_at,
        list(thread.participants),
        list(thread.involved),
        list(thread.involved.values()),
    )


async def recount(tx: Tx, room_id: UUID, root_id: UUID) -> None:
    """Tell a thread's figures from what is left of it."""
    await tx.conn.execute(
        """
        WITH left_over AS (
            SELECT author_id, seq, sent_at FROM messages
            WHERE room_id = $1 AND thread = $2 AND kind <> 'deleted'
        )
        UPDATE threads SET
            replies = (SELECT count(*) FROM left_over),
            last_reply_at = coalesce((SELECT max(sent_at) FROM left_over), last_reply_at),
            participants = ARRAY(
                SELECT author_id FROM left_over GROUP BY author_id ORDER BY max(seq) DESC LIMIT $3)
        WHERE room_id = $1 AND root_id = $2
        """,
        room_id,
        root_id,
        PARTICIPANTS,
    )


async def forget(tx: Tx, room_id: UUID, root_ids: Sequence[UUID]) -> list[UUID]:
    """Drop the threads of roots that are gone; answers those that there were."""
    rows = await tx.conn.fetch(
        """
        DELETE FROM threads WHERE room_id = $1 AND root_id = ANY($2::uuid[]) RETURNING root_id
        """,
        room_id,
        root_ids,
    )
    return [row["root_id"] for row in rows]


async def beside(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> dict[UUID, ThreadSummary]:
    """The summary of each of these messages that was replied to."""
    rows = await tx.conn.fetch(
        """
        SELECT root_id, replies, last_reply_at, participants
        FROM unnest($1::uuid[], $2::uuid[]) AS wanted (room_id, root_id)
        JOIN threads USING (room_id, root_id) WHERE replies > 0
        """,
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
    )
    return {
        row["root_id"]: ThreadSummary(
            replies=row["replies"],
            last_reply_at=row["last_reply_at"],
            participants=row["participants"],
        )
        for row in rows
    }


async def own(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, list[OwnThread]]:
    """For each room of one account the threads with news for it, and those it decided about."""
    rows = await tx.conn.fetch(
        "WITH followed AS ("
        + _FOLLOWED
        + """
        ), news AS (
            SELECT f.room_id, f.root_id, f.following, n.unread, n.mentions FROM followed f
            CROSS JOIN LATERAL (
                SELECT array_agg(seq ORDER BY seq) AS unread,
                    array_agg(seq ORDER BY seq) FILTER (WHERE called) AS mentions
                FROM (
                    SELECT m.seq, m.mentions_room OR m.mentions @> ARRAY[$1] OR m.here @> ARRAY[$1]
                        AS called
        """
        + _NEWS
        + """
                    ORDER BY m.seq DESC LIMIT $5
                ) AS newest
            ) AS n
            WHERE f.last_seq > f.floor AND n.unread IS NOT NULL
        ), decided AS (
            SELECT k.room_id, k.root_id, k.following FROM thread_marks k
            WHERE k.account_id = $1 AND k.room_id = ANY($2::uuid[]) AND k.following IS NOT NULL
        )
        SELECT room_id, root_id, coalesce(news.following, decided.following) AS following,
            unread, mentions
        FROM news FULL JOIN decided USING (room_id, root_id)
        """,
        accesses[0].account_id,
        [access.room_id for access in accesses],
        [access.joined_seq for access in accesses],
        tx.now,
        UNREAD_LIMIT,
    )
    found: dict[UUID, list[OwnThread]] = {}
    for row in rows:
        found.setdefault(row["room_id"], []).append(_own(row))
    return found


async def followed(
    tx: Tx, accesses: Sequence[RoomAccess], after: Followed | None, limit: int
) -> list[Followed]:
    """The threads with replies that call one account, those with news first, then the latest."""
    rows = await tx.conn.fetch(
        "WITH followed AS ("
        + _FOLLOWED
        + """
        )
        SELECT u.unread, f.room_id, f.last_reply_at, f.root_id FROM followed f
        CROSS JOIN LATERAL (
            SELECT f.last_seq > f.floor AND EXISTS (SELECT
        """
        + _NEWS
        + """
            ) AS unread
        ) AS u
        WHERE f.replies > 0 AND """
        + _HEARD
        + """
            AND ($5::boolean IS NULL
                OR (u.unread, f.last_reply_at, f.root_id) < ($5, $6::timestamptz, $7::uuid))
        ORDER BY u.unread DESC, f.last_reply_at DESC, f.root_id DESC LIMIT $8
        """,
        accesses[0].account_id,
        [access.room_id for access in accesses],
        [access.joined_seq for access in accesses],
        tx.now,
        after.unread if after else None,
        after.last_reply_at if after else None,
        after.root_id if after else None,
        limit,
    )
    return [Followed(*row) for row in rows]


async def latest(
    tx: Tx, account_id: UUID, followed: Sequence[Followed], limit: int
) -> dict[tuple[UUID, UUID], list[UUID]]:
    """The last replies of these threads, by room and root, in order, without those of people whom
    the account blocks."""
    rows = await tx.conn.fetch(
        """
        SELECT t.room_id, t.root_id, ARRAY(SELECT id FROM (
                SELECT m.id, m.seq FROM messages m
                WHERE m.room_id = t.room_id AND m.thread = t.root_id AND m.kind <> 'deleted'
                    AND m.author_id <> ALL ("""
        + _BLOCKED
        + """)
                ORDER BY m.seq DESC LIMIT $4
            ) AS last ORDER BY seq) AS ids
        FROM unnest($2::uuid[], $3::uuid[]) AS t (room_id, root_id)
        """,
        account_id,
        [one.room_id for one in followed],
        [one.root_id for one in followed],
        limit,
    )
    return {(row["room_id"], row["root_id"]): row["ids"] for row in rows}


async def replies(
    tx: Tx, accesses: Sequence[RoomAccess], before: UUID | None, limit: int
) -> list[tuple[UUID, UUID]]:
    """What others said in the threads that call one account, by room and id, the newest first; of
    those 300 threads that were last talked in. Ids are made in the order of time."""
    rows = await tx.conn.fetch(
        "WITH followed AS ("
        + _FOLLOWED
        + """
        )
        SELECT said.room_id, said.id
        FROM (SELECT * FROM followed ORDER BY last_reply_at DESC LIMIT 300) AS f
        JOIN unnest($2::uuid[], $3::bigint[]) AS mine (room_id, joined_seq) USING (room_id)
        CROSS JOIN LATERAL (
            SELECT m.room_id, m.id FROM messages m
            WHERE m.room_id = f.room_id AND m.thread = f.root_id AND m.seq > mine.joined_seq
                AND m.author_id <> ALL ($1::uuid || """
        + _BLOCKED
        + """)
                AND m.kind NOT IN ('system', 'deleted')
                AND coalesce(m.expires_at > $4, true) AND ($5::uuid IS NULL OR m.id < $5)
            ORDER BY m.seq DESC LIMIT $6
        ) AS said
        ORDER BY said.id DESC LIMIT $6
        """,
        accesses[0].account_id,
        [access.room_id for access in accesses],
        [access.joined_seq for access in accesses],
        tx.now,
        before,
        limit,
    )
    return [(row["room_id"], row["id"]) for row in rows]


async def find_mark(tx: Tx, access: RoomAccess, root_id: UUID) -> Mark:
    row = await tx.conn.fetchrow(
        """
        SELECT read_seq, following FROM thread_marks
        WHERE account_id = $1 AND room_id = $2 AND root_id = $3
        """,
        access.account_id,
        access.room_id,
        root_id,
    )
    return Mark(*row) if row else Mark(0, None)


async def set_mark(tx: Tx, access: RoomAccess, root_id: UUID, mark: Mark) -> None:
    await tx.conn.execute(
        """
        INSERT INTO thread_marks (account_id, room_id, root_id, read_seq, following)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account_id, room_id, root_id) DO UPDATE SET
            read_seq = greatest(thread_marks.read_seq, excluded.read_seq),
            following = excluded.following
        """,
        access.account_id,
        access.room_id,
        root_id,
        mark.read_seq,
        mark.following,
    )


async def read_all(tx: Tx, accesses: Sequence[RoomAccess], heads: Mapping[UUID, int]) -> list[UUID]:
    """Mark every thread that calls one account and has replies above its mark as read up to the
    head of its room; the rooms of those."""
    rows = await tx.conn.fetch(
        "WITH followed AS ("
        + _FOLLOWED
        + """
        ), marked AS (
            INSERT INTO thread_marks AS k (account_id, room_id, root_id, read_seq, following)
            SELECT $1, f.room_id, f.root_id, h.head, f.following FROM followed f
            JOIN unnest($2::uuid[], $4::bigint[]) AS h (room_id, head) USING (room_id)
            WHERE f.last_seq > f.floor
            ON CONFLICT (account_id, room_id, root_id) DO UPDATE SET
                read_seq = greatest(k.read_seq, excluded.read_seq)
            RETURNING k.room_id
        )
        SELECT DISTINCT room_id FROM marked ORDER BY room_id
        """,
        accesses[0].account_id,
        [access.room_id for access in accesses],
        [access.joined_seq for access in accesses],
        [heads[access.room_id] for access in accesses],
    )
    return [row["room_id"] for row in rows]


async def decisions(tx: Tx, access: RoomAccess) -> int:
    """About how many threads of a room somebody decided."""
    return await tx.conn.fetchval(
        """
        SELECT count(*) FROM thread_marks
        WHERE account_id = $1 AND room_id = $2 AND following IS NOT NULL
        """,
        access.account_id,
        access.room_id,
    )


def _thread(row: Any) -> Thread:
    return Thread(
        replies=row["replies"],
        last_seq=row["last_seq"],
        last_reply_at=row["last_reply_at"],
        participants=row["participants"],
        involved=dict(zip(row["involved"], row["floors"], strict=True)),
    )


def _own(row: Any) -> OwnThread:
    return OwnThread(
        root_id=row["root_id"],
        following=row["following"],
        unread=row["unread"] or [],
        mentions=row["mentions"] or [],
    )
