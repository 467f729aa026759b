"""All SQL of invites. A code comes in as its hash."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.invites.schemas import Invite
from tertulia.features.rooms.schemas import Role
from tertulia.features.rooms.service import RoomAccess

# What opens a door at $2. It is worth what its maker is: removed, banned, made a guest or closed,
# nobody leaves links behind (checklist 8).
_LIVE = """
    i.revoked_at IS NULL AND (i.expires_at IS NULL OR i.expires_at > $2)
    AND (i.max_uses IS NULL OR i.uses < i.max_uses)
    AND EXISTS (
        SELECT FROM members m JOIN accounts a ON a.id = m.account_id
        WHERE m.room_id = i.room_id AND m.account_id = i.created_by
            AND m.status IN ('joined', 'left') AND m.role <> 'guest' AND a.deactivated_at IS NULL)
"""
_FIND = "SELECT i.room_id, i.role, i.created_by FROM invites i"


class Found(NamedTuple):
    """An invite as its code opens it."""

    room_id: UUID
    role: Role
    created_by: UUID


async def insert(tx: Tx, access: RoomAccess, invite: Invite, code_hash: bytes) -> None:
    await tx.conn.execute(
        """
        INSERT INTO invites (room_id, id, code_hash, role, created_by, created_at, expires_at,
            max_uses)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        access.room_id,
        invite.id,
        code_hash,
        invite.role,
        invite.created_by,
        invite.created_at,
        invite.expires_at,
        invite.max_uses,
    )


async def live(tx: Tx, access: RoomAccess, created_by: UUID | None, limit: int) -> list[Invite]:
    """Newest first; those of one maker, or all."""
    rows = await tx.conn.fetch(
        f"""
        SELECT i.* FROM invites i
        WHERE i.room_id = $1 AND {_LIVE} AND ($3::uuid IS NULL OR i.created_by = $3)
        ORDER BY i.id DESC LIMIT $4
        """,
        access.room_id,
        tx.now,
        created_by,
        limit,
    )
    return [_invite(row) for row in rows]


async def revoke(tx: Tx, access: RoomAccess, invite_id: UUID, created_by: UUID | None) -> bool:
    """False where there is none, or none by that maker. Revoking again keeps the first date."""
    revoked = await tx.conn.fetchval(
        """
        UPDATE invites SET revoked_at = coalesce(revoked_at, $3)
        WHERE room_id = $1 AND id = $2 AND ($4::uuid IS NULL OR created_by = $4) RETURNING id
        """,
        access.room_id,
        invite_id,
        tx.now,
        created_by,
    )
    return revoked is not None


async def find(tx: Tx, code_hash: bytes) -> Found | None:
    """Whatever became of it."""
    row = await tx.conn.fetchrow(f"{_FIND} WHERE i.code_hash = $1", code_hash)
    return Found(*row) if row else None


async def find_live(tx: Tx, code_hash: bytes) -> Found | None:
    row = await tx.conn.fetchrow(
        f"{_FIND} WHERE i.code_hash = $1 AND {_LIVE}",
        code_hash,
        tx.now,
    )
    return Found(*row) if row else None


async def count_use(tx: Tx, code_hash: bytes) -> bool:
    """False where it opens nothing any more."""
    used = await tx.conn.fetchval(
        f"""
        UPDATE invites i SET uses = i.uses + 1 WHERE i.code_hash = $1 AND {_LIVE} RETURNING i.uses
        """,
        code_hash,
        tx.now,
    )
    return used is not None


def _invite(row: Any) -> Invite:
    created_at: datetime = row["created_at"]
    return Invite(
        id=row["id"],
        code="",
        url="",
        role=row["role"],
        created_by=row["created_by"],
        created_at=created_at,
        expires_at=row["expires_at"],
        max_uses=row["max_uses"],
        uses=row["uses"],
    )
