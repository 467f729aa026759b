"""All SQL of custom emoji."""

from typing import Any
from uuid import UUID

from tertulia.core.images import Picture
from tertulia.core.tx import Tx
from tertulia.features.emoji.schemas import CustomEmoji


async def lock(tx: Tx) -> None:
    """One change after the other."""
    await tx.conn.execute("SELECT 1 FROM custom_emoji_list FOR UPDATE")


async def renew(tx: Tx, version: UUID) -> None:
    await tx.conn.execute("UPDATE custom_emoji_list SET version = $1", version)


async def version(tx: Tx) -> UUID:
    return await tx.conn.fetchval("SELECT version FROM custom_emoji_list")


async def count(tx: Tx) -> int:
    return await tx.conn.fetchval("SELECT count(*) FROM custom_emoji")


async def insert(tx: Tx, emoji: CustomEmoji, picture: Picture) -> None:
    await tx.conn.execute(
        """
        INSERT INTO custom_emoji (id, name, image, frames, added_by, added_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        emoji.id,
        emoji.name,
        picture.data,
        picture.frames,
        emoji.added_by,
        emoji.added_at,
    )


async def remove(tx: Tx, emoji_id: UUID) -> None:
    await tx.conn.execute("DELETE FROM custom_emoji WHERE id = $1", emoji_id)


async def find(tx: Tx, emoji_id: UUID) -> CustomEmoji | None:
    row = await tx.conn.fetchrow(_SELECT + "WHERE id = $1", emoji_id)
    return _emoji(row) if row else None


async def exists(tx: Tx, name: str) -> bool:
    return await tx.conn.fetchval("SELECT EXISTS (SELECT FROM custom_emoji WHERE name = $1)", name)


async def everything(tx: Tx) -> list[CustomEmoji]:
    return [_emoji(row) for row in await tx.conn.fetch(_SELECT + "ORDER BY name")]


async def image(tx: Tx, emoji_id: UUID) -> bytes | None:
    return await tx.conn.fetchval("SELECT image FROM custom_emoji WHERE id = $1", emoji_id)


_SELECT = "SELECT id, name, frames, added_by, added_at FROM custom_emoji "


def _emoji(row: Any) -> CustomEmoji:
    return CustomEmoji(
        id=row["id"],
        name=row["name"],
        animated=row["frames"] > 1,
        added_by=row["added_by"],
        added_at=row["added_at"],
    )
