"""Files in a room's talk: given, seen by the others, looked at, found again, taken back."""

import base64
import re
from collections.abc import Sequence
from typing import Literal

import pyvips
from playwright.async_api import FilePayload, Locator, Page, Route, expect
from tests.browser.api import Api, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest
from tests.browser.test_axe import complaints
from tests.browser.troubles import OUT_OF_REACH
from tests.browser.waiting import comes_true

COLOURS = ([200, 90, 60], [60, 120, 200], [80, 160, 90])

# Files arrive from outside the page: a script builds what the browser would.
BRING = """
async (target, { kind, files }) => {
  const transfer = new DataTransfer()
  for (const { name, type, data } of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))
    transfer.items.add(new File([bytes], name, { type }))
  }
  const told = { bubbles: true, cancelable: true }
  if (kind === 'paste') {
    target.dispatchEvent(new ClipboardEvent('paste', { ...told, clipboardData: transfer }))
    return
  }
  target.dispatchEvent(new DragEvent('dragenter', { ...told, dataTransfer: transfer }))
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  if (kind === 'hold') return
  target.dispatchEvent(new DragEvent('drop', { ...told, dataTransfer: transfer }))
}
"""

# Until colours have begun to change.
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

# How high each message was, from when it was first drawn.
WATCH_HEIGHTS = """
() => {
  window.heights = {}
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (!target.isConnected || !target.querySelector('[data-gallery]')) continue
      const seen = (window.heights[target.dataset.key] ??= [])
      seen.push(Math.round(target.getBoundingClientRect().height))
    }
  })
  const look = () => document.querySelectorAll('article').forEach((one) => watch.observe(one))
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
  look()
}
"""

# What is written is on the disk.
IS_KEPT = """
async (text) => {
  const { name } = (await indexedDB.databases()).find((one) => one.name.startsWith('tertulia.mine'))
  const db = await new Promise((resolve) => {
    indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result)
  })
  const drafts = await new Promise((resolve) => {
    const all = db.transaction('written').objectStore('written').getAll()
    all.onsuccess = () => resolve(all.result)
  })
  db.close()
  return drafts.some((one) => one.text === text)
}
"""


def picture(name: str, colour: int = 0, width: int = 640, height: int = 480) -> FilePayload:
    plain = (pyvips.Image.black(width, height, bands=3) + COLOURS[colour]).cast("uchar")
    drawn = plain.copy(interpretation="srgb").draw_circle(
        [250, 240, 220], width // 3, height // 3, height // 6, fill=True
    )
    return FilePayload(
        name=name, mimeType="image/jpeg", buffer=bytes(drawn.write_to_buffer(".jpg"))
    )


def document(name: str, size: int = 3_000) -> FilePayload:
    text = b"Minutes of the evening.\n" * (size // 24 + 1)
    return FilePayload(name=name, mimeType="text/plain", buffer=text[:size])


async def bring(kind: str, target: Locator, *files: FilePayload) -> None:
    """`drop`, `paste`, or `hold` over it."""
    given = [
        {
            "name": file["name"],
            "type": file["mimeType"],
            "data": base64.b64encode(file["buffer"]).decode(),
        }
        for file in files
    ]
    await target.evaluate(BRING, {"kind": kind, "files": given})


def tray(guest: Guest) -> Locator:
    return guest.page.get_by_role("list", name="Files to be sent")


async def attach(guest: Guest, *files: FilePayload) -> None:
    await guest.page.locator("main input[data-attach]").set_input_files(list(files))
    await expect(tray(guest).get_by_role("listitem")).to_have_count(len(files))


async def send(guest: Guest, caption: str = "") -> None:
    await guest.composer.fill(caption)
    await guest.composer.press("Enter")
    await expect(tray(guest)).to_have_count(0)


async def loaded(pictures: Locator) -> None:
    for one in await pictures.all():
        await one.scroll_into_view_if_needed()
        assert await one.evaluate("it => it.decode().then(() => it.naturalWidth > 0)")


def pictures(row: Locator) -> Locator:
    """Within their buttons, which speak for them."""
    return row.locator("[data-gallery] img")


async def two(api: Api, arrive: Arrive, name: str) -> tuple[Guest, Guest, Room]:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo, name=name)
    giver, other = await arrive(), await arrive()
    await giver.sign_in(ana, room)
    await other.sign_in(bo, room)
    return giver, other, room


async def test_pictures_that_are_dropped_are_seen_by_the_others_and_nothing_jumps(
    api: Api, arrive: Arrive
) -> None:
    ana, bo, _ = await two(api, arrive, "Picture table")
    for guest in (ana, bo):
        await guest.page.evaluate(WATCH_HEIGHTS)
    main = ana.page.locator("main")
    await bring("hold", main, picture("boat.jpg"))
    await expect(ana.page.get_by_text("Drop to attach")).to_be_visible()
    await bring(
        "drop", main, picture("boat.jpg"), picture("tower.jpg", 1, 480, 640), picture("sea.jpg", 2)
    )
    await expect(ana.page.get_by_text("Drop to attach")).to_have_count(0)
    await expect(tray(ana).get_by_role("listitem")).to_have_count(3)
    # The last one first, by keyboard; and what the first one shows, in words.
    sea = tray(ana).get_by_role("button", name=re.compile(r"^sea\.jpg"))
    await sea.focus()
    await ana.page.keyboard.press("Alt+ArrowLeft")
    await ana.page.keyboard.press("Alt+ArrowLeft")
    await expect(sea).to_be_focused()
    await expect(tray(ana).get_by_role("listitem").first).to_contain_text("sea.jpg")
    await sea.click()
    await ana.page.get_by_label("Description").fill("The sea, green and flat")
    await ana.button("Save").click()
    await send(ana, "Three of **yesterday**")
    row = bo.message("Three of yesterday")
    await expect(pictures(row)).to_have_count(3)
    await expect(row.get_by_role("button", name="Open The sea, green and flat")).to_be_visible()
    await loaded(pictures(row))
    await expect(row.get_by_role("strong")).to_have_text("yesterday")
    await row.get_by_role("button", name="ALT: show the description").click()
    await expect(row.get_by_text("The sea, green and flat")).to_be_visible()
    for guest in (ana, bo):
        mine = guest.message("Three of yesterday")
        await loaded(pictures(mine))
        key = await mine.get_attribute("data-key")
        heights = await guest.page.evaluate("key => window.heights[key]", key)
        assert max(heights) - min(heights) <= 1, heights


async def test_what_is_pasted_is_attached_and_can_be_taken_out_again(
    api: Api, arrive: Arrive
) -> None:
    ana, bo, _ = await two(api, arrive, "Paste table")
    # Ten at once are much for a machine with other work; they are asked for again.
    ana.troubles.expect("status of 503")
    await ana.composer.fill("Look at this")
    await bring("paste", ana.composer, picture("image.png"))
    await bring("paste", ana.composer, document("notes.txt"))
    await expect(tray(ana).get_by_role("listitem")).to_have_count(2)
    await ana.button("Remove image.png").click()
    await expect(tray(ana).get_by_role("listitem")).to_have_count(1)
    # Of too many the first ten are taken, in words; commands are captions here.
    many = [document(f"{number}.txt", 30) for number in range(1, 12)]
    await ana.page.locator("main input[data-attach]").set_input_files(many)
    await expect(ana.page.get_by_text("A message holds 10 files: 2 were left out.")).to_be_visible()
    await expect(tray(ana).get_by_role("listitem")).to_have_count(10)
    await send(ana, "/me ten of them")
    row = bo.message("/me ten of them")
    await expect(row.get_by_role("link", name=re.compile("^Download"))).to_have_count(10)


async def hold_bytes(page: Page) -> list[Route]:
    """The bytes of uploads go nowhere; gives what was held."""
    held: list[Route] = []

    async def keep(route: Route) -> None:
        if route.request.method == "PATCH":
            held.append(route)
        elif route.request.method == "POST":
            # Without the first bytes, which tus sends along.
            headers = {**route.request.headers, "content-length": "0"}
            headers.pop("content-type", None)
            await route.continue_(headers=headers, post_data=b"")
        else:
            await route.continue_()

    await page.route("**/api/v1/uploads**", keep)
    return held


async def test_a_message_waits_for_its_files_through_a_reload_and_goes_by_itself(
    api: Api, arrive: Arrive
) -> None:
    ana, bo, _ = await two(api, arrive, "Patient table")
    ana.troubles.expect(OUT_OF_REACH)
    await hold_bytes(ana.page)
    await attach(ana, document("long.txt", 40_000))
    # In the draft it outlives a reload; then it is sent, and outlives one again.
    await ana.composer.fill("Here it is")
    await comes_true(ana.page, IS_KEPT, "Here it is")
    await ana.page.reload()
    await expect(tray(ana).get_by_text("long.txt")).to_be_visible()
    await expect(ana.composer).to_have_value("Here it is")
    await ana.composer.press("Enter")
    await ana.say("And this comes after")
    row = ana.message("Here it is")
    await expect(row.get_by_role("progressbar")).to_be_visible()
    await ana.page.reload()
    await expect(row.get_by_role("progressbar")).to_be_visible()
    await ana.page.unroute_all(behavior="ignoreErrors")
    await bo.sees_once("Here it is", "And this comes after")
    link = bo.message("Here it is").get_by_role("link", name="Download long.txt")
    async with bo.page.expect_download() as download:
        await link.click()
    taken = await download.value
    assert taken.suggested_filename == "long.txt"
    assert (await taken.path()).read_bytes() == document("long.txt", 40_000)["buffer"]


async def test_without_a_network_files_wait_too_and_one_that_was_cancelled_never_goes(
    api: Api, arrive: Arrive
) -> None:
    ana, bo, _ = await two(api, arrive, "Quiet table")
    ana.troubles.expect(OUT_OF_REACH)
    # What sends files must be there before the network goes.
    await attach(ana, document("first.txt"))
    await send(ana, "With a network")
    await expect(bo.message("With a network")).to_be_visible()
    await ana.context.set_offline(True)
    await attach(ana, document("second.txt"))
    await send(ana, "Without one")
    await attach(ana, document("third.txt"))
    await send(ana, "Never said")
    await ana.message("Never said").get_by_role("button", name="Cancel").click()
    await expect(ana.message("Never said")).to_have_count(0)
    await ana.context.set_offline(False)
    await expect(bo.message("Without one").get_by_text("second.txt")).to_be_visible()
    await ana.say("The end")
    await bo.sees_once("Without one", "The end")
    await expect(bo.message("Never said")).to_have_count(0)


async def test_a_picture_is_looked_at_closely_by_keys_and_left_again(
    api: Api, arrive: Arrive
) -> None:
    ana, bo, _ = await two(api, arrive, "Light table")
    await attach(ana, picture("boat.jpg"), picture("tower.jpg", 1))
    await send(ana, "The first two")
    await attach(ana, picture("sea.jpg", 2))
    await send(ana, "And the last")
    await expect(pictures(bo.message("And the last"))).to_be_visible()
    opener = bo.message("The first two").get_by_role("button", name="Open Picture 1 of 2")
    await opener.focus()
    await bo.page.keyboard.press("Enter")
    box = bo.page.get_by_role("dialog")
    await expect(box).to_have_accessible_name("Picture: boat.jpg")
    await expect(box.get_by_text("The first two")).to_be_visible()
    await expect(box.get_by_role("button", name="Previous")).to_have_count(0)
    for name in ("tower.jpg", "sea.jpg"):
        await bo.page.keyboard.press("ArrowRight")
        await expect(box).to_have_accessible_name(f"Picture: {name}")
    await expect(box.get_by_role("button", name="Next")).to_have_count(0)
    shown = box.get_by_role("img", name="sea.jpg")
    before = await shown.bounding_box()
    await bo.page.keyboard.press("+")
    await bo.page.keyboard.press("+")
    after = await shown.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > 1.8 * before["width"]
    await bo.page.keyboard.press("0")
    whole = await shown.bounding_box()
    assert whole is not None
    assert abs(whole["width"] - before["width"]) < 1
    await bo.page.keyboard.press("Escape")
    await expect(box).to_have_count(0)
    await expect(opener).to_be_focused()
    # The browser's own way back closes it too, and the room stays.
    await opener.click()
    await expect(box).to_be_visible()
    await bo.page.go_back()
    await expect(box).to_have_count(0)
    await bo.sees_room("Light table")
    await opener.click()
    await box.get_by_role("button", name="Go to message").click()
    await expect(box).to_have_count(0)
    await expect(bo.message("The first two")).to_be_visible()


async def test_all_files_of_a_room_are_found_by_kind_name_and_person(
    api: Api, arrive: Arrive
) -> None:
    ana, bo, room = await two(api, arrive, "File table")
    await attach(ana, picture("boat.jpg"), document("minutes of may.txt"))
    await send(ana, "From Ana")
    await expect(pictures(bo.message("From Ana"))).to_be_visible()
    await attach(bo, document("agenda.txt"))
    await send(bo, "From Bo")
    await expect(ana.message("From Bo").get_by_text("agenda.txt")).to_be_visible()
    await ana.button("Files").click()
    panel = ana.page.get_by_role("complementary", name="Details")
    names = panel.get_by_role("button", name=re.compile(": go to message$"))
    await expect(names).to_have_count(3)
    await expect(names.first).to_have_text("agenda.txt")
    await panel.get_by_role("button", name="Documents", exact=True).click()
    await expect(names).to_have_count(2)
    await panel.get_by_label("Find by name").fill("may")
    await expect(names).to_have_count(1)
    await expect(names).to_contain_text("minutes of may.txt")
    await panel.get_by_label("Find by name").fill("")
    await panel.get_by_label("From").select_option("Bo")
    await expect(names).to_have_count(1)
    await panel.get_by_role("button", name="Pictures", exact=True).click()
    await expect(panel.get_by_text("Nothing found")).to_be_visible()
    await panel.get_by_label("From").select_option("Anybody")
    await panel.get_by_role("button", name="Open boat.jpg").click()
    await expect(ana.page.get_by_role("dialog")).to_have_accessible_name("Picture: boat.jpg")
    await ana.page.keyboard.press("Escape")
    await panel.get_by_role("button", name="All", exact=True).click()
    await expect(names).to_have_count(3)
    # Taken back, it is nowhere any more.
    source = await pictures(ana.message("From Ana")).evaluate("it => it.currentSrc")
    await ana.choose("From Ana", "Delete")
    await expect(bo.message("From Ana")).to_have_count(0)
    await expect(names).to_have_count(1)
    answer = await bo.context.request.get(source)
    assert answer.status == 404
    assert room.id in source


async def test_axe_finds_nothing_in_tray_row_lightbox_and_panel(api: Api, arrive: Arrive) -> None:
    ana = await api.person("Ana")
    room = await api.room(ana, name="Plain table")
    guest = await arrive(reduced_motion="reduce")
    await guest.sign_in(ana, room)
    found: list[str] = []

    async def look(where: str, schemes: Sequence[Literal["light", "dark"]] = ("light",)) -> None:
        for scheme in schemes:
            await guest.page.emulate_media(color_scheme=scheme)
            await guest.page.evaluate(NEXT_FRAME)
            found.extend(await complaints(guest, f"{where}, {scheme}"))
        await guest.page.emulate_media(color_scheme="light")
        await guest.page.evaluate(NEXT_FRAME)

    await attach(guest, picture("boat.jpg"), picture("sea.jpg", 2), document("minutes.txt"))
    await look("tray", ("light", "dark"))
    await tray(guest).get_by_role("button", name=re.compile(r"^boat\.jpg")).click()
    await guest.page.get_by_label("Description").fill("A boat")
    await look("description")
    await guest.button("Save").click()
    await send(guest, "Three files")
    await loaded(pictures(guest.message("Three files")))
    await look("row", ("light", "dark"))
    await guest.button("Open A boat").click()
    await expect(guest.page.get_by_role("dialog")).to_be_visible()
    await look("lightbox")
    await guest.page.keyboard.press("Escape")
    await guest.button("Files").click()
    await expect(guest.button("minutes.txt: go to message")).to_be_visible()
    await look("panel", ("light", "dark"))
    await guest.button("Pictures").click()
    await expect(guest.button("Open sea.jpg")).to_be_visible()
    await look("pictures of the panel")
    assert not found, "\n".join(found)
