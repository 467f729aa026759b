"""A link that lets somebody into the server is used up by it."""

import asyncio

import pytest
from tests.support.world import Person, World

from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import Register
from tertulia.features.accounts.service import Client, InviteInvalid, Rules, SignedIn
from tertulia.features.invites import service as invites
from tertulia.features.invites.schemas import CreateInvite
from tertulia.features.rooms import service as rooms

RULES = Rules(registration="invite", setup_token=None, version="test", max_text_length=8_000)


async def register(world: World, name: str, code: str) -> SignedIn:
    return await world.db.write(
        lambda tx: accounts.register(
            tx,
            world.sessions,
            RULES,
            invites.admits,
            Register(username=name, password="olive branches", invite=code),
            redeem=invites.accept,
            password_hash="no password opens this",
            client=Client("Firefox on Linux", "Linux"),
        )
    )


async def a_link(world: World, who: Person, uses: int) -> str:
    room_id = await world.room("group", who, name="Table")
    draft = CreateInvite(max_uses=uses)
    return (await world.write(invites.create, who, room_id, draft, public_url="http://x")).code


async def test_who_registers_by_a_link_is_in_its_room(world: World, alice: Person) -> None:
    signed_in = await register(world, "bob", await a_link(world, alice, 1))
    async with world.db.read() as tx:
        assert len(await rooms.room_ids(tx, signed_in.actor.account_id)) == 1


async def test_a_link_for_one_lets_one_of_ten_in(world: World, alice: Person) -> None:
    code = await a_link(world, alice, 1)
    outcomes = await asyncio.gather(
        *(register(world, f"guest{n}", code) for n in range(10)), return_exceptions=True
    )
    refused = [one for one in outcomes if isinstance(one, InviteInvalid)]
    assert len(refused) == 9, outcomes
    async with world.db.read() as tx:
        people = await accounts.find_people(tx, alice.actor, "guest", None)
    assert len(people.people) == 1  # a refused registration leaves no account behind


async def test_following_the_link_again_uses_nothing_up(world: World, alice: Person) -> None:
    code = await a_link(world, alice, 2)
    signed_in = await register(world, "bob", code)
    await world.db.write(lambda tx: invites.accept(tx, signed_in.actor, code))
    await register(world, "carla", code)
    with pytest.raises(InviteInvalid):
        await register(world, "dora", code)
