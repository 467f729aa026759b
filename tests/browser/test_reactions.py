"""Answering without words: reactions, emoji, pins, polls, spoilers; two people, two browsers."""

import asyncio
import re
from typing import NamedTuple

import pytest_asyncio
import pyvips
from playwright.async_api import Locator, expect
from tests.browser.api import Api, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest
from tests.browser.test_axe import complaints


class Two(NamedTuple):
    ana: Guest
    bo: Guest
    room: Room


@pytest_asyncio.fixture(loop_scope="session")
async def two(api: Api, arrive: Arrive) -> Two:
    """Ana, who owns the room, and Bo."""
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo)
    two = Two(await arrive(), await arrive(reduced_motion="reduce"), room)
    await asyncio.gather(two.ana.sign_in(ana, room), two.bo.sign_in(bo, room))
    return two


def chips(guest: Guest, text: str) -> Locator:
    return guest.message(text).get_by_role("list", name="Reactions").get_by_role("button")


async def test_a_reaction_shows_at_once_to_both_and_is_taken_back(two: Two) -> None:
    await two.ana.say("Shall we?")
    await two.bo.choose("Shall we?", "React with 👍")
    mine = two.bo.message("Shall we?").get_by_role("button", name="👍 1 You")
    await expect(mine).to_have_attribute("aria-pressed", "true")
    theirs = two.ana.message("Shall we?").get_by_role("button", name="👍 1 Bo Lindqvist")
    await theirs.click()
    both = two.bo.message("Shall we?").get_by_role("button", name="👍 2 You, Ana Sol")
    await both.click()
    alone = two.ana.message("Shall we?").get_by_role("button", name="👍 1 You")
    await alone.click()
    for guest in two[:2]:
        await expect(chips(guest, "Shall we?")).to_have_count(0)


async def test_who_reacted_is_told_by_name(two: Two) -> None:
    await two.ana.say("Who comes?")
    for guest in (two.bo, two.ana):
        await guest.choose("Who comes?", "React with ❤️")
        await expect(chips(guest, "Who comes?").first).to_be_visible()
    await chips(two.ana, "Who comes?").first.click(button="right")
    people = two.ana.page.get_by_role("dialog", name="Who reacted").get_by_role("listitem")
    await expect(people).to_have_text([re.compile("Bo Lindqvist"), re.compile("Ana Sol")])


async def test_a_reaction_is_found_by_keyboard_alone(two: Two) -> None:
    await two.ana.say("Olives or bread?")
    await two.bo.sees_once("Olives or bread?")
    page = two.bo.page
    row = two.bo.message("Olives or bread?")
    await row.focus()
    await page.keyboard.press("+")
    await expect(page.get_by_role("searchbox", name="Search emoji")).to_be_focused()
    await page.keyboard.type("olive")
    await expect(two.bo.button("olive")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(row.get_by_role("button", name="🫒 1 You")).to_be_visible()
    await expect(row).to_be_focused()
    await expect(
        two.ana.message("Olives or bread?").get_by_role("button", name="🫒")
    ).to_be_visible()


async def test_an_emoji_brought_along_is_everybodys(two: Two) -> None:
    page = two.bo.page
    await two.bo.button("Insert an emoji").click()
    await two.bo.button("Bring an emoji").click()
    picture = pyvips.Image.black(64, 64, bands=3).linear([1], [90, 120, 40]).cast("uchar")
    file = {"name": "green tile.png", "mimeType": "image/png",
            "buffer": picture.copy(interpretation="srgb").write_to_buffer(".png")}  # fmt: skip
    await page.get_by_label("Picture").set_input_files([file])  # pyright: ignore[reportArgumentType]
    await expect(page.get_by_label("Name")).to_have_value("green_tile")
    await page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("status").filter(has_text=":green_tile:")).to_be_visible()
    await two.ana.composer.press_sequentially("a wall of :green")
    await expect(two.ana.page.get_by_role("option", name=":green_tile:")).to_be_visible()
    await two.ana.composer.press("Enter")
    await expect(two.ana.composer).to_have_value("a wall of :green_tile: ")
    await two.ana.composer.press("Enter")
    shown = two.bo.message("a wall of").get_by_role("img", name=":green_tile:")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 64


async def test_a_short_name_becomes_an_emoji_while_writing(two: Two) -> None:
    await two.ana.composer.press_sequentially("done :tad")
    await expect(two.ana.page.get_by_role("option", name=":tada:")).to_be_visible()
    await two.ana.composer.press("Tab")
    await expect(two.ana.composer).to_have_value("done 🎉 ")


async def test_a_pinned_message_is_found_again(two: Two) -> None:
    await two.ana.say("The door code is 1234")
    await two.bo.sees_once("The door code is 1234")
    await two.ana.message("The door code is 1234").click(button="right")
    await two.ana.menu_item("Pin").click()
    mark = two.bo.message("The door code is 1234").get_by_role("img", name="Pinned by Ana Sol")
    await expect(mark).to_be_visible()
    await expect(two.bo.log).to_contain_text("Ana Sol pinned a message")
    await two.bo.button("Pinned").click()
    card = two.bo.page.get_by_role("listitem").filter(has_text="The door code is 1234")
    await card.get_by_role("link", name="Go to the message of Ana Sol").click()
    await expect(two.bo.page).to_have_url(re.compile(r"at="))
    await expect(two.bo.button("Unpin")).to_have_count(0)  # only moderators, in a channel
    await two.ana.message("The door code is 1234").click(button="right")
    await two.ana.menu_item("Unpin").click()
    await expect(card).to_have_count(0)
    await expect(two.bo.page.get_by_text("Nothing pinned")).to_be_visible()


async def test_a_poll_is_asked_answered_and_closed(two: Two) -> None:
    page = two.ana.page
    await two.ana.button("Make a poll").click()
    await page.get_by_label("Question").fill("Red or white?")
    for number, answer in ((1, "Red"), (2, "White")):
        await page.get_by_role("textbox", name=f"Answer {number}", exact=True).fill(answer)
    await page.get_by_role("dialog").get_by_role("button", name="Ask").click()
    asked = two.bo.page.get_by_role("region", name="Poll: Red or white?")
    await asked.get_by_role("button", name="White 0").click()
    chosen = asked.get_by_role("button", name="White 1")
    await expect(chosen).to_have_attribute("aria-pressed", "true")
    seen = page.get_by_role("region", name="Poll: Red or white?")
    await expect(seen.get_by_role("button", name="White 1")).to_be_visible()
    await asked.get_by_role("button", name="Red 0").click()
    await expect(seen.get_by_role("button", name="White 0")).to_be_visible()
    await expect(seen.get_by_role("button", name="Red 1")).to_be_visible()
    await seen.get_by_role("button", name="1 vote").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Bo Lindqvist")
    await page.keyboard.press("Escape")
    await expect(asked.get_by_role("button", name="Close the poll")).to_have_count(0)
    await seen.get_by_role("button", name="Close the poll").click()
    await expect(asked).to_contain_text("Closed")
    await expect(asked.get_by_role("button", name="Red 1")).to_have_attribute(
        "aria-disabled", "true"
    )


async def test_a_spoiler_is_uncovered_by_whoever_wants_to_know(two: Two) -> None:
    await two.ana.say("It was ||the butler||, sorry")
    row = two.bo.message("It was")
    cover = row.get_by_role("button", name="Spoiler: press to reveal")
    await cover.click()
    await expect(row.get_by_role("button", name="the butler")).to_be_visible()
    await expect(two.ana.message("It was").get_by_role("button", name="Spoiler")).to_be_visible()


async def test_all_of_it_is_accessible(two: Two) -> None:
    await two.ana.say("Look ||here||")
    await two.bo.choose("Look", "React with 👍")
    await two.ana.button("Make a poll").click()
    found = await complaints(two.ana, "poll dialog")
    await two.ana.page.get_by_label("Question").fill("Tea?")
    for number, answer in ((1, "Yes"), (2, "No")):
        await two.ana.page.get_by_role("textbox", name=f"Answer {number}", exact=True).fill(answer)
    await two.ana.page.get_by_role("dialog").get_by_role("button", name="Ask").click()
    poll = two.bo.page.get_by_role("region", name="Poll: Tea?")
    await poll.get_by_role("button", name="Yes 0").click()
    await expect(poll.get_by_role("button", name="Yes 1")).to_be_visible()
    found += await complaints(two.bo, "chips and poll")
    await two.bo.button("Insert an emoji").click()
    await expect(two.bo.page.get_by_role("searchbox", name="Search emoji")).to_be_visible()
    found += await complaints(two.bo, "picker")
    await two.bo.page.keyboard.press("Escape")
    await two.bo.button("Pinned").click()
    await expect(two.bo.page.get_by_text("Nothing pinned")).to_be_visible()
    found += await complaints(two.bo, "pins")
    assert not found, "\n".join(found)
