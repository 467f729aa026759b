"""All SQL of membership beyond taking and giving up places, which rooms do themselves."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.accounts.schemas import Account
from tertulia.features.members.schemas import Banned
from tertulia.features.rooms.schemas import Member, Role
from tertulia.features.rooms.service import RoomAccess


class Standing(NamedTuple):
    """What a room remembers of somebody; `role` is the last one they had."""

    role: Role
    status: str


class Others(NamedTuple):
    """How many there are in a room beside one of them. Closed accounts cannot act: not counted."""

    members: int
    owners: int


class Place(NamedTuple):
    """Where a member stands in the list: owners first, then by username."""

    rank: int
    username_key: str


async def standings(tx: Tx, room_id: UUID, ids: Collection[UUID]) -> dict[UUID, Standing]:
    """By account; strangers are left out."""
    rows = await tx.conn.fetch(
        """
        SELECT account_id, role, status FROM members
        WHERE room_id = $1 AND account_id = ANY($2::uuid[])
        """,
        room_id,
        list(ids),
    )
    return {row["account_id"]: Standing(row["role"], row["status"]) for row in rows}


async def others(tx: Tx, access: RoomAccess, account_id: UUID) -> Others:
    row = await tx.conn.fetchrow(
        """
        SELECT count(*) AS members, count(*) FILTER (WHERE m.role = 'owner') AS owners
        FROM members m JOIN accounts a ON a.id = m.account_id
        WHERE m.room_id = $1 AND m.status = 'joined' AND m.account_id <> $2
            AND a.deactivated_at IS NULL
        """,
        access.room_id,
        account_id,
    )
    return Others(row["members"], row["owners"])


async def count(tx: Tx, room_id: UUID) -> int:
    return await tx.conn.fetchval(
        "SELECT count(*) FROM members WHERE room_id = $1 AND status = 'joined'", room_id
    )


async def page(tx: Tx, access: RoomAccess, after: Place, limit: int) -> list[tuple[Place, Member]]:
    rows = await tx.conn.fetch(
        """
        SELECT * FROM (
            SELECT m.role, m.joined_at, a.id, a.username, a.username_key, a.display_name, a.hue,
                a.status_text, a.is_bot, a.deactivated_at,
                array_position(ARRAY['owner', 'moderator', 'member', 'guest'], m.role) AS rank
            FROM members m JOIN accounts a ON a.id = m.account_id
            WHERE m.room_id = $1 AND m.status = 'joined'
        ) AS member
        WHERE (rank, username_key) > ($2::integer, $3::text)
        ORDER BY rank, username_key LIMIT $4
        """,
        access.room_id,
        after.rank,
        after.username_key,
        limit,
    )
    return [(Place(row["rank"], row["username_key"]), _member(row)) for row in rows]


async def get_member(tx: Tx, access: RoomAccess, account_id: UUID) -> Member:
    row = await tx.conn.fetchrow(
        """
        SELECT m.role, m.joined_at, a.id, a.username, a.display_name, a.hue, a.status_text,
            a.is_bot, a.deactivated_at
        FROM members m JOIN accounts a ON a.id = m.account_id
        WHERE m.room_id = $1 AND m.account_id = $2
        """,
        access.room_id,
        account_id,
    )
    return _member(row)


async def set_role(tx: Tx, access: RoomAccess, account_id: UUID, role: Role) -> None:
    await tx.conn.execute(
        """
        UPDATE members SET role = $3, changed_by = $4, changed_at = $5
        WHERE room_id = $1 AND account_id = $2
        """,
        access.room_id,
        account_id,
        role,
        access.account_id,
        tx.now,
    )


async def ban_absent(tx: Tx, access: RoomAccess, account_id: UUID, reason: str) -> None:
    """Ban somebody who is not in the room, or say anew why."""
    await tx.conn.execute(
        """
        INSERT INTO members (room_id, account_id, role, status, joined_at, changed_by, changed_at,
            reason)
        VALUES ($1, $2, 'guest', 'banned', $4, $3, $4, $5)
        ON CONFLICT (room_id, account_id) DO UPDATE SET status = 'banned',
            changed_by = excluded.changed_by, changed_at = excluded.changed_at,
            reason = excluded.reason
        """,
        access.room_id,
        account_id,
        access.account_id,
        tx.now,
        reason,
    )


async def unban(tx: Tx, access: RoomAccess, account_id: UUID) -> bool:
    lifted = await tx.conn.fetchval(
        """
        UPDATE members SET status = 'removed', changed_by = $3, changed_at = $4, reason = ''
        WHERE room_id = $1 AND account_id = $2 AND status = 'banned' RETURNING account_id
        """,
        access.room_id,
        account_id,
        access.account_id,
        tx.now,
    )
    return lifted is not None


async def bans(tx: Tx, access: RoomAccess, limit: int) -> list[Banned]:
    """Newest first."""
    rows = await tx.conn.fetch(
        """
        SELECT m.reason, m.changed_at, m.changed_by, a.id, a.username, a.display_name, a.hue,
            a.status_text, a.is_bot, a.deactivated_at
        FROM members m JOIN accounts a ON a.id = m.account_id
        WHERE m.room_id = $1 AND m.status = 'banned' ORDER BY m.changed_at DESC, a.id LIMIT $2
        """,
        access.room_id,
        limit,
    )
    return [
        Banned(
            account=_account(row),
            reason=row["reason"],
            banned_at=row["changed_at"],
            banned_by=row["changed_by"],
        )
        for row in rows
    ]


def _member(row: Any) -> Member:
    return Member(account=_account(row), role=row["role"], joined_at=row["joined_at"])


def _account(row: Any) -> Account:
    return Account(
        id=row["id"],
        username=row["username"],
        display_name=row["display_name"],
        hue=row["hue"],
        status_text=row["status_text"],
        is_bot=row["is_bot"],
        deactivated=row["deactivated_at"] is not None,
    )
