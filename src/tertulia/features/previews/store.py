"""All SQL of previews."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx
from tertulia.features.previews.schemas import LinkPreview
from tertulia.features.rooms.service import RoomAccess


class Shown(NamedTuple):
    """What stands under a message. `dismissed`: nothing, and it shall stay so."""

    previews: list[LinkPreview]
    dismissed: bool


def _hash(url: str) -> bytes:
    return sha256(url.encode()).digest()


async def remembered(tx: Tx, urls: Sequence[str]) -> dict[str, LinkPreview | None]:
    """Of these what is still fresh; None where a page had nothing to show."""
    by_hash = {_hash(url): url for url in urls}
    rows = await tx.conn.fetch(
        "SELECT url_hash, preview FROM link_previews WHERE url_hash = ANY ($1) AND expires_at > $2",
        list(by_hash),
        tx.now,
    )
    return {
        by_hash[row["url_hash"]]: row["preview"]
        and msgspec.json.decode(row["preview"], type=LinkPreview)
        for row in rows
    }


async def remember(tx: Tx, url: str, preview: LinkPreview | None, lasts: timedelta) -> None:
    await tx.conn.execute(
        """
        INSERT INTO link_previews (url_hash, preview, fetched_at, expires_at)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (url_hash) DO UPDATE SET preview = excluded.preview,
            fetched_at = excluded.fetched_at, expires_at = excluded.expires_at
        """,
        _hash(url),
        None if preview is None else msgspec.json.encode(preview),
        tx.now,
        tx.now + lasts,
    )


async def linking(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> list[tuple[UUID, UUID]]:
    """Of these messages, by room and id, those that may hold a link: few do, and only those are
    read."""
    rows = await tx.conn.fetch(
        """
        SELECT m.room_id, m.id FROM unnest($1::uuid[], $2::uuid[]) AS w (room_id, id)
        JOIN messages m ON m.room_id = w.room_id AND m.id = w.id
        WHERE m.kind = 'text' AND strpos(m.body ->> 'text', '://') > 0
        """,
        [room_id for room_id, _ in wanted],
        [id_ for _, id_ in wanted],
    )
    return [(row["room_id"], row["id"]) for row in rows]


async def insert_image(tx: Tx, image_id: UUID, image: bytes) -> None:
    await tx.conn.execute(
        "INSERT INTO preview_images (id, image, made_at) VALUES ($1, $2, $3)",
        image_id,
        image,
        tx.now,
    )


async def image(tx: Tx, image_id: UUID) -> bytes | None:
    return await tx.conn.fetchval("SELECT image FROM preview_images WHERE id = $1", image_id)


async def sweep(tx: Tx, images_before: datetime, limit: int) -> int:
    """Forget up to `limit` answers and pictures that are too old; how many."""
    answers = await tx.conn.execute(
        """
        DELETE FROM link_previews WHERE url_hash IN (
            SELECT url_hash FROM link_previews WHERE expires_at < $1 LIMIT $2)
        """,
        tx.now,
        limit,
    )
    images = await tx.conn.execute(
        """
        DELETE FROM preview_images WHERE id IN (
            SELECT id FROM preview_images WHERE made_at < $1 LIMIT $2)
        """,
        images_before,
        limit,
    )
    return sum(int(status.rpartition(" ")[2]) for status in (answers, images))


async def shown(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> dict[UUID, Shown]:
    """Messages by room and id; answers by id, of those that ever had something."""
    rows = await tx.conn.fetch(
        """
        SELECT message_id, previews, dismissed
        FROM unnest($1::uuid[], $2::uuid[]) AS wanted (room_id, message_id)
        JOIN message_previews USING (room_id, message_id)
        """,
        [room_id for room_id, _ in wanted],
        [message_id for _, message_id in wanted],
    )
    return {
        row["message_id"]: Shown(
            msgspec.json.decode(row["previews"], type=list[LinkPreview]), row["dismissed"]
        )
        for row in rows
    }


async def beside(
    tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]
) -> dict[UUID, list[LinkPreview]]:
    found = await shown(tx, [(access.room_id, message_id) for access, message_id in wanted])
    return {message_id: one.previews for message_id, one in found.items() if one.previews}


async def show(
    tx: Tx, room_id: UUID, message_id: UUID, previews: list[LinkPreview], *, dismissed: bool
) -> None:
    await tx.conn.execute(
        """
        INSERT INTO message_previews (room_id, message_id, previews, dismissed)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (room_id, message_id)
        DO UPDATE SET previews = excluded.previews, dismissed = excluded.dismissed
        """,
        room_id,
        message_id,
        msgspec.json.encode(previews),
        dismissed,
    )


async def forget(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> None:
    await tx.conn.execute(
        "DELETE FROM message_previews WHERE room_id = $1 AND message_id = ANY ($2)",
        room_id,
        list(message_ids),
    )
