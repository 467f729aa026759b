"""Nobody moves the reader: what comes, changes or loads leaves the lines where they are."""

import asyncio
import re
from typing import Any, NamedTuple

import pytest_asyncio
from playwright.async_api import Locator, Route, expect
from tests.browser.api import Api, Person, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest

MESSAGES = 300
TO_LATEST = re.compile("^Jump to latest")
AT_REST = """log => new Promise(done => {
  let last = -1, still = 0
  const look = () => {
    still = log.scrollTop === last ? still + 1 : 0
    last = log.scrollTop
    if (still > 10) done(); else requestAnimationFrame(look)
  }
  look()
})"""
OLDER = re.compile(r"/messages\?.*before=")
TOP_OF_SCREEN = "el => el.getBoundingClientRect().top"


class Library(NamedTuple):
    """A room with much to read. `said` are its messages, oldest first."""

    ana: Person
    bo: Person
    room: Room
    said: list[dict[str, Any]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def library(api: Api) -> Library:
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo, name="Library")
    said = [
        await api.say(ana, room, f"Line {number}. " + LINES[number % 4])
        for number in range(MESSAGES)
    ]
    return Library(ana, bo, room, said)


LINES = (
    "Short.",
    "Long enough to break on a screen of any width that people sit in front of: " * 3,
    "Two\n\nparagraphs",
    "\n\n```\ncode\nand more\n```",
)


@pytest_asyncio.fixture(loop_scope="session")
async def bo(api: Api, library: Library, arrive: Arrive) -> Guest:
    """At the end of the library, everything read."""
    everything = {"seq": 1_000_000}
    await api.ask(library.bo, "POST", f"rooms/{library.room.id}/read", everything)
    guest = await arrive()
    await guest.sign_in(library.bo, library.room)
    await expect(guest.message(f"Line {MESSAGES - 1}.")).to_be_attached()
    return guest


async def test_a_room_never_read_opens_at_its_beginning_and_the_end_is_a_press_away(
    api: Api, arrive: Arrive
) -> None:
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo)
    for number in range(80):
        await api.say(ana, room, f"Line {number}.")
    guest = await arrive()
    await guest.sign_in(bo, room)
    await expect(guest.message("Line 0.")).to_be_in_viewport()
    await guest.button(TO_LATEST).click()
    await expect(guest.message("Line 79.")).to_be_in_viewport()
    await expect(guest.button(TO_LATEST)).to_have_count(0)


async def test_what_is_said_and_edited_elsewhere_does_not_move_the_reader(
    api: Api, library: Library, bo: Guest
) -> None:
    await wheel(bo, -3_000)
    number, line = await line_in_view(bo)
    before = await line.evaluate(TOP_OF_SCREEN)

    await api.say(library.ana, library.room, "News at the end")
    await expect(bo.button("Jump to latest (1)")).to_be_visible()
    assert abs(await line.evaluate(TOP_OF_SCREEN) - before) <= 1

    for above in (2, 6, 25):  # just out of view, and long out of it
        text = library.said[number - above]["body"]["text"]
        await edit(api, library, number - above, f"{text}\n\n" + "grown\n\n" * 6)
    edited = bo.message(f"Line {number - 2}.")
    await expect(edited).to_contain_text("grown")
    await at_rest(bo)
    assert abs(await line.evaluate(TOP_OF_SCREEN) - before) <= 1

    for above in (25, 6, 2):
        text = library.said[number - above]["body"]["text"]
        await edit(api, library, number - above, text)
    await expect(edited).not_to_contain_text("grown")
    await at_rest(bo)
    assert abs(await line.evaluate(TOP_OF_SCREEN) - before) <= 1


async def test_older_pages_load_above_without_moving_the_reader(
    library: Library, bo: Guest
) -> None:
    answer = asyncio.Event()

    async def hold(route: Route) -> None:
        await answer.wait()
        await route.continue_()

    await at_rest(bo)
    await bo.page.route(OLDER, hold)
    above = await bo.log.evaluate("log => log.scrollTop")
    async with bo.page.expect_request(OLDER):
        await wheel(bo, 400 - above)
    number, line = await line_in_view(bo)
    height = await bo.log.evaluate("log => log.scrollHeight")
    before = await line.evaluate(TOP_OF_SCREEN)
    answer.set()
    await bo.page.wait_for_function(
        "([log, height]) => log.scrollHeight > height", arg=[await bo.log.element_handle(), height]
    )
    await at_rest(bo)
    assert abs(await line.evaluate(TOP_OF_SCREEN) - before) <= 1
    assert number > 0


async def test_whoever_is_at_the_end_stays_there(api: Api, library: Library, bo: Guest) -> None:
    await bo.log.press("End")
    await bo.composer.press("Escape")
    await bo.say("I am at the end")
    await expect(bo.message("I am at the end")).to_be_in_viewport()
    await api.say(library.ana, library.room, "And so is this\n\n" * 8)
    await expect(bo.message("And so is this")).to_be_in_viewport(ratio=0.9)


async def test_a_link_to_a_message_opens_there_and_marks_it(
    library: Library, arrive: Arrive
) -> None:
    guest = await arrive()
    target = library.said[120]
    await guest.sign_in(library.bo, path=f"/rooms/{library.room.id}?at={target['seq']}")
    row = guest.message("Line 120.")
    await expect(row).to_be_in_viewport()
    await guest.page.wait_for_function(
        "row => getComputedStyle(row).backgroundColor !== 'rgba(0, 0, 0, 0)'",
        arg=await row.element_handle(),
    )
    await expect(row).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    await guest.button(TO_LATEST).click()
    await expect(guest.message("Line 299.")).to_be_attached()
    await expect(guest.button(TO_LATEST)).to_have_count(0)


async def wheel(guest: Guest, pixels: int) -> None:
    await at_rest(guest)
    await guest.log.hover()
    await guest.page.mouse.wheel(0, pixels)
    await at_rest(guest)


async def line_in_view(guest: Guest) -> tuple[int, Locator]:
    """The first line that is seen, and its number."""
    text = await guest.log.evaluate("""log => {
      const { left, top } = log.getBoundingClientRect()
      return document.elementFromPoint(left + 200, top + 4).closest('article').innerText
    }""")
    found = re.search(r"Line (\d+)\.", text)
    assert found is not None, text
    return int(found[1]), guest.message(found[0])


async def at_rest(guest: Guest) -> None:
    """The list has stood still for some frames."""
    await guest.log.evaluate(AT_REST)


async def test_links_are_found_where_part_of_the_room_is_known_already(
    library: Library, bo: Guest
) -> None:
    """Older lines arrive while the list is on its way to the one that was asked for."""
    for number in (200, 150, 60, 240):
        await bo.open(f"/rooms/{library.room.id}?at={library.said[number]['seq']}")
        row = bo.message(f"Line {number}.")
        await expect(row).to_be_attached()
        await at_rest(bo)
        await expect(row).to_be_in_viewport()


async def edit(api: Api, library: Library, number: int, text: str) -> None:
    path = f"rooms/{library.room.id}/messages/{library.said[number]['id']}"
    await api.ask(library.ana, "PATCH", path, {"text": text})


async def test_a_room_opens_where_the_unread_begins(
    api: Api, library: Library, bo: Guest, arrive: Arrive
) -> None:
    await bo.context.close()
    for number in range(3):
        await api.say(library.ana, library.room, f"Fresh {number}\n\nwith\n\nlines")
    guest = await arrive()
    await guest.sign_in(library.bo, library.room)
    await at_rest(guest)
    await expect(guest.log.get_by_role("separator", name="New messages")).to_be_in_viewport()
    await expect(guest.message("Fresh 0")).to_be_in_viewport()
