"""Who is signed in where, and what a session lives through."""

import re

from playwright.async_api import expect
from tests.browser.api import PASSWORD, Api
from tests.browser.conftest import Arrive

SIGN_IN = re.compile("/sign-in")


async def test_a_wrong_password_says_so_and_keeps_what_was_typed(api: Api, arrive: Arrive) -> None:
    ana = await api.person("Ana Sol")
    guest = await arrive()
    guest.troubles.expect("401")
    await guest.open("/sign-in")
    await guest.page.get_by_label("Username").fill(ana.username)
    await guest.page.get_by_label("Password", exact=True).fill("olive brunches")
    await guest.button("Sign in").click()
    await expect(guest.page.get_by_role("alert")).to_be_visible()
    await expect(guest.page.get_by_label("Username")).to_have_value(ana.username)
    await expect(guest.page.get_by_label("Password", exact=True)).to_have_value("olive brunches")
    await guest.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await guest.button("Sign in").click()
    await expect(guest.page.get_by_role("navigation", name="Rooms")).to_be_visible()


async def test_signing_out_another_device_shuts_it_at_once(api: Api, arrive: Arrive) -> None:
    ana = await api.person("Ana Sol")
    room = await api.room(ana)
    laptop, phone = await arrive(), await arrive()
    await phone.sign_in(ana, room)
    await laptop.sign_in(ana, path="/settings/sessions")
    phone.troubles.expect("401", "403")

    await laptop.button("Sign out everywhere else").click()
    await laptop.page.get_by_role("alertdialog").get_by_role("button", name="Sign out").click()
    await expect(phone.page).to_have_url(SIGN_IN)
    await expect(phone.page.get_by_label("Username")).to_be_visible()
    await expect(phone.page.get_by_text(room.name)).to_have_count(0)
    await expect(laptop.page.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    await expect(laptop.page.get_by_text("In use now")).to_be_visible()


async def test_one_session_is_ended_and_the_others_stay(api: Api, arrive: Arrive) -> None:
    ana = await api.person("Ana Sol")
    laptop = await arrive()
    await laptop.sign_in(ana, path="/settings/sessions")
    sessions = laptop.page.get_by_role("main").get_by_role("listitem")
    await expect(sessions).to_have_count(2)
    await sessions.filter(has_text="Last seen").get_by_role("button", name="Sign out").click()
    await laptop.page.get_by_role("alertdialog").get_by_role("button", name="Sign out").click()
    await expect(sessions).to_have_count(1)
    await expect(sessions).to_contain_text("this device")


async def test_a_session_outlives_its_access_token(api: Api, arrive: Arrive) -> None:
    ana = await api.person("Ana Sol")
    room = await api.room(ana)
    guest = await arrive()
    await guest.sign_in(ana, room)
    guest.troubles.expect("401")
    await guest.context.clear_cookies(name=re.compile("access"))
    await guest.page.reload()
    await guest.sees_room(room.name)
    await guest.say("Still me")
    await guest.sees_once("Still me")
    await expect(guest.log).not_to_contain_text("Sending")
    names = {cookie.get("name", "") for cookie in await guest.context.cookies()}
    assert any("access" in name for name in names)


async def test_after_signing_out_nothing_of_it_is_left_in_the_browser(
    api: Api, arrive: Arrive
) -> None:
    ana = await api.person("Ana Sol")
    room = await api.room(ana)
    guest = await arrive()
    await guest.sign_in(ana, room)
    await guest.say("Between us")
    await guest.sees_once("Between us")
    await guest.button(re.compile(f"@{ana.username}")).click()
    await guest.menu_item("Sign out").click()
    await expect(guest.page).not_to_have_url(re.compile("/rooms/"))
    await guest.open(f"/rooms/{room.id}")
    await expect(guest.page).to_have_url(SIGN_IN)
    left = await guest.page.evaluate("""async () => {
      const stored = JSON.stringify({ ...localStorage })
      const names = (await indexedDB.databases()).map((each) => each.name)
      return { stored, names }
    }""")
    assert ana.username not in left["stored"]
    assert left["names"] == []
