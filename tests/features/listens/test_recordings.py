"""What may be said aloud."""

import pytest
from tests.features.sync.conftest import House
from tests.support.attachments import look_at, upload

from tertulia.core.errors import Invalid
from tertulia.features.files.service import FileGone
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message, SayAloud, SendMessage, VoiceBody


async def say_aloud(house: House, media_type: str | None) -> Message:
    """Alice records something in the channel; null: nobody has looked at it yet."""
    file = await upload(house.world, house.alice, house.channel, "voice.webm", 900)
    if media_type:
        await look_at(house.world, file, media_type)
    draft = SendMessage(
        client_id=house.world.ids.uuid7(),
        voice=SayAloud(file_id=file.id, duration_ms=1_000, waveform=[5, 90]),
    )
    return (await house.world.write(messages.send, house.alice, house.channel, draft)).message


async def test_what_was_looked_at_says_what_it_is(house: House) -> None:
    said = await say_aloud(house, "audio/webm")
    assert isinstance(said.body, VoiceBody)
    assert (said.body.mime_type, said.body.size) == ("audio/webm", 900)
    assert (said.body.duration_ms, said.body.waveform) == (1_000, [5, 90])


async def test_a_picture_says_nothing(house: House) -> None:
    with pytest.raises(Invalid, match="no recording"):
        await say_aloud(house, "image/png")


async def test_what_nobody_looked_at_may_be_sent(house: House) -> None:
    assert isinstance((await say_aloud(house, None)).body, VoiceBody)


async def test_the_recording_of_another_is_not_mine_to_say(house: House) -> None:
    theirs = await upload(house.world, house.bob, house.channel, "voice.webm")
    voice = SayAloud(file_id=theirs.id, duration_ms=1_000)
    draft = SendMessage(client_id=house.world.ids.uuid7(), voice=voice)
    with pytest.raises(FileGone):
        await house.world.write(messages.send, house.alice, house.channel, draft)
