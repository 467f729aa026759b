"""Several messages at once: chosen by pointer and by keyboard, carried on, and put out of sight."""

from playwright.async_api import expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive


async def test_several_messages_are_forwarded_together(api: Api, arrive: Arrive) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo, name="From here")
    there = await api.room(ana, bo, name="To there")
    for text in ("flour", "salt", "water"):
        await api.say(bo, room, text)
    guest = await arrive()
    await guest.sign_in(ana, room)
    await guest.message("flour").click(button="right")
    await guest.menu_item("Select").click()
    bar = guest.page.get_by_role("toolbar", name="Selected messages")
    await expect(bar.get_by_role("status")).to_have_text("1 selected")
    await expect(guest.composer).to_have_count(0)
    await guest.message("water").click()
    await expect(bar.get_by_role("status")).to_have_text("2 selected")
    await bar.get_by_role("button", name="Forward").click()
    dialog = guest.page.get_by_role("dialog", name="Forward 2 messages")
    await expect(dialog).to_contain_text("flour")
    await dialog.get_by_role("combobox", name="Where to").fill("there")
    await guest.page.keyboard.press("Enter")
    await dialog.get_by_role("button", name="Forward").click()
    await expect(dialog).to_have_count(0)
    await expect(guest.composer).to_be_visible()
    await guest.open(f"/rooms/{there.id}")
    await guest.sees_once("flour", "water")
    await expect(guest.message("salt")).to_have_count(0)


async def test_by_keyboard_messages_are_chosen_deleted_for_me_and_brought_back(
    api: Api, arrive: Arrive
) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo, name="Second thoughts")
    for text in ("one", "two", "three"):
        await api.say(bo, room, text)
    guest = await arrive()
    await guest.sign_in(ana, room)
    await guest.message("three").focus()
    await guest.page.keyboard.press("x")
    await guest.page.keyboard.press("ArrowUp")
    await guest.page.keyboard.press("Space")
    bar = guest.page.get_by_role("toolbar", name="Selected messages")
    await expect(bar.get_by_role("status")).to_have_text("2 selected")
    await guest.page.keyboard.press("Space")
    await expect(bar.get_by_role("status")).to_have_text("1 selected")
    await guest.page.keyboard.press("Escape")
    await expect(bar).to_have_count(0)
    await guest.page.keyboard.press("x")
    await guest.page.keyboard.press("ArrowDown")
    await guest.page.keyboard.press("x")
    await bar.get_by_role("button", name="Delete for me").click()
    await expect(guest.message("two")).to_have_count(0)
    await expect(guest.message("three")).to_have_count(0)
    await guest.page.get_by_text("2 messages deleted for you.").wait_for()
    await guest.button("Undo").click()
    await guest.sees_once("one", "two", "three")


async def test_what_was_deleted_for_me_is_brought_back_in_the_rooms_settings(
    api: Api, arrive: Arrive
) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo, name="Lost and found")
    said = await api.say(bo, room, "umbrella")
    await api.ask(ana, "PUT", f"rooms/{room.id}/messages/{said['id']}/hidden")
    guest = await arrive()
    await guest.sign_in(ana, room, path=f"/rooms/{room.id}?panel=settings")
    await expect(guest.message("umbrella")).to_have_count(0)
    await guest.button("1 message deleted for you").click()
    dialog = guest.page.get_by_role("dialog", name="Deleted for you")
    await expect(dialog).to_contain_text("umbrella")
    await dialog.get_by_role("button", name="Bring back").click()
    await expect(dialog).to_contain_text("Nothing is left to bring back.")
    await guest.page.keyboard.press("Escape")
    await guest.sees_once("umbrella")
