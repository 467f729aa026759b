"""Links into rooms."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from tests.support.rooms import Cast, Town, assemble

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError
from tertulia.features.invites import service as invites
from tertulia.features.invites.schemas import CreateInvite, Invite, InvitePreview
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import GROUP_LIMIT, ChangeRoom

URL = "https://t.example"


async def make(town: Town, maker: Actor, room_id: UUID, **draft: Any) -> Invite:
    return await town.write(
        invites.create, maker, room_id, CreateInvite(**draft), public_url=URL + "/"
    )


async def preview(town: Town, code: str) -> InvitePreview | str:
    """What it shows, or the code of the refusal."""
    try:
        async with town.db.read() as tx:
            return await invites.preview(tx, code)
    except AppError as error:
        return error.code


async def admits(town: Town, code: str) -> bool:
    async with town.db.read() as tx:
        return await invites.admits(tx, code)


async def uses(town: Town, cast: Cast) -> list[int]:
    found = await town.read(invites.list_live, cast.owner, cast.room_id)
    return [invite.uses for invite in found.invites]


async def test_a_link_leads_into_its_room(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.member, cast.room_id)
    assert invite.url == f"{URL}/invite/{invite.code}"
    assert len(invite.code) == 43  # 256 bits
    assert await town.write(invites.accept, cast.outsider, invite.code) == cast.room_id
    assert (await town.roles(cast.room_id))[cast.outsider.account_id] == "member"
    told = town.heard(cast.room_id)[-1]
    assert (told.type, told.data["by"]) == ("member.joined", None)
    assert await uses(town, cast) == [1]


async def test_a_guest_link_makes_guests(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.owner, cast.room_id, role="guest")
    await town.write(invites.accept, cast.outsider, invite.code)
    assert (await town.roles(cast.room_id))[cast.outsider.account_id] == "guest"


async def test_a_link_changes_nobody_who_is_in(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.owner, cast.room_id, role="guest", max_uses=1)
    before = await town.state()
    for who in (cast.owner, cast.moderator, cast.member, cast.guest):
        assert await town.write(invites.accept, who, invite.code) == cast.room_id
    assert await town.state() == before
    await town.write(invites.accept, cast.outsider, invite.code)
    assert await town.write(invites.accept, cast.outsider, invite.code) == cast.room_id


async def test_the_code_is_nowhere_but_in_the_first_answer(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.owner, cast.room_id)
    [listed] = (await town.read(invites.list_live, cast.owner, cast.room_id)).invites
    assert (listed.id, listed.code, listed.url) == (invite.id, "", "")
    assert invite.code not in repr(await town.state())
    assert invite.code.encode() not in b"".join(notice.body for notice in town.published)


async def test_a_link_shows_its_room_to_whoever_holds_it(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.member, cast.room_id)
    shown = await preview(town, invite.code)
    assert isinstance(shown, InvitePreview)
    assert (shown.room_id, shown.kind, shown.room_name) == (cast.room_id, "channel", "The table")
    assert shown.member_count == len(await town.roles(cast.room_id))
    assert shown.invited_by.id == cast.member.account_id


async def test_a_link_ends_on_time(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.owner, cast.room_id, expires_in=3600)
    town.clock.pass_(seconds=3599)
    assert await admits(town, invite.code)
    town.clock.pass_(seconds=1)
    await is_dead(town, cast, invite.code)


async def test_a_link_without_an_end_stays(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.owner, cast.room_id, expires_in=None)
    town.clock.pass_(days=10_000)
    assert await admits(town, invite.code)


async def test_a_used_up_link_is_dead(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.owner, cast.room_id, max_uses=1)
    await town.write(invites.accept, cast.ex_member, invite.code)
    await is_dead(town, cast, invite.code)


async def test_a_revoked_link_is_dead(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.member, cast.room_id)
    await town.write(invites.revoke, cast.member, cast.room_id, invite.id)
    await is_dead(town, cast, invite.code)
    before = await town.state()
    town.clock.pass_(days=1)
    await town.write(invites.revoke, cast.owner, cast.room_id, invite.id)
    assert await town.state() == before


@pytest.mark.parametrize("code", ["", "x", "\0", "A" * 43, "../..", "\U0001f980"])
async def test_a_code_that_never_was_is_dead(town: Town, code: str) -> None:
    await is_dead(town, await assemble(town), code)


async def is_dead(town: Town, cast: Cast, code: str) -> None:
    """Whatever became of it, a stranger hears the same, and nothing happens."""
    before = await town.state()
    assert await preview(town, code) == "invite_invalid"
    for who in (cast.outsider, cast.banned):
        assert await town.refusal(invites.accept, who, code) == "invite_invalid"
    assert not await admits(town, code)
    assert await town.state() == before


@pytest.mark.parametrize("end", ["removed", "banned", "made a guest", "closed"])
async def test_a_link_is_worth_what_its_maker_is(town: Town, end: str) -> None:
    # checklist 8
    cast = await assemble(town)
    invite = await make(town, cast.member, cast.room_id)
    maker = cast.member.account_id
    if end == "removed":
        await town.write(members.remove, cast.owner, cast.room_id, maker)
    elif end == "banned":
        await town.write(members.ban, cast.owner, cast.room_id, Ban(account_id=maker))
    elif end == "made a guest":
        await town.write(members.change_role, cast.owner, cast.room_id, maker, "guest")
    else:
        await town.close_account(cast.member)
    await is_dead(town, cast, invite.code)
    if end == "removed":
        refused = await town.refusal(invites.accept, cast.member, invite.code)
        assert refused == "invite_invalid"


async def test_a_link_outlives_its_maker_leaving(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.member, cast.room_id)
    await town.write(members.leave, cast.member, cast.room_id)
    assert await admits(town, invite.code)


async def test_an_archived_room_lets_nobody_in(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.owner, cast.room_id)
    await town.write(rooms.change, cast.owner, cast.room_id, ChangeRoom(archived=True))
    assert await preview(town, invite.code) == "archived"
    assert await town.refusal(invites.accept, cast.outsider, invite.code) == "archived"
    assert not await admits(town, invite.code)
    await town.write(rooms.change, cast.owner, cast.room_id, ChangeRoom(archived=False))
    assert await uses(town, cast) == [0]
    assert await admits(town, invite.code)


async def test_the_banned_are_refused_and_use_nothing_up(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.owner, cast.room_id, max_uses=1)
    assert await town.refusal(invites.accept, cast.banned, invite.code) == "banned"
    assert await uses(town, cast) == [0]


async def test_a_full_group_uses_nothing_up(town: Town) -> None:
    alice, late, *others = await town.people(GROUP_LIMIT + 1)
    room_id = await town.room(alice, *others, kind="group")
    invite = await make(town, alice, room_id)
    assert await town.refusal(invites.accept, late, invite.code) == "conflict"
    [listed] = (await town.read(invites.list_live, alice, room_id)).invites
    assert listed.uses == 0


async def test_members_see_their_own_links_and_moderators_all(town: Town) -> None:
    cast = await assemble(town)
    made = {
        who: (await make(town, who, cast.room_id)).id
        for who in (cast.owner, cast.moderator, cast.member)
    }
    for who, seen in (
        (cast.owner, set(made.values())),
        (cast.moderator, set(made.values())),
        (cast.member, {made[cast.member]}),
        (cast.bystander, set[UUID]()),
    ):
        found = await town.read(invites.list_live, who, cast.room_id)
        assert {invite.id for invite in found.invites} == seen


async def test_a_link_is_revoked_in_its_own_room_only(town: Town) -> None:
    # checklist 4: ids never widen scope
    mine, theirs = await assemble(town), await assemble(town)
    invite = await make(town, theirs.owner, theirs.room_id)
    refused = await town.refusal(invites.revoke, mine.owner, mine.room_id, invite.id)
    assert refused == "not_found"
    assert await admits(town, invite.code)


async def test_open_links_are_bounded(town: Town) -> None:
    cast = await assemble(town)
    for _ in range(invites.LIVE_LIMIT - 1):
        await make(town, cast.owner, cast.room_id)
    last = await make(town, cast.owner, cast.room_id)
    draft = CreateInvite()
    refused = await town.refusal(invites.create, cast.owner, cast.room_id, draft, public_url=URL)
    assert refused == "conflict"
    await town.write(invites.revoke, cast.owner, cast.room_id, last.id)
    await make(town, cast.owner, cast.room_id)


async def test_a_hundred_redeem_a_link_for_ten(town: Town) -> None:
    # checklist 9
    cast = await assemble(town)
    invite = await make(town, cast.owner, cast.room_id, max_uses=10)
    before = len(await town.roles(cast.room_id))
    crowd = await town.people(100)
    codes = await asyncio.gather(*(town.refusal(invites.accept, one, invite.code) for one in crowd))
    assert sorted(codes) == [""] * 10 + ["invite_invalid"] * 90
    assert len(await town.roles(cast.room_id)) == before + 10
    joined = [code == "" for code in codes]
    heard = [bool(town.heard(one.account_id)) for one in crowd]
    assert joined == heard


async def test_redeeming_a_hundred_times_at_once_counts_once(town: Town) -> None:
    cast = await assemble(town)
    invite = await make(town, cast.owner, cast.room_id, max_uses=10)
    await asyncio.gather(
        *(town.write(invites.accept, cast.outsider, invite.code) for _ in range(100))
    )
    assert await uses(town, cast) == [1]
    assert town.heard_types(cast.outsider.account_id) == ["room.joined"]


async def test_banned_while_accepting_is_out_in_the_end(town: Town) -> None:
    for _ in range(20):
        cast = await assemble(town)
        invite = await make(town, cast.owner, cast.room_id)
        ban = Ban(account_id=cast.outsider.account_id)
        code, _ = await asyncio.gather(
            town.refusal(invites.accept, cast.outsider, invite.code),
            town.write(members.ban, cast.owner, cast.room_id, ban),
        )
        assert code in ("", "banned")
        assert cast.outsider.account_id not in await town.roles(cast.room_id)
        heard = town.heard_types(cast.outsider.account_id)
        assert heard == ([] if code else ["room.joined", "room.left"])


async def test_revoked_while_accepting_counts_once_or_not_at_all(town: Town) -> None:
    for _ in range(10):
        cast = await assemble(town)
        invite = await make(town, cast.owner, cast.room_id)
        code, _ = await asyncio.gather(
            town.refusal(invites.accept, cast.outsider, invite.code),
            town.write(invites.revoke, cast.owner, cast.room_id, invite.id),
        )
        inside = cast.outsider.account_id in await town.roles(cast.room_id)
        assert (code, inside) in (("", True), ("invite_invalid", False))
