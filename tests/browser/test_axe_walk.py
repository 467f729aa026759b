"""Axe finds nothing to complain of on any page, panel and dialog of a room's life."""

from uuid import uuid4

import pytest
from playwright.async_api import expect
from tests.browser.api import Api, Person, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest
from tests.browser.test_axe import complaints

# Where it is, and what is to be read there once it has arrived.
PAGES = (
    ("/rooms/{room}?panel=pins", "Pinned"),
    ("/rooms/{room}?panel=search", "Search"),
    ("/rooms/{room}?panel=moderation", "Moderation"),
    ("/rooms/{room}?panel=thread:{root}", "The two of us"),
    ("/rooms/{room}?panel=info:{root}", "Who read it"),
    ("/rooms/view/search", "Search"),
    ("/rooms/view/mentions", "have a look"),
    ("/rooms/view/threads", "The two of us"),
    ("/rooms/view/contacts", "Contacts"),
    ("/settings/privacy", "Privacy"),
    ("/settings/export", "Export"),
)
# The button that opens it.
DIALOGS = ("Make a poll", "Insert an emoji", "Invite people", "New message")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_panel_and_dialog_is_accessible(
    scheme: str, api: Api, arrive: Arrive
) -> None:
    ana, room, root = await furnished(api)
    guest = await arrive(color_scheme=scheme, reduced_motion="reduce")
    await guest.sign_in(ana, room)
    await expect(guest.log.get_by_role("list", name="Reactions")).to_be_visible()
    await expect(guest.log.get_by_text("Red or white?").first).to_be_visible()
    found = await complaints(guest, "poll and reactions")
    for dialog in DIALOGS:
        found += await opened(guest, dialog)
    for path, sees in PAGES:
        await guest.open(path.format(room=room.id, root=root))
        place = guest.page.locator("aside" if "panel=" in path else "main")
        await expect(place.get_by_text(sees).filter(visible=True).first).to_be_visible()
        found += await complaints(guest, path)
    assert not found, "\n".join(found)


async def opened(guest: Guest, button: str) -> list[str]:
    """By its key, and closed again: the focus is back on the button."""
    trigger = guest.button(button).first
    await trigger.focus()
    await guest.page.keyboard.press("Enter")
    await expect(guest.page.get_by_role("dialog")).to_be_visible()
    found = await complaints(guest, button)
    await guest.page.keyboard.press("Escape")
    await expect(guest.page.get_by_role("dialog")).to_have_count(0)
    await expect(trigger).to_be_focused()
    return found


async def furnished(api: Api) -> tuple[Person, Room, str]:
    """Something on every page; the `id` of a message with a thread."""
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo)
    root = await api.say(ana, room, "Who comes by train?")
    reply = {"client_id": str(uuid4()), "text": "The two of us", "thread": root["id"]}
    await api.ask(bo, "POST", f"rooms/{room.id}/messages", reply)
    await api.say(bo, room, f"@{ana.username} have a look")
    at = f"rooms/{room.id}/messages/{root['id']}"
    await api.ask(bo, "PUT", f"{at}/reactions/🦉")
    await api.ask(ana, "PUT", f"{at}/pin")
    poll = {"client_id": str(uuid4()), "question": "Red or white?", "options": ["Red", "White"]}
    await api.ask(bo, "POST", f"rooms/{room.id}/polls", poll)
    return ana, room, root["id"]
