"""Who hears of whom over two nodes, and what that costs."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from tests.features.presence.house import Ear, House, open_house, until
from tests.support.clock import turns
from tests.support.world import Person, World

from tertulia.core.bus import LocalHub, Notice
from tertulia.core.tx import Tx
from tertulia.features.presence import service
from tertulia.features.presence.live import BEAT_LOOKS, LOOK_SECONDS, TOPIC
from tertulia.features.presence.state import DEAD_SECONDS, GRACE_SECONDS, NEWS_PEOPLE

BEAT_SECONDS = BEAT_LOOKS * LOOK_SECONDS
CROWD = 2_000


@pytest.fixture
def hub() -> LocalHub:
    return LocalHub()


@pytest.fixture
async def here(world: World, hub: LocalHub) -> AsyncIterator[House]:
    async with open_house(world, hub, "here") as house:
        yield house


@pytest.fixture
async def there(world: World, hub: LocalHub, here: House) -> AsyncIterator[House]:
    async with open_house(world, hub, "there") as house:
        await world.clock.advance(BEAT_SECONDS)
        yield house


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many people the database was asked about, each time."""
    asked: list[int] = []
    audiences = service.audiences

    async def count(tx: Tx, account_ids: set[UUID]) -> dict[UUID, list[UUID]]:
        asked.append(len(account_ids))
        return await audiences(tx, account_ids)

    monkeypatch.setattr(service, "audiences", count)
    return asked


async def heard(ear: Ear, *wanted: tuple[UUID, str]) -> None:
    await until(lambda: len(ear.heard) >= len(wanted))
    await turns()
    assert ear.heard == list(wanted)
    ear.heard.clear()


async def test_people_see_each_other_come_rest_and_leave(
    here: House, there: House, world: World, alice: Person, bob: Person
) -> None:
    await world.channel(alice, bob)
    ear = await here.connect(alice)
    ear.heard.clear()
    his = await there.connect(bob)
    await heard(ear, (bob.id, "online"))
    there.live.set_state(his.conn, bob.id, away=True)
    await heard(ear, (bob.id, "away"))
    there.disconnect(his, bob)
    await world.clock.advance(GRACE_SECONDS + LOOK_SECONDS)
    await heard(ear, (bob.id, "offline"))


async def test_strangers_hear_nothing_of_other_nodes(
    here: House, there: House, world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    await world.channel(alice, bob)
    ear, witness = await here.connect(mallory), await here.connect(alice)
    ear.heard.clear()
    witness.heard.clear()
    await there.connect(bob)
    await heard(witness, (bob.id, "online"))
    assert ear.heard == []


async def test_a_second_socket_elsewhere_is_no_news(
    here: House, there: House, world: World, alice: Person, bob: Person
) -> None:
    await world.channel(alice, bob)
    ear = await here.connect(alice)
    laptop = await here.connect(bob)
    ear.heard.clear()
    await there.connect(bob)
    here.disconnect(laptop, bob)
    await world.clock.advance(GRACE_SECONDS + LOOK_SECONDS)
    assert ear.heard == []
    assert here.state(bob) == there.state(bob) == "online"


async def test_a_node_that_starts_knows_at_once_who_is_elsewhere(
    here: House, world: World, hub: LocalHub, alice: Person
) -> None:
    await here.connect(alice)
    async with open_house(world, hub, "new") as new:
        assert new.state(alice) == "online"
        assert new.live.connected(alice.id)


async def test_connected_anywhere(here: House, there: House, alice: Person) -> None:
    ear = await there.connect(alice)
    assert here.live.connected(alice.id)
    there.disconnect(ear, alice)
    await turns()
    assert not here.live.connected(alice.id), "reached by a notification only"
    assert here.state(alice) == "online", "expected back"


async def test_who_was_on_a_node_that_died_goes_offline(
    here: House, there: House, world: World, alice: Person, bob: Person
) -> None:
    await world.channel(alice, bob)
    ear = await here.connect(alice)
    await there.connect(bob)
    await heard(ear, (alice.id, "online"), (bob.id, "online"))
    await there.die()
    await world.clock.advance(DEAD_SECONDS - BEAT_SECONDS - LOOK_SECONDS)
    assert ear.heard == []
    await world.clock.advance(BEAT_SECONDS + 2 * LOOK_SECONDS)
    await heard(ear, (bob.id, "offline"))
    assert not here.live.connected(bob.id)


async def test_who_moves_over_from_a_node_that_died_never_left(
    here: House, there: House, world: World, alice: Person, bob: Person
) -> None:
    await world.channel(alice, bob)
    ear = await here.connect(alice)
    await there.connect(bob)
    await heard(ear, (alice.id, "online"), (bob.id, "online"))
    await there.die()
    await here.connect(bob)
    await world.clock.advance(DEAD_SECONDS + 2 * LOOK_SECONDS)
    assert ear.heard == []


async def test_a_cut_between_nodes_heals(
    here: House, there: House, world: World, alice: Person, bob: Person
) -> None:
    """Faults 18 and 22: what was told meanwhile is lost for ever; both agree within a beat."""
    await world.channel(alice, bob)
    ear = await here.connect(alice)
    his = await there.connect(bob)
    await heard(ear, (alice.id, "online"), (bob.id, "online"))
    there.bus.cut = True
    there.live.set_state(his.conn, bob.id, away=True)
    await turns()
    assert here.state(bob) == "online", "the last that was known"
    there.bus.cut = False
    await world.clock.advance(BEAT_SECONDS)
    await heard(ear, (bob.id, "away"))


async def test_a_long_cut_is_a_death_until_it_heals(
    here: House, there: House, world: World, alice: Person, bob: Person
) -> None:
    await world.channel(alice, bob)
    ear, his = await here.connect(alice), await there.connect(bob)
    await heard(ear, (alice.id, "online"), (bob.id, "online"))
    await heard(his, (bob.id, "online"))
    there.bus.cut = True
    await world.clock.advance(DEAD_SECONDS + 2 * LOOK_SECONDS)
    await heard(ear, (bob.id, "offline"))
    await heard(his, (alice.id, "offline"))
    there.bus.cut = False
    await world.clock.advance(BEAT_SECONDS)
    await heard(ear, (bob.id, "online"))
    await heard(his, (alice.id, "online"))


async def test_a_stranger_on_the_bus_is_not_believed(
    here: House, alice: Person, hub: LocalHub
) -> None:
    await here.connect(alice)
    for body in (b"", b"[]", b'{"type":"news"}', b'{"type":"beat","node":"x","version":"1"}'):
        here.live.hear(Notice(TOPIC, 0, TOPIC, body))
    assert here.state(alice) == "online"


# What it costs


async def test_a_node_alone_says_nothing_of_its_people(here: House, alice: Person) -> None:
    before = len(here.bus.published)
    await here.connect(alice)
    assert len(here.bus.published) == before


async def test_a_storm_is_told_in_few_words_and_asks_the_database_nothing(
    here: House, there: House, world: World, asked: list[int]
) -> None:
    """People come back by the thousand: one message for all that came since the last."""
    ear = Ear()
    room = world.ids.uuid7()
    there.topics.join(ear.conn, f"room:{room}")
    people = [world.ids.uuid7() for _ in range(CROWD)]
    before = len(here.bus.published)
    for number, account_id in enumerate(people):
        here.live.enter(Ear().conn, account_id, [f"room:{room}", f"account:{account_id}"])
        if number % 5 == 0:
            await turns(1)  # they come a few in each turn of the loop
    await world.clock.advance(LOOK_SECONDS)
    await until(lambda: len(ear.heard) == CROWD)
    assert {account_id for account_id, _ in ear.heard} == set(people)
    assert ear.frames < 100
    assert len(here.bus.published) - before < 100
    assert asked == []


async def test_a_room_with_very_many_listeners_is_not_told(
    here: House, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes there would cost a frame for everybody: clients ask `presence.list`."""
    monkeypatch.setattr("tertulia.features.presence.live.LISTENERS", 2)
    crowd, couple, account_id = world.ids.uuid7(), world.ids.uuid7(), world.ids.uuid7()
    ears = [Ear() for _ in range(3)]
    for ear in ears:
        here.topics.join(ear.conn, f"room:{crowd}")
    here.topics.join(ears[0].conn, f"room:{couple}")
    here.live.enter(Ear().conn, account_id, [f"room:{crowd}", f"room:{couple}"])
    await until(lambda: ears[0].heard)
    assert [ear.frames for ear in ears] == [1, 0, 0]


async def test_a_nodes_death_asks_the_database_about_many_at_once(
    here: House, there: House, world: World, asked: list[int]
) -> None:
    people = [world.ids.uuid7() for _ in range(CROWD)]
    for account_id in people:
        there.live.enter(Ear().conn, account_id, [f"account:{account_id}"])
    await until(lambda: here.live.connected(people[-1]))
    await there.die()
    await world.clock.advance(DEAD_SECONDS + 2 * LOOK_SECONDS)
    await until(lambda: sum(asked) == CROWD)
    assert max(asked) == NEWS_PEOPLE
