"""Files as they are read."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import NotFound
from tertulia.core.tx import Tx
from tertulia.features.files.schemas import File
from tertulia.features.files.store import files
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess


async def get_file(tx: Tx, actor: Actor, room_id: UUID, file_id: UUID) -> File:
    """One of a message of a room of mine, or one that I have not sent yet. Raises NotFound, and
    what `rooms.require` does. Whether its message is there for me is the caller's to ask."""
    await rooms.require(tx, actor, room_id, Can.READ)
    file = await files.find(tx, room_id, file_id)
    if file is None or (file.message_id is None and file.account_id != actor.account_id):
        raise NotFound
    return file


async def beside(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> dict[UUID, list[File]]:
    """The files of messages of any rooms, by message; none, no entry."""
    found = await files.beside(tx, wanted) if wanted else {}
    return {message_id: held for (_, message_id), held in found.items()}


async def files_of(
    tx: Tx, wanted: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], list[File]]:
    """The files of messages, by room and message id, for the event log, which hands a stream's
    events only to those who may hear the stream."""
    return await files.of_messages(tx, wanted) if wanted else {}


async def used(tx: Tx, account_id: UUID | None = None) -> int:
    """How many bytes an account's files are, or how many lie here for all together."""
    return await files.used(tx, account_id)


async def waiting(tx: Tx, incoming: Sequence[UUID]) -> set[UUID]:
    """Of these uploads the ones whose bytes a file still needs where they are."""
    return await files.waiting(tx, incoming)
