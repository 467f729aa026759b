"""All SQL of rooms and membership. Profiles are joined from `accounts`, one floor below."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core import eventlog
from tertulia.core.tx import Tx
from tertulia.features.accounts.schemas import Account
from tertulia.features.rooms.schemas import Member, Role, Room, RoomKind, Visibility


class RoomAccess(msgspec.Struct, frozen=True):
    """Proof that an account is a member of a room: `service` hands it out, stores ask for it."""

    account_id: UUID
    role: Role
    joined_at: datetime
    read_seq: int
    room: Room

    @property
    def room_id(self) -> UUID:
        return self.room.id

    @property
    def kind(self) -> RoomKind:
        return self.room.kind

    @property
    def visibility(self) -> Visibility:
        return self.room.visibility

    @property
    def archived(self) -> bool:
        return self.room.archived_at is not None


async def find_accesses(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> list[RoomAccess | None]:
    """For each (account, room) what a member has, in the order asked, in one statement."""
    rows = await tx.conn.fetch(
        """
        SELECT w.place, m.account_id, m.role, m.joined_at, m.read_seq, r.*
        FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS w (account_id, room_id, place)
        JOIN members m ON (m.room_id, m.account_id) = (w.room_id, w.account_id)
            AND m.status = 'joined'
        JOIN rooms r ON r.id = w.room_id
        """,
        [account_id for account_id, _ in wanted],
        [room_id for _, room_id in wanted],
    )
    found: list[RoomAccess | None] = [None] * len(wanted)
    for row in rows:
        found[row["place"] - 1] = _access(row)
    return found


async def memberships(tx: Tx, account_id: UUID) -> list[RoomAccess]:
    rows = await tx.conn.fetch(
        """
        SELECT m.account_id, m.role, m.joined_at, m.read_seq, r.*
        FROM members m JOIN rooms r ON r.id = m.room_id
        WHERE m.account_id = $1 AND m.status = 'joined' ORDER BY r.id
        """,
        account_id,
    )
    return [_access(row) for row in rows]


async def room_ids(tx: Tx, account_id: UUID) -> list[UUID]:
    rows = await tx.conn.fetch(
        "SELECT room_id FROM members WHERE account_id = $1 AND status = 'joined' ORDER BY room_id",
        account_id,
    )
    return [row["room_id"] for row in rows]


async def members(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, list[Member]]:
    """Everybody in these rooms, by room."""
    rows = await tx.conn.fetch(
        """
        SELECT m.room_id, m.role, m.joined_at, a.id, a.username, a.display_name, a.hue,
            a.status_text, a.is_bot, a.deactivated_at
        FROM members m JOIN accounts a ON a.id = m.account_id
        WHERE m.room_id = ANY($1::uuid[]) AND m.status = 'joined'
        ORDER BY m.room_id, m.joined_at, a.id
        """,
        [access.room_id for access in accesses],
    )
    found: dict[UUID, list[Member]] = {access.room_id: [] for access in accesses}
    for row in rows:
        found[row["room_id"]].append(_member(row))
    return found


async def member_counts(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, int]:
    rows = await tx.conn.fetch(
        """
        SELECT room_id, count(*) AS members FROM members
        WHERE room_id = ANY($1::uuid[]) AND status = 'joined' GROUP BY room_id
        """,
        [access.room_id for access in accesses],
    )
    return {row["room_id"]: row["members"] for row in rows}


async def member_ids(tx: Tx, access: RoomAccess) -> list[UUID]:
    rows = await tx.conn.fetch(
        "SELECT account_id FROM members WHERE room_id = $1 AND status = 'joined'", access.room_id
    )
    return [row["account_id"] for row in rows]


async def find_members_named(
    tx: Tx, wanted: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], UUID]:
    rows = await tx.conn.fetch(
        """
        SELECT w.room_id, w.name, m.account_id
        FROM unnest($1::uuid[], $2::text[]) AS w (room_id, name)
        JOIN accounts a ON a.username_key = lower(w.name)
        JOIN members m ON (m.room_id, m.account_id) = (w.room_id, a.id) AND m.status = 'joined'
        """,
        [room_id for room_id, _ in wanted],
        [name for _, name in wanted],
    )
    return {(row["room_id"], row["name"]): row["account_id"] for row in rows}


async def find_kind(tx: Tx, room_id: UUID) -> RoomKind | None:
    return await tx.conn.fetchval("SELECT kind FROM rooms WHERE id = $1", room_id)


async def heads(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, int]:
    """The last seq of each room."""
    return await eventlog.heads(tx.conn, [access.room_id for access in accesses])


def _access(row: Any) -> RoomAccess:
    return RoomAccess(
        account_id=row["account_id"],
        role=row["role"],
        joined_at=row["joined_at"],
        read_seq=row["read_seq"],
        room=_room(row),
    )


def _room(row: Any) -> Room:
    return Room(
        id=row["id"],
        kind=row["kind"],
        visibility=row["visibility"],
        name=row["name"],
        topic=row["topic"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        archived_at=row["archived_at"],
    )


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
