"""Making the files, and clearing them away."""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.bus import Notice
from tertulia.core.db import Database
from tertulia.core.errors import AppError, Unavailable
from tertulia.core.jobs import Dead, Job, Retries, Run
from tertulia.core.storage import Storage, StorageAway
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.exporting import service
from tertulia.features.exporting.events import ExportProgress
from tertulia.features.exporting.jobs.reading import Reader
from tertulia.features.exporting.jobs.shelving import Shelf, fill
from tertulia.features.exporting.jobs.writing import Chunk, Manner, write_room
from tertulia.features.exporting.schemas import VERSION, Export
from tertulia.features.exporting.service import MAKE, Make, content
from tertulia.features.exporting.service.content import RoomHead
from tertulia.features.exporting.state import names
from tertulia.features.rooms.service import Can

SWEEP = "export.sweep"
TIMEOUT = 6 * 3600.0  # seconds: millions of messages
PART = ".part"  # behind the name of a file that is not complete
BLOCK = 256 * 1024  # bytes written at a time
STEPS = 100  # how often progress is told, at most, of one export


class Sweep(msgspec.Struct):
    """Nothing to say."""


class Folder(NamedTuple):
    """Where the files lie, named by the ids of their exports."""

    path: Path

    def file(self, export_id: UUID) -> Path:
        return self.path / str(export_id)


def jobs(folder: Folder, storage: Storage) -> list[Job[Any]]:
    async def make(run: Run, payload: Make) -> None:
        await _make(run, payload, folder, storage)

    async def sweep(run: Run, payload: Sweep) -> None:
        del payload
        await _sweep(run.db, folder)

    patient = Retries(attempts=5, first=5.0)
    return [
        Job(MAKE, Make, make, concurrency=2, retries=patient, timeout=TIMEOUT),
        Job(SWEEP, Sweep, sweep, concurrency=1, every=timedelta(hours=1)),
    ]


async def _make(run: Run, payload: Make, folder: Folder, storage: Storage) -> None:
    """From the beginning in each attempt: a half of a file is no file."""
    actor = Actor(payload.account_id, payload.device_id)
    try:
        export, rooms = await _plan(run.db, actor, payload)
        if export is None:
            return
        file = folder.file(export.id)
        await asyncio.to_thread(folder.path.mkdir, mode=0o700, parents=True, exist_ok=True)
        work = Work(run.db, actor, export, rooms, Shelf(wanted=export.files), storage)
        part = file.with_name(f"{file.name}{PART}")
        if export.room_id is None:
            name = await _write_account(work, part)
        else:
            name = await (_write_archive if export.files else _write)(work, part)
        size = part.stat().st_size
        part.replace(file)  # complete, from here on
    except (Unavailable, StorageAway):
        raise
    except AppError as error:  # put out of the room, most likely
        problem = error.title
        await run.db.write(
            lambda tx: service.fail(tx, payload.account_id, payload.export_id, problem)
        )
        raise Dead(problem) from error
    except OSError as error:
        problem = "The server could not write the file"
        await run.db.write(
            lambda tx: service.fail(tx, payload.account_id, payload.export_id, problem)
        )
        raise Dead(str(error)) from error
    if not await run.db.write(
        lambda tx: service.finish(tx, payload.account_id, export, name, size)
    ):
        file.unlink(missing_ok=True)


class Work(NamedTuple):
    db: Database
    actor: Actor
    export: Export
    rooms: Sequence[RoomHead]
    shelf: Shelf
    storage: Storage


async def _plan(
    db: Database, actor: Actor, payload: Make
) -> tuple[Export | None, Sequence[RoomHead]]:
    """What is to be read, and how much it is. The right is asked for again: it may be gone."""
    async with db.read() as tx:
        export = await service.find(tx, actor, payload.export_id)
        if export.room_id is None:
            rooms = await content.my_rooms(tx, actor)
        else:
            rooms = [await content.room_head(tx, actor, export.room_id, Can.EXPORT)]
    total = sum(room.head for room in rooms)
    begun = await db.write(lambda tx: service.begin(tx, actor.account_id, payload.export_id, total))
    return begun, rooms


async def _write(work: Work, part: Path) -> str:
    [head] = work.rooms
    async with work.db.read() as tx:
        title = await content.title(tx, work.actor, head.room)
    with closing(part.open("wb")) as file:
        await _pour(work, head, title, file, before=0)
    return names.room_file(title, work.export.format, work.export.asked_at)


async def _write_archive(work: Work, part: Path) -> str:
    """A room with its files."""
    [head] = work.rooms
    async with work.db.read() as tx:
        title = await content.title(tx, work.actor, head.room)
    at, format_ = work.export.asked_at, work.export.format
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        inner = names.room_file(title, format_, at)
        with archive.open(inner, "w", force_zip64=True) as file:
            await _pour(work, head, title, file, before=0)
        await fill(archive, work.shelf, work.db, work.actor, work.storage)
    return names.archive_file(title, at)


async def _write_account(work: Work, part: Path) -> str:
    async with work.db.read() as tx:
        parts = await content.account_parts(tx, work.actor)
        titles = [await content.title(tx, work.actor, head.room) for head in work.rooms]
    at, format_ = work.export.asked_at, work.export.format
    files = {
        head.room.id: names.inner_file(title, head.room.id, format_)
        for head, title in zip(work.rooms, titles, strict=True)
    }
    about = {"format": "tertulia.account", "version": VERSION, "exported_at": at, **parts}
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("account.json", msgspec.json.encode({**about, "rooms": files}))
        before = 0
        for head, title in zip(work.rooms, titles, strict=True):
            with archive.open(files[head.room.id], "w", force_zip64=True) as file:
                await _pour(work, head, title, file, before=before, up="../")
            before += head.head
        await fill(archive, work.shelf, work.db, work.actor, work.storage)
    account = parts["account"]
    return names.account_file(getattr(account, "username", "account"), at)


async def _pour(
    work: Work, head: RoomHead, title: str, file: IO[bytes], *, before: int, up: str = ""
) -> None:
    """A room into a file, in blocks, beside the event loop; and how far it is, now and then."""
    reader = Reader(work.db, work.actor, head.room.id)
    manner = Manner(work.export.format, work.export.asked_at, work.shelf, up)
    chunks = write_room(reader, head.room, title, manner)
    total = max(sum(room.head for room in work.rooms), 1)
    told = before
    async for body, seq in _blocks(chunks):
        await asyncio.to_thread(file.write, body)
        done = min(before + seq, total)
        if done - told >= total / STEPS:
            told = done
            await _tell(work, done, total)


async def _blocks(chunks: AsyncIterator[Chunk]) -> AsyncIterator[tuple[bytes, int]]:
    held: list[bytes] = []
    size = seq = 0
    async for chunk in chunks:
        held.append(chunk.body)
        size += len(chunk.body)
        seq = max(seq, chunk.seq)
        if size >= BLOCK:
            yield b"".join(held), seq
            held, size = [], 0
    yield b"".join(held), seq


async def _tell(work: Work, done: int, total: int) -> None:
    account_id, export_id = work.actor.account_id, work.export.id

    async def tell(tx: Tx) -> bool:
        progress = ExportProgress(export_id=export_id, done=done, total=total)
        topic = account_stream(account_id).name
        tx.hint(Notice(topic, 0, ExportProgress.TYPE, msgspec.json.encode(progress)))
        return await service.move_on(tx, account_id, export_id, done, total)

    if not await work.db.write(tell):
        raise Dead("Nobody wants it any more")


async def _sweep(db: Database, folder: Folder) -> None:
    """Forget what is old, and remove the files of what is forgotten."""
    while await db.write(service.sweep):
        pass
    for batch in _batches(await asyncio.to_thread(_files, folder.path)):
        async with db.read() as tx:
            known = await service.known(tx, list({one for one, _ in batch}))
        for export_id, file in batch:
            if export_id not in known:
                await asyncio.to_thread(file.unlink, missing_ok=True)


def _files(path: Path) -> list[tuple[UUID, Path]]:
    """Ours alone: whatever else somebody put there stays."""
    found: list[tuple[UUID, Path]] = []
    for file in path.iterdir() if path.is_dir() else ():
        try:
            found.append((UUID(file.name.removesuffix(PART)), file))
        except ValueError:
            continue
    return found


def _batches(files: list[tuple[UUID, Path]]) -> list[list[tuple[UUID, Path]]]:
    return [files[at : at + 500] for at in range(0, len(files), 500)]
