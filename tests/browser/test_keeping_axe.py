"""Axe finds nothing to complain of in what is kept, sent on and said later; narrow, too."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.async_api import expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive
from tests.browser.test_axe import complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages_and_dialogs_are_accessible(scheme: str, api: Api, arrive: Arrive) -> None:
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo)
    said = await api.say(bo, room, "I have the wine")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    message = {"room_id": room.id, "message_id": said["id"]}
    await api.ask(ana, "PUT", f"rooms/{room.id}/messages/{said['id']}/star")
    later = {"client_id": str(uuid4()), "text": "Good morning", "send_at": tomorrow}
    await api.ask(ana, "POST", f"rooms/{room.id}/scheduled", later)
    await api.ask(ana, "POST", "me/reminders", {
        "client_id": str(uuid4()), "due_at": tomorrow, **message})  # fmt: skip
    await api.ask(ana, "POST", "forwards", {
        "client_id": str(uuid4()), "messages": [message], "rooms": [room.id]})  # fmt: skip
    await api.ask(ana, "PATCH", f"rooms/{room.id}", {"message_ttl": 3600})
    guest = await arrive(color_scheme=scheme, reduced_motion="reduce")
    await guest.sign_in(ana, room)
    await guest.say("soon gone")
    await expect(guest.message("soon gone").get_by_role("img")).to_be_visible()
    await guest.composer.press_sequentially("/")
    await expect(guest.page.get_by_role("listbox")).to_be_visible()
    found = await complaints(guest, "room")
    await guest.page.keyboard.press("Escape")
    await guest.composer.fill("half a thought")
    await guest.button("Send later").click()
    await expect(guest.page.get_by_role("dialog")).to_be_visible()
    found += await complaints(guest, "send later")
    await guest.page.keyboard.press("Escape")
    await guest.message("I have the wine").first.click(button="right")
    await guest.menu_item("Forward").click()
    await expect(guest.page.get_by_role("combobox", name="Where to")).to_be_focused()
    found += await complaints(guest, "forward")
    await guest.page.keyboard.press("Escape")
    for page, sees in (("Drafts", "half a thought"), ("Saved", "I have the wine"),
                       ("Scheduled", "Good morning")):  # fmt: skip
        await guest.page.get_by_role("link", name=page).click()
        await expect(guest.page.get_by_role("heading", name=page, level=1)).to_be_visible()
        await expect(guest.page.get_by_text(sees).first).to_be_visible()
        found += await complaints(guest, page)
    assert not found, "\n".join(found)
