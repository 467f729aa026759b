"""Messages that bring files along."""

from uuid import UUID

import pytest
from tests.features.sync.conftest import House
from tests.support.verify import verify
from tests.support.world import Person

from tertulia.core.errors import AppError, Forbidden, Invalid
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.files.schemas import RELEASE, File
from tertulia.features.files.service import FileGone, FileNotReady, FileRefused, Received
from tertulia.features.forwards import service as forwards
from tertulia.features.forwards.schemas import Forward, Source
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import (
    AttachFile,
    EditMessage,
    FilesBody,
    Message,
    SayAloud,
    SendMessage,
    VoiceBody,
)
from tertulia.features.messages.service import Outgoing, Sent
from tertulia.features.timeline import service as timeline
from tertulia.features.timeline.schemas import TimelineMessage


async def upload(house: House, who: Person, room: UUID, name: str = "cat.png") -> File:
    received = Received(incoming=house.world.ids.uuid7(), name=name, size=12)
    return await house.world.write(files.receive, who, room, received)


async def make_ready(house: House, *there: File) -> None:
    """As if it had been looked at."""
    for file in there:

        async def settle(tx: Tx, file: File = file) -> None:
            blob = house.world.ids.uuid7()
            await tx.conn.execute(
                "INSERT INTO blobs VALUES ($1, sha256($2), 12, $3, 'image/png', now(), NULL,"
                " 'clean')",
                blob, blob.bytes, f"blobs/{blob}",
            )  # fmt: skip
            await tx.conn.execute(
                "UPDATE files SET state = 'ready', blob_id = $2, media_type = 'image/png',"
                " incoming = NULL WHERE id = $1",
                file.id, blob,
            )  # fmt: skip

        await house.world.db.write(settle)


def with_files(house: House, *there: File, text: str = "") -> SendMessage:
    return SendMessage(
        client_id=house.world.ids.uuid7(),
        text=text,
        files=[AttachFile(file_id=file.id, alt=f"alt of {file.name}") for file in there],
    )


async def send(house: House, who: Person, room: UUID, draft: SendMessage) -> Message:
    return (await house.world.write(messages.send, who, room, draft)).message


async def seen(house: House, who: Person, message: Message) -> TimelineMessage:
    return await house.world.read(timeline.message, who, message.room_id, message.id)


async def test_a_message_brings_files_along_in_their_order(house: House) -> None:
    later, first = [await upload(house, house.alice, house.channel, name) for name in "ba"]
    said = await send(
        house, house.alice, house.channel, with_files(house, first, later, text="*two*")
    )
    assert isinstance(said.body, FilesBody)
    assert [(one.id, one.alt) for one in said.body.files] == [
        (first.id, "alt of a"),
        (later.id, "alt of b"),
    ]
    held = await seen(house, house.bob, said)
    assert {file.id for file in held.files} == {first.id, later.id}
    assert {file.message_id for file in held.files} == {said.id}
    assert {file.state for file in held.files} == {"checking"}


async def test_everybody_hears_of_the_files_with_the_message(house: House) -> None:
    file = await upload(house, house.alice, house.channel)
    draft = with_files(house, file, text="look")
    people = [house.alice, house.bob, house.carol]
    await verify(house.world, people, lambda: send(house, house.alice, house.channel, draft))


async def test_said_again_it_is_said_once(house: House) -> None:
    file = await upload(house, house.alice, house.channel)
    draft = with_files(house, file)
    first = await house.world.write(messages.send, house.alice, house.channel, draft)
    again = await house.world.write(messages.send, house.alice, house.channel, draft)
    assert (again.message, again.is_new) == (first.message, False)


async def test_only_what_is_mine_and_unsent_and_of_this_room_can_be_sent(house: House) -> None:
    sent = await upload(house, house.alice, house.channel)
    await send(house, house.alice, house.channel, with_files(house, sent))
    of_bob = await upload(house, house.bob, house.channel)
    elsewhere = await upload(house, house.alice, house.group)
    for file in (sent, of_bob, elsewhere):
        with pytest.raises(FileGone):
            await send(house, house.alice, house.channel, with_files(house, file))
    twice = await upload(house, house.alice, house.channel)
    with pytest.raises(Invalid, match="twice"):
        await send(house, house.alice, house.channel, with_files(house, twice, twice))


async def test_two_messages_of_one_group_cannot_bring_the_same_file(house: House) -> None:
    """The group's messages are judged before any of them is written."""
    file = await upload(house, house.alice, house.channel)
    actor = house.alice.actor
    group = [Outgoing(actor, house.channel, with_files(house, file)) for _ in range(2)]
    first, second = await house.world.db.write(lambda tx: messages.send_all(tx, group))
    assert isinstance(first, Sent)
    assert isinstance(second, FileGone)


async def test_an_infected_file_is_not_sent(house: House) -> None:
    file = await upload(house, house.alice, house.channel)
    await house.world.db.write(
        lambda tx: tx.conn.execute("UPDATE files SET state = 'infected' WHERE id = $1", file.id)
    )
    with pytest.raises(FileRefused):
        await send(house, house.alice, house.channel, with_files(house, file))


async def test_words_may_be_empty_beside_files_alone(house: House) -> None:
    bare = SendMessage(client_id=house.world.ids.uuid7(), text=" ")
    with pytest.raises(Invalid, match="empty"):
        await send(house, house.alice, house.channel, bare)
    file = await upload(house, house.alice, house.channel)
    said = await send(house, house.alice, house.channel, with_files(house, file, text="caption"))
    edit = EditMessage(text="")
    edited = await house.world.write(messages.edit, house.alice, house.channel, said.id, edit)
    assert isinstance(edited.body, FilesBody)
    assert (edited.body.text, len(edited.body.files)) == ("", 1)


async def test_a_voice_message_brings_its_recording_and_nothing_else(house: House) -> None:
    file = await upload(house, house.alice, house.channel, "voice.ogg")
    aloud = SayAloud(file_id=file.id, duration_ms=1_200, waveform=[1, 100])
    draft = SendMessage(client_id=house.world.ids.uuid7(), voice=aloud)
    said = await send(house, house.alice, house.channel, draft)
    assert isinstance(said.body, VoiceBody)
    assert (said.body.file_id, said.body.waveform) == (file.id, [1, 100])
    assert [one.id for one in (await seen(house, house.bob, said)).files] == [file.id]
    change = EditMessage(text="other words")
    with pytest.raises(Forbidden):
        await house.world.write(messages.edit, house.alice, house.channel, said.id, change)
    both = SendMessage(
        client_id=house.world.ids.uuid7(), voice=aloud, files=[AttachFile(file_id=file.id)]
    )
    with pytest.raises(Invalid):
        await send(house, house.alice, house.channel, both)


async def test_until_it_is_sent_only_its_uploader_sees_a_file(house: House) -> None:
    file = await upload(house, house.alice, house.channel)
    assert await house.world.read(files.get_file, house.alice, house.channel, file.id) == file
    with pytest.raises(AppError, match="nothing here"):
        await house.world.read(files.get_file, house.bob, house.channel, file.id)
    await send(house, house.alice, house.channel, with_files(house, file))
    found = await house.world.read(files.get_file, house.bob, house.channel, file.id)
    assert found.id == file.id


async def test_a_deleted_message_takes_its_files_with_it(house: House) -> None:
    file = await upload(house, house.alice, house.channel)
    await make_ready(house, file)
    said = await send(house, house.alice, house.channel, with_files(house, file))
    await verify(
        house.world,
        [house.alice, house.bob],
        lambda: house.world.write(messages.delete, house.alice, house.channel, said.id),
    )
    with pytest.raises(AppError):
        await house.world.read(files.get_file, house.bob, house.channel, file.id)
    waiting = await house.world.db.write(
        lambda tx: tx.conn.fetchval("SELECT count(*) FROM jobs WHERE kind = $1", RELEASE)
    )
    assert waiting == 1


async def carry(house: House, who: Person, to: UUID, original: Message) -> Message:
    wanted = Forward(
        client_id=house.world.ids.uuid7(),
        messages=[Source(room_id=original.room_id, message_id=original.id)],
        rooms=[to],
    )
    found = await house.world.read(forwards.collect, who, wanted.messages)
    [copy] = await house.world.write(forwards.carry, who, to, found, wanted)
    again = await house.world.write(forwards.carry, who, to, found, wanted)
    assert again == [copy], "asked again, it is carried once"
    return await house.world.message(who, to, copy)


async def test_carried_on_the_files_are_the_other_rooms_own(house: House) -> None:
    file = await upload(house, house.alice, house.channel)
    said = await send(house, house.alice, house.channel, with_files(house, file, text="see"))
    with pytest.raises(FileNotReady):
        await carry(house, house.bob, house.direct, said)
    await make_ready(house, file)
    copy = await carry(house, house.bob, house.direct, said)
    assert isinstance(copy.body, FilesBody)
    [attached] = copy.body.files
    assert (copy.body.text, attached.alt) == ("see", "alt of cat.png")
    assert attached.id != file.id
    [held] = (await seen(house, house.alice, copy)).files
    assert (held.id, held.room_id, held.state) == (attached.id, house.direct, "ready")
    await house.world.write(messages.delete, house.alice, house.channel, said.id)
    [still] = (await seen(house, house.alice, copy)).files
    assert still.state == "ready", "the copy has bytes of its own"
