"""A room as bytes, chunk by chunk: as JSON, or as a page of HTML."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.features.accounts.schemas import Account
from tertulia.features.exporting.jobs.reading import Reader
from tertulia.features.exporting.jobs.shelving import Shelf
from tertulia.features.exporting.schemas import VERSION, ExportedMessage, Format
from tertulia.features.exporting.state import page
from tertulia.features.rooms.schemas import Room


class Chunk(NamedTuple):
    """Bytes, and the seq they reach to."""

    body: bytes
    seq: int


class Manner(NamedTuple):
    """How a room is written down. `up` is the way from its file to the archive's root."""

    format: Format
    now: datetime
    shelf: Shelf
    up: str = ""


def write_room(reader: Reader, room: Room, title: str, manner: Manner) -> AsyncIterator[Chunk]:
    if manner.format == "json":
        return _json(reader, room, manner)
    return _html(reader, room, title, manner)


def _kept(message: ExportedMessage, shelf: Shelf) -> ExportedMessage:
    """With the places of its files that come along."""
    places = {file.id: shelf.keep(file) for file in message.files}
    kept = {id_: place for id_, place in places.items() if place}
    return msgspec.structs.replace(message, kept=kept) if kept else message


async def _json(reader: Reader, room: Room, manner: Manner) -> AsyncIterator[Chunk]:
    """As `RoomExport`, field by field: nothing of it is ever held whole but the people."""
    encode = msgspec.json.encode
    head = {
        "format": "tertulia.room",
        "version": VERSION,
        "exported_at": manner.now,
        "exported_by": reader.actor.account_id,
        "room": room,
    }
    yield Chunk(encode(head)[:-1] + b',"members":[', 0)
    people: dict[UUID, Account] = {}
    mark = b""
    async for members in reader.members():
        people.update({member.account.id: member.account for member in members})
        for member in members:
            yield Chunk(mark + encode(member), 0)
            mark = b","
    yield Chunk(b'],"messages":[', 0)
    mark = b"\n"
    async for messages, named in reader.messages():
        people.update({account.id: account for account in named})
        for message in messages:
            yield Chunk(mark + encode(_kept(message, manner.shelf)), message.seq)
            mark = b",\n"
    yield Chunk(b'],"people":' + encode(list(people.values())) + b"}\n", 0)


async def _html(reader: Reader, room: Room, title: str, manner: Manner) -> AsyncIterator[Chunk]:
    now = manner.now
    about = f"Exported from Tertulia on {now:%Y-%m-%d at %H:%M} UTC. All times are UTC."
    yield Chunk(page.head(title, room.topic, about).encode(), 0)
    markdown = page.make_markdown()
    people: dict[UUID, Account] = {}
    day = ""
    async for messages, named in reader.messages():
        people.update({account.id: account for account in named})
        for message in messages:
            heading = page.day(message.sent_at)
            # A reply of another day stands under its root all the same.
            new = heading if heading != day and message.thread is None else ""
            day = heading if new else day
            kept = _kept(message, manner.shelf)
            body = new + page.message(kept, people, markdown, manner.up)
            yield Chunk(body.encode(), message.seq)
    yield Chunk(page.foot().encode(), 0)
