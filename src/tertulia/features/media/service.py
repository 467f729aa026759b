"""The verbs of giving files out."""

import re
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.errors import NotFound
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.files import service as files
from tertulia.features.files.schemas import File, FileKind
from tertulia.features.files.service import Held, Part, Place
from tertulia.features.films import service as films
from tertulia.features.media.schemas import (
    CONTENT_NAME,
    MAX_CONTENT_NAME,
    RoomFile,
    RoomFileList,
)
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import DeletedBody, Message
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess

ROUNDS = 5  # pages looked through for one page: where all of them are hidden, the rest is asked for
OF_FILM = "hls/"
_NAME = re.compile(CONTENT_NAME)


class Wanted(NamedTuple):
    """Which files of a room: of a kind, of a person, with words in the name."""

    kind: FileKind | None = None
    account_id: UUID | None = None
    words: str | None = None


class Content(NamedTuple):
    """`name` is what it is saved as."""

    part: Part
    name: str


async def get_file(tx: Tx, actor: Actor, room_id: UUID, file_id: UUID) -> File:
    """Raises NotFound where it, its message or the room is not there for me."""
    return (await _find(tx, actor, room_id, file_id)).file


async def content(tx: Tx, actor: Actor, room_id: UUID, file_id: UUID, name: str) -> Content:
    """What lies behind a name of a file. Raises NotFound, FileNotReady."""
    if len(name) > MAX_CONTENT_NAME or not _NAME.fullmatch(name):
        raise NotFound
    held = await _find(tx, actor, room_id, file_id)
    part = await _part(tx, held, name)
    if part is None:
        raise NotFound
    return Content(part, _saved_as(held.file, name))


async def _part(tx: Tx, held: Held, name: str) -> Part | None:
    if name.startswith(OF_FILM):
        return await films.find_part(tx, held, name.removeprefix(OF_FILM))
    return await files.find_part(tx, held, name)


async def linked(tx: Tx, account_id: UUID, room_id: UUID, file_id: UUID, name: str) -> Content:
    """As `content`, for who was given a link when this account could read it."""
    actor = Actor(account_id, file_id)  # of no device: whoever holds the link
    if (await accounts.get_account(tx, actor, account_id)).deactivated:
        raise NotFound
    return await content(tx, actor, room_id, file_id, name)


async def room_files(
    tx: Tx, actor: Actor, room_id: UUID, wanted: Wanted, cursor: str | None, limit: int
) -> RoomFileList:
    """What was sent in a room, the newest first, without what is not there for me. A page may hold
    fewer than `limit` and not be the last."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    after = cursors.decode(cursor, Place) if cursor else None
    listed: list[RoomFile] = []
    for _ in range(ROUNDS):
        found = await files.of_room(
            tx,
            access,
            kind=wanted.kind,
            account_id=wanted.account_id,
            name_like=None if wanted.words is None else rooms.like_pattern(wanted.words),
            after=after,
            limit=limit - len(listed),
        )
        after = Place(found[-1].created_at, found[-1].id) if found else None
        ended = len(found) < limit - len(listed)
        listed += await _placed(tx, access, found)
        if ended or len(listed) >= limit:
            break
    else:
        ended = False
    people = await accounts.get_accounts(tx, {one.file.account_id for one in listed})
    return RoomFileList(
        files=listed,
        people=list(people.values()),
        next=None if ended or after is None else cursors.encode(after),
    )


async def _find(tx: Tx, actor: Actor, room_id: UUID, file_id: UUID) -> Held:
    access = await rooms.require(tx, actor, room_id, Can.READ)
    held = await files.find_held(tx, access, file_id)
    if held.file.message_id is not None and not await _messages(tx, access, [held.file]):
        raise NotFound
    return held


async def _messages(tx: Tx, access: RoomAccess, of: Sequence[File]) -> dict[UUID, Message]:
    """Of these files, those that are there for this member, by message id."""
    ids = {file.message_id for file in of if file.message_id}
    found = await messages.find_messages(tx, [(access, id_) for id_ in ids])
    return {one.id: one for one in found.values() if not isinstance(one.body, DeletedBody)}


async def _placed(tx: Tx, access: RoomAccess, found: Sequence[File]) -> list[RoomFile]:
    there = await _messages(tx, access, found)
    return [
        RoomFile(id=file.id, file=file, message_seq=message.seq, sent_at=message.sent_at)
        for file in found
        if file.message_id and (message := there.get(file.message_id))
    ]


def _saved_as(file: File, name: str) -> str:
    """What is made of a file is called after it."""
    if name == files.ORIGINAL:
        return file.name
    return f"{file.name.rpartition('.')[0] or file.name} {name.rpartition('/')[2]}"
