"""Keeping one's rooms in order, and keeping order in a room."""

from playwright.async_api import expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest


async def menu_of(guest: Guest, room: str) -> None:
    """By keyboard: Shift+F10 on the room's row."""
    await guest.room_row(room).focus()
    await guest.page.keyboard.press("Shift+F10")


async def test_a_muted_favourite_follows_to_my_other_device(arrive: Arrive, api: Api) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo)
    here, there = await arrive(), await arrive()
    await here.sign_in(ana)
    await there.sign_in(ana)
    await menu_of(here, room.name)
    await here.menu_item("Add to favourites").click()
    for device in (here, there):
        await expect(device.button("Favourites")).to_be_visible()
    await menu_of(here, room.name)
    await here.menu_item("Mute and notify…").click()
    await here.page.get_by_label("Mute", exact=True).select_option("ever")
    await here.button("Done").click()
    await expect(there.room_row(room.name).get_by_label("Muted")).to_be_visible()
    await there.button("Favourites").click()
    await expect(here.room_row(room.name)).to_be_hidden()


async def test_marked_unread_on_one_device_is_unread_on_the_other(arrive: Arrive, api: Api) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo)
    await api.say(bo, room, "read me twice")
    here, there = await arrive(), await arrive()
    await here.sign_in(ana, room)
    await expect(here.message("read me twice")).to_be_visible()
    await there.sign_in(ana)
    await expect(there.room_row(room.name).get_by_text("Unread")).to_have_count(0)
    await here.message("read me twice").click(button="right")
    await here.menu_item("Mark unread from here").click()
    for device in (here, there):
        await expect(device.room_row(room.name).get_by_text("Unread")).to_have_count(1)


async def test_a_report_is_decided_and_stands_in_the_trail(arrive: Arrive, api: Api) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo)
    await api.say(ana, room, "nothing bad")
    await api.say(bo, room, "buy my watches")
    member, keeper = await arrive(), await arrive()
    await keeper.sign_in(ana, room)
    await member.sign_in(bo, room)
    await member.message("nothing bad").click(button="right")
    await member.menu_item("Report…").click()
    await member.page.get_by_label("What should they know?").fill("see for yourself")
    await member.button("Report").click()
    await keeper.button("Moderation").click()
    await keeper.message("buy my watches").click(button="right")
    await keeper.menu_item("Remove with a reason…").click()
    await keeper.page.get_by_label("Reason").fill("an advertisement")
    await keeper.button("Remove").click()
    await expect(member.message("buy my watches")).to_have_count(0)
    await keeper.page.get_by_role("tab", name="Audit trail").click()
    await expect(keeper.page.get_by_text("Reason: an advertisement")).to_be_visible()
