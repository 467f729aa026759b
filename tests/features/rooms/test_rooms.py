"""Making, changing and browsing rooms."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from tests.support.rooms import Town, assemble

from tertulia.core.actor import Actor
from tertulia.core.errors import Invalid
from tertulia.features.members import service as members
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import (
    GROUP_LIMIT,
    ChangeRoom,
    CreateRoom,
    Room,
    RoomKind,
    RoomList,
)
from tertulia.features.rooms.service import Can


async def get_room(town: Town, actor: Actor, room_id: UUID) -> Room:
    return (await town.read(rooms.require, actor, room_id, Can.READ)).room


async def test_who_makes_a_room_owns_it(town: Town) -> None:
    alice, bob = await town.people(2)
    room_id = await town.room(alice, bob, alice, bob)
    assert await town.roles(room_id) == {alice.account_id: "owner", bob.account_id: "member"}
    room = await get_room(town, bob, room_id)
    assert (room.kind, room.visibility, room.name) == ("channel", "private", "The table")
    assert room.created_by == alice.account_id


async def test_those_concerned_hear_of_a_new_room(town: Town) -> None:
    alice, bob = await town.people(2)
    room_id = await town.room(alice, bob)
    assert town.heard_types(room_id) == ["room.created", "member.joined", "member.joined"]
    assert [heard.seq for heard in town.heard(room_id)] == [1, 2, 3]
    came, brought = (heard.data for heard in town.heard(room_id)[1:])
    assert (came["member"]["account"]["id"], came["by"]) == (str(alice.account_id), None)
    assert brought["by"] == str(alice.account_id)
    for actor in (alice, bob):
        [joined] = town.heard(actor.account_id)
        assert (joined.type, joined.data) == ("room.joined", {"room_id": str(room_id)})


@pytest.mark.parametrize("turned", [False, True])
async def test_a_pair_has_one_direct_room_whoever_asks(town: Town, turned: bool) -> None:
    alice, bob = await town.people(2)
    room_id = await town.room(alice, bob, kind="direct")
    before = await town.state()
    one, other = (bob, alice) if turned else (alice, bob)
    again = await town.write(
        rooms.create, one, CreateRoom(kind="direct", members=[other.account_id])
    )
    assert again == (room_id, False)
    assert await town.state() == before
    assert await town.roles(room_id) == {alice.account_id: "member", bob.account_id: "member"}


async def test_two_who_open_a_direct_room_at_once_meet_in_it(town: Town) -> None:
    for _ in range(10):
        alice, bob = await town.people(2)
        made = await asyncio.gather(
            *(
                town.write(rooms.create, one, CreateRoom(kind="direct", members=[other.account_id]))
                for one, other in ((alice, bob), (bob, alice), (alice, bob), (bob, alice))
            )
        )
        assert len({each.room_id for each in made}) == 1
        assert [each.is_new for each in made].count(True) == 1


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("visibility", {"kind": "group", "visibility": "public"}),
    ("visibility", {"kind": "direct", "visibility": "public", "members": 1}),
    ("name", {"kind": "channel"}),
    ("name", {"kind": "channel", "name": "   "}),
    ("name", {"kind": "group", "name": " "}),
    ("name", {"kind": "direct", "name": "Us two", "members": 1}),
    ("name", {"kind": "direct", "topic": "Us two", "members": 1}),
    ("members", {"kind": "direct"}),
    ("members", {"kind": "direct", "members": 2}),
]


@pytest.mark.parametrize(("field", "draft"), WRONG)
async def test_a_wrong_draft_names_its_field(town: Town, field: str, draft: dict[str, Any]) -> None:
    alice, *others = await town.people(3)
    chosen = [other.account_id for other in others[: draft.get("members", 0)]]
    wanted: dict[str, Any] = {**draft, "members": chosen}
    before = await town.state()
    with pytest.raises(Invalid) as refused:
        await town.write(rooms.create, alice, CreateRoom(**wanted))
    assert [error.field for error in refused.value.errors] == [field]
    assert await town.state() == before


async def test_nobody_talks_to_himself_directly(town: Town) -> None:
    alice = await town.person()
    draft = CreateRoom(kind="direct", members=[alice.account_id])
    assert await town.refusal(rooms.create, alice, draft) == "invalid"


async def test_members_who_do_not_exist_or_are_gone_are_named(town: Town) -> None:
    alice, bob, gone = await town.people(3)
    await town.close_account(gone)
    draft = CreateRoom(kind="group", members=[bob.account_id, town.ids.uuid7(), gone.account_id])
    with pytest.raises(Invalid) as refused:
        await town.write(rooms.create, alice, draft)
    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("members[1]", "unknown"),
        ("members[2]", "unknown"),
    ]


async def test_a_group_is_full_with_its_maker_counted(town: Town) -> None:
    alice, *others = await town.people(GROUP_LIMIT + 1)
    ids = [other.account_id for other in others]
    too_many = CreateRoom(kind="group", members=ids)
    assert await town.refusal(rooms.create, alice, too_many) == "invalid"
    assert await town.refusal(rooms.create, alice, CreateRoom(kind="group", members=ids[1:])) == ""


async def test_names_that_look_alike_are_spelled_alike(town: Town) -> None:
    alice = await town.person()
    room_id = await town.room(alice, name="  Cafe\u0301   del  Sur ")
    assert (await get_room(town, alice, room_id)).name == "Caf\u00e9 del Sur"


async def test_a_change_tells_what_changed(town: Town) -> None:
    cast = await assemble(town)
    town.clock.pass_(minutes=1)
    wanted = ChangeRoom(name="Kitchen", topic="", visibility="public", archived=True)
    room = await town.write(rooms.change, cast.owner, cast.room_id, wanted)
    assert (room.name, room.visibility, room.archived_at) == ("Kitchen", "public", town.clock.at)
    told = town.heard(cast.room_id)[-1]
    assert told.type == "room.changed"
    assert told.data["changed"] == ["name", "visibility", "archived"]  # the topic was empty before
    assert told.data["room"]["name"] == "Kitchen"
    back = await town.write(rooms.change, cast.owner, cast.room_id, ChangeRoom(archived=False))
    assert back.archived_at is None
    assert await get_room(town, cast.member, cast.room_id) == back


async def test_changing_nothing_says_nothing(town: Town) -> None:
    cast = await assemble(town)
    before = await town.state()
    for wanted in (
        ChangeRoom(),
        ChangeRoom(name=" The  table"),
        ChangeRoom(archived=False, visibility="private"),
    ):
        await town.write(rooms.change, cast.owner, cast.room_id, wanted)
    assert await town.state() == before


async def test_archiving_again_keeps_the_first_date(town: Town) -> None:
    cast = await assemble(town)
    first = await town.write(rooms.change, cast.owner, cast.room_id, ChangeRoom(archived=True))
    town.clock.pass_(days=1)
    again = await town.write(rooms.change, cast.owner, cast.room_id, ChangeRoom(archived=True))
    assert again == first


async def test_all_of_a_change_or_nothing(town: Town) -> None:
    cast = await assemble(town)
    before = await town.state()
    wanted = ChangeRoom(name="Mine", visibility="public")
    assert await town.refusal(rooms.change, cast.moderator, cast.room_id, wanted) == "forbidden"
    assert await town.state() == before


@pytest.mark.parametrize(("kind", "code"), [("channel", "invalid"), ("group", "")])
async def test_only_a_group_may_lose_its_name(town: Town, kind: RoomKind, code: str) -> None:
    cast = await assemble(town, kind=kind)
    refused = await town.refusal(rooms.change, cast.owner, cast.room_id, ChangeRoom(name=None))
    assert refused == code


async def browse(town: Town, actor: Actor, query: str, cursor: str | None = None) -> RoomList:
    return await town.read(rooms.browse, actor, query, cursor)


async def names(town: Town, actor: Actor, query: str) -> list[str | None]:
    return [found.room.name for found in (await browse(town, actor, query)).rooms]


async def test_browsing_shows_public_rooms_only(town: Town) -> None:
    alice, bob = await town.people(2)
    shown = await town.room(alice, visibility="public", name="Zebra 1")
    await town.room(alice, name="Zebra 2")
    await town.room(alice, kind="group", name="Zebra 3")
    gone = await town.room(alice, visibility="public", name="Zebra 4")
    await town.write(rooms.change, alice, gone, ChangeRoom(archived=True))
    [mine] = (await browse(town, alice, "zebra")).rooms
    assert (mine.room.id, mine.member_count, mine.joined) == (shown, 1, True)
    [his] = (await browse(town, bob, "ZEBRA")).rooms
    assert (his.room.id, his.member_count, his.joined) == (shown, 1, False)
    await town.write(members.join, bob, shown)
    [his] = (await browse(town, bob, "zebra")).rooms
    assert (his.member_count, his.joined) == (2, True)


async def test_browsing_looks_at_the_topic_too(town: Town) -> None:
    alice = await town.person()
    room_id = await town.room(alice, visibility="public", name="Slow food")
    await town.write(rooms.change, alice, room_id, ChangeRoom(topic="about polenta"))
    assert await names(town, alice, "polenta") == ["Slow food"]


@pytest.mark.parametrize("sign", ["%", "_", "\\", "%%", "'", "\\%"])
async def test_signs_mean_themselves(town: Town, sign: str) -> None:
    alice = await town.person()
    await town.room(alice, visibility="public", name=f"odd {sign} name")
    found = await names(town, alice, f"odd {sign} name")
    assert found == [f"odd {sign} name"]


async def test_no_query_breaks_the_search(town: Town) -> None:
    alice = await town.person()
    for query in ("\0", "a\0b", "\\", "\U0001f980", "\u202e", "x" * 80):
        await browse(town, alice, query)


async def test_pages_of_rooms_hold_each_once(town: Town) -> None:
    alice = await town.person()
    made = [
        await town.room(alice, visibility="public", name=f"Page {n}")
        for n in range(rooms.PAGE * 2 + 1)
    ]
    seen, cursor = list[UUID](), None
    for _ in range(3):
        page = await browse(town, alice, "page ", cursor)
        seen += [found.room.id for found in page.rooms]
        cursor = page.next
    assert cursor is None
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize("cursor", ["", "x", "!", "ée", "bnVsbA", "A" * 300])
async def test_a_foreign_cursor_is_refused_or_harmless(town: Town, cursor: str) -> None:
    alice = await town.person()
    assert await town.refusal(rooms.browse, alice, "", cursor) in ("", "invalid")
