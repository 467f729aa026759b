"""The verbs of forwarding. Each touches one room: a forward is a reading, one send for each target,
and a count at the end."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Forbidden, NotFound
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.forwards import state, store
from tertulia.features.forwards.events import ForwardCounted
from tertulia.features.forwards.schemas import Forward, Source
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import (
    Body,
    FilesBody,
    Message,
    SendMessage,
    TextBody,
    VoiceBody,
)
from tertulia.features.messages.service import Copied, Outgoing
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess

_SHOWN = "(forwarded)"  # the text of a send that brings another body along


async def collect(tx: Tx, actor: Actor, sources: Sequence[Source]) -> list[Message]:
    """The messages to carry on, as they stand now and in the order asked for. Raises NotFound where
    one is not there for me, Forbidden for notes, polls and tombstones."""
    found = await messages.find_messages(tx, await _accessible(tx, actor, sources))
    originals: list[Message] = []
    for source in sources:
        original = found.get((source.room_id, source.message_id))
        if original is None:
            raise NotFound
        if not isinstance(original.body, TextBody | FilesBody | VoiceBody):
            raise Forbidden("Only what somebody said can be forwarded.")
        originals.append(original)
    return originals


async def _accessible(
    tx: Tx, actor: Actor, sources: Sequence[Source]
) -> list[tuple[RoomAccess, UUID]]:
    found = await rooms.find_accesses(tx, [(actor.account_id, one.room_id) for one in sources])
    wanted: list[tuple[RoomAccess, UUID]] = []
    for access, source in zip(found, sources, strict=True):
        refused = rooms.refusal(access, Can.READ)
        if access is None or refused is not None:
            raise refused or NotFound()
        wanted.append((access, source.message_id))
    return wanted


async def carry(
    tx: Tx, actor: Actor, room_id: UUID, originals: Sequence[Message], wanted: Forward
) -> list[UUID]:
    """Say copies of these messages in a room, the comment first: all of them, or none. Raises what
    sending raises."""
    bodies = await _bodies(tx, actor, room_id, originals, wanted.client_id)
    outgoing = [
        Outgoing(actor, room_id, _draft(wanted, room_id, index, _SHOWN), copied=Copied(
            body, state.provenance(original)))
        for index, (original, body) in enumerate(zip(originals, bodies, strict=True))
    ]  # fmt: skip
    if wanted.comment.strip():
        outgoing.insert(0, Outgoing(actor, room_id, _draft(wanted, room_id, -1, wanted.comment)))
    said: list[UUID] = []
    for outcome in await messages.send_all(tx, outgoing):
        if isinstance(outcome, AppError):
            raise outcome
        said.append(outcome.message.id)
    return said


async def _bodies(
    tx: Tx, actor: Actor, room_id: UUID, originals: Sequence[Message], seed: UUID
) -> list[Body]:
    """What they say, with files of the other room's own."""
    places = [(one.room_id, one.id) for one in originals if messages.file_ids(one.body)]
    found = await files.files_of(tx, places)
    bodies: list[Body] = []
    for index, one in enumerate(originals):
        held = found.get((one.room_id, one.id), [])
        carried = await files.carry(tx, actor, held, room_id, uuid5(seed, str(index)))
        bodies.append(state.carried_body(one.body, carried))
    return bodies


def _draft(wanted: Forward, room_id: UUID, index: int, text: str) -> SendMessage:
    """Every copy has a client_id of its own, the same whenever this is asked again."""
    return SendMessage(client_id=uuid5(wanted.client_id, f"{room_id}:{index}"), text=text)


async def count(tx: Tx, room_id: UUID, carried: Sequence[tuple[UUID, UUID, UUID]]) -> None:
    """Write down what was carried out of a room, as (message, to room, to message). Counting it
    again changes nothing."""
    await tx.lock(room_stream(room_id))
    for message_id, total in (await store.note(tx, room_id, carried)).items():
        fact = ForwardCounted(message_id=message_id, count=total)
        tx.emit(room_stream(room_id), fact, None)  # by whom is nobody's business


async def beside(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> dict[UUID, int]:
    """How often each of these messages of any rooms was carried on; no entry for never."""
    return await store.counts(tx, wanted)
