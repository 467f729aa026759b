"""From an empty server to two people who talk."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import expect
from tests.browser.conftest import Arrive
from tests.support.program import program


@pytest.fixture
def empty_server(client_built: None) -> Iterator[str]:
    with program() as url:
        yield url


async def test_the_owner_makes_a_room_and_a_guest_comes_by_link_and_they_talk(
    empty_server: str, arrive: Arrive
) -> None:
    ana = await arrive(url=empty_server)
    await ana.open()
    await ana.page.get_by_role("link", name="Set up this server").click()
    await ana.fill_new_account("Ana Sol", "ana.sol")
    await ana.button("Create the owner's account").click()
    await (
        ana.page.get_by_role("navigation", name="Rooms")
        .get_by_role("button", name="New room")
        .click()
    )
    await ana.page.get_by_role("textbox", name="Name").fill("The long table")
    await ana.button("Create room").click()
    await ana.sees_room("The long table")

    await ana.button("Invite people").click()
    await ana.button("Create link").click()
    link = await ana.page.get_by_label("Invite link").input_value()
    await ana.page.get_by_role("button", name="Close").click()

    bo = await arrive(url=empty_server)
    await bo.page.goto(link)
    await expect(bo.page.get_by_role("heading", name="The long table")).to_be_visible()
    await bo.page.get_by_role("link", name="Create account and join").click()
    await bo.fill_new_account("Bo Lindqvist", "bo.lind")
    await bo.button("Create account").click()
    await bo.sees_room("The long table")
    await expect(bo.page).to_have_url(re.compile("/rooms/"))

    await ana.sees_once("Bo Lindqvist joined")
    await bo.say("Hello from the other side")
    await ana.sees_once("Hello from the other side")
    await ana.say("There you are!")
    await bo.sees_once("Hello from the other side", "There you are!")
    await ana.sees_once("Hello from the other side", "There you are!")


async def test_a_link_that_leads_nowhere_says_so(api: object, arrive: Arrive) -> None:
    stranger = await arrive()
    stranger.troubles.expect("404")
    await stranger.open("/invite/no-such-code")
    await expect(
        stranger.page.get_by_role("heading", name="This invite leads nowhere")
    ).to_be_visible()
