"""What happens to a room leaves a quiet note in it."""

from typing import Any
from uuid import UUID

from tests.support.world import Person, World

from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom


def notes(world: World, room: UUID) -> list[tuple[str, str | None, str]]:
    """(event, whom it concerns, text) of the notes told in a room."""
    bodies: list[dict[str, Any]] = [
        event["data"]["message"]["body"]
        for event in world.published(f"room:{room}")
        if event["type"] == "message.sent"
    ]
    return [
        (body["event"], body["account_id"], body["text"])
        for body in bodies
        if body["kind"] == "system"
    ]


async def test_notes_tell_the_rooms_story(world: World, alice: Person, bob: Person) -> None:
    room = await world.channel(alice)
    begun = len(notes(world, room))
    await world.write(members.add, alice, room, [bob.id])
    await world.write(rooms.change, alice, room, ChangeRoom(name="Cellar", topic="wine"))
    await world.write(members.leave, bob, room)
    await world.write(members.add, alice, room, [bob.id])
    await world.write(members.remove, alice, room, bob.id)
    await world.write(members.add, alice, room, [bob.id])
    await world.write(members.ban, alice, room, Ban(account_id=bob.id, reason="a secret"))
    await world.write(rooms.change, alice, room, ChangeRoom(archived=True))
    await world.write(rooms.change, alice, room, ChangeRoom(archived=False))
    him = str(bob.id)
    assert notes(world, room)[begun:] == [
        ("member.joined", him, ""),
        ("room.renamed", None, "Cellar"),
        ("room.topic_changed", None, "wine"),
        ("member.left", him, ""),
        ("member.joined", him, ""),
        ("member.removed", him, ""),
        ("member.joined", him, ""),
        ("member.banned", him, ""),
        ("room.archived", None, ""),
        ("room.unarchived", None, ""),
    ]
    assert "a secret" not in str(world.bus.published)


async def test_a_new_room_says_who_made_it(world: World, alice: Person) -> None:
    room = await world.channel(alice)
    assert ("room.created", None, "The table") in notes(world, room)


async def test_direct_rooms_need_no_notes(world: World, alice: Person, bob: Person) -> None:
    room = await world.direct(alice, bob)
    assert notes(world, room) == []


async def test_notes_are_not_unread(world: World, alice: Person, bob: Person) -> None:
    room = await world.channel(alice, bob)
    await world.write(rooms.change, alice, room, ChangeRoom(topic="wine"))
    assert (await world.room_snapshot(bob, room)).me.unread == []
