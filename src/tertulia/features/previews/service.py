"""The verbs of previews."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core import jobs
from tertulia.core.actor import Actor
from tertulia.core.errors import NotFound
from tertulia.core.followers import Happened
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.core.wire import Shape
from tertulia.features.messages import service as messages
from tertulia.features.messages.events import MessageEdited
from tertulia.features.messages.schemas import Message, TextBody
from tertulia.features.previews import policy, store
from tertulia.features.previews.events import MessagePreviewed
from tertulia.features.previews.schemas import LinkPreview
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess

FETCH = "preview.fetch"  # the kind of job


class Wanted(Shape, frozen=True):
    """A message whose links are to be looked at."""

    room_id: UUID
    message_id: UUID


async def follow(tx: Tx, events: Sequence[Happened]) -> None:
    """Of what was said and changed lately, have the links looked at."""
    told = {(one.stream.id, one.ref): one for one in events if one.ref is not None}
    said = [point for point, one in told.items() if one.type != MessageEdited.TYPE]
    concerned = [point for point, one in told.items() if one.type == MessageEdited.TYPE]
    if said:
        concerned += await store.linking(tx, said)
    if not concerned:
        return
    for message in await messages.logged_messages(tx, concerned):
        event = told[message.room_id, message.id]
        if policy.is_late(message.edited_at or message.sent_at, event.at, tx.now):
            continue
        if links_of(message) or event.type == MessageEdited.TYPE:
            wanted = Wanted(room_id=message.room_id, message_id=message.id)
            await jobs.enqueue(tx, FETCH, wanted, key=str(message.id), priority=-1)


def links_of(message: Message) -> list[str]:
    return policy.links(message.body.text) if isinstance(message.body, TextBody) else []


async def links_to_show(tx: Tx, wanted: Wanted) -> list[str]:
    """The links of a message as it stands now; none where nothing is to be shown."""
    room = await rooms.find_room(tx, wanted.room_id)
    if room is None or not room.previews:
        return []
    found = await messages.logged_messages(tx, [(wanted.room_id, wanted.message_id)])
    shown = await store.shown(tx, [(wanted.room_id, wanted.message_id)])
    dismissed = wanted.message_id in shown and shown[wanted.message_id].dismissed
    return [] if dismissed else [url for message in found for url in links_of(message)]


async def remembered(tx: Tx, urls: Sequence[str]) -> dict[str, LinkPreview | None]:
    """Of these addresses what is known, and fresh."""
    return await store.remembered(tx, urls)


async def remember(
    tx: Tx, url: str, preview: LinkPreview | None, image: bytes | None = None
) -> None:
    """`image` is what `preview.image` names."""
    if preview is not None and preview.image is not None and image is not None:
        await store.insert_image(tx, preview.image.id, image)
    lasts = policy.NOTHING_FOR if preview is None else policy.FOUND_FOR
    await store.remember(tx, url, preview, lasts)


async def show(tx: Tx, wanted: Wanted, found: dict[str, LinkPreview | None]) -> None:
    """Put under a message what its links, as they stand now, led to."""
    stream = room_stream(wanted.room_id)
    await tx.lock(stream)
    urls = await links_to_show(tx, wanted)
    previews = [preview for url in urls if (preview := found.get(url)) is not None]
    before = (await store.shown(tx, [(wanted.room_id, wanted.message_id)])).get(wanted.message_id)
    if previews == (before.previews if before else []):
        return
    await _tell(tx, wanted.room_id, wanted.message_id, previews, None)


async def dismiss(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> None:
    """Take away what is shown under a message, for everybody and for good: its author may, and who
    may delete it. Raises NotFound, Forbidden."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    message = await messages.get_message(tx, access, message_id)
    right = Can.DELETE if message.author_id == actor.account_id else Can.DELETE_ANY
    refused = rooms.refusal(access, right)
    if refused is not None:
        raise refused
    before = (await store.shown(tx, [(room_id, message_id)])).get(message_id)
    if before is not None and before.dismissed:
        return
    if before is None or not before.previews:
        await store.show(tx, room_id, message_id, [], dismissed=True)
    else:
        await _tell(tx, room_id, message_id, [], actor, dismissed=True)


async def _tell(
    tx: Tx,
    room_id: UUID,
    message_id: UUID,
    previews: list[LinkPreview],
    actor: Actor | None,
    *,
    dismissed: bool = False,
) -> None:
    await store.show(tx, room_id, message_id, previews, dismissed=dismissed)
    fact = MessagePreviewed(message_id=message_id, previews=previews)
    tx.emit(room_stream(room_id), fact, actor)


async def beside(
    tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]
) -> dict[UUID, list[LinkPreview]]:
    """What is shown under messages of any rooms; none, no entry."""
    return await store.beside(tx, wanted)


async def forget(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> None:
    """These are gone, and that was told: so is what was shown under them."""
    await store.forget(tx, room_id, message_ids)


async def image(tx: Tx, actor: Actor, image_id: UUID) -> bytes:
    """A picture, for who is signed in and was told its name. Raises NotFound."""
    del actor
    found = await store.image(tx, image_id)
    if found is None:
        raise NotFound
    return found


async def sweep(tx: Tx, limit: int) -> int:
    """Forget what is too old; how much."""
    return await store.sweep(tx, tx.now - policy.IMAGES_FOR, limit)
