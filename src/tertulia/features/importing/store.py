"""All SQL of imports: what came in, and as what."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx


class Known(NamedTuple):
    """What something of a source became here; `made` by an import, or found."""

    id: UUID
    made: bool


async def known(tx: Tx, source: str, kind: str) -> dict[str, Known]:
    """Everything of a kind ('account', 'room') that came from a source, by its key there."""
    rows = await tx.conn.fetch(
        "SELECT key, id, made FROM imported WHERE source = $1 AND kind = $2", source, kind
    )
    return {row["key"]: Known(row["id"], row["made"]) for row in rows}


async def remember(tx: Tx, source: str, kind: str, found: Mapping[str, Known]) -> None:
    await tx.conn.execute(
        """
        INSERT INTO imported (source, kind, key, id, made)
        SELECT $1, $2, new.* FROM unnest($3::text[], $4::uuid[], $5::boolean[]) AS new
        """,
        source,
        kind,
        list(found),
        [known.id for known in found.values()],
        [known.made for known in found.values()],
    )


async def finished_files(tx: Tx, source: str, room_id: UUID) -> dict[str, int]:
    """The checksums of a room's files that are in whole, by name."""
    rows = await tx.conn.fetch(
        "SELECT name, checksum FROM imported_files WHERE source = $1 AND room_id = $2",
        source,
        room_id,
    )
    return {row["name"]: row["checksum"] for row in rows}


async def finish_file(tx: Tx, source: str, room_id: UUID, name: str, checksum: int) -> None:
    await tx.conn.execute(
        """
        INSERT INTO imported_files (source, room_id, name, checksum) VALUES ($1, $2, $3, $4)
        ON CONFLICT (source, room_id, name) DO UPDATE SET checksum = excluded.checksum
        """,
        source,
        room_id,
        name,
        checksum,
    )
