"""Files on their way: a page that is reloaded in the middle, a second tab, a line that breaks."""

from typing import Any

from playwright.async_api import FilePayload, Request, expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest
from tests.browser.troubles import OUT_OF_REACH
from tests.browser.waiting import comes_true

MIB = 1 << 20
LARGE = FilePayload(
    name="evening.log", mimeType="text/plain", buffer=b"An evening around a table.\n" * 600_000
)  # 15 MiB
SLOW = 2 * MIB  # bytes a second


async def pace(guest: Guest, upward: int) -> Any:
    """How fast this page sends, in bytes a second; -1: as fast as it can."""
    session: Any = await guest.context.new_cdp_session(guest.page)
    await session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": upward},
    )
    return session


class Ear:
    """Requests about uploads: (method, offset)."""

    def __init__(self, guest: Guest) -> None:
        self.heard: list[tuple[str, str | None]] = []
        guest.page.on("request", self._hear)

    def _hear(self, request: Request) -> None:
        if "/api/v1/uploads" in request.url and not request.url.endswith("/limits"):
            self.heard.append((request.method, request.headers.get("upload-offset")))


async def attach_large(guest: Guest) -> None:
    """Until bytes of it are on their way."""
    async with guest.page.expect_request(lambda request: request.method == "PATCH"):
        await guest.page.locator("main input[data-attach]").set_input_files([LARGE])
    await expect(guest.page.get_by_role("list", name="Files to be sent")).to_be_visible()


# What this browser keeps of uploads: how many addresses on the server, and bytes.
KEPT = """
async () => {
  const found = (await indexedDB.databases()).find((one) => one.name.startsWith('tertulia.uploads'))
  if (!found) return false
  const db = await new Promise((resolve) => {
    indexedDB.open(found.name).onsuccess = ({ target }) => resolve(target.result)
  })
  const all = (store) =>
    new Promise((resolve) => {
      const asked = db.transaction(store).objectStore(store).getAll()
      asked.onsuccess = () => resolve(asked.result)
    })
  const [uploads, bytes] = [await all('uploads'), await all('bytes')]
  db.close()
  return uploads.some(({ url }) => url !== null) && bytes.length > 0
}
"""

# By the ring on its tile.
A_FIFTH = """
() => [...document.querySelectorAll('main circle')].some((circle) => {
  const [whole, left] = ['stroke-dasharray', 'stroke-dashoffset'].map((name) =>
    Number(circle.getAttribute(name)),
  )
  return whole > 0 && left < whole * 0.8
})
"""


async def test_a_reload_in_the_middle_goes_on_by_itself(api: Api, arrive: Arrive) -> None:
    ana = await api.person("Ana")
    room = await api.room(ana, name="Reload table")
    guest = await arrive()
    await guest.sign_in(ana, room)
    slow = await pace(guest, SLOW)
    await attach_large(guest)
    await comes_true(guest.page, KEPT)
    # Something of it has to be there for going on to differ from beginning anew.
    await comes_true(guest.page, A_FIFTH)
    guest.troubles.expect(OUT_OF_REACH)  # the request that the reload breaks off
    ear = Ear(guest)
    await guest.page.reload()
    await slow.detach()
    await guest.sees_room("Reload table")
    await guest.composer.fill("All of it")
    await guest.composer.press("Enter")
    await expect(guest.message("All of it")).to_contain_text("evening.log")
    await expect(guest.message("All of it").get_by_role("link", name="Download")).to_be_visible()
    methods = [method for method, _ in ear.heard]
    assert "POST" not in methods, "it began anew"
    [offset, *_] = [int(offset or 0) for method, offset in ear.heard if method == "PATCH"]
    assert methods[0] == "HEAD"
    assert offset > MIB
