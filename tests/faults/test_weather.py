"""Faults 23 to 26: what lies between clients and a server loses, delays, slices, cuts, is thin, or
is gone and nobody says so."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.faults.furniture import Furniture
from tests.faults.house import House
from tests.faults.party import Party, party, slowest
from tests.faults.places import Place, places
from tests.faults.postgres import Postgres
from tests.faults.waiting import until
from tests.support.network import Proxy

HEARTBEAT, ANSWER = 2.0, 2.0  # seconds, of the armed server
CLOSING = 3.0  # the gateway's close_timeout
GRACE = 10.0  # presence's, for somebody who only reloads
LATE = 1.0  # a machine that does eight things at once


@pytest.fixture
def place() -> Iterator[Place]:
    with places(1) as [made]:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def far_house(place: Place, postgres: Postgres) -> AsyncIterator[House]:
    """A server on a machine of its own, its database at its side. Not started yet."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-faults-"))
    house = House(folder, database=postgres.dsn(), place=place)
    try:
        yield house
    finally:
        await house.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.faults
async def test_a_lossy_network_slows_and_changes_nothing(  # fault 23
    far_house: House, place: Place, furniture: Furniture
) -> None:
    await far_house.start()
    async with party(far_house, furniture.people) as guests:
        guests.struck()
        place.lose(10)
        await guests.more(150)
        assert {a.code for a in guests.ledger.attempts} <= {None, "unknown", "disconnected"}
        assert slowest(guests.ledger.attempts) > 0.15, "nothing was lost: this proves nothing"
        place.heal()
        guests.healed()
        report = await guests.finish()
        # A lost packet costs its retransmission; a socket that is closed for it would cost more.
        assert sum(bot.disconnects for bot in guests.bots) == 0
    assert report.heals_within(5)
    print(report)


async def test_late_sliced_and_reset_connections_tear_no_command(  # fault 24
    guest_house: House, furniture: Furniture
) -> None:
    async with (
        Proxy(("127.0.0.1", guest_house.port)) as proxy,
        party(guest_house, furniture.people, homes=[[proxy_url(proxy)]]) as guests,
    ):
        guests.struck()
        for weather in (proxy.there, proxy.back):
            weather.latency, weather.jitter, weather.slices = 0.3, 0.2, 1
        await guests.more(40)
        for weather in (proxy.there, proxy.back):
            weather.latency, weather.jitter, weather.slices = 0.0, 0.0, 0
        for limit in (900, 2_000, 3_001, 4_507):  # wherever that falls: mid-frame, mid-header
            proxy.there.limit = limit
            await guests.more(10)
        proxy.there.limit = None
        assert proxy.reset()
        proxy.half_close()
        await guests.more(20)
        guests.healed()
        report = await guests.finish()
        assert sum(bot.disconnects for bot in guests.bots) > len(guests.bots)
        gaps = sorted(gap for bot in guests.bots for gap in bot.gaps)
        assert gaps[len(gaps) * 9 // 10] < 3
    assert report.heals_within(3 + LATE)
    print(f"{report}; without a socket at most {gaps[-1]:.2f} s")


@pytest.mark.faults
async def test_a_half_closed_socket_is_freed(guest_house: House, furniture: Furniture) -> None:
    """A client that says FIN and reads on (fault 24): the server answers, and lets go."""
    async with (
        Proxy(("127.0.0.1", guest_house.port)) as proxy,
        party(guest_house, furniture.people, homes=[[proxy_url(proxy)]]) as guests,
    ):
        before = guest_house.open_files()
        for _ in range(5):
            proxy.half_close()
            await guests.more(20)
        report = await guests.finish()
        assert guest_house.open_files() <= before + 12  # the pool of the database may grow
    print(report)


@pytest.mark.faults
async def test_a_thin_pipe_carries_text_before_it_carries_who_types(  # fault 25
    far_house: House, place: Place, furniture: Furniture
) -> None:
    await far_house.start()
    async with party(far_house, furniture.people[:3], rooms=1) as guests:
        guests.struck()
        before = sum(bot.ephemera for bot in guests.bots)
        place.thin(96)
        typing = asyncio.create_task(type_for_ever(guests))
        try:
            await guests.more(60)
        finally:
            typing.cancel()
        place.heal()
        guests.healed()
        report = await guests.finish()
        heard = sum(bot.ephemera for bot in guests.bots) - before
        late = guests.ledger.delays(0)
        assert sum(bot.disconnects for bot in guests.bots) == 0
    assert report.delay is not None
    assert report.delay < 5
    print(
        f"{report}; {heard} times somebody types, half of the texts within {late[len(late) // 2]} s"
    )


async def type_for_ever(guests: Party) -> None:
    """Much more than the pipe holds."""
    while True:
        for bot in guests.bots:
            await bot.tell("typing", {"room_id": str(guests.rooms[0]), "active": True})
        await asyncio.sleep(0.02)


@pytest.mark.faults
async def test_a_network_that_is_gone_frees_its_sockets(  # fault 26
    far_house: House, place: Place, furniture: Furniture
) -> None:
    """No FIN, no RST: only the heartbeat can tell."""
    await far_house.start(f"heartbeat={HEARTBEAT},{ANSWER}")
    async with party(far_house, furniture.people) as guests:
        files, sockets = far_house.open_files(), len(guests.bots)  # requests have their own time
        place.unplug()
        began = guests.struck()
        await until(lambda: far_house.open_files() <= files - sockets)
        freed = guests.now - began
        place.heal()
        guests.healed()
        report = await guests.finish()
    assert freed < HEARTBEAT + ANSWER + CLOSING + LATE
    print(f"{report}; {sockets} sockets freed after {freed:.1f} s")


@pytest.mark.faults
async def test_who_is_gone_without_a_word_is_offline_soon(  # fault 26
    postgres: Postgres, furniture: Furniture, tmp_path: Path
) -> None:
    house = House(tmp_path, database=postgres.dsn())
    await house.start(f"heartbeat={HEARTBEAT},{ANSWER}")
    async with Proxy(("127.0.0.1", house.port)) as proxy:
        homes = [[house.url], [proxy_url(proxy)]]
        try:
            async with party(house, furniture.people, homes=homes) as guests:
                cut_off = {str(bot.person.id) for bot in guests.bots[1::2]}
                assert cut_off <= await present(guests)
                await proxy.hold()
                began = guests.struck()
                await until_gone(guests, cut_off)
                offline = guests.now - began
                await proxy.release()
                guests.healed()
                report = await guests.finish()
        finally:
            await house.stop()
    assert offline < HEARTBEAT + ANSWER + GRACE + 2 * LATE
    print(f"{report}; offline after {offline:.1f} s")


async def until_gone(guests: Party, accounts: set[str]) -> None:
    async with asyncio.timeout(60):
        while accounts & await present(guests):
            await asyncio.sleep(0.1)


async def present(guests: Party) -> set[str]:
    """Whom somebody sees who was not cut off."""
    answer = await guests.bots[0].command("presence.list", {"room_id": str(guests.rooms[0])})
    return {person["account_id"] for person in answer["data"]["people"]}


def proxy_url(proxy: Proxy) -> str:
    return f"http://127.0.0.1:{proxy.port}"
