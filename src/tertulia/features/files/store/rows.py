"""Rows as files."""

from typing import Any

import msgspec

from tertulia.features.files.schemas import File, Look

_look = msgspec.json.Decoder(Look)

# A file with what is known of its bytes.
SELECT = """
SELECT f.id, f.room_id, f.account_id, f.name, f.size, f.media_type, f.state, f.message_id,
    f.created_at, b.look, b.scan
FROM files f LEFT JOIN blobs b ON b.id = f.blob_id
"""


def file_of(row: Any) -> File:
    return File(
        id=row["id"],
        room_id=row["room_id"],
        account_id=row["account_id"],
        name=row["name"],
        size=row["size"],
        media_type=row["media_type"],
        state=row["state"],
        scan=row["scan"] or ("infected" if row["state"] == "infected" else "pending"),
        look=_look.decode(row["look"]) if row["look"] else None,
        message_id=row["message_id"],
        created_at=row["created_at"],
    )
