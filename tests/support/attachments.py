"""Files in a world without a storage: rows, as if the bytes had come and been looked at."""

from uuid import UUID

import msgspec
from tests.support.world import Person, World

from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.files.events import FileChanged
from tertulia.features.files.schemas import File, Look
from tertulia.features.files.service import Received
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import AttachFile, Message, SendMessage


async def upload(world: World, who: Person, room_id: UUID, name: str, size: int = 12) -> File:
    received = Received(incoming=world.ids.uuid7(), name=name, size=size)
    return await world.write(files.receive, who, room_id, received)


async def send_files(
    world: World, who: Person, room_id: UUID, *there: File, text: str = "", alt: str = ""
) -> Message:
    draft = SendMessage(
        client_id=world.ids.uuid7(),
        text=text,
        files=[AttachFile(file_id=file.id, alt=alt) for file in there],
    )
    return (await world.write(messages.send, who, room_id, draft)).message


async def look_at(
    world: World, file: File, media_type: str, look: Look | None = None, key: str = ""
) -> None:
    """Its bytes are a blob now, and whoever is in its room hears of it."""

    async def settle(tx: Tx) -> None:
        await tx.lock(room_stream(file.room_id))
        blob = world.ids.uuid7()
        await tx.conn.execute(
            """
            INSERT INTO blobs (id, sha256, size, key, media_type, created_at, look, scan)
            VALUES ($1, sha256($2), $3, $4, $5, $6, $7, 'clean')
            """,
            blob, blob.bytes, file.size, key or f"blobs/{blob}", media_type, tx.now,
            msgspec.json.encode(look).decode() if look else None,
        )  # fmt: skip
        await tx.conn.execute(
            """
            UPDATE files SET state = 'ready', blob_id = $2, media_type = $3, incoming = NULL
            WHERE id = $1
            """,
            file.id, blob, media_type,
        )  # fmt: skip
        row = await tx.conn.fetchrow("SELECT message_id FROM files WHERE id = $1", file.id)
        if row["message_id"]:
            ready = msgspec.structs.replace(
                file, state="ready", scan="clean", media_type=media_type, look=look,
                message_id=row["message_id"],
            )  # fmt: skip
            tx.emit(room_stream(file.room_id), FileChanged(file=ready), None)

    await world.db.write(settle)
