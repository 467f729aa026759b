"""Voice messages: said into a microphone that beeps, heard by another, and known to be heard."""

import asyncio
import re
from typing import NamedTuple

import pytest_asyncio
from playwright.async_api import Locator, expect
from tests.browser.api import Api, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest
from tests.browser.test_axe import complaints

ONE_SECOND = re.compile("^0:0[1-9]$")


class Two(NamedTuple):
    """Ana at a desk with a microphone, Bo with a phone, in one room."""

    ana: Guest
    bo: Guest
    room: Room


@pytest_asyncio.fixture(loop_scope="session")
async def two(api: Api, arrive: Arrive) -> Two:
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo)
    here = Two(
        await arrive(permissions=["microphone"]),
        await arrive(viewport={"width": 390, "height": 844}, color_scheme="dark"),
        room,
    )
    await asyncio.gather(here.ana.sign_in(ana, room), here.bo.sign_in(bo, room))
    return here


def microphone(guest: Guest) -> Locator:
    return guest.button("Record a voice message")


async def records(guest: Guest) -> None:
    """It hears something for a second."""
    bar = guest.page.get_by_role("group", name="Recording a voice message")
    await expect(bar.get_by_role("time")).to_have_text(ONE_SECOND)


def voices(guest: Guest) -> Locator:
    return guest.log.get_by_role("button", name="Play the voice message of Ana Sol")


async def test_it_is_heard_before_it_is_sent_and_its_author_knows_who_played_it(two: Two) -> None:
    await two.ana.composer.fill("a draft that stays")
    await expect(microphone(two.ana)).to_have_count(0)
    await two.ana.composer.fill("")
    await microphone(two.ana).focus()
    await two.ana.page.keyboard.press("Enter")
    await records(two.ana)
    await two.ana.button("Pause").click()
    found = await complaints(two.ana, "recording")
    await two.ana.button("Go on recording").click()
    await two.ana.button("Stop and listen to it").click()
    await two.ana.button("Recording a voice message").click()
    await expect(two.ana.button("Pause")).to_be_visible()
    found += await complaints(two.ana, "recorded")
    await two.ana.button("Send the voice message").click()
    await expect(two.ana.composer).to_be_focused()

    await microphone(two.ana).click()
    await records(two.ana)
    await two.ana.button("Send the voice message").click()

    await expect(voices(two.bo)).to_have_count(2)
    await expect(voices(two.bo).last).to_be_enabled()
    unplayed = two.bo.page.get_by_role("img", name="Not played yet")
    await expect(unplayed).to_have_count(2)
    await voices(two.bo).first.click()
    await two.bo.button("Speed: 1×").click()
    await expect(unplayed).to_have_count(0)  # the second came behind the first
    played = two.ana.page.get_by_role("img", name="Played by Bo Lindqvist")
    await expect(played).to_have_count(2)
    await two.bo.page.reload()
    await voices(two.bo).first.click()
    await expect(two.bo.button("Speed: 1.5×")).to_be_visible()
    found += await complaints(two.bo, "a voice message, dark and narrow")
    assert not found, "\n".join(found)
    place = two.bo.page.get_by_role("slider", name="Place in the recording").first
    await place.press("Home")
    await expect(place).to_have_attribute("aria-valuetext", re.compile("^0:0"))


async def test_holding_the_button_sends_sliding_away_and_escape_do_not(two: Two) -> None:
    mouse = two.ana.page.mouse

    async def hold() -> None:
        await microphone(two.ana).hover()
        await mouse.down()
        await records(two.ana)

    await hold()
    await mouse.move(300, 300)
    await expect(two.ana.page.get_by_text("Let go to throw it away.")).to_be_visible()
    await mouse.up()
    await expect(microphone(two.ana)).to_be_visible()
    await hold()
    await two.ana.page.keyboard.press("Escape")
    await mouse.up()
    await expect(microphone(two.ana)).to_be_visible()
    await expect(voices(two.ana)).to_have_count(0)
    await hold()
    await mouse.up()
    await expect(voices(two.bo)).to_be_enabled()
    await expect(voices(two.bo)).to_have_count(1)


async def test_without_a_server_it_waits_and_goes_when_there_is_one(two: Two) -> None:
    two.ana.troubles.expect("ERR_INTERNET_DISCONNECTED", "WebSocket", "ERR_FAILED")
    await microphone(two.ana).click()
    await records(two.ana)
    await two.ana.context.set_offline(True)
    await two.ana.button("Send the voice message").click()
    waiting = two.ana.log.get_by_role("button", name="Voice message on its way")
    await expect(waiting).to_be_enabled()
    await waiting.click()
    await expect(two.ana.log.get_by_role("button", name="Pause")).to_be_visible()
    await two.ana.context.set_offline(False)
    await expect(voices(two.bo)).to_be_enabled()


async def test_who_may_not_record_is_told_why(arrive: Arrive, api: Api) -> None:
    ana = await api.person("Ana Sol")
    room = await api.room(ana)
    guest = await arrive()
    await guest.sign_in(ana, room)
    await microphone(guest).click()
    told = guest.page.get_by_role("alert").filter(has_text="The microphone is blocked")
    await expect(told).to_be_visible()
    assert not await complaints(guest, "no microphone")
    await guest.page.keyboard.press("Escape")
    await expect(told).to_have_count(0)
