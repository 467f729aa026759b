"""Filling a hole in one stream (S5), and who may."""

from uuid import UUID

import msgspec
import pytest
from tests.features.sync.conftest import House

from tertulia.core.errors import NotFound
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import SendMessage
from tertulia.features.messages.service import Outgoing
from tertulia.features.sync import service as sync
from tertulia.features.sync.schemas import EventPage
from tertulia.main import wiring


async def events(house: House, after: int, limit: int = 500) -> EventPage:
    return await house.world.read(
        sync.room_events, house.bob, house.channel, after, limit, wiring.HYDRATORS
    )


async def test_every_event_of_a_room_reads_as_it_was_published(house: House) -> None:
    page = await events(house, 0)
    published = house.world.published(f"room:{house.channel}")
    read = [msgspec.json.decode(msgspec.json.encode(event)) for event in page.events]
    assert [event["seq"] for event in read] == list(range(1, page.head + 1))
    assert read == published
    assert not page.too_long


async def test_every_event_of_my_own_reads_as_it_was_published(house: House) -> None:
    page = await house.world.read(sync.account_events, house.bob, 0, 500, wiring.HYDRATORS)
    published = house.world.published(house.bob.stream)
    assert [msgspec.json.decode(msgspec.json.encode(event)) for event in page.events] == published


async def test_an_event_read_later_shows_a_tombstone(house: House) -> None:  # E4
    await house.world.write(messages.delete, house.alice, house.channel, house.question.id)
    page = await events(house, house.question.seq - 1, 1)
    data = msgspec.json.decode(page.events[0].data)
    assert page.events[0].type == "message.sent"
    assert data["message"]["body"]["kind"] == "deleted"


async def test_from_where_asked_as_many_as_asked(house: House) -> None:
    page = await events(house, 2, 3)
    assert [event.seq for event in page.events] == [3, 4, 5]
    assert (await events(house, page.head)).events == []
    assert (await events(house, 10**9)).events == []


async def test_a_hole_that_is_too_long_says_so(house: House) -> None:
    drafts = [
        SendMessage(client_id=house.world.ids.uuid7(), text=f"{n}") for n in range(sync.TOO_LONG)
    ]
    outgoing = [Outgoing(house.alice.actor, house.channel, draft) for draft in drafts]
    await house.world.db.write(lambda tx: messages.send_all(tx, outgoing))
    page = await events(house, 0)
    assert (page.too_long, page.events) == (True, [])
    assert not (await events(house, page.head - sync.TOO_LONG)).too_long


@pytest.mark.parametrize("who", ["dave", "mallory"])
async def test_outsiders_and_the_banned_find_nothing(house: House, who: str) -> None:  # C6
    person, hydrators = getattr(house, who), wiring.HYDRATORS
    with pytest.raises(NotFound) as there:
        await house.world.read(sync.room_events, person, house.channel, 0, 10, hydrators)
    with pytest.raises(NotFound) as nowhere:
        await house.world.read(sync.room_events, person, UUID(int=1), 0, 10, hydrators)
    assert str(there.value) == str(nowhere.value)
    with pytest.raises(NotFound):
        await house.world.room_snapshot(person, house.channel)
    assert f"room:{house.channel}" not in await house.world.read(sync.heads, person)


async def test_an_ex_member_finds_nothing_not_even_what_they_heard(house: House) -> None:
    await house.world.write(members.leave, house.bob, house.channel)
    with pytest.raises(NotFound):
        await events(house, 0)
    assert f"room:{house.channel}" not in await house.world.read(sync.heads, house.bob)


async def test_heads_are_of_all_my_streams_and_no_others(house: House) -> None:  # W2
    heads = await house.world.read(sync.heads, house.bob)
    assert set(heads) == {
        house.bob.stream,
        *(f"room:{room}" for room in (house.channel, house.group, house.direct)),
    }
    for stream, head in heads.items():
        assert head == (await house.world.logged(UUID(stream.partition(":")[2])))[-1][0]
    assert set(await house.world.read(sync.heads, house.dave)) == {house.dave.stream}


async def test_the_head_of_a_room_is_for_its_members(house: House) -> None:
    async with house.world.db.read() as tx:
        heads = [
            await sync.find_head(tx, person.id, house.channel)
            for person in (house.bob, house.dave, house.mallory)
        ]
    assert heads[0] is not None
    assert heads[1:] == [None, None]
