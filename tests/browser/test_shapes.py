"""Narrow and wide, light and dark, English and Spanish, both directions of writing."""

import re

from playwright.async_api import expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest

PHONE = {"width": 390, "height": 844}
# CSSOM View: what the page is wider than its window.
TOO_WIDE = "() => document.documentElement.scrollWidth - innerWidth"


async def test_a_phone_has_three_levels_and_its_back_button_walks_them(
    api: Api, arrive: Arrive
) -> None:
    ana = await api.person("Ana Sol")
    room = await api.room(ana)
    phone = await arrive(viewport=PHONE, has_touch=True, is_mobile=True)
    await phone.sign_in(ana)
    rooms = phone.page.get_by_role("navigation", name="Rooms")
    details = phone.page.get_by_role("complementary", name="Details")

    await phone.room_row(room.name).click()
    await phone.sees_room(room.name)
    await expect(rooms).to_be_hidden()
    assert await phone.page.evaluate(TOO_WIDE) <= 0
    await phone.button("Members, 1").click()
    await expect(details).to_be_visible()
    await expect(phone.composer).to_be_hidden()

    await phone.page.go_back()
    await phone.sees_room(room.name)
    await expect(details).to_have_count(0)
    await phone.page.go_back()
    await expect(rooms).to_be_visible()
    await expect(phone.composer).to_have_count(0)

    await phone.room_row(room.name).click()
    await phone.page.get_by_role("link", name="Back to rooms").click()
    await expect(rooms).to_be_visible()


async def test_on_a_phone_the_header_is_the_rooms_name_and_the_rest_a_menu(
    api: Api, arrive: Arrive
) -> None:
    ana = await api.person("Ana Sol")
    room = await api.room(ana)
    guest = await arrive(viewport=PHONE)
    await guest.sign_in(ana, room)
    await expect(guest.button("Pinned")).to_be_hidden()
    await expect(guest.button("Invite people")).to_be_hidden()
    await guest.button("More about this room").click()
    await guest.menu_item("Pinned").click()
    await expect(guest.page.get_by_role("heading", name="Pinned", exact=True)).to_be_visible()


async def test_the_night_of_the_system_is_the_night_of_the_page(api: Api, arrive: Arrive) -> None:
    guest = await arrive(color_scheme="dark")
    await guest.open()
    await expect(guest.page.get_by_role("heading", level=1)).to_be_visible()
    assert await brightness(guest) < 0.25
    await guest.page.emulate_media(color_scheme="light")
    assert await brightness(guest) > 0.8


async def test_a_chosen_theme_holds_against_the_system_and_over_a_reload(
    api: Api, arrive: Arrive
) -> None:
    guest = await arrive(color_scheme="light")
    await guest.sign_in(await api.person("Ana Sol"), path="/settings/appearance")
    await guest.page.get_by_role("radio", name="Dark").check(force=True)
    assert await brightness(guest) < 0.25
    await guest.page.reload()
    await expect(guest.page.get_by_role("radio", name="Dark")).to_be_checked()
    assert await brightness(guest) < 0.25


async def test_spanish_is_a_choice_away_and_stays(api: Api, arrive: Arrive) -> None:
    ana = await api.person("Ana Sol")
    room = await api.room(ana)
    guest = await arrive()
    await guest.sign_in(ana, path="/settings/appearance")
    await guest.page.get_by_role("combobox", name="Language").select_option(label="Español")
    await expect(guest.page.get_by_role("heading", name="Apariencia")).to_be_visible()
    await guest.open(f"/rooms/{room.id}")
    await expect(guest.page.get_by_placeholder("Escribe en The long table")).to_be_visible()
    await expect(guest.page.locator("html")).to_have_attribute("lang", "es")


async def test_the_language_of_the_browser_is_the_first_choice(arrive: Arrive) -> None:
    guest = await arrive(locale="es-MX")
    await guest.open("/sign-in")
    await expect(guest.page.get_by_role("button", name="Entrar")).to_be_visible()


async def test_each_message_runs_in_its_own_direction(api: Api, arrive: Arrive) -> None:
    ana = await api.person("ليلى")
    room = await api.room(ana)
    guest = await arrive()
    await guest.sign_in(ana, room)
    await guest.say("مرحبا بكم في المائدة الطويلة")
    await guest.say("Left to right `code()` again")
    arabic = guest.message("مرحبا").get_by_text(re.compile("مرحبا"))
    english = guest.message("Left to right").get_by_text(re.compile("Left to right"))
    await expect(arabic).to_have_css("direction", "rtl")
    await expect(english).to_have_css("direction", "ltr")
    await expect(guest.message("Left to right").get_by_role("code")).to_have_css("direction", "ltr")


async def brightness(guest: Guest) -> float:
    """Of the paper, 0 to 1."""
    return await guest.page.evaluate("""async () => {
      await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {})))
      const dot = new OffscreenCanvas(1, 1).getContext('2d')
      dot.fillStyle = getComputedStyle(document.documentElement).backgroundColor
      dot.fillRect(0, 0, 1, 1)
      const [red, green, blue] = dot.getImageData(0, 0, 1, 1).data
      return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
    }""")
