"""axe finds nothing to complain of, by day and by night."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from tests.browser.api import Api, Person, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# In the page's world: a <script> would be refused, and rightly.
RUN = """async (source) => {
  if (!window.axe) (0, eval)(source)
  await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {})))
  const { violations } = await axe.run(document, { resultTypes: ['violations'] })
  const told = ({ html, failureSummary }) => `${html} ${failureSummary}`
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${told(nodes[0])}`)
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages_before_the_door_are_accessible(scheme: str, api: Api, arrive: Arrive) -> None:
    guest = await arrive(color_scheme=scheme, reduced_motion="reduce")
    found: list[str] = []
    for path, heading in (
        ("/", "Pull up a chair."),
        ("/sign-up", "Take a seat"),
        ("/sign-in", "Good to see you"),
    ):
        await guest.open(path)
        await expect(guest.page.get_by_role("heading", name=heading)).to_be_visible()
        found += await complaints(guest, path)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_room_and_everything_that_opens_in_it_is_accessible(
    scheme: str, api: Api, arrive: Arrive
) -> None:
    ana, room = await furnished(api)
    guest = await arrive(color_scheme=scheme, reduced_motion="reduce")
    await guest.sign_in(ana, room)
    await expect(guest.message("Who slices it?")).to_be_visible()
    found = await complaints(guest, "room")
    await guest.message("Who slices it?").hover()
    await expect(guest.page.get_by_role("toolbar")).to_be_visible()
    found += await complaints(guest, "toolbar")
    await guest.button("Members, 2").click()
    await expect(guest.page.get_by_role("list", name="Members")).to_be_visible()
    found += await complaints(guest, "members")
    await guest.button("Invite people").click()
    await expect(guest.page.get_by_role("dialog")).to_be_visible()
    found += await complaints(guest, "invite")
    await guest.page.keyboard.press("Escape")
    await guest.page.keyboard.press("Control+k")
    await expect(guest.page.get_by_role("combobox", name="Jump to")).to_be_visible()
    found += await complaints(guest, "switcher")
    await guest.page.keyboard.press("Escape")
    await guest.button("More about this room").click()
    await guest.menu_item("Room settings").click()
    await expect(guest.page.get_by_role("heading", name="Room settings")).to_be_visible()
    # A tooltip, which the focus brings, belongs to no landmark.
    await guest.page.get_by_role("textbox", name="Name", exact=True).click()
    await expect(guest.page.get_by_role("tooltip")).to_have_count(0)
    found += await complaints(guest, "room settings")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_settings_are_accessible(scheme: str, api: Api, arrive: Arrive) -> None:
    guest = await arrive(color_scheme=scheme, reduced_motion="reduce")
    await guest.sign_in(await api.person("Ana Sol"), path="/settings/profile")
    found: list[str] = []
    for section in ("Profile", "Appearance", "Sessions", "Password"):
        await guest.page.get_by_role("navigation").get_by_role("link", name=section).click()
        await expect(guest.page.get_by_role("heading", level=2, name=section)).to_be_visible()
        found += await complaints(guest, section)
    assert not found, "\n".join(found)


async def furnished(api: Api) -> tuple[Person, Room]:
    """A room in which every kind of row is to be seen."""
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo, topic="Bread, mostly")
    bread = await api.say(ana, room, "The bread is **done**:\n\n```python\nbake(450, 'g')\n```")
    gone = await api.say(bo, room, "Oops")
    await api.ask(bo, "DELETE", f"rooms/{room.id}/messages/{gone['id']}")
    await api.say(bo, room, f"@{ana.username} > smells\n\nhttps://example.org/oven", bread["id"])
    await api.say(ana, room, "Who slices it?")
    return ana, room


async def complaints(guest: Guest, where: str) -> list[str]:
    """What axe found on the page as it stands."""
    found: list[Any] = await guest.page.evaluate(RUN, AXE.read_text())
    return [f"{where}: {each}" for each in found]
