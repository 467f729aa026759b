"""All SQL of groups."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.groups.schemas import Group

_SELECT = """
    SELECT g.*, joined.members, joined.mine FROM groups g CROSS JOIN LATERAL (
        SELECT count(*) AS members, coalesce(bool_or(account_id = $1), false) AS mine
        FROM group_members WHERE group_id = g.id
    ) AS joined
"""


async def groups(tx: Tx, account_id: UUID) -> list[Group]:
    rows = await tx.conn.fetch(_SELECT + " ORDER BY g.handle", account_id)
    return [_group(row) for row in rows]


async def find(tx: Tx, account_id: UUID, group_id: UUID) -> Group | None:
    row = await tx.conn.fetchrow(_SELECT + " WHERE g.id = $2", account_id, group_id)
    return _group(row) if row else None


async def lock_all(tx: Tx) -> None:
    """Groups change one after another: they are few, and their handles are looked at together."""
    await tx.conn.execute("LOCK TABLE groups IN SHARE ROW EXCLUSIVE MODE")


async def count(tx: Tx) -> int:
    return await tx.conn.fetchval("SELECT count(*) FROM groups")


async def holder(tx: Tx, handle: str) -> UUID | None:
    return await tx.conn.fetchval("SELECT id FROM groups WHERE handle = $1", handle)


async def is_username(tx: Tx, handle: str) -> bool:
    return await tx.conn.fetchval(
        "SELECT EXISTS (SELECT FROM accounts WHERE username_key = $1)", handle
    )


async def insert(tx: Tx, group_id: UUID, handle: str, name: str, created_by: UUID) -> None:
    await tx.conn.execute(
        "INSERT INTO groups (id, handle, name, created_by, created_at) VALUES ($1, $2, $3, $4, $5)",
        group_id,
        handle,
        name,
        created_by,
        tx.now,
    )


async def update(tx: Tx, group_id: UUID, handle: str, name: str) -> None:
    await tx.conn.execute(
        "UPDATE groups SET handle = $2, name = $3 WHERE id = $1", group_id, handle, name
    )


async def delete(tx: Tx, group_id: UUID) -> None:
    await tx.conn.execute("DELETE FROM groups WHERE id = $1", group_id)


async def set_members(tx: Tx, group_id: UUID, account_ids: Sequence[UUID]) -> None:
    await tx.conn.execute(
        "DELETE FROM group_members WHERE group_id = $1 AND account_id <> ALL($2::uuid[])",
        group_id,
        account_ids,
    )
    await tx.conn.execute(
        """
        INSERT INTO group_members (group_id, account_id, added_at)
        SELECT $1, account_id, $3 FROM unnest($2::uuid[]) AS one (account_id)
        ON CONFLICT DO NOTHING
        """,
        group_id,
        account_ids,
        tx.now,
    )


async def member_ids(tx: Tx, group_id: UUID) -> list[UUID]:
    rows = await tx.conn.fetch("SELECT account_id FROM group_members WHERE group_id = $1", group_id)
    return [row["account_id"] for row in rows]


async def members_named(
    tx: Tx, wanted: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], list[UUID]]:
    rows = await tx.conn.fetch(
        """
        SELECT w.room_id, w.handle, array_agg(m.account_id ORDER BY m.account_id) AS people
        FROM unnest($1::uuid[], $2::text[]) AS w (room_id, handle)
        JOIN groups g ON g.handle = w.handle
        JOIN group_members gm ON gm.group_id = g.id
        JOIN members m ON m.room_id = w.room_id AND m.account_id = gm.account_id
            AND m.status = 'joined'
        GROUP BY w.room_id, w.handle
        """,
        [room_id for room_id, _ in wanted],
        [handle for _, handle in wanted],
    )
    return {(row["room_id"], row["handle"]): row["people"] for row in rows}


def _group(row: Any) -> Group:
    return Group(
        id=row["id"],
        handle=row["handle"],
        name=row["name"],
        member_count=row["members"],
        mine=row["mine"],
        created_at=row["created_at"],
    )
