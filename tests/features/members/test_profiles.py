"""Rooms hear when a member's profile changes."""

import asyncio

from tests.support.rooms import Town

from tertulia.features.members import service as members
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can


async def test_every_room_of_mine_hears_my_new_name(town: Town) -> None:
    alice, bob = await town.people(2)
    one, two, left = [await town.room(bob, alice) for _ in range(3)]
    foreign = await town.room(bob)
    await town.write(members.leave, alice, left)
    heads = {room_id: await town.head(room_id) for room_id in (left, foreign)}
    await town.rename(alice, "Alice in the kitchen")
    for room_id in (one, two):
        told = town.heard(room_id)[-1]
        assert told.type == "member.changed"
        assert told.data["account"]["id"] == str(alice.account_id)
        assert told.data["account"]["display_name"] == "Alice in the kitchen"
        assert "email" not in told.data["account"]
    for room_id, head in heads.items():
        assert await town.head(room_id) == head


async def test_no_room_keeps_an_old_name_of_who_joins_meanwhile(town: Town) -> None:
    """Whatever the order: the last thing the room hears of me carries my new name."""
    for round_ in range(20):
        alice, bob = await town.people(2)
        room_id = await town.room(bob, visibility="public")
        await town.room(bob, alice)
        name = f"Alice {round_}"
        await asyncio.gather(town.rename(alice, name), town.write(members.join, alice, room_id))
        told = town.heard(room_id)[-1]
        account = told.data["account"] if told.type == "member.changed" else None
        account = account or told.data["member"]["account"]
        assert (account["id"], account["display_name"]) == (str(alice.account_id), name)


async def test_renaming_and_leaving_at_once_do_not_block_each_other(town: Town) -> None:
    for round_ in range(20):
        alice, bob = await town.people(2)
        room_id = await town.room(bob, alice)
        await asyncio.gather(
            town.rename(alice, f"Alice {round_}"), town.write(members.leave, alice, room_id)
        )
        assert await town.refusal(rooms.require, alice, room_id, Can.READ) == "not_found"
        assert town.heard_types(room_id)[-1] == "member.left"
