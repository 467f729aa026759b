"""What is kept, sent on, said later and gone: two devices of one person, and another one."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

import pytest_asyncio
from playwright.async_api import expect
from tests.browser.api import Api, Person, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest


class Devices(NamedTuple):
    """Ana's laptop and phone in one room; Bo, who is in it too, is only in the API."""

    laptop: Guest
    phone: Guest
    ana: Person
    bo: Person
    room: Room
    kitchen: Room


@pytest_asyncio.fixture(loop_scope="session")
async def devices(api: Api, arrive: Arrive) -> Devices:
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo)
    kitchen = await api.room(ana, bo, name="The kitchen")
    await api.say(bo, room, "Who brings the bread?")
    await api.say(bo, room, "I have the wine")
    here = Devices(await arrive(), await arrive(color_scheme="dark"), ana, bo, room, kitchen)
    await asyncio.gather(here.laptop.sign_in(ana, room), here.phone.sign_in(ana, room))
    return here


async def from_menu(guest: Guest, text: str, action: str) -> None:
    await guest.message(text).click(button="right")
    await guest.menu_item(action).click()


async def test_what_is_begun_on_one_device_goes_on_on_another(devices: Devices) -> None:
    await devices.laptop.composer.fill("I could bring")
    await expect(devices.phone.composer).to_have_value("I could bring")
    await devices.phone.composer.press_sequentially(" the bread")
    await expect(devices.laptop.composer).to_have_value("I could bring the bread")
    await devices.laptop.page.get_by_role("link", name="Drafts").click()
    await expect(devices.laptop.page.get_by_text("I could bring the bread")).to_be_visible()
    await devices.phone.composer.press("Enter")
    await expect(devices.laptop.page.get_by_text("Nothing half said")).to_be_visible()


async def test_what_is_being_typed_is_never_taken_away(devices: Devices) -> None:
    await devices.laptop.composer.fill("from the laptop")
    await expect(devices.phone.composer).to_have_value("from the laptop")
    # The phone is offline while both go on; the laptop wrote last, and its words are offered.
    devices.phone.troubles.expect("ERR_INTERNET_DISCONNECTED", "WebSocket")
    await devices.phone.context.set_offline(True)
    await devices.phone.composer.fill("from the phone")
    await devices.laptop.composer.fill("from the laptop, and more")
    await expect(devices.laptop.page.get_by_role("link", name="Drafts")).to_be_visible()
    await devices.phone.context.set_offline(False)
    offer = devices.phone.page.get_by_role("status").filter(has_text="another device")
    await expect(offer).to_contain_text("from the laptop, and more")
    await expect(devices.phone.composer).to_have_value("from the phone")
    await expect(devices.laptop.composer).to_have_value("from the laptop, and more")
    await offer.get_by_role("button", name="Use it").click()
    await expect(devices.phone.composer).to_have_value("from the laptop, and more")


async def test_a_message_saved_here_is_saved_there(devices: Devices) -> None:
    await from_menu(devices.laptop, "I have the wine", "Save for me")
    for guest in (devices.laptop, devices.phone):
        mark = guest.message("I have the wine").get_by_role("img", name="Saved")
        await expect(mark).to_be_visible()
    await devices.phone.page.get_by_role("link", name="Saved").click()
    await expect(devices.phone.page.get_by_text("I have the wine")).to_be_visible()
    await from_menu(devices.laptop, "I have the wine", "Remove from saved")
    await expect(devices.phone.page.get_by_text("Nothing saved yet")).to_be_visible()


async def test_deleting_for_me_holds_on_all_my_devices_and_can_be_undone(devices: Devices) -> None:
    await from_menu(devices.laptop, "I have the wine", "Delete for me")
    for guest in (devices.laptop, devices.phone):
        await expect(guest.message("I have the wine")).to_have_count(0)
    await devices.laptop.button("Undo").click()
    for guest in (devices.laptop, devices.phone):
        await expect(guest.message("I have the wine")).to_have_count(1)


async def test_a_message_goes_on_with_where_it_came_from(devices: Devices) -> None:
    laptop = devices.laptop
    await from_menu(laptop, "Who brings the bread", "Forward")
    where = laptop.page.get_by_role("combobox", name="Where to")
    await where.fill("kitch")
    await where.press("Enter")
    await laptop.page.get_by_label("Add a comment").fill("For you")
    await laptop.page.get_by_role("dialog").get_by_role("button", name="Forward").click()
    await expect(laptop.message("Who brings the bread")).to_contain_text("Forwarded 1 time")
    await laptop.room_row("The kitchen").click()
    await laptop.sees_once("For you", "Who brings the bread?")
    copy = laptop.message("Who brings the bread?")
    await expect(copy).to_contain_text("Forwarded from Bo Lindqvist in The long table")
    await copy.get_by_role("link", name="View original").click()
    await laptop.sees_room("The long table")


async def due(api: Api, who: Person, seconds: float, note: str) -> None:
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    wanted = {"client_id": str(uuid4()), "due_at": at.isoformat(), "note": note}
    await api.ask(who, "POST", "me/reminders", wanted)


async def test_what_is_due_is_told_everywhere_until_it_is_seen_to(
    devices: Devices, api: Api, arrive: Arrive
) -> None:
    await due(api, devices.ana, 1.0, "water the olives")
    both = (devices.laptop, devices.phone)
    for guest in both:
        await expect(guest.page.get_by_role("status").filter(has_text="olives")).to_be_visible()
    late = await arrive()  # a device that was not there when it rang
    await late.sign_in(devices.ana, devices.room)
    await expect(late.page.get_by_text("water the olives")).to_be_visible()
    await late.page.get_by_role("link", name="Scheduled 1").click()
    await late.button("Done").click()
    for guest in (*both, late):
        await expect(guest.page.get_by_role("link", name="Scheduled", exact=True)).to_be_visible()
        await expect(guest.page.get_by_text("water the olives")).to_have_count(0)


async def test_a_message_waits_for_its_time(devices: Devices) -> None:
    laptop = devices.laptop
    await laptop.composer.fill("Good morning")
    await laptop.button("Send later").click()
    await laptop.button(re.compile("^Tomorrow")).click()
    await expect(laptop.composer).to_have_value("")
    await laptop.page.get_by_role("link", name="Scheduled").click()
    await expect(laptop.page.get_by_text("Good morning")).to_be_visible()
    await laptop.button("Send now").click()
    await expect(laptop.page.get_by_text("Nothing is waiting")).to_be_visible()
    await devices.phone.sees_once("Good morning")


async def test_a_reminder_is_listed_on_all_devices(devices: Devices) -> None:
    await from_menu(devices.laptop, "I have the wine", "Remind me")
    await devices.laptop.button(re.compile("^In 20 minutes")).click()
    await devices.phone.page.get_by_role("link", name="Scheduled").click()
    await expect(devices.phone.page.get_by_text("I have the wine")).to_be_visible()
    await devices.phone.button("Done").click()
    await expect(devices.phone.page.get_by_text("Nothing is waiting")).to_be_visible()


async def test_commands_are_completed_done_and_never_lost(devices: Devices) -> None:
    laptop = devices.laptop
    await laptop.composer.press_sequentially("/shr")
    await expect(laptop.page.get_by_role("option", name=re.compile("shrug"))).to_be_visible()
    await laptop.composer.press("Enter")
    await laptop.composer.press_sequentially("well")
    await laptop.composer.press("Enter")
    await devices.phone.sees_once("well ¯\\_(ツ)_/¯")
    laptop.troubles.expect("400")
    await laptop.say("/dance now")
    await expect(laptop.page.get_by_text("There is no command /dance")).to_be_visible()
    await expect(laptop.composer).to_have_value("/dance now")
    await laptop.say("//dance")
    await devices.phone.sees_once("/dance")


async def test_a_room_whose_messages_disappear_says_so(devices: Devices, api: Api) -> None:
    await api.ask(devices.ana, "PATCH", f"rooms/{devices.room.id}", {"message_ttl": 3600})
    for guest in (devices.laptop, devices.phone):
        await expect(guest.page.get_by_text("Messages here disappear after 1 hour")).to_be_visible()
        await expect(guest.log).to_contain_text("Ana Sol set messages to disappear after 1 hour")
    await devices.laptop.say("soon gone")
    mark = devices.phone.message("soon gone").get_by_role("img", name=re.compile("Disappears"))
    await expect(mark).to_be_visible()
