"""Faults 27 and 28: everybody comes back at once; to a server that runs, and to one that just
started and knows nobody."""

import asyncio
from collections.abc import Awaitable

import pytest
from tests.faults.crowd import Crowd, crowd, fill_room
from tests.faults.furniture import Furniture
from tests.faults.house import House
from tests.faults.party import Party, party, slowest
from tests.faults.places import kill_sockets, require_network
from tests.faults.waiting import until

PEOPLE, SOCKETS = 500, 2_000
SETTLED = 10.0  # seconds until the last one is current
LATE = 1.0  # a machine that does eight things at once
REST = 0.20  # of one core, when it is over


@pytest.mark.faults
async def test_a_storm_settles_and_nobody_misses_anything(  # fault 27
    guest_house: House, furniture: Furniture
) -> None:
    require_network()  # for `ss -K`
    speakers = furniture.people[:3]
    hall, people = await fill_room(guest_house, speakers, PEOPLE)
    async with (
        crowd(guest_house, people, hall, SOCKETS) as listeners,
        party(guest_house, speakers) as guests,
    ):
        took = await storm(listeners, guests, reset_all(listeners))
        # Whoever kept their socket went on talking meanwhile.
        assert sum(bot.disconnects for bot in guests.bots) == 0
        senders = slowest(guests.attempts_since(guests.now - took))
        took_again = await storm(listeners, guests, kill_all(guest_house))
        guests.healed()
        report = await guests.finish()
        assert await cpu(guest_house) < REST + 0.1  # the bots have only just gone quiet
    assert max(took, took_again) < SETTLED
    assert senders < 2 + LATE
    assert not [how for how in listeners.refused if "not told when" in how]
    assert report.heals_within(3 + LATE)
    print(
        f"{report}; {SOCKETS} sockets current after {took:.1f} and {took_again:.1f} s, "
        f"a sender waited at most {senders:.2f} s, told to wait: {dict(listeners.refused)}"
    )


@pytest.mark.faults
async def test_a_storm_on_a_server_that_just_started(  # fault 28
    guest_house: House, furniture: Furniture
) -> None:
    """Killed and started again: no cache is warm."""
    speakers = furniture.people[:3]
    hall, people = await fill_room(guest_house, speakers, PEOPLE)
    async with (
        crowd(guest_house, people, hall, SOCKETS) as listeners,
        party(guest_house, speakers) as guests,
    ):

        async def kill() -> None:
            await guest_house.kill()
            await guest_house.start()
            guests.healed()

        await storm(listeners, guests, kill())
        took = max(guest.since for guest in listeners.guests) - guests.healing_since
        report = await guests.finish()
    assert took < 2 * SETTLED
    assert report.heals_within(3 + LATE)
    print(f"{report}; {SOCKETS} sockets current after {took:.1f} s")


async def storm(listeners: Crowd, guests: Party, strike: Awaitable[None]) -> float:
    """Seconds from the strike until the last one knows what was said while all were away."""
    began = guests.struck()
    await strike
    said = await guests.bots[0].say(listeners.room_id, "while you were away")
    assert said.seq is not None
    listeners.wanted = said.seq
    await until(lambda: listeners.current == len(listeners.guests), guests.bots, seconds=90)
    return guests.now - began


async def reset_all(listeners: Crowd) -> None:
    for guest in listeners.guests:
        guest.reset()
    await asyncio.sleep(0)


async def kill_all(house: House) -> None:
    """Senders too."""
    assert await asyncio.to_thread(kill_sockets, house.port) >= SOCKETS


async def cpu(house: House, seconds: float = 3.0) -> float:
    """The part of one core that it takes."""
    before = house.cpu_seconds()
    await asyncio.sleep(seconds)
    return (house.cpu_seconds() - before) / seconds
