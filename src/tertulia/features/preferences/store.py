"""All SQL of preferences. Keys begin with the account."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx
from tertulia.features.preferences.schemas import Arrangement, RoomPreferences

_arrangement = msgspec.json.Decoder(Arrangement)


async def rooms(tx: Tx, account_id: UUID, room_ids: Sequence[UUID]) -> dict[UUID, RoomPreferences]:
    """By room; a room without any is left out."""
    rows = await tx.conn.fetch(
        """
        SELECT room_id, muted, muted_until, level, favourite, section_id FROM room_preferences
        WHERE account_id = $1 AND room_id = ANY($2::uuid[])
        """,
        account_id,
        room_ids,
    )
    return {
        row["room_id"]: RoomPreferences(
            muted=row["muted"],
            muted_until=row["muted_until"],
            level=row["level"],
            favourite=row["favourite"],
            section_id=row["section_id"],
        )
        for row in rows
    }


async def put_room(tx: Tx, account_id: UUID, room_id: UUID, wanted: RoomPreferences) -> None:
    await tx.conn.execute(
        """
        INSERT INTO room_preferences
            (account_id, room_id, muted, muted_until, level, favourite, section_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (account_id, room_id) DO UPDATE SET muted = excluded.muted,
            muted_until = excluded.muted_until, level = excluded.level,
            favourite = excluded.favourite, section_id = excluded.section_id
        """,
        account_id,
        room_id,
        wanted.muted,
        wanted.muted_until,
        wanted.level,
        wanted.favourite,
        wanted.section_id,
    )


async def arrangement(tx: Tx, account_id: UUID) -> Arrangement:
    """As it was put, or the one everybody begins with."""
    found = await tx.conn.fetchval(
        "SELECT arrangement FROM arrangements WHERE account_id = $1", account_id
    )
    return Arrangement() if found is None else _arrangement.decode(found)


async def put_arrangement(tx: Tx, account_id: UUID, wanted: Arrangement) -> None:
    await tx.conn.execute(
        """
        INSERT INTO arrangements (account_id, arrangement) VALUES ($1, $2)
        ON CONFLICT (account_id) DO UPDATE SET arrangement = excluded.arrangement
        """,
        account_id,
        msgspec.json.encode(wanted),
    )
