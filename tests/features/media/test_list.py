"""All files of a room, as its panel lists them."""

from typing import Any
from uuid import UUID

from tests.support.attachments import look_at, send_files, upload
from tests.support.world import Person, World

from tertulia.features.files.schemas import File
from tertulia.features.hidden import service as hidden
from tertulia.features.media import service
from tertulia.features.media.schemas import RoomFileList
from tertulia.features.media.service import Wanted
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message


async def sent(
    world: World, who: Person, room: UUID, name: str, media_type: str | None
) -> tuple[File, Message]:
    await world.clock.advance(60)
    file = await upload(world, who, room, name)
    if media_type is not None:
        await look_at(world, file, media_type)
    return file, await send_files(world, who, room, file)


async def listed(
    world: World, who: Person, room: UUID, cursor: str | None = None, limit: int = 50, **by: Any
) -> RoomFileList:
    return await world.read(service.room_files, who, room, Wanted(**by), cursor, limit)


def names(found: RoomFileList) -> list[str]:
    return [one.file.name for one in found.files]


async def test_the_list(world: World, alice: Person, bob: Person) -> None:
    room = await world.channel(alice, bob)
    elsewhere = await world.channel(alice)
    await sent(world, alice, room, "cat.png", "image/png")
    _, message = await sent(world, bob, room, "100%_plan.pdf", "application/pdf")
    await sent(world, bob, room, "Cat.mp4", "video/mp4")
    await sent(world, alice, room, "song.ogg", "audio/ogg")
    await sent(world, alice, room, "new.zip", None)
    await sent(world, alice, elsewhere, "cat.webp", "image/webp")
    await upload(world, alice, room, "unsent cat.png")
    everything = await listed(world, bob, room)
    assert names(everything) == ["new.zip", "song.ogg", "Cat.mp4", "100%_plan.pdf", "cat.png"]
    assert {one.id for one in everything.people} == {alice.id, bob.id}
    plan = everything.files[3]
    assert (plan.message_seq, plan.sent_at) == (message.seq, message.sent_at)
    assert plan.file.message_id == message.id
    assert names(await listed(world, bob, room, kind="picture")) == ["cat.png"]
    assert names(await listed(world, bob, room, kind="film")) == ["Cat.mp4"]
    assert names(await listed(world, bob, room, kind="sound")) == ["song.ogg"]
    assert names(await listed(world, bob, room, kind="document")) == ["new.zip", "100%_plan.pdf"]
    assert names(await listed(world, alice, room, account_id=bob.id)) == [
        "Cat.mp4",
        "100%_plan.pdf",
    ]
    assert names(await listed(world, alice, room, words="CAT")) == ["Cat.mp4", "cat.png"]
    assert names(await listed(world, alice, room, words="0%_p")) == ["100%_plan.pdf"]
    assert names(await listed(world, alice, room, words="%_%_%")) == []


async def test_page_by_page_without_what_is_not_there_for_me(
    world: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    there = [await sent(world, alice, room, f"{n}.png", "image/png") for n in range(12)]
    for n in (3, 4, 5, 6):
        await world.write(hidden.hide, bob, room, there[n][1].id)
    await world.write(messages.delete, alice, room, there[8][1].id)
    told: list[str] = []
    cursor = None
    while True:
        page = await listed(world, bob, room, cursor, 2)
        told += names(page)
        assert len(page.files) <= 2
        cursor = page.next
        if cursor is None:
            break
    assert told == [f"{n}.png" for n in (11, 10, 9, 7, 2, 1, 0)]
    assert len(names(await listed(world, alice, room))) == 11
