"""Keeping the index: what is new by following the log, what changes in the change's transaction."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from tertulia.core.clock import breathe
from tertulia.core.followers import Happened
from tertulia.core.tx import Emitted, Tx
from tertulia.features.expiry.events import MessagesExpired
from tertulia.features.files import service as files
from tertulia.features.files.events import FileChanged
from tertulia.features.files.schemas import File
from tertulia.features.messages import service as messages
from tertulia.features.messages.events import MessageDeleted, MessageEdited, MessageSent
from tertulia.features.messages.schemas import Message
from tertulia.features.search import state, store
from tertulia.features.search.state import Facets
from tertulia.features.search.store import Row

BREATH = 25  # messages taken apart before others of this node get their turn: about a millisecond


async def follow(tx: Tx, events: Sequence[Happened]) -> None:
    """Take in what was said, and let go what an edge of time left behind: a message that was
    deleted while it was being read."""
    said = [(e.stream.id, e.ref) for e in events if e.type == MessageSent.TYPE and e.ref]
    deleted = [(e.stream.id, e.ref) for e in events if e.type == MessageDeleted.TYPE and e.ref]
    found = await messages.logged_messages(tx, said) if said else []
    rows = await _rows(tx, found)
    if rows:
        await store.insert(tx, rows)
    changed = [(e.stream.id, e.ref) for e in events if e.type == FileChanged.TYPE and e.ref]
    known = await files.logged(tx, changed) if changed else {}
    looked_at = {(file.room_id, file.message_id) for file in known.values() if file.message_id}
    if looked_at:
        rows = await _rows(tx, await messages.logged_messages(tx, list(looked_at)))
        await store.write(tx, rows, kept=state.THREAD)
    roots = {(message.room_id, message.thread) for message in found if message.thread}
    if roots:
        await store.add_mark(tx, roots, state.THREAD)
    gone = [(message.room_id, message.seq) for message in await _tombstones(tx, deleted)]
    gone += [place for e in events if e.type == MessagesExpired.TYPE for place in _expired(e)]
    if gone:
        await store.forget(tx, gone)


async def _rows(tx: Tx, found: Sequence[Message]) -> list[Row]:
    """Of those that are found by anything."""
    bringing = [(one.room_id, one.id) for one in found if messages.file_ids(one.body)]
    brought = await files.files_of(tx, bringing)
    rows: list[Row] = []
    for number, message in enumerate(found):
        if number % BREATH == BREATH - 1:
            await breathe()
        own = brought.get((message.room_id, message.id), [])
        if state.words_of(message.body, own) or state.holds(message.body, own):
            rows.append(_row(message, own))
    return rows


async def _tombstones(tx: Tx, deleted: Sequence[tuple[UUID, UUID]]) -> list[Message]:
    return await messages.logged_messages(tx, deleted) if deleted else []


def _expired(event: Happened) -> list[tuple[UUID, int]]:
    fact = msgspec.json.decode(event.data or b"", type=MessagesExpired)
    return [(event.stream.id, seq) for seq in fact.seqs]


async def on_edited(tx: Tx, emitted: Emitted) -> None:
    """From the commit on the old words find nothing, and the new ones it."""
    if isinstance(emitted.fact, MessageEdited):
        await store.write(tx, await _rows(tx, [emitted.fact.message]), kept=state.THREAD)


async def on_deleted(tx: Tx, emitted: Emitted) -> None:
    if isinstance(emitted.fact, MessageDeleted):
        await store.forget(tx, [(emitted.stream.id, emitted.fact.message.seq)])


async def on_expired(tx: Tx, emitted: Emitted) -> None:
    if isinstance(emitted.fact, MessagesExpired):
        await store.forget(tx, [(emitted.stream.id, seq) for seq in emitted.fact.seqs])


def _row(message: Message, own: Sequence[File]) -> Row:
    facets = Facets(
        room_id=message.room_id,
        author_id=message.author_id,
        calls=[*message.mentions, *message.here],
        calls_room=message.mentions_room,
        in_thread=message.thread is not None,
        has=state.holds(message.body, own),
    )
    words = state.index(state.words_of(message.body, own), facets)
    return Row(message.room_id, message.seq, message.id, message.sent_at, words)
