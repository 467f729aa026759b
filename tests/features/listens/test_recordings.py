"""What may be said aloud."""

import pytest
from tests.features.sync.conftest import House
from tests.support.attachments import look_at, send_files, upload
from tests.support.verify import verify
from tests.support.voices import speak

from tertulia.core.errors import Invalid
from tertulia.features.files.service import FileGone
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import (
    EditMessage,
    Message,
    SayAloud,
    SendMessage,
    VoiceBody,
)


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


async def test_quotes_say_what_comes_without_words(house: House) -> None:
    voice = await speak(house.world, house.alice, house.channel)
    said = await speak(house.world, house.alice, house.channel, text="bring figs")
    there = [await upload(house.world, house.alice, house.channel, name) for name in "ab"]
    files = await send_files(house.world, house.alice, house.channel, *there)
    quoted: list[str | None] = []
    for original in (voice, said, files):
        reply = await house.world.say(house.bob, house.channel, "so?", reply_to=original.id)
        read = await house.world.message(house.carol, house.channel, reply.id)
        assert reply.reply_to == read.reply_to
        quoted.append(read.reply_to.text if read.reply_to else None)
    assert quoted == ["🎤 0:12", "bring figs", "📎 2"]


async def test_a_caption_that_goes_leaves_what_it_stood_for(house: House) -> None:
    file = await upload(house.world, house.alice, house.channel, "a")
    said = await send_files(house.world, house.alice, house.channel, file, text="look")
    await house.world.say(house.bob, house.channel, "I see", reply_to=said.id)

    async def act() -> None:
        change = EditMessage(text="")
        await house.world.write(messages.edit, house.alice, house.channel, said.id, change)

    await verify(house.world, house.people, act)
