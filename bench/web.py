"""The web client in a real Chromium, with an account of 200 rooms, one of them of 10,000 messages:
memory, rows drawn, keys, scrolling, switching, opening again.

Everything on one machine, no throttling: the targets are those of a desktop. Heaps are told after a
collection, without what the browser itself needs. A frame is late where it took half as long again.
"""

import shutil
import statistics
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import aiohttp
from playwright.async_api import Page, async_playwright

from bench.report import table
from bench.seeding import fill
from bench.server import Server, people, rooms

ROOMS = 200
BIG = 10_000
SMALL = 60  # messages of every other room
SWITCHES = 50
REBOOTS = 7
PASSWORD = "correct horse battery"
SENTENCE = "The bread is done and somebody should really come and slice it while it is warm. "
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")

# When the first message stood there, from the beginning of the navigation.
HEAR_ROWS = """
new MutationObserver((_, me) => {
  if (!document.querySelector('[role=log] article')) return
  requestAnimationFrame(() => { window.rowsAt ??= performance.now() })
  me.disconnect()
}).observe(document, { childList: true, subtree: true })
"""
ROWS_AT = """
new Promise((done) => {
  const look = () => window.rowsAt ? done(window.rowsAt) : requestAnimationFrame(look)
  look()
})
"""
# From a key to the end of what it caused in the page, and to the frame that shows it.
HEAR_KEYS = """
window.keys = { work: [], frame: [] }
addEventListener('keydown', () => { window.keyAt = performance.now() }, true)
addEventListener('input', () => {
  const began = window.keyAt
  queueMicrotask(() => keys.work.push(performance.now() - began))
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => { keys.frame.push(performance.now() - began); port1.close() }
    port2.postMessage(0)
  })
})
"""
SCROLL = """
async (step) => {
  const log = document.querySelector('[role=log]')
  const frames = [], tasks = [], drawn = []
  const watch = new PerformanceObserver((list) =>
    tasks.push(...list.getEntries().map(({ duration }) => duration)))
  watch.observe({ type: 'longtask' })
  let before = await new Promise(requestAnimationFrame)
  for (let still = 0; still < 90;) {
    const top = log.scrollTop
    log.scrollTop = top - step
    const now = await new Promise(requestAnimationFrame)
    frames.push(now - before)
    before = now
    if (frames.length % 20 === 0) drawn.push(log.querySelectorAll('*').length)
    still = log.scrollTop === 0 ? still + 1 : 0
  }
  watch.disconnect()
  return { frames: frames.slice(0, -90), tasks, drawn: Math.max(...drawn) }
}
"""
# To the next room of the list by its key; from the key to the frame that shows its messages.
SWITCH = """
async (key) => {
  const title = () => document.querySelector('main h1')?.textContent
  const old = title()
  const began = performance.now()
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
    { key, code: key, altKey: true, bubbles: true, cancelable: true }))
  const there = () => title() !== old && document.querySelector('[role=log] article')
  while (!there()) await new Promise(requestAnimationFrame)
  return performance.now() - began
}
"""


async def measure(server: Server) -> None:
    url = f"http://127.0.0.1:{server.port}"
    name, big = await _furnish(server, url)
    async with _browser() as (page, wire):
        rows = await _sign_in(page, wire, url, name, big)
        rows += await _type(page)
        rows += await _scroll(page, wire)
        rows += await _switch(page, wire)
        rows += await _panels(page, wire)
        rows += await _open_again(page, f"{url}/rooms/{big}")
    title = f"Web client: {ROOMS} rooms, one of {BIG:,} messages (Chromium, no throttling)"
    table(title, ("", "figure", "target"), rows)


async def _furnish(server: Server, url: str) -> tuple[str, UUID]:
    authors = await people(server, 30)
    places = await rooms(server, ROOMS, authors[:5])
    ids = [one.account_id for one in authors]
    await fill(server, places[:1], ids, BIG)
    await fill(server, places[1:], ids, SMALL)
    name = "somebody"
    async with aiohttp.ClientSession() as http:
        body = {"username": name, "password": PASSWORD}
        async with http.post(f"{url}/api/v1/auth/register", json=body) as answer:
            account = UUID((await answer.json())["account"]["id"])
    async with server.database() as conn, conn.transaction():
        await conn.execute(_VARIED, places)
        await conn.executemany(
            "UPDATE rooms SET name = $2 WHERE id = $1",
            [(place, f"Room {number:03}") for number, place in enumerate(places)],
        )
        await conn.execute(
            "INSERT INTO members (room_id, account_id, role, status, joined_at, read_seq,"
            " delivered_seq, changed_at)"
            " SELECT id, $2, 'member', 'joined', now(), head, head, now() FROM streams"
            " WHERE id = ANY($1::uuid[])",
            places,
            account,
        )
    return name, places[0]


# Every third message has something to be drawn.
_VARIED = """
    UPDATE messages SET body = jsonb_build_object('kind', 'text', 'text', CASE seq % 9
        WHEN 0 THEN E'**Bread**, _wine_ and `olives`:\n\n- one\n- two\n- three'
        WHEN 3 THEN 'See https://example.org/' || seq || ' and ~~not~~ the other'
        ELSE E'```python\nbake(450, ''g'')\nslice(bread)\n```\n> who said so' END)
    WHERE room_id = ANY($1::uuid[]) AND seq % 3 = 0
"""


@asynccontextmanager
async def _browser() -> AsyncGenerator[tuple[Page, Any]]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise SystemExit("no Chromium: `apt-get install chromium`")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        context = await browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
        await context.add_init_script(HEAR_ROWS)
        page = await context.new_page()
        wire: Any = await context.new_cdp_session(page)
        await wire.send("Performance.enable")
        yield page, wire
        await browser.close()


async def _sign_in(page: Page, wire: Any, url: str, name: str, room: UUID) -> list[Sequence[str]]:
    await page.goto(f"{url}/sign-in?next=/rooms/{room}")
    await page.get_by_label("Username").fill(name)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.wait_for_selector("[role=log] article")
    await page.wait_for_load_state("networkidle")
    return [
        ("heap, a room open", _mb(await _heap(wire)), "120 MB"),
        ("elements of the list · of the page", await _elements(page), "3,000"),
    ]


async def _type(page: Page) -> list[Sequence[str]]:
    await page.evaluate(HEAR_KEYS)
    await page.locator("main textarea").focus()
    await page.keyboard.type(SENTENCE * 2, delay=40)
    keys = await page.evaluate("keys")
    await page.locator("main textarea").fill("")
    return [
        ("a key's work, p50 · p95", _times(keys["work"]), "16 ms"),
        ("key to frame, p50 · p95", _times(keys["frame"]), ""),
    ]


async def _scroll(page: Page, wire: Any) -> list[Sequence[str]]:
    told = await page.evaluate(SCROLL, 500)
    frames, tasks = told["frames"], told["tasks"]
    usual = statistics.median(frames)
    late = sum(frame > usual * 1.5 for frame in frames)
    title = f"scrolling through {BIG:,}"
    rows: list[Sequence[str]] = [
        (f"{title}: frame p50 · p95", _times(frames), "20 ms"),
        (f"{title}: late frames", f"{late} of {len(frames):,}", ""),
        (f"{title}: longest task", f"{max(tasks, default=0):.0f} ms, {len(tasks)} over 50 ms", ""),
        (f"{title}: most elements drawn", f"{told['drawn']:,}", "3,000"),
        ("heap, all of them held", _mb(await _heap(wire)), "120 MB"),
    ]
    await page.locator("main textarea").focus()
    return rows


async def _switch(page: Page, wire: Any) -> list[Sequence[str]]:
    first = [await page.evaluate(SWITCH, "ArrowDown") for _ in range(SWITCHES)]
    after_first = await _heap(wire)
    again = [await page.evaluate(SWITCH, "ArrowUp") for _ in range(SWITCHES)]
    again += [await page.evaluate(SWITCH, "ArrowDown") for _ in range(SWITCHES)]
    after = await _heap(wire)
    return [
        ("room switch, fetched, p50 · p75", _times(first, 75), "300 ms"),
        ("room switch, held, p50 · p75", _times(again, 75), "80 ms"),
        (f"heap, {SWITCHES} rooms opened", _mb(after_first), "120 MB"),
        (f"heap, {2 * SWITCHES} switches later", _mb(after), "no more"),
    ]


async def _panels(page: Page, wire: Any) -> list[Sequence[str]]:
    async def open_and_close() -> None:
        await page.keyboard.press("Control+.")
        await page.locator("aside[data-landmark]").wait_for()
        await page.keyboard.press("Control+.")
        await page.locator("aside[data-landmark]").wait_for(state="detached")

    await open_and_close()
    before = await _counts(wire)
    for _ in range(20):
        await open_and_close()
    after = await _counts(wire)
    return [
        (
            "nodes · listeners, a panel opened and closed 20 times",
            " · ".join(f"{after[key] - before[key]:+,}" for key in ("Nodes", "JSEventListeners")),
            "none more",
        )
    ]


async def _open_again(page: Page, address: str) -> list[Sequence[str]]:
    await page.goto(address)
    await page.evaluate("navigator.serviceWorker.ready")
    waits: list[float] = []
    for _ in range(REBOOTS):
        await page.reload()
        waits.append(await page.evaluate(ROWS_AT))
        await page.wait_for_load_state("networkidle")
    stored = await page.evaluate("navigator.storage.estimate()")
    kept = stored.get("usageDetails", {}).get("indexedDB", 0)
    return [
        ("opened again to rows, p50 · worst", _times(waits, 100), "500 ms"),
        ("kept in IndexedDB", _mb(kept), ""),
    ]


async def _heap(wire: Any) -> float:
    return (await _counts(wire))["JSHeapUsedSize"]


async def _counts(wire: Any) -> dict[str, Any]:
    for _ in range(2):  # what the first one finalises the second one takes
        await wire.send("HeapProfiler.collectGarbage")
    told = await wire.send("Performance.getMetrics")
    return {one["name"]: one["value"] for one in told["metrics"]}


async def _elements(page: Page) -> str:
    script = "(where) => document.querySelectorAll(where).length"
    counts = [await page.evaluate(script, where) for where in ("[role=log] *", "*")]
    return " · ".join(f"{count:,}" for count in counts)


def _mb(size: float) -> str:
    return f"{size / 1e6:.1f} MB"


def _times(waits: list[float], percent: int = 95) -> str:
    waits = sorted(waits)
    last = waits[min(len(waits) - 1, len(waits) * percent // 100)]
    return f"{statistics.median(waits):.1f} · {last:.1f} ms"
