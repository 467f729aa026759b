"""What is new is bold, calls by number, begins at a line, and is read on every device at once."""

import re
from typing import NamedTuple

import pytest_asyncio
from playwright.async_api import Locator, expect
from tests.browser.api import Api, Person, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest

CALLED = re.compile(r"^\(1\) ")


class Away(NamedTuple):
    """Bo sits in the kitchen while Ana talks in the hall."""

    ana: Person
    bo: Guest
    kitchen: Room
    hall: Room
    mention: str
    bo_person: Person


@pytest_asyncio.fixture(loop_scope="session")
async def away(api: Api, arrive: Arrive) -> Away:
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    kitchen = await api.room(ana, bo, name="Kitchen")
    hall = await api.room(ana, bo, name="Hall")
    guest = await arrive()
    await guest.sign_in(bo, hall)
    await api.say(ana, hall, "Old news")
    await guest.sees_once("Old news")
    await guest.room_row("Kitchen").click()
    await guest.sees_room("Kitchen")
    return Away(ana, guest, kitchen, hall, f"@{bo.username} and here?", bo)


def divider(guest: Guest) -> Locator:
    return guest.log.get_by_role("separator", name="New messages")


async def test_unread_is_bold_and_a_mention_is_counted_and_the_title_calls_for_me(
    api: Api, away: Away
) -> None:
    row = away.bo.room_row("Hall")
    await expect(away.bo.page).to_have_title("Kitchen · Tertulia")
    await api.say(away.ana, away.hall, "Fresh news")
    await expect(row).to_have_accessible_name(re.compile("Unread$"))
    await api.say(away.ana, away.hall, away.mention)
    await expect(row).to_have_accessible_name(re.compile("1 for you$"))
    await expect(away.bo.page).to_have_title(CALLED)


async def test_the_divider_stands_before_the_first_unread_message(api: Api, away: Away) -> None:
    await api.say(away.ana, away.hall, "Fresh news")
    await api.say(away.ana, away.hall, away.mention)
    await expect(away.bo.page).to_have_title(CALLED)
    await away.bo.room_row("Hall").click()
    await away.bo.sees_once("Old news", "Fresh news", "and here?")
    first = away.bo.log.get_by_role("article").filter(has_text="Fresh news")
    mark, below = await divider(away.bo).bounding_box(), await first.bounding_box()
    above = await away.bo.message("Old news").bounding_box()
    assert mark is not None
    assert above is not None
    assert below is not None
    assert above["y"] < mark["y"] < below["y"]


async def test_the_divider_stays_while_i_read_and_my_own_words_are_not_new(
    api: Api, away: Away
) -> None:
    await api.say(away.ana, away.hall, "Fresh news")
    await expect(away.bo.room_row("Hall")).to_have_accessible_name(re.compile("Unread$"))
    await away.bo.room_row("Hall").click()
    await expect(divider(away.bo)).to_have_count(1)
    await away.bo.say("I was away")
    await api.say(away.ana, away.hall, "You are back")
    # Which of the two the server hears first is not this test's business.
    for said in ("I was away", "You are back"):
        await away.bo.sees_once("Fresh news", said)
    await expect(divider(away.bo)).to_have_count(1)
    await expect(away.bo.room_row("Hall")).to_have_accessible_name("Hall")


async def test_reading_on_one_device_clears_the_other(api: Api, away: Away, arrive: Arrive) -> None:
    other = await arrive()
    await other.sign_in(away.bo_person, away.kitchen)
    await api.say(away.ana, away.hall, away.mention)
    await expect(other.page).to_have_title(CALLED)
    await expect(away.bo.page).to_have_title(CALLED)

    await away.bo.page.bring_to_front()
    await away.bo.room_row("Hall").click()
    await away.bo.sees_once("and here?")
    await expect(away.bo.page).to_have_title("Hall · Tertulia")
    await expect(other.page).to_have_title("Kitchen · Tertulia")
    await expect(other.room_row("Hall")).to_have_accessible_name("Hall")


async def test_a_direct_message_always_calls(api: Api, away: Away) -> None:
    body = {"kind": "direct", "members": [away.bo_person.id]}
    made = await api.ask(away.ana, "POST", "rooms", body)
    await api.say(away.ana, Room(made["room"]["id"], "Ana Sol"), "Psst")
    await expect(away.bo.room_row("Ana Sol")).to_have_accessible_name(re.compile("1 for you$"))
    await expect(away.bo.page).to_have_title(CALLED)
