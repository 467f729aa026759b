"""A room where only moderators write: everybody else answers with a sign, or in a thread."""

import re

from playwright.async_api import expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive


async def test_a_member_of_an_announcement_room_reacts_and_replies_but_does_not_post(
    api: Api, arrive: Arrive
) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo, name="Notice board")
    await api.say(ana, room, "The kitchen opens at six")
    await api.ask(ana, "PATCH", f"rooms/{room.id}", {"posting": "moderators"})
    keeper, member = await arrive(), await arrive()
    await keeper.sign_in(ana, room)
    await member.sign_in(bo)
    await member.open(f"/rooms/{room.id}")
    await expect(member.message("The kitchen opens at six")).to_be_visible()
    # No place to write in the room, and it says why.
    await expect(member.composer).to_have_count(0)
    await expect(member.page.get_by_text("You cannot write in this room now.")).to_be_visible()
    # A sign is an answer.
    row = member.message("The kitchen opens at six")
    await row.hover()
    toolbar = row.get_by_role("toolbar")
    await expect(toolbar.get_by_role("button", name="Reply", exact=True)).to_have_count(0)
    await toolbar.get_by_role("button", name=re.compile("^React with")).first.click()
    reactions = keeper.message("The kitchen opens at six").get_by_role("list", name="Reactions")
    await expect(reactions).to_contain_text("Bo")
    # So is a reply in a thread, which stays there.
    await row.hover()
    await toolbar.get_by_role("button", name="Reply in thread", exact=True).click()
    thread = member.page.get_by_role("region", name="Thread", exact=True)
    field = thread.get_by_role("textbox", name="Reply in the thread")
    await field.fill("I bring bread")
    await expect(thread.get_by_role("checkbox", name="Also send to the room")).to_have_count(0)
    await field.press("Enter")
    await expect(thread.get_by_role("log", name="Replies")).to_contain_text("I bring bread")
    await expect(keeper.log.get_by_role("link", name=re.compile("1 reply"))).to_be_visible()
    # Where threads are closed as well, nothing but the sign is left.
    await api.ask(ana, "PATCH", f"rooms/{room.id}", {"thread_replies": False})
    await expect(field).to_have_count(0)
    await expect(thread.get_by_text("You cannot write in this room now.")).to_be_visible()
