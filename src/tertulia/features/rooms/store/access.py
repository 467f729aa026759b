"""What a member of a room has."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx
from tertulia.features.rooms.schemas import CROWD, Role, Room, RoomKind, Visibility
from tertulia.features.rooms.store.rooms import room_of


class RoomAccess(msgspec.Struct, frozen=True):
    """Proof that an account is a member of a room: `service` hands it out, stores ask for it."""

    account_id: UUID
    role: Role
    joined_at: datetime
    read_seq: int
    room: Room
    joined_seq: int = 0  # the room's head when they sat down
    timed_out_until: datetime | None = None
    silenced_for: float | None = None  # seconds left of a time-out
    spoke_at: datetime | None = None  # kept in rooms with slow mode only
    apart: bool = False  # a direct room in which one blocked the other
    member_count: int = 0

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
    def crowded(self) -> bool:
        return self.member_count > CROWD

    @property
    def archived(self) -> bool:
        return self.room.archived_at is not None


async def find_accesses(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> list[RoomAccess | None]:
    """For each (account, room) what a member has, in the order asked, in one statement."""
    rows = await tx.conn.fetch(
        """
        SELECT w.place, m.account_id, m.role, m.joined_at, m.joined_seq, m.read_seq, m.spoke_at,
            m.timed_out_until, r.*
        FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS w (account_id, room_id, place)
        CROSS JOIN LATERAL (  -- a look-up each, whatever the planner believes of the table
            SELECT * FROM members
            WHERE room_id = w.room_id AND account_id = w.account_id AND status = 'joined' OFFSET 0
        ) AS m
        JOIN rooms r ON r.id = w.room_id
        """,
        [account_id for account_id, _ in wanted],
        [room_id for _, room_id in wanted],
    )
    found: list[RoomAccess | None] = [None] * len(wanted)
    for row in rows:
        found[row["place"] - 1] = _access(row, tx.now)
    return found


async def memberships(tx: Tx, account_id: UUID) -> list[RoomAccess]:
    rows = await tx.conn.fetch(
        """
        SELECT m.account_id, m.role, m.joined_at, m.joined_seq, m.read_seq, m.spoke_at,
            m.timed_out_until, r.*
        FROM members m JOIN rooms r ON r.id = m.room_id
        WHERE m.account_id = $1 AND m.status = 'joined' ORDER BY r.id
        """,
        account_id,
    )
    return [_access(row, tx.now) for row in rows]


def _access(row: Any, now: datetime) -> RoomAccess:
    until: datetime | None = row["timed_out_until"]
    return RoomAccess(
        account_id=row["account_id"],
        role=row["role"],
        joined_at=row["joined_at"],
        read_seq=row["read_seq"],
        room=room_of(row),
        joined_seq=row["joined_seq"],
        timed_out_until=until,
        silenced_for=(until - now).total_seconds() if until and until > now else None,
        spoke_at=row["spoke_at"],
        apart=row["apart"],
        member_count=row["member_count"],
    )
