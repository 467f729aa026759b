"""Two people: ticks, who read what, contact, a status, and a block that nobody is told of."""

import asyncio
from typing import NamedTuple

import pytest_asyncio
from playwright.async_api import expect
from tests.browser.api import Api, Person, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest


class Two(NamedTuple):
    ana: Guest
    bo: Guest
    room: Room
    people: tuple[Person, Person]


@pytest_asyncio.fixture(loop_scope="session")
async def two(api: Api, arrive: Arrive) -> Two:
    """Ana and Bo, in the same group; Bo looks elsewhere."""
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    body = {"kind": "group", "name": "The kitchen", "members": [bo.id]}
    made = await api.ask(ana, "POST", "rooms", body)
    room = Room(made["room"]["id"], "The kitchen")
    two = Two(await arrive(), await arrive(), room, (ana, bo))
    await asyncio.gather(two.ana.sign_in(ana, room), two.bo.sign_in(bo))
    return two


async def test_ticks_follow_from_sent_to_read(two: Two) -> None:
    await two.ana.say("Supper is ready")
    said = two.ana.message("Supper is ready")
    await expect(said.get_by_role("img", name="Delivered", exact=True)).to_be_visible()
    await two.bo.open(f"/rooms/{two.room.id}")
    await two.bo.sees_once("Supper is ready")
    await expect(said.get_by_role("img", name="Read", exact=True)).to_be_visible()
    await expect(two.bo.message("Supper is ready").get_by_role("img", name="Read")).to_have_count(0)
    await said.click(button="right")
    await two.ana.menu_item("Who read it").click()
    panel = two.ana.page.get_by_role("complementary").last
    await expect(panel.get_by_text("Read by 1")).to_be_visible()
    await expect(panel.get_by_role("button", name="Bo Lindqvist")).to_be_visible()


async def test_a_contact_is_asked_for_and_accepted(two: Two) -> None:
    ana, bo = two.people
    await two.bo.open(f"/rooms/{two.room.id}")
    await two.ana.say("Are you there?")
    await two.bo.sees_once("Are you there?")
    await two.bo.page.get_by_role("log").get_by_text(ana.name, exact=True).click()
    card = two.bo.page.get_by_role("dialog", name=ana.name)
    await card.get_by_role("button", name="Add contact").click()
    await expect(card.get_by_role("button", name="Withdraw request")).to_be_visible()
    await two.ana.page.get_by_role("link", name="Contacts").click()
    await two.ana.button("Accept").click()
    await expect(two.ana.button("Accept")).to_have_count(0)
    await expect(two.ana.button(f"Open {bo.name}'s card")).to_be_visible()
    await expect(card.get_by_role("button", name="Remove contact")).to_be_visible()


async def test_who_is_blocked_is_folded_and_not_told(two: Two) -> None:
    _, bo = two.people
    await two.bo.open(f"/rooms/{two.room.id}")
    await two.bo.say("Buy now")
    await two.ana.sees_once("Buy now")
    await two.ana.page.get_by_role("log").get_by_text(bo.name, exact=True).click()
    card = two.ana.page.get_by_role("dialog", name=bo.name)
    await card.get_by_role("button", name="Block").click()
    await two.ana.page.get_by_role("alertdialog").get_by_role("button", name="Block").click()
    await expect(card.get_by_role("button", name="Unblock")).to_be_visible()
    await two.ana.page.keyboard.press("Escape")
    await expect(two.ana.log.get_by_text("Buy now")).to_have_count(0)
    await two.ana.log.get_by_role("button", name="Show").first.click()
    await expect(two.ana.log.get_by_text("Buy now")).to_be_visible()
    await two.bo.say("Hello?")
    await two.bo.sees_once("Buy now", "Hello?")


async def test_a_status_is_seen_and_cleared(two: Two) -> None:
    ana, _ = two.people
    await two.ana.page.get_by_role("button", name=ana.name).first.click()
    await two.ana.menu_item("Set status").click()
    await two.ana.page.get_by_label("What is up?").fill("at the market")
    await two.ana.page.get_by_label("Do not disturb", exact=True).select_option("on")
    await two.ana.button("Save").click()
    await expect(two.ana.page.get_by_text("at the market")).to_be_visible()
    await expect(two.ana.page.get_by_role("img", name="do not disturb").first).to_be_visible()
