"""Finding: in a room, everywhere, by keyboard, and opening what was found in its place."""

import re

from playwright.async_api import Locator, expect
from tests.browser.api import Api, Person, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest

FILLER = 40  # messages, so that an old one is out of sight


async def table(api: Api) -> tuple[Person, Person, Room]:
    ana, ben = await api.person("Ana"), await api.person("Ben")
    return ana, ben, await api.room(ana, ben, name="The harvest")


def hits(guest: Guest) -> Locator:
    return guest.page.get_by_role("region", name="Results").get_by_role("link")


async def test_a_word_is_found_and_opened_in_its_place(arrive: Arrive, api: Api) -> None:
    ana, ben, room = await table(api)
    await api.say(ben, room, "The olive harvest begins on Monday")
    for number in range(FILLER):
        await api.say(ana, room, f"small talk {number}")
    guest = await arrive()
    await guest.sign_in(ana, room)
    await guest.page.keyboard.press("Control+f")
    field = guest.page.get_by_role("combobox", name="Search messages")
    await expect(field).to_be_focused()
    await guest.page.keyboard.type("harv")
    await expect(hits(guest)).to_have_count(1)
    await expect(hits(guest).locator("mark")).to_have_text("harvest")
    await guest.page.keyboard.press("ArrowDown")
    await guest.page.keyboard.press("Enter")
    await expect(guest.message("The olive harvest begins on Monday")).to_be_visible()
    await expect(field).to_have_value("harv")  # the panel stays, with its question


async def test_an_edit_and_a_deletion_count_at_once(arrive: Arrive, api: Api) -> None:
    ana, ben, room = await table(api)
    await api.say(ana, room, "green olives")
    here, there = await arrive(), await arrive()
    await here.sign_in(ana, room)
    await there.sign_in(ben, room)
    await there.page.keyboard.press("Control+f")
    field = there.page.get_by_role("combobox", name="Search messages")
    await field.fill("olives")
    await expect(hits(there)).to_have_count(1)
    await here.choose("green olives", "Edit")
    await here.page.get_by_role("textbox", name=re.compile("^Edit")).fill("ripe figs")
    await here.page.keyboard.press("Enter")
    await expect(there.message("ripe figs")).to_be_visible()
    await field.fill("olive")
    await expect(there.page.get_by_text("Nothing found")).to_be_visible()
    await field.fill("figs")
    await expect(hits(there)).to_have_count(1)


async def test_filters_are_completed_and_taken_away(arrive: Arrive, api: Api) -> None:
    ana, ben, room = await table(api)
    await api.say(ana, room, "olives by Ana")
    await api.say(ben, room, "olives by Ben")
    guest = await arrive()
    await guest.sign_in(ana, room)
    await guest.page.keyboard.press("Control+f")
    field = guest.page.get_by_role("combobox", name="Search messages")
    await expect(field).to_be_focused()
    await guest.page.keyboard.type("olives fr")
    await guest.page.keyboard.press("Tab")
    await guest.page.keyboard.type(ben.username[:3])
    await expect(guest.page.get_by_role("option").first).to_be_visible()
    await guest.page.keyboard.press("Tab")
    await expect(field).to_have_value(f"olives from:{ben.username} ")
    await expect(hits(guest)).to_have_count(1)
    await guest.button(f"Remove from:{ben.username}").click()
    await expect(hits(guest)).to_have_count(2)


async def test_jumping_to_somebody_opens_the_room_of_two(arrive: Arrive, api: Api) -> None:
    ana, _, room = await table(api)
    zoe = await api.person("Zoë")
    guest = await arrive()
    await guest.sign_in(ana, room)
    await guest.page.keyboard.press("Control+k")
    await expect(guest.page.get_by_role("combobox", name="Jump to")).to_be_focused()
    await guest.page.keyboard.type(zoe.username)
    await expect(guest.page.get_by_role("option", name=re.compile("Zoë")).first).to_be_visible()
    await guest.page.keyboard.press("Enter")
    await expect(guest.page.get_by_role("heading", level=1, name=re.compile("Zoë"))).to_be_visible()
