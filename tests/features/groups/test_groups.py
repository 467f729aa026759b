"""Named groups: made by admins, called by everybody."""

from uuid import UUID

import msgspec
import pytest
from tests.support.world import Person, World

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.features.groups import policy
from tertulia.features.groups import service as groups
from tertulia.features.groups.schemas import ChangeGroup, CreateGroup, GroupDetail


@pytest.fixture
async def admin(alice: Person) -> Person:
    return Person(msgspec.structs.replace(alice.actor, is_admin=True), alice.username)


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


async def designers(world: World, admin: Person, *people: Person) -> GroupDetail:
    wanted = CreateGroup(
        handle="Designers", name=" Design ", account_ids=[one.id for one in people]
    )
    return await world.write(groups.create, admin, wanted)


async def test_a_group_calls_those_of_it_who_are_in_the_room(
    world: World, admin: Person, bob: Person, mallory: Person, room: UUID
) -> None:
    made = await designers(world, admin, bob, mallory)
    assert (made.group.handle, made.group.name, made.group.member_count) == (
        "designers", "Design", 2,
    )  # fmt: skip
    said = await world.say(admin, room, "what do @DESIGNERS think?")
    assert said.mentions == [bob.id]
    assert (await world.room_snapshot(bob, room)).me.mentions == [said.seq]


async def test_a_person_comes_before_a_group_of_that_name(
    world: World, admin: Person, bob: Person, room: UUID
) -> None:
    made = await designers(world, admin, admin)
    late = await world.person("designers")  # the name was free among people
    assert made.group.handle == late.username
    said = await world.say(bob, room, "@designers")
    assert said.mentions == [admin.id]  # the person is not in the room, the group is


async def test_what_was_said_stays_when_a_group_changes(
    world: World, admin: Person, bob: Person, room: UUID
) -> None:
    made = await designers(world, admin, bob)
    said = await world.say(admin, room, "@designers")
    change = ChangeGroup(handle="drawers", name="Drawers", account_ids=[admin.id])
    changed = await world.write(groups.change, admin, made.id, change)
    assert [one.id for one in changed.members] == [admin.id]
    assert (await world.message(bob, room, said.id)).mentions == [bob.id]
    assert (await world.say(bob, room, "@designers")).mentions == []
    await world.write(groups.delete, admin, made.id)
    assert (await world.read(groups.groups, bob)).groups == []
    with pytest.raises(NotFound):
        await world.read(groups.group, bob, made.id)


async def test_only_admins_make_change_and_delete_groups(
    world: World, admin: Person, bob: Person
) -> None:
    made = await designers(world, admin, bob)
    for verb, *args in (
        (groups.create, CreateGroup(handle="mine", name="Mine")),
        (groups.change, made.id, ChangeGroup(name="Mine")),
        (groups.delete, made.id),
    ):
        with pytest.raises(Forbidden):
            await world.write(verb, bob, *args)  # pyright: ignore[reportArgumentType]
    [listed] = (await world.read(groups.groups, bob)).groups
    assert (listed.name, listed.mine) == ("Design", True)


async def test_a_handle_is_free_and_no_word_for_a_room(
    world: World, admin: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await designers(world, admin)
    for handle in ("DESIGNERS", bob.username):
        with pytest.raises(Conflict):
            await world.write(groups.create, admin, CreateGroup(handle=handle, name="x"))
    with pytest.raises(Invalid):
        await world.write(groups.create, admin, CreateGroup(handle="Here", name="x"))
    unknown = CreateGroup(handle="ghosts", name="x", account_ids=[world.ids.uuid7()])
    with pytest.raises(Invalid):
        await world.write(groups.create, admin, unknown)
    monkeypatch.setattr(policy, "LIMIT", 1)
    with pytest.raises(Conflict):
        await world.write(groups.create, admin, CreateGroup(handle="more", name="x"))
