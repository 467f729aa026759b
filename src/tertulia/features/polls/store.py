"""All SQL of votes. What of it may be told to whom is decided in `service`."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.polls.schemas import FIRST
from tertulia.features.rooms.service import RoomAccess


class Tally(NamedTuple):
    """Of one answer: how many chose it, and the first of them."""

    chosen: int
    people: list[UUID]


class Row(NamedTuple):
    account_id: UUID
    choice: int
    seq: int


class Standing(NamedTuple):
    """A poll by the numbers. `tallies` by choice, only of those somebody chose; `mine` are my
    choices, in order."""

    tallies: dict[int, Tally]
    mine: list[int]
    voters: int
    closed_at: datetime | None


async def replace(
    tx: Tx, access: RoomAccess, message_id: UUID, choices: Sequence[int], seq: int
) -> None:
    """What stays chosen keeps its place in the order."""
    await tx.conn.execute(
        """
        DELETE FROM poll_votes WHERE room_id = $1 AND message_id = $2 AND account_id = $3
            AND choice <> ALL ($4::smallint[])
        """,
        access.room_id,
        message_id,
        access.account_id,
        list(choices),
    )
    await tx.conn.execute(
        """
        INSERT INTO poll_votes (room_id, message_id, account_id, choice, seq)
        SELECT $1, $2, $3, choice, $5 FROM unnest($4::smallint[]) AS chosen (choice)
        ON CONFLICT DO NOTHING
        """,
        access.room_id,
        message_id,
        access.account_id,
        list(choices),
        seq,
    )


async def close(tx: Tx, room_id: UUID, message_id: UUID, by: UUID, at: datetime) -> None:
    await tx.conn.execute(
        """
        INSERT INTO poll_closings (room_id, message_id, closed_by, closed_at)
        VALUES ($1, $2, $3, $4)
        """,
        room_id,
        message_id,
        by,
        at,
    )


async def standings(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> dict[UUID, Standing]:
    """Polls of any rooms, of these those that somebody voted in or closed."""
    return await _standings(
        tx, [(access.room_id, message_id, access.account_id) for access, message_id in wanted]
    )


async def standing(tx: Tx, room_id: UUID, message_id: UUID) -> Standing | None:
    """For the room as a whole: nobody's own choices."""
    return (await _standings(tx, [(room_id, message_id, None)])).get(message_id)


async def _standings(
    tx: Tx, wanted: Sequence[tuple[UUID, UUID, UUID | None]]
) -> dict[UUID, Standing]:
    """By room, poll, and who asks."""
    rows = await tx.conn.fetch(
        """
        SELECT asked.id, v.choice, v.count, v.people, v.mine, c.closed_at, voters.count AS voters
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS asked (room_id, id, me)
        LEFT JOIN LATERAL (
            SELECT choice, count(*) AS count,
                (array_agg(account_id ORDER BY seq, account_id))[1:$4] AS people,
                bool_or(account_id = asked.me) AS mine
            FROM poll_votes WHERE room_id = asked.room_id AND message_id = asked.id
            GROUP BY choice
        ) AS v ON true
        CROSS JOIN LATERAL (
            SELECT count(DISTINCT account_id) AS count FROM poll_votes
            WHERE room_id = asked.room_id AND message_id = asked.id
        ) AS voters
        LEFT JOIN poll_closings c ON c.room_id = asked.room_id AND c.message_id = asked.id
        WHERE v.choice IS NOT NULL OR c.closed_at IS NOT NULL
        ORDER BY asked.id, v.choice
        """,
        [room_id for room_id, _, _ in wanted],
        [message_id for _, message_id, _ in wanted],
        [me for _, _, me in wanted],
        FIRST,
    )
    found: dict[UUID, Standing] = {}
    for row in rows:
        standing = found.setdefault(row["id"], Standing({}, [], row["voters"], row["closed_at"]))
        if row["choice"] is not None:
            standing.tallies[row["choice"]] = Tally(row["count"], row["people"])
        if row["mine"]:
            standing.mine.append(row["choice"])
    return found


async def voters(
    tx: Tx, access: RoomAccess, message_id: UUID, choice: int | None, after: int, limit: int
) -> list[Row]:
    """Who chose what, in order, from a place on."""
    rows = await tx.conn.fetch(
        """
        SELECT account_id, choice, seq FROM poll_votes
        WHERE room_id = $1 AND message_id = $2 AND ($3::int IS NULL OR choice = $3)
        ORDER BY seq, account_id, choice LIMIT $5 OFFSET $4
        """,
        access.room_id,
        message_id,
        choice,
        after,
        limit,
    )
    return [Row(*row.values()) for row in rows]


async def forget(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> None:
    await tx.conn.execute(
        """
        WITH votes AS (
            DELETE FROM poll_votes WHERE room_id = $1 AND message_id = ANY ($2::uuid[])
        )
        DELETE FROM poll_closings WHERE room_id = $1 AND message_id = ANY ($2::uuid[])
        """,
        room_id,
        list(message_ids),
    )
