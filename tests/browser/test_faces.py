"""A person's picture: chosen in the settings, seen by others, taken away."""

import re

from playwright.async_api import FilePayload, expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive
from tests.browser.test_room_picture import photo


async def test_a_face_is_shown_wherever_its_person_is(api: Api, arrive: Arrive) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo, name="Faces")
    await api.say(ana, room, "here I am")
    owner, other = await arrive(), await arrive()
    await other.sign_in(bo, room)
    await owner.sign_in(ana, path="/settings/profile")
    file = FilePayload(name="me.png", mimeType="image/png", buffer=photo())
    await owner.page.get_by_label("Choose a picture").first.set_input_files(file)
    await expect(owner.button("Remove picture")).to_be_visible()
    mine = owner.page.locator("img[src*='/people/']").first
    assert await mine.evaluate("it => it.decode().then(() => it.naturalWidth)") == 256
    seen = other.log.locator("img[src*='/people/']").first
    await expect(seen).to_have_attribute("src", re.compile(r"/avatar\?v="))
    assert await seen.evaluate("it => it.decode().then(() => it.naturalWidth)") == 256
    await owner.button("Remove picture").click()
    await expect(owner.button("Remove picture")).to_have_count(0)
    await expect(other.log.locator("img[src*='/people/']")).to_have_count(0)
