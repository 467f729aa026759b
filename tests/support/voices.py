"""Voice messages without sound: what stands beside one needs none."""

from uuid import UUID

from tests.support.world import Person, World

from tertulia.core.errors import AppError
from tertulia.core.tx import Tx
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message, SendMessage, VoiceBody
from tertulia.features.messages.service import Outgoing


async def speak(world: World, who: Person, room_id: UUID, text: str = "") -> Message:
    """`text` is what is said, as a voice message from elsewhere may know."""
    body = VoiceBody(duration_ms=12_000, waveform=[10, 60, 100, 30], text=text)
    draft = SendMessage(client_id=world.ids.uuid7(), text=text or "…")

    async def say(tx: Tx) -> Message:
        outgoing = Outgoing(who.actor, room_id, draft, body=body)
        [sent] = await messages.send_all(tx, [outgoing])
        if isinstance(sent, AppError):
            raise sent
        return sent.message

    return await world.db.write(say)
