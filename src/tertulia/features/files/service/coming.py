"""Files come: uploaded, sent with a message, carried on to another room."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID, uuid5

from tertulia.core import jobs
from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Conflict, Invalid, NotFound
from tertulia.core.tx import Tx
from tertulia.features.files.schemas import SETTLE, File, Settle
from tertulia.features.files.store import files
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess


class FileGone(Invalid):
    title = "A file is not there, or was sent already"


class FileRefused(Conflict):
    title = "The file cannot be sent: it is infected or damaged"


class FileNotReady(Conflict):
    title = "The file is still being checked"


class Received(NamedTuple):
    """What an upload ended in: where its bytes lie, what its uploader calls it, its size in
    bytes."""

    incoming: UUID
    name: str
    size: int


async def require_may_upload(tx: Tx, actor: Actor, room_id: UUID) -> RoomAccess:
    """Whoever may say something there, be it in threads alone. Raises what `rooms.require` does."""
    [access] = await rooms.find_accesses(tx, [(actor.account_id, room_id)])
    if access is None:
        raise NotFound
    refused = rooms.refusal(access, Can.POST)
    if refused is not None and rooms.refusal(access, Can.REPLY) is not None:
        raise refused
    return access


async def receive(tx: Tx, actor: Actor, room_id: UUID, received: Received) -> File:
    """An upload is complete: it is a file of that room, seen by its uploader alone until it is
    sent, and to be looked at. Raises what `require_may_upload` does."""
    await require_may_upload(tx, actor, room_id)
    file = File(
        id=tx.ids.uuid7(),
        room_id=room_id,
        account_id=actor.account_id,
        name=received.name,
        size=received.size,
        media_type="application/octet-stream",
        state="checking",
        scan="pending",
        look=None,
        message_id=None,
        created_at=tx.now,
    )
    await files.insert(tx, file, received.incoming)
    await jobs.enqueue(tx, SETTLE, Settle(room_id, file.id), key=str(file.id))
    return file


async def lock_unsent(
    tx: Tx, wanted: Collection[tuple[UUID, UUID, UUID]]
) -> dict[tuple[UUID, UUID], File]:
    """Of these, as (room, account, file), those that may be sent, by room and id."""
    return await files.lock_unsent(tx, wanted) if wanted else {}


def refusal(file: File | None) -> AppError | None:
    """Why a file may not be sent; None where it may. What is still being checked may: it is shown
    to nobody before it is ready."""
    if file is None:
        return FileGone()
    return FileRefused() if file.state in ("infected", "failed") else None


async def attach(tx: Tx, sent: Sequence[File]) -> None:
    """Files that `lock_unsent` gave belong to the messages that they name from now on."""
    by_id = {file.id: file.message_id for file in sent if file.message_id}
    await files.send(tx, by_id, [file.room_id for file in sent])


async def carry(
    tx: Tx, actor: Actor, sources: Sequence[File], room_id: UUID, seed: UUID
) -> dict[UUID, UUID]:
    """Give another room files of the same bytes, to be sent there by `actor`, who was found to read
    `sources`. Answers the new id of each; the same `seed` gives the same ones. Raises FileRefused,
    FileNotReady."""
    for file in sources:
        if file.state == "checking":
            raise FileNotReady
        if file.state != "ready":
            raise FileRefused
    copies = {(file.room_id, file.id): uuid5(seed, f"{room_id}:{file.id}") for file in sources}
    if copies:
        await files.copy(tx, actor.account_id, room_id, copies)
    return {source[1]: copy for source, copy in copies.items()}
