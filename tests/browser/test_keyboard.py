"""Everything without a mouse."""

from playwright.async_api import expect
from tests.browser.api import PASSWORD, Api
from tests.browser.conftest import Arrive


async def test_from_the_door_to_a_sent_message_and_back_by_keys_alone(
    api: Api, arrive: Arrive
) -> None:
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    await api.room(ana, bo, name="Attic")
    room = await api.room(ana, bo, name="Kitchen")
    await api.say(bo, room, "Soup is ready")
    guest = await arrive()
    page, keys = guest.page, guest.page.keyboard
    await guest.open("/sign-in")
    await expect(page.get_by_label("Username")).to_be_focused()
    await keys.type(ana.username)
    await keys.press("Tab")
    await keys.type(PASSWORD)
    await keys.press("Enter")
    await expect(guest.room_row("Kitchen")).to_be_visible()

    await keys.press("Control+k")
    await expect(page.get_by_role("combobox", name="Jump to")).to_be_focused()
    await keys.type("kitch")
    await expect(page.get_by_role("option", name="Kitchen")).to_have_attribute(
        "aria-selected", "true"
    )
    await keys.press("Enter")
    await guest.sees_room("Kitchen")
    await expect(guest.composer).to_be_focused()
    await keys.type("Coming!")
    await keys.press("Enter")
    await guest.sees_once("Soup is ready", "Coming!")

    await keys.press("Shift+Tab")
    newest = guest.message("Coming!")
    await expect(newest).to_be_focused()
    await keys.press("ArrowUp")
    soup = guest.message("Soup is ready")
    await expect(soup).to_be_focused()
    buttons = soup.get_by_role("toolbar").get_by_role("button")
    await keys.press("ArrowRight")
    await expect(buttons.first).to_be_focused()
    await keys.press("ArrowRight")
    await expect(buttons.nth(1)).to_be_focused()
    await keys.press("ArrowLeft")
    await keys.press("ArrowLeft")
    await expect(soup).to_be_focused()
    await keys.press("Shift+F10")
    await expect(guest.menu_item("Copy text")).to_be_visible()
    await keys.press("Escape")
    await expect(guest.menu_item("Copy text")).to_have_count(0)
    await expect(soup).to_be_focused()
    await keys.press("Escape")
    await expect(guest.composer).to_be_focused()


async def test_the_help_lists_the_shortcuts_and_leaves_the_focus_where_it_was(
    api: Api, arrive: Arrive
) -> None:
    ana = await api.person("Ana Sol")
    guest = await arrive()
    await guest.sign_in(ana, await api.room(ana))
    await expect(guest.composer).to_be_focused()
    await guest.page.keyboard.press("Control+/")
    help_ = guest.page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(help_.get_by_text("Jump to a room, person or command")).to_be_visible()
    await expect(help_.get_by_text("Edit your last message, from an empty field")).to_be_visible()
    await guest.page.keyboard.press("Escape")
    await expect(help_).to_have_count(0)
    await expect(guest.composer).to_be_focused()


async def test_alt_and_the_arrows_walk_the_rooms(api: Api, arrive: Arrive) -> None:
    ana = await api.person("Ana Sol")
    first, second = await api.room(ana, name="Attic"), await api.room(ana, name="Cellar")
    guest = await arrive()
    await guest.sign_in(ana, first)
    await guest.page.keyboard.press("Alt+ArrowDown")
    await guest.sees_room(second.name)
    await guest.page.keyboard.press("Alt+ArrowUp")
    await guest.sees_room(first.name)
