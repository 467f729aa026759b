"""What became of an upload that was looked at. The looking itself is the job's."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core import jobs
from tertulia.core.streams import account_stream, room_stream
from tertulia.core.tx import Tx
from tertulia.features.files.events import FileChanged, FileChecked
from tertulia.features.files.schemas import FILM, File, PrepareFilm, Settle
from tertulia.features.files.store import settling
from tertulia.features.files.store.settling import Bytes, Made, Upload

__all__ = [
    "Bytes",
    "Made",
    "Upload",
    "blob_key",
    "fail",
    "find_upload",
    "is_known",
    "logged",
    "quarantine",
    "quarantine_key",
    "settle",
]


async def find_upload(tx: Tx, wanted: Settle) -> Upload | None:
    """None: it was looked at, or its message is gone."""
    return await settling.find_upload(tx, wanted.room_id, wanted.file_id)


async def is_known(tx: Tx, sha256: bytes) -> bool:
    """Are these bytes here already, and all made of them that can be?"""
    return await settling.is_known(tx, sha256)


async def settle(tx: Tx, wanted: Settle, sha256: bytes, new: Bytes | None) -> str | None:
    """The file is ready, with bytes that somebody brought before or, where nobody did, with `new`
    ones. Answers the key that they have; None where the file is gone meanwhile. Raises Retry."""
    if await _lock(tx, wanted) is None:
        return None
    known = await settling.lock_known(tx, sha256)
    if known is None and new is not None:
        known = await settling.insert_blob(tx, new)
        if known is not None and known.media_type.startswith(("video/", "audio/")):
            await jobs.enqueue(tx, FILM, PrepareFilm(known.id), key=str(known.id))
    if known is None:
        raise jobs.Retry(1.0, "the same bytes came, or went, at this very moment")
    _tell(tx, await settling.make_ready(tx, wanted.room_id, wanted.file_id, known))
    return known.key


async def quarantine(tx: Tx, wanted: Settle, signature: str) -> bool:
    """It is infected, and its bytes lie in the quarantine. False: it is gone meanwhile."""
    if await _lock(tx, wanted) is None:
        return False
    _tell(tx, await settling.make_infected(tx, wanted.room_id, wanted.file_id, signature))
    return True


async def fail(tx: Tx, wanted: Settle) -> None:
    """Its bytes are gone."""
    if await _lock(tx, wanted) is not None:
        _tell(tx, await settling.make_failed(tx, wanted.room_id, wanted.file_id))


async def logged(tx: Tx, points: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], File]:
    """Files by room and id, for the event log, which hands a stream's events only to those who may
    hear the stream."""
    return await settling.find_many(tx, points)


async def _lock(tx: Tx, wanted: Settle) -> File | None:
    """The streams first, as sending does: whether the file is sent decides who hears of it."""
    upload = await settling.find_upload(tx, wanted.room_id, wanted.file_id)
    if upload is None:
        return None
    await tx.lock(room_stream(wanted.room_id), account_stream(upload.file.account_id))
    return await settling.lock_checking(tx, wanted.room_id, wanted.file_id)


def _tell(tx: Tx, file: File) -> None:
    if file.message_id is not None:
        tx.emit(room_stream(file.room_id), FileChanged(file=file), None)
    else:
        tx.emit(account_stream(file.account_id), FileChecked(file=file), None)


def blob_key(incoming: UUID) -> str:
    """Where the bytes of an upload come to lie. Its own, so that a look that is repeated after a
    crash finds what it moved there before."""
    return f"blobs/{incoming.hex[-2:]}/{incoming.hex}"


def quarantine_key(file_id: UUID) -> str:
    return f"quarantine/{file_id.hex}"
