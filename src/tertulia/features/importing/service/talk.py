"""What was said, batch by batch, at the end of a room's log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tertulia.core.ids import uuid7
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.importing import store
from tertulia.features.importing.state import naming, slack
from tertulia.features.importing.state.report import Report
from tertulia.features.importing.state.words import Note, Piece, tally
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message, SystemBody, TextBody
from tertulia.features.reactions import service as reactions
from tertulia.features.reactions.service import Brought

BATCH = 500  # pieces of one transaction


class Place(NamedTuple):
    """Where a batch goes, and who the people in it are."""

    source: str
    channel: str
    room_id: UUID
    people: Mapping[str, UUID]


def identify(place: Place, ts: str, part: int = 0) -> UUID:
    """The id of a message: the same in every run."""
    parts = ("message", place.source, place.channel, ts, str(part))
    return uuid7(slack.milliseconds(ts), naming.digest(*parts))


async def present(tx: Tx, place: Place, batch: Sequence[Piece]) -> set[UUID]:
    """Which of these messages are in the room, deleted ones too."""
    ids = {identify(place, piece.ts, piece.part) for piece in batch}
    roots = {identify(place, piece.root_ts) for piece in batch if piece.root_ts}
    found = await messages.logged_messages(tx, [(place.room_id, one) for one in ids | roots])
    return {message.id for message in found}


async def bring_in(tx: Tx, place: Place, batch: Sequence[Piece]) -> Report:
    """Say what is not said yet. What was said here stays as people left it since."""
    await tx.lock(room_stream(place.room_id))
    here = await present(tx, place, batch)
    report, fresh = Report(), list[Message]()
    roots = here | {identify(place, p.ts) for p in batch if p.is_root or p.root_ts is None}
    seq = tx.next_seq(room_stream(place.room_id))
    pieces = {identify(place, piece.ts, piece.part): piece for piece in batch}
    for id_, piece in pieces.items():
        if id_ in here:
            report.present += 1
            continue
        fresh.append(_message(place, id_, piece, seq + len(fresh), roots, report))
        tally(piece, report)
    if fresh:
        await messages.bring_in(tx, fresh)
        await reactions.bring_in(tx, place.room_id, list(_reactions(place, fresh, pieces)))
    return report


def _message(
    place: Place, id_: UUID, piece: Piece, seq: int, roots: set[UUID], report: Report
) -> Message:
    root = identify(place, piece.root_ts) if piece.root_ts else None
    if root is not None and root not in roots:
        report.changed["replies whose thread is not in the archive, shown in the room"] += 1
        root = None
    parts = ("client", place.source, place.channel, piece.ts, str(piece.part))
    author = place.people[piece.author]
    return Message(
        id=id_,
        room_id=place.room_id,
        seq=seq,
        client_id=uuid7(slack.milliseconds(piece.ts), naming.digest(*parts)),
        author_id=author,
        sent_at=slack.moment(piece.ts),
        edited_at=_edited(piece),
        body=_body(piece, author),
        reply_to=None,
        mentions=sorted(piece.mentions),
        mentions_room=piece.mentions_room,
        thread=root,
        in_room=piece.in_room or root is None,
    )


def _edited(piece: Piece) -> datetime | None:
    ts = piece.edited_ts
    return slack.moment(ts) if ts is not None and slack.is_ts(ts) else None


def _body(piece: Piece, author: UUID) -> TextBody | SystemBody:
    if not isinstance(piece.body, Note):
        return TextBody(text=piece.body)
    concerned = author if piece.body.event in ("member.joined", "member.left") else None
    return SystemBody(event=piece.body.event, account_id=concerned, text=piece.body.text)


def _reactions(
    place: Place, fresh: Sequence[Message], pieces: Mapping[UUID, Piece]
) -> Sequence[Brought]:
    found: list[Brought] = []
    for message in fresh:
        for emoji, users in pieces[message.id].reactions:
            people = [place.people[user] for user in users if user in place.people]
            found.append(Brought(message.id, emoji, people, message.sent_at))
    return found


async def finished_files(tx: Tx, place: Place) -> dict[str, int]:
    """Checksums of the files that are in whole, by name."""
    return await store.finished_files(tx, place.source, place.room_id)


async def finish_file(tx: Tx, place: Place, name: str, checksum: int) -> None:
    """This file is in whole: a later run passes over it."""
    await store.finish_file(tx, place.source, place.room_id, name, checksum)
