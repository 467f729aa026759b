"""Threads and mentions, as people see them: two of them, and two devices of one."""

import re
from typing import Any
from uuid import uuid4

from playwright.async_api import Locator, expect
from tests.browser.api import Api, Person, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest


def panel(guest: Guest) -> Locator:
    return guest.page.get_by_role("region", name="Thread", exact=True)


def replies(guest: Guest) -> Locator:
    return panel(guest).get_by_role("log", name="Replies")


def reply_field(guest: Guest) -> Locator:
    return panel(guest).get_by_role("textbox", name="Reply in the thread")


def room_log(guest: Guest) -> Locator:
    return guest.page.get_by_role("log", name=re.compile("^Messages in "))


async def reply(api: Api, who: Person, room: Room, root: Any, text: str) -> Any:
    body = {"client_id": str(uuid4()), "text": text, "thread": root["id"]}
    return await api.ask(who, "POST", f"rooms/{room.id}/messages", body)


async def test_a_thread_is_written_read_and_counted_on_all_devices(
    api: Api, arrive: Arrive
) -> None:
    anna, ben = await api.person("Anna"), await api.person("Ben")
    room = await api.room(anna, ben, name="Thread table")
    await api.say(anna, room, "Who brings the wine?")
    one, other, bens = await arrive(), await arrive(), await arrive()
    for guest, who in ((one, anna), (other, anna), (bens, ben)):
        await guest.sign_in(who, room)
    # Ben opens the thread by keyboard and answers.
    row = room_log(bens).get_by_role("article").filter(has_text="Who brings the wine?")
    await row.focus()
    await bens.page.keyboard.press("t")
    await expect(panel(bens)).to_contain_text("Nobody replied yet.")
    await reply_field(bens).fill("I do")
    await reply_field(bens).press("Enter")
    await expect(replies(bens)).to_contain_text("I do")
    # Anna sees it counted under her question on both devices, and not in the room.
    for guest in (one, other):
        await expect(
            room_log(guest).get_by_role("link", name=re.compile("1 reply"))
        ).to_be_visible()
        await expect(guest.page.get_by_role("img", name="1 thread with news")).to_be_visible()
        await expect(room_log(guest).get_by_role("article").filter(has_text="I do")).to_have_count(
            0
        )
    # Reading it on one clears it on the other.
    await room_log(one).get_by_role("link", name=re.compile("1 reply")).click()
    await expect(replies(one)).to_contain_text("I do")
    await expect(other.page.get_by_role("img", name="1 thread with news")).to_have_count(0)
    # Also sent to the room, it stands there, too; Esc closes the panel.
    await reply_field(one).fill("Thank you")
    await panel(one).get_by_role("checkbox", name="Also send to the room").check()
    await reply_field(one).press("Enter")
    shown = room_log(bens).get_by_role("article").filter(has_text="Thank you")
    await expect(shown).to_contain_text("In a thread")
    await panel(one).get_by_role("button", name="Follow", exact=False).focus()
    await one.page.keyboard.press("Escape")
    await expect(panel(one)).to_have_count(0)


async def test_the_threads_page_lists_what_is_new_and_opens_it(api: Api, arrive: Arrive) -> None:
    anna, ben = await api.person("Anna"), await api.person("Ben")
    room = await api.room(anna, ben, name="Inbox table")
    root = await api.say(anna, room, "Who comes by train?")
    guest = await arrive()
    await guest.sign_in(anna, room)
    await reply(api, ben, room, root, "The two of us")
    await guest.page.get_by_role("link", name=re.compile("^Threads")).click()
    card = guest.page.get_by_role("listitem").filter(has_text="Who comes by train?")
    await expect(card).to_contain_text("The two of us")
    await expect(card).to_contain_text("1 new reply")
    await card.get_by_role("link").click()
    await expect(replies(guest)).to_contain_text("The two of us")


async def test_mentions_are_listed_and_lead_to_the_message(api: Api, arrive: Arrive) -> None:
    anna, ben = await api.person("Anna"), await api.person("Ben")
    room = await api.room(anna, ben, name="Mention table")
    await api.say(ben, room, f"@{anna.username} have a look")
    for number in range(60):
        await api.say(ben, room, f"filler {number}")
    guest = await arrive()
    await guest.sign_in(anna)
    await guest.page.get_by_role("link", name=re.compile("^Mentions")).click()
    card = guest.page.get_by_role("listitem").filter(has_text="have a look")
    await expect(card).to_contain_text("names you in Mention table")
    await guest.button("Whole rooms").click()
    await expect(card).to_have_count(0)
    await guest.button("My name").click()
    await card.get_by_role("link").click()
    await expect(guest.message("have a look")).to_be_in_viewport()


async def test_a_quote_leads_to_its_message_and_back(api: Api, arrive: Arrive) -> None:
    anna = await api.person("Anna")
    room = await api.room(anna, name="Quote table")
    first = await api.say(anna, room, "the very first words")
    for number in range(120):
        await api.say(anna, room, f"filler {number}")
    await api.say(anna, room, "as I said", first["id"])
    guest = await arrive()
    await guest.sign_in(anna, room)
    await (
        guest.message("as I said").get_by_role("button", name=re.compile("the very first")).click()
    )
    original = room_log(guest).get_by_role("article").filter(has_text=re.compile("first words$"))
    await expect(original.first).to_be_in_viewport()
    await guest.button("Back to where you were").click()
    await expect(guest.message("as I said")).to_be_in_viewport()


async def test_somebody_outside_is_offered_and_brought_in(api: Api, arrive: Arrive) -> None:
    anna, zoe = await api.person("Anna"), await api.person("Zoe Quill")
    room = await api.room(anna, name="Offer table")
    guest = await arrive()
    await guest.sign_in(anna, room)
    await guest.composer.press_sequentially("@zoe")
    option = guest.page.get_by_role("option", name=re.compile("Zoe Quill.*not in this room"))
    await expect(option).to_be_visible()
    await guest.composer.press("Enter")
    await expect(guest.page.get_by_text("Zoe Quill is not in this room")).to_be_visible()
    await guest.button("Add").click()
    await expect(guest.page.get_by_text("Zoe Quill is not in this room")).to_have_count(0)
    await guest.composer.press("Enter")
    await expect(guest.message(f"@{zoe.username}")).to_be_visible()


async def test_who_replies_is_seen_writing_in_the_thread_alone(api: Api, arrive: Arrive) -> None:
    anna, ben = await api.person("Anna"), await api.person("Ben")
    room = await api.room(anna, ben, name="Typing table")
    root = await api.say(anna, room, "Who writes?")
    one, other = await arrive(), await arrive()
    for guest, who in ((one, anna), (other, ben)):
        await guest.sign_in(who, room, path=f"/rooms/{room.id}?panel=thread:{root['id']}")
    # Typing is told once, and nobody hears it again: both must be there before.
    for guest, text in ((one, "Nobody?"), (other, "Wait")):
        await reply_field(guest).fill(text)
        await reply_field(guest).press("Enter")
    await expect(replies(one)).to_contain_text("Wait")
    await expect(replies(other)).to_contain_text("Nobody?")
    await reply_field(other).press_sequentially("I do")
    writing = one.page.get_by_text("Ben is typing…")
    await expect(writing).to_have_count(1)
    await expect(panel(one)).to_contain_text("Ben is typing…")
    await reply_field(other).press("Enter")
    await expect(replies(one)).to_contain_text("I do")
    await expect(writing).to_have_count(0)
