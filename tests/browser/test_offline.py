"""Without a server reading and writing go on, and nothing is lost, doubled or out of order."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive
from tests.browser.troubles import OUT_OF_REACH
from tests.browser.wire import Wire
from tests.faults.house import House

AWAY = re.compile(r"Reconnecting…|You are offline\.")
QUEUED = "Will be sent when you are back online"


@pytest_asyncio.fixture(loop_scope="session")
async def house(client_built: None) -> AsyncIterator[House]:
    """A server of this test's own, to be killed."""
    # Not below pytest's own folder: PostgreSQL runs as somebody else there.
    folder = Path(tempfile.mkdtemp(prefix="tertulia-browser-"))
    house = House(folder)
    try:
        await house.start()
        yield house
    finally:
        await house.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def test_offline_says_so_and_what_i_write_goes_out_when_i_am_back(
    api: Api, arrive: Arrive
) -> None:
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo)
    here, there = await arrive(), await arrive()
    await asyncio.gather(here.sign_in(ana, room), there.sign_in(bo, room))
    here.troubles.expect(OUT_OF_REACH)

    await here.context.set_offline(True)
    await expect(
        here.page.get_by_text("You are offline. Reading and writing go on.")
    ).to_be_visible()
    await here.say("First, from the train")
    await here.say("Second, from the tunnel")
    await expect(here.message("Second, from the tunnel")).to_contain_text(QUEUED)
    await expect(here.page.get_by_text("2 messages will be sent")).to_be_visible()
    await there.say("Meanwhile, at the table")

    await here.context.set_offline(False)
    await expect(here.page.get_by_text("Back online", exact=True)).to_be_visible()
    told = ("Meanwhile, at the table", "First, from the train", "Second, from the tunnel")
    await there.sees_once(*told)
    await here.sees_once(*told)
    await expect(here.log).not_to_contain_text(QUEUED)


async def test_what_waits_survives_a_reload_and_arrives_once(api: Api, arrive: Arrive) -> None:
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo)
    await api.say(bo, room, "Before the storm")
    here, there, wire = await arrive(), await arrive(), Wire()
    await wire.lay(here.context)
    await asyncio.gather(here.sign_in(ana, room), there.sign_in(bo, room))
    here.troubles.expect(OUT_OF_REACH)

    await wire.cut()
    await expect(here.page.get_by_text(AWAY)).to_be_visible()
    await here.say("One, in the dark")
    await here.say("Two, in the dark")
    await expect(here.message("Two, in the dark")).to_contain_text(QUEUED)
    await here.page.reload()
    await here.sees_once("Before the storm", "One, in the dark", "Two, in the dark")
    await expect(here.message("Two, in the dark")).to_contain_text(QUEUED)

    wire.mend()
    await here.page.reload()  # Otherwise it may wait half a minute for the next attempt.
    await there.sees_once("Before the storm", "One, in the dark", "Two, in the dark")
    await here.sees_once("Before the storm", "One, in the dark", "Two, in the dark")
    await expect(here.log).not_to_contain_text(QUEUED)
    await here.page.reload()
    await here.sees_once("Before the storm", "One, in the dark", "Two, in the dark")


async def test_a_server_that_is_killed_and_comes_back_has_everything_once(
    house: House, arrive: Arrive
) -> None:
    async with Api(house.url) as api:
        ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
        room = await api.room(ana, bo)
    here, there = await arrive(url=house.url), await arrive(url=house.url)
    await asyncio.gather(here.sign_in(ana, room), there.sign_in(bo, room))
    for guest in (here, there):
        guest.troubles.expect(OUT_OF_REACH)
    await here.say("Said before it died")
    await there.sees_once("Said before it died")

    await house.kill()
    await expect(here.page.get_by_text(AWAY)).to_be_visible()
    await here.say("Said to nobody")
    await there.say("Said to nobody either")
    await expect(here.message("Said to nobody")).to_contain_text(QUEUED)
    await expect(there.message("Said to nobody either")).to_contain_text(QUEUED)
    await house.start()

    for guest in (here, there):
        await expect(guest.message("Said to nobody either")).to_have_count(1)
        await expect(guest.message("Said to nobody")).to_have_count(2)
        await expect(guest.log).not_to_contain_text(QUEUED)
    told = await here.log.get_by_role("article").all_inner_texts()
    assert await there.log.get_by_role("article").all_inner_texts() == told
