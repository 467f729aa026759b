"""When somebody does not want to be disturbed, and what others see of it (P7)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests.features.presence.house import Ear, House, open_house, until
from tests.support.verify import verify
from tests.support.world import Person, World

from tertulia.core.actor import Actor
from tertulia.core.errors import Invalid
from tertulia.features.people import service as people
from tertulia.features.people.schemas import ChangePrivacy
from tertulia.features.presence import service
from tertulia.features.presence.live import LOOK_SECONDS
from tertulia.features.presence.schemas import (
    Availability,
    PersonCard,
    PresenceState,
    QuietHours,
    SetAvailability,
)
from tertulia.features.presence.state import GRACE_SECONDS, TOPIC, is_quiet
from tertulia.features.sync import service as sync

SATURDAY = datetime(2026, 11, 21, tzinfo=UTC)
NIGHTS = QuietHours(days=[4, 5], start=22 * 60, end=7 * 60)  # Friday's and Saturday's
LUNCH = QuietHours(days=[5], start=12 * 60, end=13 * 60)


@pytest.mark.parametrize(
    ("hour", "zone", "quiet"),
    [
        (6, None, True),  # Friday's night still
        (7, None, False),
        (12, None, True),
        (13, None, False),
        (22, None, True),
        (29, None, True),  # Sunday, five o'clock: Saturday's night
        (46, None, False),  # Sunday's night is not quiet
        (11, "Europe/Madrid", True),  # noon there
        (12, "Europe/Madrid", False),
        (12, "no/such", True),  # a zone that was removed: UTC
    ],
)
def test_a_schedule_holds_in_ones_own_time(hour: int, zone: str | None, quiet: bool) -> None:
    mine = Availability(schedule=[NIGHTS, LUNCH], time_zone=zone)
    assert is_quiet(mine, SATURDAY + timedelta(hours=hour)) is quiet


def test_now_and_until() -> None:
    assert not is_quiet(Availability(), SATURDAY)
    assert is_quiet(Availability(dnd=True), SATURDAY)
    until_noon = Availability(dnd=True, dnd_until=SATURDAY + timedelta(hours=12))
    assert is_quiet(until_noon, SATURDAY)
    assert not is_quiet(until_noon, SATURDAY + timedelta(hours=12))


@pytest.fixture
async def house(world: World) -> AsyncIterator[House]:
    async with open_house(world) as house:
        yield house


async def connect(house: House, who: Person) -> Ear:
    ear = await house.connect(who)
    ear.principal = Actor(who.id, who.actor.device_id)  # pyright: ignore[reportAttributeAccessIssue]
    async with house.world.db.read() as tx:
        manners = await service.manners(tx, [who.id])
    streams = await house.world.read(sync.heads, who)
    house.live.enter(ear.conn, who.id, streams, manners[who.id])
    return ear


async def test_others_see_it_and_see_it_end(
    house: House, world: World, alice: Person, bob: Person
) -> None:
    await world.channel(alice, bob)
    ear = await connect(house, alice)
    soon = world.clock.now() + timedelta(minutes=30)
    wanted = SetAvailability(dnd=True, dnd_until=soon)
    await verify(world, [bob], lambda: world.write(service.set_availability, bob, wanted))
    await connect(house, bob)
    await until(lambda: ear.last == (bob.id, "dnd"))
    await world.clock.advance(1800 + LOOK_SECONDS)
    await until(lambda: ear.last == (bob.id, "online"))
    house.live.set_availability(bob.id, Availability(dnd=True))
    await until(lambda: ear.last == (bob.id, "dnd"))


async def test_a_zone_that_nobody_knows_is_refused(world: World, alice: Person) -> None:
    with pytest.raises(Invalid):
        await world.write(
            service.set_availability, alice, SetAvailability(time_zone="Middle/Earth")
        )


async def test_two_in_a_block_do_not_see_each_other(
    house: House, world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.channel(alice, bob, mallory)
    hers, his = await connect(house, alice), await connect(house, mallory)
    await until(lambda: hers.last == (mallory.id, "online"))

    async def carry() -> None:
        for notice in world.bus.published:
            if notice.topic == TOPIC:
                house.live.hear(notice)
        world.bus.published.clear()

    await world.write(people.block, alice, mallory.id)
    await carry()
    assert hers.last == (mallory.id, "offline")
    assert his.last == (alice.id, "offline")
    for one, other in ((alice, mallory), (mallory, alice)):
        found = await world.read(service.audience, one, room, None)
        assert found.everybody is not None
        assert other.id not in {*found.asked, *found.everybody}
    heard = len(his.heard)
    house.live.set_state(hers.conn, alice.id, away=True)
    bobs = await connect(house, bob)
    await until(lambda: (alice.id, "away") in bobs.heard or house.state(alice) == "away")
    assert (alice.id, "away") not in his.heard[heard:]
    await world.write(people.unblock, alice, mallory.id)
    await carry()
    assert his.last == (alice.id, "away")


async def card(
    world: World, who: Person, whom: Person, present: PresenceState = "online"
) -> PersonCard:
    return await world.read(service.card, who, whom.id, present)


async def test_a_card_for_everybody(
    house: House, world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    """Who is near sees all; a stranger and somebody blocked see the same nothing."""
    carol = await world.person("carol")
    await world.channel(alice, bob, mallory)
    zone = SetAvailability(time_zone="Europe/Madrid")
    await world.write(service.set_availability, alice, zone)
    await world.write(people.change_privacy, alice, ChangePrivacy(may_message="contacts"))
    await world.write(people.block, alice, mallory.id)
    near, stranger, blocked = [await card(world, who, alice) for who in (bob, carol, mallory)]
    assert (near.state, near.time_zone, near.may_message) == ("online", "Europe/Madrid", False)
    assert near.last_seen_at is not None
    assert (stranger.state, stranger.time_zone, stranger.last_seen_at) == ("offline", None, None)
    assert msgspec.structs.replace(blocked, may_add=True) == stranger
    assert (await card(world, alice, mallory)).blocked
    await world.write(people.change_privacy, bob, ChangePrivacy(hide_last_seen=True))
    assert (await card(world, bob, alice)).last_seen_at is None
    assert (await card(world, alice, bob)).last_seen_at is None


async def test_last_seen_is_when_the_last_socket_went(
    house: House, world: World, alice: Person, bob: Person
) -> None:
    await world.channel(alice, bob)
    ear = await connect(house, bob)
    house.disconnect(ear, bob)
    left_at = world.clock.now()
    for _ in range(2):
        await world.clock.advance(GRACE_SECONDS)

    async def noted() -> bool:
        seen = (await card(world, alice, bob, "offline")).last_seen_at
        return seen is not None and seen >= left_at

    async def wait() -> None:
        while not await noted():
            await world.clock.advance(LOOK_SECONDS)

    await wait()
