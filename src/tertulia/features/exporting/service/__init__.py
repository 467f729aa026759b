"""The verbs of exports: ask, list, take away; and what the job does with them."""

from uuid import UUID

import msgspec

from tertulia.core import jobs
from tertulia.core.actor import Actor
from tertulia.core.errors import Conflict, NotFound
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.core.wire import Request
from tertulia.features.exporting import policy, store
from tertulia.features.exporting.events import ExportChanged, ExportRemoved
from tertulia.features.exporting.schemas import AskExport, Export
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can

MAKE = "export.make"
SWEPT = 200  # exports removed in one transaction


class TooManyExports(Conflict):
    title = f"At most {policy.AT_ONCE} exports are made at a time"


class NotReady(Conflict):
    title = "The export is not ready"


class Make(Request, frozen=True):
    """What the job is told."""

    account_id: UUID
    device_id: UUID
    export_id: UUID


async def ask(tx: Tx, actor: Actor, wanted: AskExport) -> Export:
    """Have a file made: of a room by those who keep it, of everything that is mine by me. Raises
    `NotFound`, `Forbidden`, `TooManyExports`."""
    name = None
    if wanted.room_id is not None:
        access = await rooms.require(tx, actor, wanted.room_id, Can.EXPORT)
        name = access.room.name
    await tx.lock(account_stream(actor.account_id))
    if await store.count_open(tx, actor.account_id) >= policy.AT_ONCE:
        raise TooManyExports
    export = Export(
        id=tx.ids.uuid7(),
        room_id=wanted.room_id,
        room_name=name,
        format=wanted.format,
        state="waiting",
        done=0,
        total=0,
        file_name=None,
        size=None,
        problem=None,
        asked_at=tx.now,
        expires_at=None,
        files=wanted.files,
    )
    await store.insert(tx, actor.account_id, export)
    payload = Make(account_id=actor.account_id, device_id=actor.device_id, export_id=export.id)
    await jobs.enqueue(tx, MAKE, payload, key=str(export.id), priority=-1)
    _tell(tx, actor.account_id, export)
    return export


async def mine(tx: Tx, actor: Actor) -> list[Export]:
    return await store.newest(tx, actor.account_id, policy.LISTED)


async def find(tx: Tx, actor: Actor, export_id: UUID) -> Export:
    """Raises `NotFound`, also for the export of somebody else."""
    found = await store.find(tx, actor.account_id, export_id)
    if found is None:
        raise NotFound
    return found


async def ready(tx: Tx, actor: Actor, export_id: UUID) -> Export:
    """One whose file is there. Raises `NotFound`, `NotReady`."""
    export = await find(tx, actor, export_id)
    if export.state != "done":
        raise NotReady
    return export


async def remove(tx: Tx, actor: Actor, export_id: UUID) -> None:
    """Let go of an export, finished or not. Its file goes with the next sweep at the latest."""
    await jobs.cancel(tx, MAKE, str(export_id))
    if not await store.remove(tx, actor.account_id, export_id):
        raise NotFound
    removed = ExportRemoved(export_id=export_id)
    tx.emit(account_stream(actor.account_id), removed, actor)


# For the job


async def begin(tx: Tx, account_id: UUID, export_id: UUID, total: int) -> Export | None:
    """None where it was taken back."""
    export = await store.find(tx, account_id, export_id)
    if export is None:
        return None
    return await _change(tx, account_id, export, state="running", done=0, total=total)


async def move_on(tx: Tx, account_id: UUID, export_id: UUID, done: int, total: int) -> bool:
    """Note how far it is. False where nobody wants it any more."""
    return await store.move_on(tx, account_id, export_id, done, total)


async def finish(tx: Tx, account_id: UUID, export: Export, file_name: str, size: int) -> bool:
    """False where it was taken back meanwhile."""
    found = await store.find(tx, account_id, export.id)
    if found is None:
        return False
    await _change(
        tx,
        account_id,
        found,
        state="done",
        done=found.total,
        file_name=file_name,
        size=size,
        expires_at=tx.now + policy.KEPT,
    )
    return True


async def fail(tx: Tx, account_id: UUID, export_id: UUID, problem: str) -> None:
    export = await store.find(tx, account_id, export_id)
    if export is not None:
        expires = tx.now + policy.KEPT
        await _change(tx, account_id, export, state="failed", problem=problem, expires_at=expires)


async def sweep(tx: Tx) -> list[UUID]:
    """Forget exports whose time is up, at most SWEPT. Answers which."""
    gone = await store.expired(tx, SWEPT)
    for account_id, export_id in gone:
        await store.remove(tx, account_id, export_id)
        tx.emit(account_stream(account_id), ExportRemoved(export_id=export_id), None)
    return [export_id for _, export_id in gone]


async def known(tx: Tx, ids: list[UUID]) -> set[UUID]:
    """Which of these there are, of anybody: for whoever looks after the files."""
    return await store.known(tx, ids)


async def _change(tx: Tx, account_id: UUID, export: Export, **fields: object) -> Export:
    changed = msgspec.structs.replace(export, **fields)
    await store.update(tx, account_id, changed)
    _tell(tx, account_id, changed)
    return changed


def _tell(tx: Tx, account_id: UUID, export: Export) -> None:
    tx.emit(account_stream(account_id), ExportChanged(export=export), account_id)
