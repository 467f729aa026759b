"""Coming and going, and what others hear of it."""

import asyncio

import pytest
from tests.support.rooms import Cast, Town, assemble

from tertulia.core.errors import Invalid
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import GROUP_LIMIT, ChangeRoom, Role
from tertulia.features.rooms.service import Can


async def test_joining_is_heard_by_the_room_and_by_oneself(town: Town) -> None:
    cast = await assemble(town, visibility="public")
    head = await town.head(cast.room_id)
    await town.write(members.join, cast.outsider, cast.room_id)
    told = town.heard(cast.room_id)[-1]
    assert (told.seq, told.type, told.data["by"]) == (head + 1, "member.joined", None)
    assert told.data["member"]["account"]["id"] == str(cast.outsider.account_id)
    assert told.data["member"]["role"] == "member"
    assert town.heard_types(cast.outsider.account_id) == ["room.joined"]


async def test_joining_twice_joins_once(town: Town) -> None:
    cast = await assemble(town, visibility="public")
    await town.write(members.join, cast.outsider, cast.room_id)
    before = await town.state()
    assert await town.write(members.join, cast.outsider, cast.room_id) == cast.room_id
    assert await town.state() == before


async def test_joining_at_once_on_two_devices_joins_once(town: Town) -> None:
    cast = await assemble(town, visibility="public")
    await asyncio.gather(*(town.write(members.join, cast.outsider, cast.room_id) for _ in range(8)))
    assert town.heard_types(cast.outsider.account_id) == ["room.joined"]


async def test_a_banned_room_that_was_closed_is_not_there_any_more(town: Town) -> None:
    cast = await assemble(town, visibility="public")
    assert await town.refusal(members.join, cast.banned, cast.room_id) == "banned"
    await town.write(rooms.change, cast.owner, cast.room_id, ChangeRoom(visibility="private"))
    assert await town.refusal(members.join, cast.banned, cast.room_id) == "not_found"
    assert await town.refusal(members.join, cast.banned, town.ids.uuid7()) == "not_found"


async def test_newcomers_have_nothing_to_catch_up_with(town: Town) -> None:
    cast = await assemble(town, visibility="public")
    head = await town.head(cast.room_id)
    await town.write(members.join, cast.outsider, cast.room_id)
    assert await town.read_seq(cast.room_id, cast.outsider) == head


async def test_who_returns_reads_on_from_now(town: Town) -> None:
    cast = await assemble(town, visibility="public")
    early = await town.read_seq(cast.room_id, cast.ex_member)
    head = await town.head(cast.room_id)
    assert early < head
    town.clock.pass_(days=1)
    await town.write(members.join, cast.ex_member, cast.room_id)
    assert await town.read_seq(cast.room_id, cast.ex_member) == head
    access = await town.read(rooms.require, cast.ex_member, cast.room_id, Can.READ)
    assert access.joined_at == town.clock.at


async def test_a_role_is_lost_by_leaving(town: Town) -> None:
    cast = await assemble(town, visibility="public")
    await town.write(members.leave, cast.moderator, cast.room_id)
    await town.write(members.join, cast.moderator, cast.room_id)
    assert (await town.roles(cast.room_id))[cast.moderator.account_id] == "member"


GOING = [
    ("left", None),
    ("removed", "owner"),
    ("banned", "owner"),
]


@pytest.mark.parametrize(("reason", "by"), GOING)
async def test_going_is_heard_by_the_room_and_by_oneself(
    town: Town, reason: str, by: str | None
) -> None:
    cast = await assemble(town)
    await go(town, cast, reason)
    told, own = town.heard(cast.room_id)[-1], town.heard(cast.member.account_id)[-1]
    assert told.type == "member.left"
    assert told.data == {
        "account_id": str(cast.member.account_id),
        "reason": reason,
        "by": str(cast.play(by).account_id) if by else None,
    }
    assert (own.type, own.data) == (
        "room.left",
        {"room_id": str(cast.room_id), "reason": reason},
    )
    assert cast.member.account_id not in await town.roles(cast.room_id)
    assert await town.refusal(rooms.require, cast.member, cast.room_id, Can.READ) == "not_found"


async def go(town: Town, cast: Cast, reason: str) -> None:
    gone = cast.member.account_id
    if reason == "left":
        await town.write(members.leave, cast.member, cast.room_id)
    elif reason == "removed":
        await town.write(members.remove, cast.owner, cast.room_id, gone)
    else:
        await town.write(members.ban, cast.owner, cast.room_id, Ban(account_id=gone))


async def test_the_last_owner_hands_over_before_leaving(town: Town) -> None:
    cast = await assemble(town)
    assert await town.refusal(members.leave, cast.owner, cast.room_id) == "last_owner"
    heir = cast.member.account_id
    await town.write(members.change_role, cast.owner, cast.room_id, heir, "owner")
    await town.write(members.leave, cast.owner, cast.room_id)
    roles = await town.roles(cast.room_id)
    assert roles[heir] == "owner"
    assert cast.owner.account_id not in roles


async def test_an_owner_who_is_gone_for_good_is_no_heir(town: Town) -> None:
    cast = await assemble(town)
    heir = cast.member
    await town.write(members.change_role, cast.owner, cast.room_id, heir.account_id, "owner")
    await town.close_account(heir)
    assert await town.refusal(members.leave, cast.owner, cast.room_id) == "last_owner"
    own = cast.owner.account_id
    refused = await town.refusal(members.change_role, cast.owner, cast.room_id, own, "member")
    assert refused == "last_owner"
    await town.write(members.change_role, cast.owner, cast.room_id, heir.account_id, "guest")


async def test_the_last_to_leave_archives_the_room(town: Town) -> None:
    alice = await town.person()
    room_id = await town.room(alice, visibility="public")
    await town.write(members.leave, alice, room_id)
    assert town.heard_types(room_id)[-2:] == ["member.left", "room.changed"]
    assert await town.refusal(members.join, alice, room_id) == "archived"


async def test_the_last_to_leave_an_archived_room_changes_nothing_more(town: Town) -> None:
    alice = await town.person()
    room_id = await town.room(alice)
    await town.write(rooms.change, alice, room_id, ChangeRoom(archived=True))
    await town.write(members.leave, alice, room_id)
    assert town.heard_types(room_id)[-2:] == ["room.changed", "member.left"]


async def test_the_last_two_owners_leaving_at_once_leave_one(town: Town) -> None:
    for _ in range(10):
        alice, bob, carol = await town.people(3)
        room_id = await town.room(alice, bob, carol)
        await town.write(members.change_role, alice, room_id, bob.account_id, "owner")
        codes = await asyncio.gather(
            town.refusal(members.leave, alice, room_id),
            town.refusal(members.leave, bob, room_id),
        )
        assert sorted(codes) == ["", "last_owner"]
        assert "owner" in (await town.roles(room_id)).values()


async def test_two_owners_who_step_down_at_once_leave_one(town: Town) -> None:
    for _ in range(10):
        alice, bob = await town.people(2)
        room_id = await town.room(alice, bob)
        await town.write(members.change_role, alice, room_id, bob.account_id, "owner")
        codes = await asyncio.gather(
            *(
                town.refusal(members.change_role, one, room_id, one.account_id, "member")
                for one in (alice, bob)
            )
        )
        assert sorted(codes) == ["", "last_owner"]


async def test_two_owners_who_throw_each_other_out_leave_one(town: Town) -> None:
    for _ in range(10):
        alice, bob = await town.people(2)
        room_id = await town.room(alice, bob)
        await town.write(members.change_role, alice, room_id, bob.account_id, "owner")
        codes = await asyncio.gather(
            town.refusal(members.remove, alice, room_id, bob.account_id),
            town.refusal(members.remove, bob, room_id, alice.account_id),
        )
        assert sorted(codes) == ["", "not_found"]
        assert list((await town.roles(room_id)).values()) == ["owner"]


async def test_adding_answers_those_who_are_new(town: Town) -> None:
    cast = await assemble(town)
    wanted = [cast.outsider, cast.member, cast.ex_member, cast.outsider]
    added = await town.write(
        members.add, cast.member, cast.room_id, [one.account_id for one in wanted]
    )
    newcomers = [cast.outsider.account_id, cast.ex_member.account_id]
    assert [(one.account.id, one.role) for one in added] == [(id_, "member") for id_ in newcomers]
    told = town.heard(cast.room_id)[-2:]
    assert [heard.data["by"] for heard in told] == [str(cast.member.account_id)] * 2
    before = await town.state()
    assert await town.write(members.add, cast.member, cast.room_id, newcomers) == []
    assert await town.state() == before


async def test_who_cannot_be_added_is_named_and_nobody_is_added(town: Town) -> None:
    cast = await assemble(town)
    before = await town.state()
    wanted = [cast.outsider.account_id, cast.banned.account_id]
    with pytest.raises(Invalid) as refused:
        await town.write(members.add, cast.owner, cast.room_id, wanted)
    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("account_ids[1]", "banned")
    ]
    with pytest.raises(Invalid) as refused:
        await town.write(members.add, cast.owner, cast.room_id, [*wanted, town.ids.uuid7()])
    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("account_ids[2]", "unknown")
    ]
    assert await town.state() == before


async def test_a_group_takes_no_more_than_its_limit(town: Town) -> None:
    alice, *others = await town.people(GROUP_LIMIT + 2)
    room_id = await town.room(alice, *others[: GROUP_LIMIT - 2], kind="group")
    last, *late = (other.account_id for other in others[GROUP_LIMIT - 2 :])
    assert await town.refusal(members.add, alice, room_id, [last, late[0]]) == "conflict"
    codes = await asyncio.gather(
        *(town.refusal(members.add, alice, room_id, [one]) for one in (last, *late))
    )
    assert sorted(codes) == ["", "conflict", "conflict"]
    assert len(await town.roles(room_id)) == GROUP_LIMIT


async def test_a_ban_keeps_out_and_lifting_it_lets_in_again(town: Town) -> None:
    cast = await assemble(town, visibility="public")
    await town.write(members.unban, cast.moderator, cast.room_id, cast.banned.account_id)
    assert cast.banned.account_id not in await town.roles(cast.room_id)
    await town.write(members.join, cast.banned, cast.room_id)
    assert cast.banned.account_id in await town.roles(cast.room_id)


async def test_lifting_a_ban_that_is_none(town: Town) -> None:
    cast = await assemble(town)
    for who in (cast.member, cast.ex_member, cast.outsider):
        refused = await town.refusal(members.unban, cast.owner, cast.room_id, who.account_id)
        assert refused == "not_found"
    assert cast.member.account_id in await town.roles(cast.room_id)


async def test_a_stranger_can_be_banned_and_nobody_hears(town: Town) -> None:
    cast = await assemble(town, visibility="public")
    heard = len(town.published)
    ban = Ban(account_id=cast.outsider.account_id, reason="spam")
    await town.write(members.ban, cast.moderator, cast.room_id, ban)
    assert len(town.published) == heard
    assert await town.refusal(members.join, cast.outsider, cast.room_id) == "banned"
    assert await town.head(cast.room_id) == town.heard(cast.room_id)[-1].seq


async def test_the_list_of_bans_says_who_when_by_whom_and_why(town: Town) -> None:
    cast = await assemble(town)
    town.clock.pass_(minutes=1)
    for reason in ("noise", "noise, and then insults"):
        ban = Ban(account_id=cast.outsider.account_id, reason=reason)
        await town.write(members.ban, cast.moderator, cast.room_id, ban)
    newest, oldest = (await town.read(members.bans, cast.moderator, cast.room_id)).bans
    assert newest.account.id == cast.outsider.account_id
    assert newest.reason == "noise, and then insults"
    assert newest.banned_by == cast.moderator.account_id
    assert newest.banned_at == town.clock.at
    assert oldest.account.id == cast.banned.account_id


async def test_nobody_bans_who_does_not_exist(town: Town) -> None:
    cast = await assemble(town)
    ban = Ban(account_id=town.ids.uuid7())
    assert await town.refusal(members.ban, cast.owner, cast.room_id, ban) == "invalid"


async def test_a_role_that_changes_is_heard(town: Town) -> None:
    cast = await assemble(town)
    member = await town.write(
        members.change_role, cast.owner, cast.room_id, cast.member.account_id, "moderator"
    )
    assert (member.account.id, member.role) == (cast.member.account_id, "moderator")
    told = town.heard(cast.room_id)[-1]
    assert (told.type, told.data) == (
        "member.role_changed",
        {"account_id": str(cast.member.account_id), "role": "moderator"},
    )
    before = await town.state()
    await town.write(
        members.change_role, cast.owner, cast.room_id, cast.member.account_id, "moderator"
    )
    assert await town.state() == before


@pytest.mark.parametrize("who", ["outsider", "ex_member", "banned"])
async def test_only_members_have_roles(town: Town, who: str) -> None:
    cast = await assemble(town)
    roles: tuple[Role, ...] = ("member", "owner")
    for role in roles:
        target = cast.play(who).account_id
        refused = await town.refusal(members.change_role, cast.owner, cast.room_id, target, role)
        assert refused == "not_found"


async def test_members_are_listed_by_rank_then_name(town: Town) -> None:
    cast = await assemble(town)
    page = await town.read(members.page, cast.guest, cast.room_id, None)
    assert [(one.account.id, one.role) for one in page.members] == [
        (cast.owner.account_id, "owner"),
        (cast.moderator.account_id, "moderator"),
        (cast.member.account_id, "member"),
        (cast.bystander.account_id, "member"),
        (cast.guest.account_id, "guest"),
    ]
    assert page.next is None


async def test_pages_of_members_hold_each_once(town: Town) -> None:
    alice, *others = await town.people(members.PAGE * 2 + 1)
    room_id = await town.room(alice, *others[: members.PAGE])
    rest = [other.account_id for other in others[members.PAGE :]]
    for start in range(0, len(rest), 50):
        await town.write(members.add, alice, room_id, rest[start : start + 50])
    seen, cursor = list[str](), None
    for _ in range(3):
        page = await town.read(members.page, alice, room_id, cursor)
        seen += [one.account.username for one in page.members]
        cursor = page.next
    assert cursor is None
    assert len(seen) == len(set(seen)) == members.PAGE * 2 + 1


@pytest.mark.parametrize("cursor", ["x", "!", "bnVsbA", "WzEsIDIsIDNd", "A" * 200])
async def test_a_foreign_cursor_is_refused(town: Town, cursor: str) -> None:
    cast = await assemble(town)
    assert await town.refusal(members.page, cast.member, cast.room_id, cursor) == "invalid"


async def test_members_are_found_by_name_and_role(town: Town) -> None:
    cast = await assemble(town)
    found = await town.read(members.page, cast.member, cast.room_id, None, role="moderator")
    assert [one.account.id for one in found.members] == [cast.moderator.account_id]
    assert found.counts is not None
    assert (found.counts.moderator, found.counts.member) == (1, 0)
    name = (await town.read(members.page, cast.member, cast.room_id, None)).members[-1].account
    for query in (name.username.upper(), name.display_name[1:]):
        seen = await town.read(members.page, cast.member, cast.room_id, None, query=query)
        assert name.id in [one.account.id for one in seen.members]
    assert not (await town.read(members.page, cast.member, cast.room_id, None, query="%")).members
    ids = [cast.owner.account_id, cast.outsider.account_id]
    these = await town.read(members.page, cast.member, cast.room_id, None, ids=ids)
    assert [one.account.id for one in these.members] == [cast.owner.account_id]


async def test_a_page_says_how_many_there_are(town: Town) -> None:
    cast = await assemble(town)
    page = await town.read(members.page, cast.member, cast.room_id, None)
    roles = list((await town.roles(cast.room_id)).values())
    assert page.counts is not None
    assert {
        role: getattr(page.counts, role) for role in ("owner", "moderator", "member", "guest")
    } == {role: roles.count(role) for role in ("owner", "moderator", "member", "guest")}
