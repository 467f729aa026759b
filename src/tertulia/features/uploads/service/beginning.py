"""Uploads begin: from nothing, or as one made of finished parts."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import FieldError, Invalid
from tertulia.core.grants import InsufficientScope
from tertulia.core.streams import account_stream, room_stream
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.uploads import policy, store
from tertulia.features.uploads.policy import UploadRules
from tertulia.features.uploads.schemas import Upload, UploadKind
from tertulia.features.uploads.service.errors import FileTooLarge, UploadBusy
from tertulia.features.uploads.service.space import require_space


class Wanted(NamedTuple):
    """What a client says of a new upload. `room_id` None: for parts alone. `checked`: its first
    bytes come with it, and with a checksum."""

    room_id: UUID | None
    name: str
    metadata: str
    length: int | None = None
    partial: bool = False
    checked: bool = False


async def begin(
    tx: Tx, actor: Actor, rules: UploadRules, wanted: Wanted, free: int | None, *, holder: UUID
) -> Upload:
    """A new one, written by `holder`. Raises what `require_space` and `require_room` do."""
    if wanted.room_id is not None:
        await tx.lock(room_stream(wanted.room_id))
        await require_room(tx, actor, wanted.room_id)
    await require_space(tx, actor, rules, wanted.length or 0, free)
    kind: UploadKind = "partial" if wanted.partial else "whole"
    upload = _new(tx, actor, wanted, kind=kind, holder=holder)
    await store.insert(tx, upload)
    return upload


async def begin_final(
    tx: Tx,
    actor: Actor,
    rules: UploadRules,
    wanted: Wanted,
    part_ids: Sequence[UUID],
    *,
    holder: UUID,
) -> Upload:
    """One made of parts, held by `holder` who is to join them; or the one that was asked to be made
    of the same before, however far it is: its answer was lost. Raises Invalid, FileTooLarge,
    UploadBusy, and what `require_room` does."""
    if wanted.room_id is None:
        raise _bad("Upload-Metadata", "room_id says which room it is for")
    await tx.lock(room_stream(wanted.room_id))
    await require_room(tx, actor, wanted.room_id)
    await tx.lock(account_stream(actor.account_id))
    before = await store.find_final(tx, actor.account_id, part_ids)
    if before is not None:
        return before
    if len(set(part_ids)) != len(part_ids):
        raise _bad("Upload-Concat", "Each part once")
    found = await store.lock_parts(tx, actor.account_id, part_ids)
    parts = [found.get(id_) for id_ in part_ids]
    size = 0
    for part in parts:
        if part is None or part.kind != "partial" or part.final_id is not None:
            raise _bad("Upload-Concat", "A part is not there")
        if part.room_id not in (None, wanted.room_id):
            raise _bad("Upload-Concat", "A part is of another room")
        if part.is_held(tx.now) or part.is_dangling:
            raise UploadBusy(retry_after=1)
        if not part.is_whole:
            raise _bad("Upload-Concat", "A part is not complete")
        size += part.received
    if size > rules.max_size:
        raise FileTooLarge(limit=rules.max_size, left=rules.max_size)
    upload = _new(
        tx,
        actor,
        wanted._replace(length=size),
        kind="final",
        holder=holder,
        parts=list(part_ids),
    )
    await store.insert(tx, upload)
    return upload


async def reserve(
    tx: Tx,
    actor: Actor,
    room_id: UUID,
    rules: UploadRules,
    *,
    id_: UUID,
    name: str,
    size: int,
    expires_at: datetime,
    free: int | None = None,
) -> Upload:
    """Room for an upload that takes another way than ours, until it is released. Raises what
    `begin` does."""
    await tx.lock(room_stream(room_id))
    await require_room(tx, actor, room_id)
    await require_space(tx, actor, rules, size, free)
    wanted = Wanted(room_id, policy.clean_name(name), "", size)
    upload = _new(tx, actor, wanted, kind="direct", id_=id_, expires_at=expires_at)
    await store.insert(tx, upload)
    return upload


async def release(tx: Tx, account_id: UUID, id_: UUID) -> bool:
    """Such an upload ended, one way or another. False: there is none."""
    return await store.remove(tx, account_id, id_)


async def require_room(tx: Tx, actor: Actor, room_id: UUID) -> None:
    """Raises what `files.require_may_upload` does, and InsufficientScope for a bot whose token is
    bound to other rooms. Who is to act on it locks the room's stream before."""
    grant = actor.grant
    if grant is not None and grant.rooms is not None and room_id not in grant.rooms:
        raise InsufficientScope
    await files.require_may_upload(tx, actor, room_id)


def _new(
    tx: Tx,
    actor: Actor,
    wanted: Wanted,
    *,
    kind: UploadKind,
    holder: UUID | None = None,
    parts: list[UUID] | None = None,
    id_: UUID | None = None,
    expires_at: datetime | None = None,
) -> Upload:
    return Upload(
        account_id=actor.account_id,
        id=id_ or tx.ids.uuid7(),
        room_id=wanted.room_id,
        kind=kind,
        name=wanted.name,
        metadata=wanted.metadata,
        length=wanted.length,
        received=0,
        holder=holder,
        held_until=None if holder is None else tx.now + policy.LEASE,
        yield_asked=False,
        checked=wanted.checked,
        parts=parts,
        final_id=None,
        file_id=None,
        created_at=tx.now,
        touched_at=tx.now,
        expires_at=expires_at or tx.now + policy.KEPT,
    )


def _bad(header: str, message: str) -> Invalid:
    return Invalid(errors=(FieldError(header, "invalid", message),))
