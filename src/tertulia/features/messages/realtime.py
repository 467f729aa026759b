"""Messages by socket: commands in, and how logged events about messages are assembled again."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.commands import Command, Started
from tertulia.core.db import Database
from tertulia.core.grouping import Grouping
from tertulia.core.history import Hydrator, Point
from tertulia.core.limits import Limiter
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.files import service as files
from tertulia.features.films import service as films
from tertulia.features.messages import service, state
from tertulia.features.messages.events import MessageDeleted, MessageEdited, MessageSent
from tertulia.features.messages.policy import SPEAKING
from tertulia.features.messages.schemas import EditMessage, Message, SendMessage
from tertulia.features.rooms.schemas import Reason


class SendTo(SendMessage, frozen=True, kw_only=True):
    room_id: UUID


class EditIn(EditMessage, frozen=True, kw_only=True):
    room_id: UUID
    message_id: UUID


class DeleteIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    room_id: UUID
    message_id: UUID
    reason: Reason = ""


def commands(
    db: Database, limiter: Limiter, sending: Grouping[service.Outgoing, service.Sent]
) -> list[Command]:
    async def send(actor: Actor, request: SendTo) -> Started:
        await limiter.hit(SPEAKING, str(actor.account_id))
        outgoing = service.Outgoing(actor, request.room_id, request)
        return Started(sending.start(request.room_id, outgoing), _message)

    async def edit(actor: Actor, request: EditIn) -> Message:
        await limiter.hit(SPEAKING, str(actor.account_id))
        return await db.write(
            lambda tx: service.edit(tx, actor, request.room_id, request.message_id, request)
        )

    async def delete(actor: Actor, request: DeleteIn) -> Message:
        await limiter.hit(SPEAKING, str(actor.account_id))
        return await db.write(
            lambda tx: service.delete(
                tx, actor, request.room_id, request.message_id, request.reason
            )
        )

    return [
        Command("message.send", SendTo, send, overlaps=True),
        Command("message.edit", EditIn, edit),
        Command("message.delete", DeleteIn, delete),
    ]


def _message(sent: service.Sent) -> Message:
    return sent.message


async def _sent(tx: Tx, points: Sequence[Point]) -> Mapping[Point, bytes]:
    messages = await service.logged_messages(tx, points)
    authors = await accounts.get_accounts(tx, {message.author_id for message in messages})
    places = [(one.room_id, one.id) for one in messages if state.file_ids(one.body)]
    brought = await files.files_of(tx, places)
    made = await films.films_of(tx, [file for held in brought.values() for file in held])
    return {
        place: msgspec.json.encode(
            MessageSent(
                message=message,
                author=authors[message.author_id],
                files=brought.get(place, []),
                films=films.among(made, brought.get(place, [])),
            )
        )
        for message in messages
        for place in [(message.room_id, message.id)]
    }


def _changed(fact: type[MessageEdited] | type[MessageDeleted]) -> Hydrator:
    async def hydrate(tx: Tx, points: Sequence[Point]) -> Mapping[Point, bytes]:
        messages = await service.logged_messages(tx, points)
        return {
            (message.room_id, message.id): msgspec.json.encode(fact(message=message))
            for message in messages
        }

    return hydrate


HYDRATORS: Mapping[str, Hydrator] = {
    MessageSent.TYPE: _sent,
    MessageEdited.TYPE: _changed(MessageEdited),
    MessageDeleted.TYPE: _changed(MessageDeleted),
}
