"""Old snapshot + events = new snapshot, for preferences and for reading that goes back (E6)."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.features.sync.conftest import House, house
from tests.support.verify import verify

from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.preferences import service as preferences
from tertulia.features.preferences.schemas import Arrange, ChangePreferences, Section
from tertulia.features.timeline import service as timeline

__all__ = ["house"]

Case = Callable[[House], Awaitable[object]]


def unreading(seq: Callable[[House], int]) -> Case:
    async def case(house: House) -> None:
        await house.world.write(members.mark_read, house.carol, house.channel, 10**9)
        await house.world.write(timeline.mark_unread, house.carol, house.channel, seq(house))

    return case


async def unread_and_go_on(house: House) -> None:
    await unreading(lambda house: house.question.seq)(house)
    await house.world.say(house.bob, house.channel, "@carol and more")
    await house.world.write(messages.delete, house.alice, house.channel, house.question.id)


async def unread_what_is_gone(house: House) -> None:
    await house.world.write(messages.delete, house.alice, house.channel, house.question.id)
    await unreading(lambda house: house.question.seq)(house)


def preferring(**wanted: Any) -> Case:
    async def case(house: House) -> None:
        change = ChangePreferences(**wanted)
        await house.world.write(preferences.change, house.carol, house.channel, change)

    return case


async def arrange(house: House) -> None:
    section = Section(id=house.world.ids.uuid7(), name="Kitchen")
    for wanted in (
        Arrange(sections=[section], default_level="nothing"),
        Arrange(collapsed=[str(section.id)]),
    ):
        await house.world.write(preferences.arrange, house.carol, wanted)
    await preferring(section_id=section.id)(house)


async def prefer_and_come_back(house: House) -> None:
    await preferring(favourite=True)(house)
    await house.world.write(members.leave, house.carol, house.channel)
    await house.world.write(members.join, house.carol, house.channel)


async def mute_twice(house: House) -> None:
    for _ in range(2):
        await preferring(muted=True)(house)


CASES: dict[str, Case] = {
    "unread from a mention": unreading(lambda house: house.question.seq),
    "everything unread": unreading(lambda house: 1),
    "unread, and more comes": unread_and_go_on,
    "unread from what is gone": unread_what_is_gone,
    "mute and favour": preferring(muted=True, favourite=True),
    "mute twice": mute_twice,
    "a level": preferring(level="nothing"),
    "prefer, leave and come back": prefer_and_come_back,
    "sections": arrange,
}
QUIET: dict[str, Case] = {
    "unread beyond the end": unreading(lambda house: 10**9),
    "to what it is": preferring(muted=False),
}


@pytest.mark.parametrize("case", CASES)
async def test_old_snapshot_and_events_are_the_new_snapshot(case: str, house: House) -> None:
    await verify(house.world, house.people, lambda: CASES[case](house))


@pytest.mark.parametrize("case", QUIET)
async def test_what_should_change_nothing_else(case: str, house: House) -> None:
    await verify(house.world, house.people, lambda: QUIET[case](house), quiet=True)
