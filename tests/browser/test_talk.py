"""Two people in a room: what one does, the other sees at once, without reloading."""

import asyncio
from typing import NamedTuple

import pytest_asyncio
from playwright.async_api import expect
from tests.browser.api import Api, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest

TOMBSTONE = "This message was deleted"


class Two(NamedTuple):
    ana: Guest
    bo: Guest
    room: Room


@pytest_asyncio.fixture(loop_scope="session")
async def two(api: Api, arrive: Arrive) -> Two:
    """Ana and Bo, in the same room."""
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo)
    two = Two(await arrive(), await arrive(), room)
    await asyncio.gather(two.ana.sign_in(ana, room), two.bo.sign_in(bo, room))
    return two


async def test_the_last_message_is_corrected_with_the_up_arrow(two: Two) -> None:
    await two.ana.say("See you at noom")
    await two.bo.sees_once("See you at noom")
    await two.ana.sees_once("See you at noom")
    await two.ana.composer.press("ArrowUp")
    box = two.ana.page.get_by_role("textbox", name="Edit message")
    await expect(box).to_be_focused()
    await box.fill("See you at noon")
    await box.press("Enter")
    for guest in (two.ana, two.bo):
        await expect(guest.message("See you at noon")).to_contain_text("edited")
        await expect(guest.message("noom")).to_have_count(0)
    await expect(two.ana.composer).to_be_focused()


async def test_escape_leaves_a_message_as_it_was(two: Two) -> None:
    await two.ana.say("It stays")
    await two.bo.sees_once("It stays")
    await two.ana.composer.press("ArrowUp")
    box = two.ana.page.get_by_role("textbox", name="Edit message")
    await box.fill("It goes")
    await box.press("Escape")
    await expect(box).to_have_count(0)
    await two.ana.say("Next")
    await two.bo.sees_once("It stays", "Next")
    await expect(two.bo.message("It stays")).not_to_contain_text("edited")


async def test_an_answer_carries_what_it_answers(two: Two) -> None:
    await two.bo.say("Who brings the bread?")
    await two.ana.sees_once("Who brings the bread?")
    await two.ana.choose("Who brings the bread?", "Reply")
    await expect(two.ana.page.get_by_text("Replying to Bo Lindqvist")).to_be_visible()
    await two.ana.say("I do")
    for guest in (two.ana, two.bo):
        answer = guest.message("I do")
        await expect(answer).to_have_count(1)
        quote = answer.get_by_role("button", name="Go to the message by Bo Lindqvist this answers")
        await expect(quote).to_contain_text("Who brings the bread?")


async def test_a_deletion_can_be_taken_back(two: Two) -> None:
    await two.ana.say("Said too soon")
    await two.bo.sees_once("Said too soon")
    await two.ana.choose("Said too soon", "Delete")
    await expect(two.ana.message(TOMBSTONE)).to_be_visible()
    await two.ana.button("Undo").click()
    await two.ana.sees_once("Said too soon")
    await two.ana.say("Still here")
    await two.bo.sees_once("Said too soon", "Still here")


async def test_a_deleted_message_leaves_a_tombstone_for_everybody(two: Two) -> None:
    await two.ana.say("Forget this")
    await two.bo.sees_once("Forget this")
    await two.ana.choose("Forget this", "Delete")
    await two.bo.choose("Forget this", "Reply")
    await two.bo.say("Why?")
    await two.ana.sees_once("Why?")
    await expect(two.bo.message(TOMBSTONE)).to_be_visible()
    await expect(two.bo.message("Why?")).to_contain_text("deleted message")
    for guest in (two.ana, two.bo):
        await expect(guest.log).not_to_contain_text("Forget this")


async def test_typing_shows_on_the_other_side_and_goes_with_the_message(two: Two) -> None:
    await two.bo.say("Hm")  # Once both are connected: what is typed before is told to nobody.
    await two.ana.sees_once("Hm")
    await two.ana.say("Yes?")
    await two.bo.sees_once("Yes?")
    typing = two.ana.page.get_by_text("Bo Lindqvist is typing…")
    await two.bo.composer.press_sequentially("Let me think")
    await expect(typing).to_be_visible()
    await two.bo.composer.press("Enter")
    await two.ana.sees_once("Let me think")
    await expect(typing).to_have_count(0)
    await expect(two.bo.page.get_by_text("is typing…")).to_have_count(0)


async def test_the_member_panel_tells_who_is_online(two: Two) -> None:
    await two.ana.button("Members, 2").click()
    members = two.ana.page.get_by_role("list", name="Members")
    bo = members.get_by_role("listitem").filter(has_text="Bo Lindqvist")
    await expect(bo.get_by_role("img", name="online")).to_be_visible()


async def test_code_lists_and_links_are_drawn(two: Two) -> None:
    await two.ana.composer.fill(
        "Look:\n\n```python\nprint('ay')\n```\n\n- one\n- **two**\n\nhttps://example.org/a"
    )
    await two.ana.button("Send").click()
    said = two.bo.message("Look:")
    await expect(said.get_by_role("code")).to_have_text("print('ay')")
    await expect(said.get_by_role("listitem")).to_have_text(["one", "two"])
    link = said.get_by_role("link", name="https://example.org/a")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
