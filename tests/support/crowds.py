"""Many people at once, by SQL: a crowd that came one by one would take the suite's minutes."""

from typing import Any, Protocol
from uuid import UUID

from tertulia.core.db import Database
from tertulia.core.tx import Tx


class Place(Protocol):
    @property
    def db(self) -> Database: ...


_PEOPLE = """
    INSERT INTO accounts (id, username, username_key, display_name, hue, password_hash, role,
        created_at)
    SELECT gen_random_uuid(), name, name, 'Person ' || name, 0, '', 'member', now()
    FROM (
        SELECT 'crowd' || substr($1::text, 25) || '.' || before.people + n AS name
        FROM (SELECT count(*) AS people FROM accounts) AS before, generate_series(1, $2::int) AS n
    ) AS named
    RETURNING id
"""
_SEATS = """
    INSERT INTO members (room_id, account_id, role, status, joined_at, changed_at)
    SELECT $1, account, 'member', 'joined', now(), now() FROM unnest($2::uuid[]) AS account
"""


async def crowd(place: Place, room_id: UUID, number: int) -> list[UUID]:
    """So many new people in a room, in no order; they were there from the beginning."""

    async def sit(tx: Tx) -> list[UUID]:
        rows: list[Any] = await tx.conn.fetch(_PEOPLE, str(room_id), number)
        people = [row["id"] for row in rows]
        sql = "INSERT INTO streams (id, kind) SELECT unnest($1::uuid[]), 'account'"
        await tx.conn.execute(sql, people)
        await tx.conn.execute(_SEATS, room_id, people)
        return people

    return await place.db.write(sit)
