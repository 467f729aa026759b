"""Who may not (C6). The edges are asked the same in tests/contracts/test_refusal_matrix.py."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from tests.support.world import Person, World

from tertulia.core.errors import AppError, NotFound
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage, Message, SendMessage
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom
from tertulia.features.timeline import service as timeline
from tertulia.features.timeline.service import Anchor

Attempt = Callable[[World, Person, UUID, Message], Awaitable[object]]


async def send(world: World, who: Person, room: UUID, message: Message) -> object:
    draft = SendMessage(client_id=world.ids.uuid7(), text="hello", reply_to=message.id)
    return await world.write(messages.send, who, room, draft)


async def edit(world: World, who: Person, room: UUID, message: Message) -> object:
    return await world.write(messages.edit, who, room, message.id, EditMessage(text="changed"))


async def delete(world: World, who: Person, room: UUID, message: Message) -> object:
    return await world.write(messages.delete, who, room, message.id)


async def read(world: World, who: Person, room: UUID, message: Message) -> object:
    return await world.read(timeline.message, who, room, message.id)


async def read_page(world: World, who: Person, room: UUID, message: Message) -> object:
    return await world.read(timeline.page, who, room, Anchor(around=message.seq), 50)


async def read_revisions(world: World, who: Person, room: UUID, message: Message) -> object:
    return await world.read(messages.revisions, who, room, message.id)


READ: list[Attempt] = [read, read_page, read_revisions]
WRITE: list[Attempt] = [send, edit, delete]
EVERY = READ + WRITE


async def everything(world: World) -> list[object]:
    async with world.db.read() as tx:
        tables = ("messages", "message_revisions", "events", "streams", "members")
        return [
            await tx.conn.fetch(f"SELECT t::text FROM {table} AS t ORDER BY 1") for table in tables
        ]


@pytest.fixture
async def ex_member(world: World, alice: Person, mallory: Person) -> tuple[UUID, Message]:
    """A room that mallory was in, and what she said there."""
    room = await world.channel(alice, mallory)
    message = await world.say(mallory, room, "I was here")
    await world.write(members.leave, mallory, room)
    return room, message


@pytest.mark.parametrize("attempt", EVERY)
async def test_an_outsider_finds_nothing(
    world: World, alice: Person, mallory: Person, attempt: Attempt
) -> None:
    room = await world.channel(alice)
    message = await world.say(alice, room, "a secret")
    before = await everything(world)
    with pytest.raises(NotFound) as there:
        await attempt(world, mallory, room, message)
    with pytest.raises(NotFound) as nowhere:
        await attempt(world, mallory, world.ids.uuid7(), message)
    assert str(there.value) == str(nowhere.value)
    assert await everything(world) == before
    await attempt(world, alice, room, message)  # so it was not the attempt itself


@pytest.mark.parametrize("attempt", EVERY)
async def test_an_ex_member_finds_nothing_not_even_their_own(
    world: World, mallory: Person, ex_member: tuple[UUID, Message], attempt: Attempt
) -> None:
    before = await everything(world)
    with pytest.raises(NotFound):
        await attempt(world, mallory, *ex_member)
    assert await everything(world) == before


async def test_an_ex_members_retry_finds_nothing(
    world: World, mallory: Person, ex_member: tuple[UUID, Message]
) -> None:
    room, message = ex_member
    with pytest.raises(NotFound):
        await world.say(mallory, room, "again", client_id=message.client_id)


@pytest.mark.parametrize("attempt", EVERY)
async def test_who_is_banned_finds_nothing(
    world: World, alice: Person, mallory: Person, attempt: Attempt
) -> None:
    room = await world.channel(alice, mallory)
    message = await world.say(mallory, room, "spam")
    await world.write(members.ban, alice, room, Ban(account_id=mallory.id))
    with pytest.raises(NotFound):
        await attempt(world, mallory, room, message)


@pytest.mark.parametrize("attempt", EVERY)
async def test_a_public_channel_is_read_by_those_who_joined(
    world: World, alice: Person, mallory: Person, attempt: Attempt
) -> None:
    room = await world.channel(alice, visibility="public")
    message = await world.say(alice, room, "come in first")
    with pytest.raises(NotFound):
        await attempt(world, mallory, room, message)


@pytest.mark.parametrize("attempt", EVERY)
async def test_a_guest_reads_and_talks(
    world: World, alice: Person, bob: Person, attempt: Attempt
) -> None:
    room = await world.channel(alice, bob)
    await world.write(members.change_role, alice, room, bob.id, "guest")
    message = await world.say(bob, room, "hello")
    await attempt(world, bob, room, message)


@pytest.mark.parametrize("attempt", WRITE)
async def test_in_an_archived_room_nothing_is_said_any_more(
    world: World, alice: Person, attempt: Attempt
) -> None:
    room = await world.channel(alice)
    message = await world.say(alice, room, "the end")
    await world.write(rooms.change, alice, room, ChangeRoom(archived=True))
    with pytest.raises(AppError) as refused:
        await attempt(world, alice, room, message)
    assert refused.value.code == "archived"


@pytest.mark.parametrize("attempt", READ)
async def test_an_archived_room_is_still_read(
    world: World, alice: Person, attempt: Attempt
) -> None:
    room = await world.channel(alice)
    message = await world.say(alice, room, "the end")
    await world.write(rooms.change, alice, room, ChangeRoom(archived=True))
    await attempt(world, alice, room, message)


async def test_who_is_removed_while_sending_is_in_or_out(
    world: World, alice: Person, mallory: Person
) -> None:
    """Never both: nothing of theirs stands in the log after their `member.left`."""
    room = await world.channel(alice, mallory)
    sends = [world.say(mallory, room, f"{n}") for n in range(20)]
    removal = world.write(members.remove, alice, room, mallory.id)
    await asyncio.gather(*sends[:10], removal, *sends[10:], return_exceptions=True)
    events = world.published(f"room:{room}")
    events.sort(key=lambda event: event["seq"])
    left = next(event["seq"] for event in events if event["type"] == "member.left")
    late = [event for event in events if event["seq"] > left and event["actor"] == str(mallory.id)]
    assert late == []
