"""A room's picture: given, seen by everybody, taken away."""

import re

import pyvips
from playwright.async_api import FilePayload, expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive


def photo() -> bytes:
    """Larger than the server takes."""
    noise = pyvips.Image.gaussnoise(900, 700, sigma=60, mean=128).cast("uchar")
    return noise.bandjoin([noise, noise]).copy(interpretation="srgb").write_to_buffer(".png")


async def test_a_picture_is_given_seen_and_taken_away(api: Api, arrive: Arrive) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo, name="Picture house")
    keeper, member = await arrive(), await arrive()
    await keeper.sign_in(ana, room, path=f"/rooms/{room.id}?panel=settings")
    await member.sign_in(bo, room)
    file = FilePayload(name="photo.png", mimeType="image/png", buffer=photo())
    await keeper.page.get_by_label("Choose a picture").first.set_input_files(file)
    await expect(keeper.page.get_by_role("img", name="The picture now")).to_be_visible()
    await expect(member.log).to_contain_text("Ana changed the room's picture")
    shown = member.page.locator(f"a[data-room='{room.id}'] img")
    await expect(shown).to_have_attribute("src", re.compile("/avatar"))
    assert await shown.evaluate("it => it.decode().then(() => it.naturalWidth)") == 256
    nothing = FilePayload(name="photo.png", mimeType="image/png", buffer=b"no picture")
    await keeper.page.locator("aside input[type=file]").set_input_files(nothing)
    await expect(keeper.page.get_by_role("alert")).to_contain_text("cannot be read")
    await keeper.button("Remove picture").click()
    await expect(shown).to_have_count(0)
    await expect(member.log).to_contain_text("Ana removed the room's picture")
