"""All SQL of moderation."""

from typing import Any
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.tx import Tx
from tertulia.features.moderation.schemas import AuditRecord, Decide, Report, Which
from tertulia.features.rooms.service import RoomAccess

_REPORT = "SELECT * FROM reports"
_AUDIT = """SELECT id, room_id, at, actor_id, action, account_id, message_id, reason, detail
    FROM room_audit"""


async def find_open(tx: Tx, report: Report) -> Report | None:
    """The report that this person filed about the same already, while it is undecided."""
    row = await tx.conn.fetchrow(
        _REPORT
        + """
        WHERE reporter_id = $1 AND account_id = $2 AND room_id IS NOT DISTINCT FROM $3
            AND message_id IS NOT DISTINCT FROM $4 AND state = 'open'
        """,
        report.reporter_id,
        report.account_id,
        report.room_id,
        report.message_id,
    )
    return _report(row) if row else None


async def insert(tx: Tx, report: Report) -> None:
    await tx.conn.execute(
        """
        INSERT INTO reports (id, room_id, message_id, account_id, reporter_id, category, note, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        report.id,
        report.room_id,
        report.message_id,
        report.account_id,
        report.reporter_id,
        report.category,
        report.note,
        report.at,
    )


async def in_room(
    tx: Tx, access: RoomAccess, *, which: Which, before: UUID | None, limit: int
) -> list[Report]:
    """Newest first; without those about the one who looks."""
    rows = await tx.conn.fetch(
        _REPORT
        + """
        WHERE room_id = $1 AND account_id <> $2 AND ($3 = 'all' OR ($3 = 'open') = (state = 'open'))
            AND ($4::uuid IS NULL OR id < $4)
        ORDER BY id DESC LIMIT $5
        """,
        access.room_id,
        access.account_id,
        which,
        before,
        limit,
    )
    return [_report(row) for row in rows]


async def everywhere(
    tx: Tx, actor: Actor, *, which: Which, before: UUID | None, limit: int
) -> list[Report]:
    """As `in_room`, of the whole server: for its admins."""
    rows = await tx.conn.fetch(
        _REPORT
        + """
        WHERE account_id <> $1 AND ($2 = 'all' OR ($2 = 'open') = (state = 'open'))
            AND ($3::uuid IS NULL OR id < $3)
        ORDER BY id DESC LIMIT $4
        """,
        actor.account_id,
        which,
        before,
        limit,
    )
    return [_report(row) for row in rows]


async def count_open(tx: Tx, account_id: UUID, room_id: UUID | None) -> int:
    """Undecided ones that this account may see, of a room or (None) of the server."""
    return await tx.conn.fetchval(
        """
        SELECT count(*) FROM reports
        WHERE state = 'open' AND account_id <> $1 AND ($2::uuid IS NULL OR room_id = $2)
        """,
        account_id,
        room_id,
    )


async def find(tx: Tx, report_id: UUID) -> Report | None:
    row = await tx.conn.fetchrow(_REPORT + " WHERE id = $1", report_id)
    return _report(row) if row else None


async def decide(tx: Tx, actor: Actor, report_id: UUID, wanted: Decide) -> Report | None:
    """None where somebody was faster."""
    row = await tx.conn.fetchrow(
        """
        UPDATE reports SET state = $2, reason = $3, decided_by = $4, decided_at = $5
        WHERE id = $1 AND state = 'open' RETURNING *
        """,
        report_id,
        wanted.state,
        wanted.reason,
        actor.account_id,
        tx.now,
    )
    return _report(row) if row else None


async def audit(tx: Tx, access: RoomAccess, before: UUID | None, limit: int) -> list[AuditRecord]:
    rows = await tx.conn.fetch(
        _AUDIT + " WHERE room_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        access.room_id,
        before,
        limit,
    )
    return [AuditRecord(**row) for row in rows]


async def audit_everywhere(tx: Tx, before: UUID | None, limit: int) -> list[AuditRecord]:
    """Of the whole server: for its admins."""
    rows = await tx.conn.fetch(
        _AUDIT + " WHERE ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT $2", before, limit
    )
    return [AuditRecord(**row) for row in rows]


def _report(row: Any) -> Report:
    return Report(**row)
