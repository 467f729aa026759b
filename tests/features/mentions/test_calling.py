"""Who may call a whole room, whom @here finds, and which messages call me."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
from tests.support.world import Person, World

from tertulia.core.errors import AppError
from tertulia.features.members import service as members
from tertulia.features.mentions import policy
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage, Message, SendMessage
from tertulia.features.messages.service import Outgoing
from tertulia.features.rooms import policy as rooms_policy
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.policy import may_call_all
from tertulia.features.rooms.schemas import ChangeRoom


@pytest.fixture
async def room(world: World, alice: Person, bob: Person, mallory: Person) -> UUID:
    return await world.channel(alice, bob, mallory)


async def say(
    world: World, who: Person, room: UUID, text: str, present: Collection[UUID]
) -> Message:
    draft = SendMessage(client_id=world.ids.uuid7(), text=text)
    [sent] = await world.db.write(
        lambda tx: messages.send_all(
            tx,
            [Outgoing(who.actor, room, draft)],
            lambda people: [one for one in people if one in present],
        )
    )
    assert not isinstance(sent, AppError)
    return sent.message


async def test_here_calls_those_online_when_it_was_said(
    world: World, alice: Person, bob: Person, mallory: Person, room: UUID
) -> None:
    dave = await world.person("dave")
    said = await say(world, bob, room, "@here quick", {alice.id, bob.id, dave.id})
    assert said.here == [alice.id]  # dave is not in the room, bob said it
    assert not said.mentions_room
    assert (await world.room_snapshot(alice, room)).me.mentions == [said.seq]
    assert (await world.room_snapshot(mallory, room)).me.mentions == []
    edited = await world.write(messages.edit, bob, room, said.id, EditMessage(text="@here slow"))
    assert edited.here == [alice.id]


async def test_an_edit_that_takes_here_back_calls_nobody(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    said = await say(world, bob, room, "@here quick", {alice.id})
    edited = await world.write(messages.edit, bob, room, said.id, EditMessage(text="never mind"))
    assert edited.here == []
    again = await world.write(messages.edit, bob, room, said.id, EditMessage(text="@here again"))
    assert again.here == []  # an edit finds nobody


async def test_where_too_many_are_here_it_calls_the_room(
    world: World, bob: Person, alice: Person, mallory: Person, room: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(policy, "HERE", 1)
    said = await say(world, bob, room, "@here", {alice.id, mallory.id})
    assert (said.here, said.mentions_room) == ([], True)


async def test_a_crowd_is_called_by_moderators_unless_the_room_allows(
    world: World, alice: Person, bob: Person, room: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms_policy, "CROWD", 2)
    assert not (await world.say(bob, room, "@room")).mentions_room
    assert (await say(world, bob, room, "@here", {alice.id})).here == []
    assert (await world.say(alice, room, "@room")).mentions_room
    await world.write(rooms.change, alice, room, ChangeRoom(room_mentions="members"))
    assert (await world.say(bob, room, "@room")).mentions_room
    await world.write(rooms.change, alice, room, ChangeRoom(room_mentions="moderators"))
    await world.write(members.change_role, alice, room, bob.id, "moderator")
    assert (await world.say(bob, room, "@room")).mentions_room


@pytest.mark.parametrize(
    ("role", "setting", "number", "may"),
    [
        ("member", "auto", 50, True),
        ("member", "auto", 51, False),
        ("moderator", "auto", 51, True),
        ("owner", "auto", 10_000, True),
        ("member", "members", 10_000, True),
        ("member", "moderators", 2, False),
        ("moderator", "moderators", 2, True),
    ],
)
def test_who_may_call_all(role: Any, setting: Any, number: int, may: bool) -> None:
    assert may_call_all(role, setting, number) is may


async def test_a_text_that_calls_too_many_is_refused(
    world: World, alice: Person, bob: Person, mallory: Person, room: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(policy, "PEOPLE", 1)
    assert (await world.say(bob, room, "@alice")).mentions == [alice.id]
    with pytest.raises(AppError) as refused:
        await world.say(bob, room, "@alice @mallory")
    assert refused.value.code == "invalid"
